"""A service pack on paper: who prepared it for whom, what is in it, and how to answer."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from fpdf import FPDF

from app import units
from app.ecosystem.messages import INDUSTRIES, PACK_KINDS, pack_reason, pack_title
from app.ecosystem.models import PackItem, ServicePack

FONTS = Path(__file__).resolve().parents[1] / "static" / "fonts"
BLUE, INK, GREY, PALE, GREEN = (36, 86, 230), (24, 33, 47), (92, 104, 124), (234, 240, 255), (8, 112, 79)
MARGIN, WIDTH = 18.0, 174.0


class _Paper(FPDF):
    """A4 with the park's fonts and a line at the foot of every page."""

    def __init__(self, foot: str) -> None:
        super().__init__(format="A4")
        self.foot = foot
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(True, margin=20)
        for style, weight in (("", "Regular"), ("B", "Bold")):
            self.add_font("NotoSansSC", style=style, fname=str(FONTS / f"NotoSansSC-{weight}.ttf"))
        self.add_page()

    def write_line(
        self, text: str, size: float, colour: tuple[int, int, int] = INK, style: str = "", width: float = 0,
        align: str = "L",
    ) -> None:  # fmt: skip
        self.set_font("NotoSansSC", style=style, size=size)
        self.set_text_color(*colour)
        self.multi_cell(width, size * 0.53, text, align=align, new_x="LMARGIN", new_y="NEXT")

    def height_of(self, text: str, size: float, style: str = "") -> float:
        """Return how much room a text takes, so that an item is not torn across two pages."""
        self.set_font("NotoSansSC", style=style, size=size)
        height = self.multi_cell(0, size * 0.53, text, dry_run=True, output="HEIGHT")
        return height if isinstance(height, float) else 0.0

    def footer(self) -> None:
        self.set_y(-14)
        self.set_draw_color(*PALE)
        self.line(MARGIN, self.get_y(), MARGIN + WIDTH, self.get_y())
        self.ln(1.5)
        self.write_line(f"{self.foot}    {self.page_no()}", 8, GREY, align="C")


def draw(
    pack: ServicePack, items: Sequence[PackItem], names: Mapping[int, Any], link: str, prepared_by: str
) -> bytes:
    """Return the pack as PDF; whoever is masked on the page is masked here."""
    paper = _Paper(prepared_by)
    paper.set_title(f"{_('入园服务包')} {pack.name}")
    _head(paper, pack, link, prepared_by)
    for kind, label in PACK_KINDS.items():
        group = [item for item in items if item.kind == kind]
        if group:
            _section(paper, str(label), len(group))
            for item in group:
                _item(paper, item, names.get(item.id))
            paper.ln(3)
    return bytes(paper.output())


def _head(paper: _Paper, pack: ServicePack, link: str, prepared_by: str) -> None:
    import segno

    paper.set_fill_color(*BLUE)
    paper.rect(0, 0, 210, 3, style="F")
    code = io.BytesIO()
    segno.make(link, error="m").save(code, kind="png", scale=6, border=1)
    paper.image(code, x=MARGIN + WIDTH - 28, y=MARGIN, w=28, alt_text=_("专属链接"))
    paper.write_line(_("入园服务包"), 11, BLUE, "B", WIDTH - 34)
    paper.ln(1)
    paper.write_line(pack.name, 22, INK, "B", WIDTH - 34)
    paper.ln(1)
    facts = [str(INDUSTRIES.get(pack.industry, pack.industry)), prepared_by]
    facts.append(_("有效期至 %(day)s", day=units.day(pack.expires_on)))
    paper.write_line(" · ".join(facts), 9.5, GREY, width=WIDTH - 34)
    paper.set_y(max(paper.get_y(), MARGIN + 30) + 2)
    if pack.greeting:
        paper.set_fill_color(*PALE)
        paper.set_font("NotoSansSC", size=10.5)
        paper.set_text_color(*INK)
        paper.multi_cell(0, 6, pack.greeting, fill=True, padding=3, new_x="LMARGIN", new_y="NEXT")
        paper.ln(2)
    how = _("扫码打开同样的内容，点「希望对接」即转达意向；邻居的名称在双方都愿意之后显示。")
    paper.write_line(how, 9.5, GREY)
    paper.ln(4)


def _section(paper: _Paper, label: str, count: int) -> None:
    if paper.get_y() > 250:
        paper.add_page()
    paper.write_line(f"{label}  {count}", 13, BLUE, "B")
    paper.set_draw_color(*BLUE)
    paper.line(MARGIN, paper.get_y() + 0.8, MARGIN + WIDTH, paper.get_y() + 0.8)
    paper.ln(3)


def _item(paper: _Paper, item: PackItem, who: Any) -> None:
    lines = [
        (pack_title(item, masked=True), 11.0, INK, "B"),
        (" · ".join(text for text in (pack_reason(item, masked=True), item.detail) if text), 9.5, GREY, ""),
    ]
    if item.kind == "neighbour" and item.organisation_id:
        named = _("双方愿意：%(name)s", name=who.name) if who else _("身份双方同意后可见")
        lines.append((named, 9.5, GREEN if who else GREY, ""))
    if paper.will_page_break(sum(paper.height_of(text, size, style) for text, size, _colour, style in lines)):
        paper.add_page()
    for line in lines:
        paper.write_line(*line)
    paper.ln(2.5)
