"""The investment report on paper."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_babel import gettext as _

from app import language
from app.chain.models import IndustryChain
from app.chain.service import reports

if TYPE_CHECKING:
    from fpdf import FPDF

FONT = "NotoSansSC"
PADDING = 1.4
INK, SOFT, LINE = (24, 33, 47), (74, 86, 106), (214, 220, 230)
BAND, STRIPE = (36, 86, 230), (247, 249, 252)


def pdf(chain: IndustryChain) -> bytes:
    """A4: title band, four key figures, why the first weak link is first, then the tables."""
    data = reports.content(chain)
    paper = _paper(data)
    _head(paper, data)
    for heading, columns, widths, rows in data["tables"]:
        _table(paper, heading, columns, widths, rows)
    return bytes(paper.output())


def _paper(data: dict[str, Any]) -> FPDF:
    from fpdf import FPDF

    class Paper(FPDF):
        def footer(self) -> None:
            self.set_y(-12)
            self.set_font(FONT, size=8)
            self.set_text_color(*SOFT)
            self.cell(0, 8, f"{data['title']} · {data['day']} · {self.page_no()}/{{nb}}", align="C")

    paper = Paper(format="A4")
    paper.set_margins(16, 16, 16)
    paper.set_auto_page_break(True, margin=18)
    fonts = Path(current_app.root_path) / "static" / "fonts"
    paper.add_font(FONT, fname=fonts / "NotoSansSC-Regular.ttf")
    paper.add_font(FONT, style="B", fname=fonts / "NotoSansSC-Bold.ttf")
    paper.set_title(data["title"])
    paper.set_lang("en" if language.lang() == "en" else "zh-CN")
    paper.set_draw_color(*LINE)
    paper.add_page()
    return paper


def _head(paper: FPDF, data: dict[str, Any]) -> None:
    paper.set_fill_color(*BAND)
    paper.rect(0, 0, paper.w, 34, style="F")
    paper.set_text_color(255, 255, 255)
    paper.set_xy(paper.l_margin, 10)
    paper.set_font(FONT, style="B", size=18)
    paper.cell(0, 9, data["title"], new_x="LMARGIN", new_y="NEXT")
    paper.set_font(FONT, size=9)
    paper.cell(0, 6, f"{data['day']} · {data['data']}", new_x="LMARGIN", new_y="NEXT")
    wide = paper.epw / len(data["figures"])
    top = 40.0
    for n, (label, value) in enumerate(data["figures"]):
        paper.set_xy(paper.l_margin + n * wide, top)
        paper.set_text_color(*SOFT)
        paper.set_font(FONT, size=8.5)
        paper.cell(wide, 5, label)
        paper.set_xy(paper.l_margin + n * wide, top + 5)
        paper.set_text_color(*INK)
        paper.set_font(FONT, style="B", size=15)
        paper.cell(wide, 8, reports.shown(value))
    paper.set_xy(paper.l_margin, top + 17)
    for n, line in enumerate(data["lines"]):
        paper.set_font(FONT, style="B" if n == 0 else "", size=11 if n == 0 else 9.5)
        paper.set_text_color(*(INK if n == 0 else SOFT))
        paper.multi_cell(
            0,
            6 if n == 0 else 5.2,
            _wrapped(paper, line, paper.epw - 2 * paper.c_margin),
            align="L",
            new_x="LMARGIN",
            new_y="NEXT",
        )


def _table(paper: FPDF, heading: str, columns: list[str], widths: list[int], rows: list[list[Any]]) -> None:
    from fpdf.enums import TableCellFillMode
    from fpdf.fonts import FontFace

    if paper.get_y() > paper.h - 60:
        paper.add_page()
    paper.ln(6)
    paper.set_text_color(*INK)
    paper.set_font(FONT, style="B", size=12)
    paper.multi_cell(0, 8, heading, new_x="LMARGIN", new_y="NEXT")
    paper.set_font(FONT, size=8)
    paper.set_fill_color(*STRIPE)
    if not rows:
        paper.set_text_color(*SOFT)
        paper.multi_cell(0, 6, _("没有内容"), new_x="LMARGIN", new_y="NEXT")
        return
    figures = [
        all(value is None or isinstance(value, (int, float)) for value in cells)
        for cells in zip(*rows, strict=True)
    ]
    room = [paper.epw * width / sum(widths) - 2 * (PADDING + paper.c_margin) for width in widths]
    with paper.table(
        col_widths=tuple(widths),
        text_align=tuple("RIGHT" if figure else "LEFT" for figure in figures),
        headings_style=FontFace(emphasis="BOLD", color=INK, fill_color=(234, 240, 255)),
        cell_fill_color=STRIPE,
        cell_fill_mode=TableCellFillMode.ROWS,
        line_height=4.6,
        padding=(1.1, PADDING),
        borders_layout="HORIZONTAL_LINES",
    ) as table:
        table.row(columns)
        for row in rows:
            table.row([_wrapped(paper, value, width) for value, width in zip(row, room, strict=True)])


def _wrapped(paper: FPDF, value: Any, width: float) -> str:
    """The text of a cell with its lines broken where Chinese may break; English is broken by the printer."""
    text = reports.shown(value)
    if language.lang() == "en":
        return text
    lines = [""]
    for piece in pieces(text):
        longer = lines[-1] + piece
        if lines[-1] and paper.get_string_width(longer) > width:
            lines.append(piece)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def pieces(text: str) -> list[str]:
    """What must stay on one line: Chinese breaks between any two characters but not before a closing mark, and a
    number keeps its unit.

    >>> pieces("需求 12,000 万元。")
    ['需', '求\\xa012,000\\xa0万元。']
    """
    found = [""]
    for here, after in zip(text, [*text[1:], ""], strict=True):
        found[-1] += "\u00a0" if here == " " else here
        wide = _is_wide(here) or _is_wide(after)
        if wide and " " not in (here, after) and after and after not in _CLOSING and here not in _OPENING:
            found.append("")
    return found


_CLOSING = "，。、；：！？）】」”%元家"
_OPENING = "（【「“"


def _is_wide(character: str) -> bool:
    return bool(character) and unicodedata.east_asian_width(character) in "WF"
