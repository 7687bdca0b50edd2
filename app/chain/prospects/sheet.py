"""The prospects that the filters of the page leave, as a workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import Response
from flask_babel import gettext as _

from app.chain.prospects import queries
from app.chain.prospects.models import Prospect
from app.chain.prospects.rules import Fit
from app.chain.words import STATE_WORDS
from app.hall import clock
from app.hall.files import list_export


def prospects_file(rows: Iterable[Prospect], fits: Mapping[str, Fit], owners: Mapping[int, str]) -> Response:
    """In the order of the page; a fit is a number, a day a day."""
    heads = (
        _("编号"),
        _("企业"),
        _("地区"),
        _("产品"),
        _("状态"),
        _("负责人"),
        _("下一步"),
        _("期限"),
        _("匹配度"),
        _("最近记录"),
    )
    lines = (
        (
            row.code,
            queries.prospect_name(row),
            row.region,
            row.products,
            str(STATE_WORDS[row.state]),
            owners.get(row.owner_id or 0, ""),
            row.next_step,
            row.due_on,
            round(fits[row.code].score, 4) if row.code in fits else None,
            clock.day_of(row.touched_at),
        )
        for row in rows
    )
    return list_export.answer(_("招商储备库"), "prospects", heads, lines)
