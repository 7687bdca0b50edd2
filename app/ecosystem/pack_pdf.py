"""A service pack on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from flask_babel import gettext as _

from app.ecosystem.messages import PACK_KINDS, pack_reason, pack_title
from app.ecosystem.models import PackItem, ServicePack

FONTS = Path(__file__).resolve().parents[1] / "static" / "fonts"


def draw(pack: ServicePack, items: Sequence[PackItem], names: Mapping[int, Any]) -> bytes:
    """Return the pack as PDF; whoever is masked on the page is masked here."""
    from fpdf import FPDF

    pdf = FPDF(format="A4")
    pdf.set_margins(18, 18, 18)
    pdf.set_auto_page_break(True, margin=18)
    pdf.add_font("NotoSansSC", fname=str(FONTS / "NotoSansSC-Regular.ttf"))
    pdf.add_font("NotoSansSC", style="B", fname=str(FONTS / "NotoSansSC-Bold.ttf"))
    pdf.add_page()

    def line(text: str, size: float, style: str = "", grey: int = 24, gap: float = 1.5) -> None:
        pdf.set_font("NotoSansSC", style=style, size=size)
        pdf.set_text_color(grey, grey, grey)
        pdf.multi_cell(0, size * 0.52, text, new_x="LMARGIN", new_y="NEXT")
        pdf.ln(gap)

    line(_("入园服务包"), 11, grey=100)
    line(pack.name, 20, "B")
    if pack.greeting:
        line(pack.greeting, 11)
    line(_("有效期至 %(day)s", day=pack.expires_on.isoformat()), 9.5, grey=100, gap=4)
    for kind, label in PACK_KINDS.items():
        group = [item for item in items if item.kind == kind]
        if not group:
            continue
        line(str(label), 14, "B", gap=2)
        for item in group:
            line("· " + pack_title(item), 11, "B", gap=0.5)
            who = names.get(item.id)
            details = [text for text in (item.detail, pack_reason(item)) if text]
            if item.organisation_id and kind == "neighbour":
                details.append(who.name if who else _("身份双方同意后可见"))
            line("；".join(details), 9.5, grey=90, gap=2.5)
        pdf.ln(2)
    line(_("演示数据均为虚构。"), 8.5, grey=110)
    return bytes(pdf.output())
