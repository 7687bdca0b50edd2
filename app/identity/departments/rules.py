"""Who heads a department, acts for its head, or is vice president over it on a day: dates decide, never a job."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

HEAD, DEPUTY, ACTING = "head", "deputy", "acting"
VICE_PRESIDENT, ACTING_VICE_PRESIDENT, ENTERPRISE_VICE_PRESIDENT = (
    "vice_president",
    "acting_vice_president",
    "enterprise_vice_president",
)
OF_A_DEPARTMENT = (HEAD, DEPUTY, ACTING, VICE_PRESIDENT)
KINDS = (*OF_A_DEPARTMENT, ACTING_VICE_PRESIDENT, ENTERPRISE_VICE_PRESIDENT)
ONE_AT_A_TIME = (HEAD, VICE_PRESIDENT, ENTERPRISE_VICE_PRESIDENT)
LAST_DAY = dt.date.max


@dataclass(frozen=True, slots=True)
class Post:
    """One duty: `department` for those of a department, `instead_of` a vice president for who acts for one."""

    id: int
    kind: str
    member: int
    from_on: dt.date
    until_on: dt.date | None = None
    department: int | None = None
    instead_of: int | None = None

    def holds(self, on: dt.date) -> bool:
        return self.from_on <= on <= (self.until_on or LAST_DAY)

    @property
    def scope(self) -> tuple[str, int | None, int | None]:
        return (self.kind, self.department, self.instead_of)


def holder(posts: Iterable[Post], kind: str, on: dt.date, department: int | None = None) -> int | None:
    """Who holds a post that only one may hold; of two the one who came later, then the higher id.

    Parameters
    ----------
    posts : iterable of Post
        Every duty of the park, of any day.
    kind : str
        `head`, `vice_president` (both of a department) or `enterprise_vice_president`.
    on : date
        The day asked for.

    >>> day = dt.date(2026, 9, 1)
    >>> old, new = Post(1, "head", 7, day, dt.date(2026, 9, 9), 3), Post(2, "head", 8, dt.date(2026, 9, 10), None, 3)
    >>> [holder([old, new], "head", dt.date(2026, 9, n), 3) for n in (9, 10)]
    [7, 8]
    """
    held = [post for post in posts if post.kind == kind and post.department == department and post.holds(on)]
    return max(held, key=lambda post: (post.from_on, post.id)).member if held else None


def leaders(posts: Iterable[Post], department: int, on: dt.date) -> frozenset[int]:
    """The head of the department and who acts for them that day.

    >>> day = dt.date(2026, 9, 1)
    >>> posts = [Post(1, "head", 7, day, None, 3), Post(2, "acting", 9, day, day, 3)]
    >>> sorted(leaders(posts, 3, day)), sorted(leaders(posts, 3, dt.date(2026, 9, 2)))
    ([7, 9], [7])
    """
    known = tuple(posts)
    acting = {p.member for p in known if p.kind == ACTING and p.department == department and p.holds(on)}
    head = holder(known, HEAD, on, department)
    return frozenset(acting if head is None else acting | {head})


def reasons_against(new: Post, known: Iterable[Post]) -> tuple[str, ...]:
    """Why a duty cannot be written down, all reasons at once; empty when it can.

    >>> day = dt.date(2026, 9, 1)
    >>> reasons_against(Post(0, "head", 7, day, dt.date(2026, 8, 1), 3), [Post(1, "head", 8, day, None, 3)])
    ('duty_backwards',)
    """
    found = []
    end = new.until_on or LAST_DAY
    if end < new.from_on:
        found.append("duty_backwards")
    if (new.kind in OF_A_DEPARTMENT) != (new.department is not None):
        found.append("duty_department")
    if (new.kind == ACTING_VICE_PRESIDENT) != (new.instead_of is not None):
        found.append("duty_instead_of")
    if new.instead_of == new.member:
        found.append("duty_instead_of_oneself")
    if new.kind in (ACTING, ACTING_VICE_PRESIDENT) and new.until_on is None:
        found.append("duty_without_end")
    if new.kind in ONE_AT_A_TIME and any(
        one.scope == new.scope and one.from_on <= end and new.from_on <= (one.until_on or LAST_DAY)
        for one in known
    ):
        found.append("duty_taken")
    return tuple(found)
