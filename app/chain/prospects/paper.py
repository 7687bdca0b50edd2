"""Everything about one prospect on paper: for the meeting, for the file, for whoever takes over."""

from __future__ import annotations

from flask_babel import gettext as _

from app.chain.prospects import files, queries
from app.chain.prospects.models import Prospect
from app.chain.prospects.rules import OPEN
from app.chain.register import service as chains
from app.chain.register import words as wording
from app.chain.register.models import IndustryChain
from app.chain.words import STATE_WORDS
from app.hall.files.paper.document import Block, Column, Entry, Figures, Heading, Paper, Paragraph, Table
from app.hall.files.paper.press import press
from app.hall.text import language, units


def pdf(chain: IndustryChain, row: Prospect, owners: dict[int, str]) -> bytes:
    return press(paper(chain, row, owners))


def paper(chain: IndustryChain, row: Prospect, owners: dict[int, str]) -> Paper:
    """A4: where it stands, whom to call, why it, what it would make, what was done, what lies in the file."""
    names = chains.chain_facts(chain).names(language.lang())
    fit = next((one for one in queries.fits(chain) if one.code == row.code), None)
    adds = queries.adds_of([row.id]).get(row.id, [])
    steps, papers = queries.steps_of(row), files.files_of(row)
    lost = next((step.note for step in steps if step.state == "lost"), "") if row.state == "lost" else ""
    due = units.day(row.due_on) if row.due_on and row.state in OPEN else "—"
    blocks: list[Block] = [
        Figures(
            [
                (_("状态"), str(STATE_WORDS[row.state])),
                (_("匹配度"), units.percent(fit.score) if fit else "—"),
                (_("年产值"), units.wan(sum(output for _code, output in adds), language.lang())),
                (_("期限"), due),
            ]
        )
    ]
    if lost:
        blocks.append(Paragraph(_("未能引进的原因：%(note)s", note=lost), "boxed"))
    if row.next_step and row.state in OPEN:
        blocks.append(Paragraph(f"{_('下一步')}：{row.next_step}", "strong"))
    if fit:
        blocks.append(Heading(_("为什么是它")))
        blocks += [Paragraph(f"· {line}") for line in wording.sentences(fit.reasons, names)]
    lines = [[names.get(code, code), units.wan(output, language.lang())] for code, output in adds]
    blocks += [
        Heading(_("能带来什么")),
        Table([Column(_("环节"), 3), Column(_("年产值"), 1, True)], lines, nothing=_("没有内容")),
        Heading(_("记录"), len(steps)),
    ]
    for step in steps:
        who = owners.get(step.member_id or 0, "")
        told = " · ".join(filter(None, (units.moment(step.at), who)))
        blocks.append(Entry(f"{STATE_WORDS[step.state]} {step.note}".strip(), told))
    if papers:
        blocks.append(Heading(_("文件"), len(papers)))
        blocks += [Paragraph(f"· {one.name}（{units.day(one.uploaded_at)}）", "soft") for one in papers]
    known = (
        (_("地区"), row.region),
        (_("主要产品"), row.products),
        (_("联系人"), f"{row.contact} {row.contact_phone}".strip()),
        (_("负责人"), owners.get(row.owner_id or 0, "")),
        (_("来源"), row.source),
    )
    parties = [(label, value) for label, value in known if value]
    return Paper(queries.prospect_name(row), blocks, number=row.code, parties=parties)
