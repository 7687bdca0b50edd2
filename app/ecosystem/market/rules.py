"""What a need or an offer may say and which step it may take."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.ecosystem.market import similarity

#: What the rules do not let out by themselves; a name alone is masked and goes out.
HELD = frozenset({"contact", "too_little"})


@dataclass(frozen=True)
class Draft:
    """What somebody writes into a need or an offer."""

    title: str
    description: str = ""
    product: str = ""
    tags: tuple[str, ...] = ()
    segment: str | None = None
    amount_fen: int | None = None
    quantity: int | None = None
    unit: str = ""
    deadline: dt.date | None = None
    visibility: str = "park"
    matching: bool = True


def clean_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Return tags in one spelling, without doubles, in a stable order.

    >>> clean_tags([" 检测 ", "检测", "#ＡＩ"])
    ('ai', '检测')
    """
    found = {similarity.normalise(tag).strip().lstrip("#").strip()[:30] for tag in tags}
    return tuple(sorted(tag for tag in found if tag))


def split_tags(words: str) -> tuple[str, ...]:
    """Return the tags of a line: separated by spaces or any comma.

    >>> split_tags("检测，材料、AI  仓储")
    ('检测', '材料', 'AI', '仓储')
    """
    return tuple(word for word in re.split(r"[\s,，、;；#]+", words) if word)


POST: Mapping[str, tuple[str, ...]] = {
    "draft": ("published", "withdrawn"),
    "published": ("engaged", "satisfied", "expired", "withdrawn"),
    "engaged": ("published", "satisfied", "expired", "withdrawn"),
    "satisfied": (),
    "expired": ("draft",),
    "withdrawn": ("draft",),
}
OPEN_STATES = ("published", "engaged")


def engaged(state: str) -> str:
    """Return the state of a post whose introduction opens: an open post is engaged, a closed one stays as it is.

    >>> engaged("published"), engaged("engaged"), engaged("withdrawn")
    ('engaged', 'engaged', 'withdrawn')
    """
    return "engaged" if state == "published" else state


@dataclass(frozen=True)
class Wanted:
    """What a reader of the market asks for; empty means all."""

    q: str = ""
    kind: str = ""
    segment: str = ""
    tag: str = ""
    state: str = ""
    mine: bool = False
