"""A case on paper: the policy, what it was judged by with every source, and its days."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from app.hall.files.paper.document import Block, Entry, Heading, Paper, Paragraph
from app.hall.files.paper.press import press
from app.hall.text import units
from app.policy import words
from app.policy.cases.models import PolicyCase
from app.policy.fits.schemas import Line
from app.policy.fits.store import Version


def draw(row: PolicyCase, version: Version, firm: str, lines: Sequence[Line]) -> bytes:
    """The case as PDF, in the reader's language."""
    percent = words.percent_text(row.judged["fit_percent"])
    day = row.as_of.isoformat()
    blocks: list[Block] = [
        Heading(_("按 %(day)s 的情况判断：适配度 %(percent)s%%", day=day, percent=percent))
    ]
    blocks += [_judged(line) for line in lines]
    blocks.append(Heading(_("办理经过")))
    for step in row.steps:
        state = str(words.CASE_STATES.get(step.action, step.action))
        blocks.append(Entry(step.on_day.isoformat(), step.note, state))
    if row.amount_fen is not None:
        blocks.append(Paragraph(_("金额 %(amount)s", amount=units.yuan(row.amount_fen)), "strong"))
    parties = [
        (_("企业"), firm),
        (_("发布机构"), version.authority),
        (_("版本"), version.valid_from.isoformat()),
        (_("状态"), str(words.CASE_STATES[row.state])),
    ]
    number = _("政策办理 %(number)s", number=row.id)
    return press(Paper(version.title, blocks, number=number, parties=[one for one in parties if one[1]]))


def _judged(line: Line) -> Entry:
    sources = [
        _("%(label)s：%(value)s（来源：%(source)s）", label=label, value=value, source=source)
        for label, value, source in line.uses
    ]
    return Entry(line.text, " · ".join(sources), str(words.RESULTS[line.result]), good=line.result == "met")
