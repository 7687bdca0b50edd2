"""The month on paper: what got worse first, how sure we are, who carries it, what we did, whether it helped."""

from __future__ import annotations

from fractions import Fraction

from flask_babel import gettext as _

from app.hall.files.paper.document import Block, Column, Entry, Figures, Heading, Paper, Paragraph, Table
from app.hall.files.paper.press import press
from app.hall.text import units
from app.insight.alerts.queries import Shown
from app.insight.cockpit.drawing import name_of
from app.insight.cockpit.service import Cockpit
from app.insight.scores.models import ALL
from app.insight.words import ALERT_STATES, CLASS_NAMES, LAYER_NAMES


def monthly_paper(seen: Cockpit) -> bytes:
    """The cockpit of a month as PDF in the reader's language."""
    when = seen.period
    index, before = seen.index.index, seen.index_before.index
    blocks: list[Block] = [
        Figures(
            [
                (_("指数 %(month)s", month=when.text), _number(index, 2)),
                (_("指数 %(month)s", month=when.before_text), _number(before, 2)),
                (_("变化"), "—" if seen.change is None else units.signed(float(seen.change), 2)),
                (_("覆盖"), units.percent(float(seen.index.coverage))),
            ]
        ),
        Heading(_("先看变差的")),
        *_worse(seen),
        Heading(_("预警与对策"), len(seen.alerts)),
        *[_alert(seen, one) for one in seen.alerts],
        Heading(_("八个维度")),
        _dimensions(seen),
        Heading(_("问题，近十二个月")),
        _problems(seen),
    ]
    note = _("少于 5 家企业的得分不显示；变化同时给出分值与百分比。")
    return press(Paper(_("洞察月报"), blocks, period=f"{when.before_text} → {when.text}", note=note))


def _number(value: Fraction | None, digits: int = 1) -> str:
    return "—" if value is None else f"{float(value):.{digits}f}"


def _changes(seen: Cockpit) -> list[tuple[str, Fraction | None, Fraction | None]]:
    when, found = seen.period, seen.board
    return [
        (one.code, found.shown(one.code, ALL, when.before), found.shown(one.code, ALL, when.month))
        for one in found.dimensions
    ]


def _worse(seen: Cockpit) -> list[Block]:
    fallen = [
        (now - before, code, before, now)
        for code, before, now in _changes(seen)
        if before is not None and now is not None and now < before
    ]
    blocks: list[Block] = [
        Entry(
            name_of(seen.board, code),
            f"{_number(before)} → {_number(now)}（{units.signed(float(change), 1)}）",
            _("变差"),
        )
        for change, code, before, now in sorted(fallen)
    ]
    blocks += [
        Entry(
            name_of(seen.board, code),
            _("比其他维度的中位数低 %(points)s 分", points=_number(below)),
            _("偏低"),
        )
        for code, below in seen.outliers.items()
    ]
    return blocks or [Paragraph(_("没有变差的维度。"))]


def _alert(seen: Cockpit, one: Shown) -> Entry:
    row, said = one.alert, one.opened
    what = f"{name_of(seen.board, row.dimension)} · {LAYER_NAMES[row.layer or 'all']}"
    parts = []
    points, relative = said.get("points"), said.get("relative_percent")
    if points is not None and relative is not None:
        parts.append(f"{units.signed(points, 1)} / {units.signed(relative, 1)} %")
    if paired := said.get("paired"):
        parts.append(
            _("两次都作答的 %(n)s 家也如此", n=paired["n"])
            if paired["same_direction"]
            else _("两次都作答的企业并非如此")
        )
    if row.weak:
        parts.append(_("可能偶然"))
    for measure in one.measures:
        change = measure.effect.change
        told = _("尚看不出") if change is None else units.signed(float(change), 1)
        parts.append(f"{measure.row.what}（{measure.owner}）：{told}")
    return Entry(what, " · ".join(parts), str(ALERT_STATES[row.state]), good=row.state == "resolved")


def _dimensions(seen: Cockpit) -> Table:
    columns = (
        Column(_("维度"), 3),
        Column(seen.period.before_text, 1.4, True),
        Column(seen.period.text, 1.4, True),
        Column(_("对指数的贡献"), 1.6, True),
        Column(_("同类 / 构成"), 2, True),
    )
    parts = seen.index.contributions or {}
    rows = []
    for code, before, now in _changes(seen):
        mix = seen.mixes.get(code)
        rows.append(
            (
                name_of(seen.board, code),
                _number(before),
                _number(now),
                units.signed(float(parts[code]), 2) if code in parts else "—",
                f"{units.signed(float(mix[0]), 1)} / {units.signed(float(mix[1]), 1)}" if mix else "—",
            )
        )
    return Table(columns, rows)


def _problems(seen: Cockpit) -> Table:
    columns = (
        Column(_("类别"), 2),
        Column(_("件数"), 1, True),
        Column(_("中位"), 1, True),
        Column(_("平均"), 1, True),
        Column(_("最长"), 1, True),
    )
    rows = [
        (
            str(CLASS_NAMES[one.code]),
            str(one.n),
            *("—" if value is None else f"{value:.1f}" for value in (one.median, one.mean, one.worst)),
        )
        for one in seen.classes
    ]
    return Table(columns, rows)
