"""Every list leaves as a workbook: what its filters leave, as its reader sees it, numbers as numbers and days as days.

A list asked for with `export=xlsx` is read out of its own page, with every row on it, so a file never holds more than
the page shows. Lists that write a workbook of their own (more columns) answer before this is asked.
"""

from __future__ import annotations

import datetime as dt
import re
from html.parser import HTMLParser
from typing import cast

from flask import Response, flash, redirect, request
from flask_babel import gettext as _

from app.hall.files import list_export
from app.hall.files.spreadsheet import Value
from app.hall.text import language
from app.hall.web.kept_lists import query_of
from app.hall.web.listing import EXPORTED_ROWS, exporting

_NUMBER = re.compile(r"([−+-]?)(¥?)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?( ?%)?")
_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(:\d{2})?)?")
_VOID = {
    "input",
    "br",
    "img",
    "use",
    "hr",
    "path",
    "rect",
    "circle",
    "line",
    "col",
    "meta",
    "link",
    "wbr",
    "source",
}
_NAMES = ("a", "b", "h2", "h3", "strong")
_SILENT = {"button", "form", "svg", "script", "select", "template", "progress"}


def value_of(text: str) -> Value:
    """A cell as a workbook holds it; what may be a code or a telephone number stays a text.

    >>> value_of("1,234.5"), value_of("77.0 %"), value_of("−5"), value_of("007"), value_of("13900001234")
    (1234.5, 0.77, -5, '007', '13900001234')
    """
    if found := _DAY.fullmatch(text):
        try:
            day = dt.date.fromisoformat(found[1])
            return dt.datetime.combine(day, dt.time.fromisoformat(found[2])) if found[2] else day
        except ValueError:
            return text
    found = _NUMBER.fullmatch(text)
    if found is None:
        return text or None
    whole = found[3].replace(",", "")
    if (whole.startswith("0") and whole != "0") or (len(found[3]) > 6 and "," not in found[3]):
        return text
    number = float(whole + (found[4] or "")) * (-1 if found[1] in ("−", "-") else 1)
    if found[5]:
        return round(number / 100, 6)
    return number if found[4] or found[2] else int(number)


class _List(HTMLParser):
    """The last table or list before the pager: its heads and rows."""

    def __init__(self) -> None:
        super().__init__()
        self.heads: list[str] = []
        self.rows: list[list[str]] = []
        self.done = self.more = False
        self._open: list[tuple[str, str]] = []
        self._cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if given.get("class", "").split()[:1] == ["pl-pager"] and self.rows:
            self.done = True
        if given.get("rel") == "next":
            self.more = True
        if tag == "main":
            self.heads, self.rows = [], []
        if self.done:
            return
        if tag == "table" or (tag == "ul" and not self._inside("table") and not self._inside("ul")):
            self.heads, self.rows = [], []
        self._row(tag)
        if tag not in _VOID:
            silent = "pl-sr" if given.get("aria-hidden") == "true" else given.get("class", "")
            self._open.append((tag, silent))
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def _row(self, tag: str) -> None:
        if tag == "tr" or (tag == "li" and not self._inside("table") and not self._inside("li")):
            self.rows.append([])
        if self.rows and (tag in ("td", "th") or (tag == "li" and not self._inside("li"))):
            self._cell = []

    def _inside(self, tag: str) -> bool:
        return any(name == tag for name, _class in self._open)

    def handle_endtag(self, tag: str) -> None:
        if self.done or tag in _VOID:
            return
        while self._open and self._open.pop()[0] != tag:
            pass
        in_table = self._inside("table")
        ends = tag in ("td", "th") or (tag == "li" and not in_table and not self._inside("li"))
        if ends and self._cell is not None and self.rows:
            self.rows[-1].append(re.sub(r"\s+", " ", "".join(self._cell)).strip())
            self._cell = None
        if tag in _NAMES and self._cell and len(self.rows[-1]) == 0 and self._inside("li") and not in_table:
            self.rows[-1].append(re.sub(r"\s+", " ", "".join(self._cell)).strip())
            self._cell = []
        if tag == "thead" and self.rows:
            self.heads, self.rows = self.rows[-1], []

    def handle_data(self, data: str) -> None:
        if self._cell is None or self.done:
            return
        if not any(
            tag in _SILENT or "pl-sr" in name.split() or "pl-btn" in name.split() for tag, name in self._open
        ):
            self._cell.append(data + " ")


def as_file(answer: Response) -> Response:
    """The list of a page as a file, where it was asked for and the page answered."""
    if not exporting() or answer.mimetype != "text/html" or answer.status_code != 200:
        return answer
    page = _List()
    page.feed(answer.get_data(as_text=True))
    if page.more:
        flash(language.message("list_too_long", {"most": EXPORTED_ROWS}), "bad")
        return cast(
            "Response", redirect(f"{request.path}?{query_of(list(request.args.items(multi=True)))}", 303)
        )
    width = max((len(row) for row in page.rows), default=0)
    heads = page.heads or [_("名称"), _("内容")][:width]
    heads = (heads + [""] * width)[: max(width, len(page.heads))]
    rows = [row + [""] * (len(heads) - len(row)) for row in page.rows if any(row)]
    kept = [n for n, head in enumerate(heads) if head or any(row[n] for row in rows)]
    name = request.path.strip("/").replace("/", "-") or "list"
    shown = [[value_of(row[n]) for n in kept] for row in rows[:EXPORTED_ROWS]]
    return list_export.answer(name.split("-")[-1], name, [heads[n] for n in kept], shown)
