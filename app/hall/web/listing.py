"""What a reader asked of a list: words, filters, order and page, all of it in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import (
    request,
)

from app.hall.db.paging import Page, paginate
from app.hall.errors import Conflict
from app.hall.web.kept_lists import come_back

EXPORTED_ROWS = 2_000


def exporting() -> bool:
    """Whether this request asks for the list as a file: every row that the filters leave, on one page."""
    return request.args.get("export") == "xlsx" and request.method == "GET"


def whole_list(page: Page) -> Page:
    """A file that would be cut short is refused: it says how many rows at most, and filters help."""
    if exporting() and page.total > EXPORTED_ROWS:
        raise Conflict("list_too_long", most=EXPORTED_ROWS)
    return page


@dataclass(frozen=True)
class Listing:
    """What a reader asked of a list: words, filters, order and page, all of it in the URL."""

    sorts: Mapping[str, Any]
    sort: str
    desc: bool
    q: str
    filters: Mapping[str, str]
    page_no: int
    per_page: int

    @classmethod
    def from_request(
        cls,
        sorts: Mapping[str, Any],
        default: str,
        filters: Sequence[str] = (),
        desc: bool = False,
        per_page: int = 20,
    ) -> Listing:
        come_back()
        args = request.args
        sort = args.get("sort", "")
        known = sort in sorts
        return cls(
            sorts=sorts,
            sort=sort if known else default,
            desc=args.get("desc") == "1" if known else desc,
            q=args.get("q", "").strip()[:100],
            filters={name: args.get(name, "").strip()[:100] for name in filters},
            page_no=1 if exporting() else _whole(args.get("page"), 1, 1, 100_000),
            per_page=EXPORTED_ROWS if exporting() else _whole(args.get("per_page"), per_page, 1, 100),
        )

    def order(self) -> list[object]:
        columns = self.sorts[self.sort]
        columns = columns if isinstance(columns, (list, tuple)) else [columns]
        return [column.desc() if self.desc else column.asc() for column in columns]

    def page(self, statement: Any, *tie: Any, scalars: bool = True) -> Page:
        """One page of `statement` in the asked order; `tie` columns make the order total."""
        return whole_list(
            paginate(statement.order_by(*self.order(), *tie), self.page_no, self.per_page, scalars)
        )

    def slice(self, rows: Sequence[Any]) -> Page:
        """The asked page of rows that are in memory already, in the order they come."""
        last = max(1, -(-len(rows) // self.per_page))
        number = min(self.page_no, last)
        start = (number - 1) * self.per_page
        return whole_list(Page(rows[start : start + self.per_page], len(rows), number, self.per_page))

    @property
    def is_filtered(self) -> bool:
        return bool(self.q) or any(self.filters.values())

    def url(self, **changes: Any) -> str:
        """This list again with some arguments changed; a change of anything but the page starts at page 1."""
        args = {key: value for key, value in request.args.items() if value}
        if "page" not in changes:
            args.pop("page", None)
        args.update({key: str(value) for key, value in changes.items() if value not in (None, "")})
        for key, value in changes.items():
            if value in (None, ""):
                args.pop(key, None)
        return request.path + ("?" + urlencode(args) if args else "")

    def sort_url(self, key: str) -> str:
        return self.url(sort=key, desc="1" if self.sort == key and not self.desc else None)

    def clear_url(self) -> str:
        return self.url(q=None, **dict.fromkeys(self.filters))


def _whole(text: str | None, default: int, low: int, high: int) -> int:
    try:
        return min(high, max(low, int(text or "")))
    except ValueError:
        return default
