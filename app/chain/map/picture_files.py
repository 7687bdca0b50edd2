"""The map as files: SVG, PNG, and the block that stands in the report."""

from __future__ import annotations

from pathlib import Path

from flask_babel import gettext as _

from app.chain.map import service as picture
from app.chain.map.drawing import Words, size, svg
from app.chain.register import service as chains
from app.chain.register.models import IndustryChain
from app.hall.files.paper import press
from app.hall.text import language, units

TEMPLATE = Path(__file__).resolve().parent / "picture.typ"
MOST_ON_PAPER = 150
"""More segments than this cannot be read on a sheet of A4."""
LARGEST_POINTS = 3000
"""The longer side of a PNG, in points at two pixels each: a larger chain is drawn smaller."""


def words(chain: IndustryChain, marked: bool, by_age: bool = False) -> Words:
    """Title, legend and the line below the title, in the reader's language."""
    marks: dict[str, str] = {}
    if marked and by_age:
        marks = {"strong": _("一年内确认"), "weak": _("超过一年"), "missing": _("没有确认过")}
    elif marked:
        marks = {"strong": _("稳固"), "weak": _("薄弱"), "missing": _("缺失"), "end": _("园区内无需求")}
    name = (chain.name_en if language.lang() == "en" else "") or chain.name_zh
    when = units.moment(chain.updated_at)
    return Words(
        f"{_('产业链图谱')} · {name}",
        _("数据更新于 %(when)s", when=when),
        marks,
        _("%(n)s 家企业", n="{n}"),
        _("暂无企业"),
    )


def drawing(chain: IndustryChain, marked: bool, by_age: bool = False) -> str:
    data = picture.map_data(chain, marked)
    shown = picture.by_age(chain, data) if by_age and marked else data
    return svg(shown, words(chain, marked, by_age))


def png(chain: IndustryChain, marked: bool, by_age: bool = False) -> bytes:
    width, height = size(picture.map_data(chain, marked))
    scale = min(1.0, LARGEST_POINTS / max(width, height))
    page = {"width": width * scale, "height": height * scale}
    return press.picture(TEMPLATE, {"svg": drawing(chain, marked, by_age), **page})


def fits_on_paper(chain: IndustryChain) -> bool:
    return len(chains.chain_facts(chain).segments) <= MOST_ON_PAPER
