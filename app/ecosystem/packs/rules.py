"""What a service pack is prepared from: the lines and words of an industry pack (rows of `industry_pack` that the park edits), as typed and as kept."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.hall.errors import Reason
from app.hall.text.numbers import whole

#: A line of an industry pack is one sentence; a milestone later than two years is none.
LONGEST_LINE, MOST_DAYS = 200, 730


#: The industry pack of a firm whose industry has none of its own.
ANY = "any"
BASIC, RECRUITING = "basic", "recruiting"
#: What stands in a pack, in the order people read it.
KINDS = (BASIC, "neighbour", "resource", "talent", "policy", RECRUITING, "benefit")


@dataclass(frozen=True)
class Line:
    """One thing every firm of an industry is told: a basic (water and power) or a way to find people.

    `due_days`: a milestone of the newcomer, due so many days after it landed; None for what has no day.
    """

    kind: str
    zh: str
    en: str = ""
    due_days: int | None = None


@dataclass(frozen=True)
class Needs:
    """What firms of one industry usually need first: words that resources and offers must carry, and lines."""

    resources: tuple[str, ...]
    offers: tuple[str, ...]
    lines: tuple[Line, ...] = ()


NOTHING = Needs((), ())


def read_words(text: str) -> tuple[str, ...]:
    """Return the words of a field, in their order, each once; commas of both kinds and ends of lines part them.

    >>> read_words("电池，正极, 电池")
    ('电池', '正极')
    """
    parts = (part.strip() for part in re.split(r"[,，、;；\n]", text))
    return tuple(dict.fromkeys(part for part in parts if part))


def read_lines(kind: str, text: str) -> tuple[list[Line], list[Reason]]:
    """Return the lines `中文 | English | days` of a field, and what is wrong with them, one reason a line.

    >>> read_lines(BASIC, "水电报装 | Water and power | 15")[0]
    [Line(kind='basic', zh='水电报装', en='Water and power', due_days=15)]
    """
    lines, wrong = [], []
    for number, row in enumerate(text.splitlines(), start=1):
        parts = [part.strip() for part in re.split(r"[|｜]", row)]
        if not any(parts):
            continue
        days = whole(parts[2]) if len(parts) > 2 and parts[2] else None
        if len(parts) > 3 or not parts[0] or len(row) > LONGEST_LINE:
            wrong.append(Reason("pack_line_wrong", {"line": number}))
        elif len(parts) > 2 and parts[2] and (days is None or days > MOST_DAYS):
            wrong.append(Reason("pack_line_days", {"line": number, "most": MOST_DAYS}))
        else:
            lines.append(Line(kind, parts[0], parts[1] if len(parts) > 1 else "", days))
    return lines, wrong


def write_lines(kind: str, lines: Iterable[Line]) -> str:
    """Return lines as `read_lines` reads them.

    >>> write_lines(BASIC, [Line("basic", "环评", "Environmental assessment", 60), Line("recruiting", "校招")])
    '环评 | Environmental assessment | 60'
    """
    rows = []
    for line in lines:
        if line.kind == kind:
            days = "" if line.due_days is None else str(line.due_days)
            rows.append(" | ".join((line.zh, line.en, days)).rstrip(" |"))
    return "\n".join(rows)


def main_segment(adds: Sequence[tuple[str, float]]) -> str:
    """Return the segment on which a prospect would add most, of (segment, output in 万元); empty without any.

    >>> main_segment([("anode", 300.0), ("cathode", 4000.0)])
    'cathode'
    """
    return max(adds, key=lambda one: (one[1], one[0]))[0] if adds else ""


@dataclass(frozen=True)
class Order:
    """What a pack is prepared for: a prospect or a newcomer, its industry, and where on the chain it stands."""

    name: str
    industry: str = ""
    segment: str | None = None
    greeting: str = ""
    prospect_id: int | None = None
    enterprise: str = ""
    expires_on: dt.date | None = None
