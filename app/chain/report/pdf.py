"""The investment report on the park's paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from app.chain.map import picture_files
from app.chain.register.models import IndustryChain
from app.chain.report import service as reports
from app.hall.files.paper.document import Block, Column, Figures, Heading, Paper, Paragraph, Picture, Table
from app.hall.files.paper.press import press


def pdf(chain: IndustryChain) -> bytes:
    """A4: four key figures, why the first weak link is first, the map, then the tables."""
    return press(paper(chain))


def paper(chain: IndustryChain) -> Paper:
    data = reports.content(chain)
    blocks: list[Block] = [Figures([(label, reports.shown(value)) for label, value in data["figures"]])]
    blocks += [Paragraph(line, "soft" if place else "strong") for place, line in enumerate(data["lines"])]
    blocks += _map(chain)
    for heading, columns, widths, rows in data["tables"]:
        blocks += [Heading(heading), _table(columns, widths, rows)]
    return Paper(data["title"], blocks, period=data["day"], note=data["data"])


def _map(chain: IndustryChain) -> list[Block]:
    if not picture_files.fits_on_paper(chain):
        most = picture_files.MOST_ON_PAPER
        return [Paragraph(_("环节超过 %(num)s 个，图谱请另存为 SVG 查看。", num=most), "soft")]
    return [
        Heading(_("产业链图谱")),
        Picture(picture_files.drawing(chain, True), _("按环节分列的产业链图，下方列表内容相同")),
    ]


def _table(heads: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence[Any]]) -> Table:
    """A column of nothing but numbers is set to the right."""
    figures = [
        bool(rows) and all(row[place] is None or isinstance(row[place], (int, float)) for row in rows)
        for place in range(len(heads))
    ]
    columns = [Column(*column) for column in zip(heads, widths, figures, strict=True)]
    return Table(columns, [[reports.shown(value) for value in row] for row in rows], nothing=_("没有内容"))
