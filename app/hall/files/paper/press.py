"""Sets a paper as PDF/UA: values travel as JSON beside the template and are never pasted into its markup."""

from __future__ import annotations

import functools
import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Literal

from flask import has_request_context
from flask_babel import gettext as _
from flask_login import current_user

from app.hall import clock, park
from app.hall.files.paper.document import Block, Code, Paper, Table
from app.hall.files.paper.glyphs import FONTS, settable, without_shape
from app.hall.files.qr import drawing
from app.hall.text import language, units
from app.hall.text.normalise import writable

TEMPLATE = Path(__file__).resolve().parent / "paper.typ"
ONE_TABLE = 400  # rows; a longer table is set page by page, which a second processor can share
PAGE_MM = {False: (178.0, 246.0), True: (265.0, 159.0)}  # room inside the margins, upright and landscape
LINE_MM, ROW_MM, HEAD_MM = 3.4, 5.4, 8.0
EM_MM = 7.5 * 0.3528
INSET_MM = 2.2
SPARE_MM = 1.2  # of it on the side where a number may begin, or end


def press(paper: Paper) -> bytes:
    """The paper as PDF in the reader's language."""
    return _set(TEMPLATE, contents(paper), "pdf")


def sheet(template: Path, values: dict[str, Any]) -> bytes:
    """A PDF from a template of its own: labels, which have no head and no foot."""
    return _set(template, values, "pdf")


def picture(template: Path, values: dict[str, Any]) -> bytes:
    """A single page as PNG, from a template of its own."""
    return _set(template, values, "png")


def _set(template: Path, values: dict[str, Any], form: Literal["pdf", "png"]) -> bytes:
    import typst

    text = settable_values(values)
    text["missing"] = missing_pattern("".join(_texts(text)))
    made = typst.compile(
        template.read_bytes(),
        font_paths=_fonts(),
        format=form,
        ppi=144,
        sys_inputs={"data": json.dumps(text, ensure_ascii=False)},
        pdf_standards="ua-1" if form == "pdf" else None,
    )
    return bytes(made)


@functools.cache
def _fonts() -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


def settable_values(values: Any) -> Any:
    """The same values with every text as the typesetter takes it."""
    if isinstance(values, str):
        return settable(writable(values))
    if isinstance(values, dict):
        return {key: settable_values(value) for key, value in values.items()}
    if isinstance(values, (list, tuple)):
        return [settable_values(value) for value in values]
    return values


def _texts(values: Any) -> Iterator[str]:
    if isinstance(values, str):
        yield values
    elif isinstance(values, (dict, list)):
        for value in values.values() if isinstance(values, dict) else values:
            yield from _texts(value)


def missing_pattern(text: str) -> str:
    r"""A pattern of the characters without a shape, "" where all have one.

    Examples
    --------
    >>> missing_pattern("园链")
    ''
    >>> missing_pattern("\ue000园\ue001")
    '[\\x{e000}\\x{e001}]'
    """
    points = [rf"\x{{{point:x}}}" for point in without_shape(text)]
    return f"[{''.join(points)}]" if points else ""


def contents(paper: Paper) -> dict[str, Any]:
    """Everything the template reads."""
    identity = park.identity()
    return {
        "lang": language.lang(),
        "landscape": paper.landscape,
        "park": {
            "name": identity.name,
            "mark": list(identity.mark),
            "mark_format": identity.mark_format,
            "foot": [text for text in (identity.contact, identity.footer) if text],
        },
        "title": paper.title,
        "number": paper.number,
        "facts": _facts(paper),
        "balances": [pair for pair in (paper.opening, paper.closing) if pair],
        "note": paper.note,
        "blocks": [_block(block, paper.landscape) for block in paper.blocks],
        "made": _("制表 %(who)s · %(at)s", who=_maker(), at=units.moment(clock.now())),
        "stamps": list(paper.stamps),
        "stamp_words": _("（盖章 / 签字）"),
        "code": _code(paper.code),
        "page_words": re.split(r"\{\w+\}", _("第 {page} 页，共 {all} 页")),
    }


def _maker() -> str:
    """Who asks for this paper; the park where nobody is signed in."""
    if has_request_context() and current_user and current_user.is_authenticated:
        card = current_user.card()
        return f"{card['name']} · {card['organisation']}"
    return park.identity().name


def _facts(paper: Paper) -> list[tuple[str, str]]:
    facts = list(paper.parties)
    if paper.number:
        facts.append((_("单据编号"), paper.number))
    if paper.period:
        facts.append((_("期间"), paper.period))
    return facts


def _code(code: Code | None) -> dict[str, str] | None:
    if code is None:
        return None
    return {"svg": drawing(code.address, border=1), "says": code.says}


def _block(block: Block, landscape: bool) -> dict[str, Any]:
    kind = {"kind": type(block).__name__.lower()}
    if isinstance(block, Table):
        return kind | asdict(replace(block, rows=[])) | {"pages": list(pages(block, landscape))}
    return kind | asdict(block)


def pages(table: Table, landscape: bool) -> Iterator[dict[str, Any]]:
    """The rows in the portions that are set at once, each row with its height in mm, 0 where it finds its own.

    A short table is one portion. A long one is a portion a page: then no page waits for the one before it.
    """
    wide, high = PAGE_MM[landscape]
    share = sum(column.width for column in table.columns)
    room = [wide * column.width / share - INSET_MM for column in table.columns]
    long = len(table.rows) > ONE_TABLE
    portion: list[Sequence[str]] = []
    heights: list[float] = []
    used = 0.0
    for row in table.rows:
        lines = max(_lines(text, width) for text, width in zip(row, room, strict=True))
        height = ROW_MM + (lines - 1) * LINE_MM
        if long and portion and used + height > high - HEAD_MM:
            yield {"rows": portion, "heights": heights, "alone": True}
            portion, heights, used = [], [], 0.0
        portion.append(row)
        heights.append(ROW_MM if lines == 1 else 0)
        used += height
    if portion:
        yield {"rows": portion, "heights": heights, "alone": long}
    if long and table.totals:  # they stand in a short table of their own
        yield {"rows": [], "heights": [], "alone": False}


def _lines(text: str, width: float) -> int:
    """How many lines a text takes at most; one only where it surely fits.

    A number is never broken: it takes the room that its column keeps free before the next one.

    >>> _lines("10000", 6.2), _lines("100000", 6.2), _lines("10 000", 6.2)
    (1, 2, 2)
    """
    ems = sum(_EMS.get(c) or (1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.95) for c in text)
    if ems * EM_MM <= width + SPARE_MM and _NUMBER.fullmatch(text):
        return 1
    return max(1, text.count("\n") + 1 + int(ems * EM_MM / width))


_NUMBER = re.compile(r"[+−-]?[0-9][0-9,.]*")


# How wide the plain characters of the type are at most; tests hold the table against the font.
_EMS = {
    **dict.fromkeys(" '|!,.:;ijlI", 0.33),
    **dict.fromkeys("-()[]{}/\\frt", 0.4),
    **dict.fromkeys("0123456789+", 0.555),
    **dict.fromkeys("<=>*^~$#szxcvyYJLFke_?", 0.56),
    **dict.fromkeys("agXVESThuAnbdpq", 0.63),
}
