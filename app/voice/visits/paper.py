"""A visit on paper: the dossier in short, the questions with room to write, a code that opens the page for typing in."""

from __future__ import annotations

from flask_babel import gettext as _

from app.hall.files.paper.document import Block, Code, Entry, Heading, Paper, Paragraph
from app.hall.files.paper.press import press
from app.hall.text import units
from app.voice.visits.models import Visit
from app.voice.visits.today import Dossier
from app.voice.words import LAYERS, QUESTIONS, VISIBILITIES

LINES = 4


def form(visit: Visit, found: Dossier, address: str, specialist: str) -> bytes:
    """One A4 sheet."""
    blocks: list[Block] = []
    known = [
        (str(QUESTIONS.get(code, code)), name)
        for code, name in (found.chain.questions if found.chain else ())
    ]
    if known or found.promises or found.refused:
        blocks.append(Heading(_("去之前知道的")))
        blocks += [Entry(_("承诺"), one.text, one.became_number) for one in found.promises[:2]]
        blocks += [Entry(_("约不上"), f"{one.resource} · {units.day(one.day)}") for one in found.refused[:2]]
        blocks += [Entry(code, name) for code, name in known[:3]]
    ticks = [*map(str, VISIBILITIES.values()), _("说得犹豫")]
    boxes = "　".join(f"□ {one}" for one in ticks) + "　　" + _("追问到了什么") + _("：")
    for number in range(1, LINES):
        blocks.append(Heading(_("第 %(n)s 条", n=number)))
        blocks.append(Paragraph("\n\n", "boxed"))
        blocks.append(Paragraph(boxes, "soft"))
    blocks.append(Heading(_("承诺了什么，到哪天")))
    blocks.append(Paragraph("\n", "boxed"))
    parties = [
        (_("企业"), f"{found.firm.name} · {found.firm.building}"),
        (_("分层"), str(LAYERS.get(found.layer, found.layer))),
        (_("专员"), specialist),
    ]
    return press(
        Paper(
            _("走访记录表"),
            blocks,
            period=units.day(visit.planned_on),
            parties=parties,
            code=Code(address, _("扫码录入这次走访")),
        )
    )
