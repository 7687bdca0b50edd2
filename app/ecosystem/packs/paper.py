"""A service pack on paper: who prepared it for whom, what is in it, and how to answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from app.ecosystem.packs import industries
from app.ecosystem.packs.models import PackItem, ServicePack
from app.ecosystem.packs.words import PACK_KINDS, pack_reason, pack_title
from app.hall.files.paper.document import Block, Code, Entry, Heading, Paper, Paragraph
from app.hall.files.paper.press import press
from app.hall.text import units
from app.identity.door import OrganisationInfo


def draw(
    pack: ServicePack,
    items: Sequence[PackItem],
    names: Mapping[int, OrganisationInfo],
    link: str,
    prepared_by: str,
) -> bytes:
    """Return the pack as PDF; whoever is masked on the page is masked here."""
    blocks: list[Block] = [Paragraph(pack.greeting, "boxed")] if pack.greeting else []
    how = _("扫码打开同样的内容，点「希望对接」即转达意向；邻居的名称在双方都愿意之后显示。")
    blocks.append(Paragraph(how, "soft"))
    for kind, label in PACK_KINDS.items():
        group = [item for item in items if item.kind == kind]
        if group:
            blocks += [Heading(str(label), len(group)), *(_entry(item, names.get(item.id)) for item in group)]
    parties = [
        (_("行业"), industries.names().get(pack.industry, pack.industry)),
        (_("准备人"), prepared_by),
    ]
    until = _("有效期至 %(day)s", day=units.day(pack.expires_on))
    code = Code(link, _("专属链接"))
    return press(Paper(f"{_('入园服务包')} {pack.name}", blocks, period=until, parties=parties, code=code))


def _entry(item: PackItem, who: OrganisationInfo | None) -> Entry:
    text = " · ".join(words for words in (pack_reason(item, masked=True), item.detail) if words)
    state = ""
    if item.kind == "neighbour" and item.organisation_id:
        state = _("双方愿意：%(name)s", name=who.name) if who else _("身份双方同意后可见")
    return Entry(pack_title(item, masked=True), text, state, good=who is not None)
