"""The investment report: where the chain is weak, what to do, whom to bring, what that would change."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import gettext as _

from app.chain.actions import service as actions
from app.chain.actions.rules import advice
from app.chain.limits import REPORT_FITS
from app.chain.prospects import queries as prospect_queries
from app.chain.register import service as chains
from app.chain.register import words as wording
from app.chain.register.models import IndustryChain
from app.chain.risk import service as risks
from app.chain.weak_links.labels import EXTEND, GONE, NEEDS_A_LOOK, WEAK
from app.chain.weak_links.service import assessment
from app.chain.weak_links.words import judgement_words
from app.chain.what_if import service as what_if
from app.chain.what_if.rules import Wish
from app.chain.words import KIND_WORDS, STATE_WORDS
from app.hall import clock
from app.hall.text import language, units

Cell = str | int | float | dt.date | None


class Ratio(float):
    """A share; shown as a percentage."""


class Change(float):
    """A difference; shown with its sign."""


def _ratio(value: float | None) -> Ratio | None:
    return None if value is None else Ratio(value)


def shown(value: Cell) -> str:
    """A cell as it reads on paper."""
    if value is None:
        return "—"
    if isinstance(value, Ratio):
        return units.percent(value)
    if isinstance(value, Change):
        return units.signed(value)
    if isinstance(value, float):
        return wording.number(value)
    return units.day(value) if isinstance(value, dt.date) else str(value)


def content(chain: IndustryChain) -> dict[str, Any]:
    """Everything both forms show: title, key figures, summary lines and tables.

    A table is (heading, columns, widths, rows); a number among the widths' cells is a figure.
    """
    found = assessment(chain)
    names = chains.chain_facts(chain).names(language.lang())
    ranked = [row for row in found.findings if row.rank]
    marks = [row.mark for row in found.findings]
    lines = []
    if ranked:
        lines = [_("首要薄弱环节：%(name)s", name=names[ranked[0].segment])]
        lines += [f"· {line}" for line in wording.sentences(ranked[0].reasons, names)]
    return {
        "title": _("%(chain)s 产业链招商报告", chain=chains.chain_name(chain)),
        "day": units.day(clock.today()),
        "data": _("数据更新于 %(when)s", when=units.moment(chain.updated_at)),
        "figures": [
            (_("缺口合计（万元 / 年）"), wording.in_unit(found.total_shortfall_wan)),
            (_("缺失环节"), marks.count(GONE)),
            (_("薄弱环节"), marks.count(WEAK)),
            (_("首要缺口"), names[ranked[0].segment] if ranked else "—"),
        ],
        "lines": lines,
        "tables": [
            (
                _("薄弱环节（万元 / 年）"),
                [
                    _("名次"),
                    _("环节"),
                    _("需求量"),
                    _("供给量"),
                    _("缺口"),
                    _("覆盖"),
                    _("企业"),
                    _("停产影响产值"),
                    _("判断"),
                ],
                [11, 28, 17, 17, 17, 18, 11, 19, 36],
                _gaps(chain, names),
            ),
            (
                _("建议"),
                [_("建议"), _("环节"), _("缺口（万元）"), _("依据")],
                [22, 28, 22, 102],
                _plans(chain, names),
            ),
            (
                _("拟引进企业"),
                [_("企业"), _("能做什么（万元 / 年）"), _("匹配度"), _("状态"), _("理由")],
                [26, 30, 15, 21, 82],
                _fits(chain, names),
            ),
            (
                _("引进之后"),
                [
                    _("引进"),
                    _("缺口合计"),
                    _("变化"),
                    _("下一个缺口"),
                    _("留在园区的采购"),
                    _("最高风险，下限"),
                    _("最高风险，上限"),
                ],
                [36, 20, 18, 26, 26, 25, 25],
                _effects(chain, names),
            ),
            (
                _("进行中的行动"),
                [_("类型"), _("环节"), _("行动"), _("状态"), _("期限")],
                [22, 28, 76, 24, 24],
                _doing(chain, names),
            ),
        ],
    }


def _gaps(chain: IndustryChain, names: dict[str, str]) -> list[list[Any]]:
    return [
        [
            row.rank,
            names[row.segment],
            wording.in_unit(row.demand_wan),
            wording.in_unit(row.supply_wan),
            wording.in_unit(row.shortfall_wan),
            _ratio(row.coverage_ratio),
            len(row.enterprises),
            wording.in_unit(row.halted_output_wan),
            judgement_words(row),
        ]
        for row in assessment(chain).findings
        if row.rank or row.mark in NEEDS_A_LOOK
    ]


def _plans(chain: IndustryChain, names: dict[str, str]) -> list[list[Any]]:
    """What to do about every link that is weak, and what is within reach; not about ends nobody depends on."""

    found = assessment(chain)
    return [
        [
            str(KIND_WORDS[idea.kind]),
            names[idea.segment],
            wording.in_unit(idea.shortfall_wan),
            _("；").join(wording.sentences(idea.evidence[:2], names)),
        ]
        for idea in advice(chains.chain_facts(chain), found)
        if idea.kind == EXTEND or found.finding(idea.segment).mark in NEEDS_A_LOOK
    ]


def _fits(chain: IndustryChain, names: dict[str, str]) -> list[list[Any]]:
    rows = {row.code: row for row in prospect_queries.list_prospects(chain)}
    adds = prospect_queries.adds_of([row.id for row in rows.values()])
    return [
        [
            prospect_queries.prospect_name(rows[fit.code]),
            _("、").join(
                f"{names.get(code, code)} {wording.money(output)}"
                for code, output in adds.get(rows[fit.code].id, ())
            ),
            Ratio(fit.score),
            str(STATE_WORDS[rows[fit.code].state]),
            _("；").join(wording.sentences(fit.reasons, names)),
        ]
        for fit in prospect_queries.fits(chain)[:REPORT_FITS]
    ]


def _effects(chain: IndustryChain, names: dict[str, str]) -> list[list[Any]]:
    """Today, then each of the best prospects alone, then all of them together; in a large park the risk of the first and last."""
    best = [fit.code for fit in prospect_queries.fits(chain)][:5]
    brought = what_if.brought_by(chain, best)
    known = {row.code: prospect_queries.prospect_name(row) for row in prospect_queries.list_prospects(chain)}
    wishes = [(_("今天"), ()), *((known[code], (code,)) for code in best)]
    if len(best) > 1:
        wishes.append((_("以上全部"), tuple(best)))
    rows: list[list[Any]] = []
    for label, codes in wishes:
        result = what_if.run(chain, Wish(prospects=codes), brought)
        together = not codes or len(codes) == len(best)
        risk = what_if.risks_of(chain, result).after if together or not risks.is_large(chain) else None
        after = names | result.changed.names(language.lang())
        rows.append(
            [
                label,
                wording.in_unit(result.after.total_shortfall_wan),
                Change(
                    wording.in_unit(result.after.total_shortfall_wan - result.before.total_shortfall_wan) or 0
                )
                if codes
                else None,
                after[result.next_gap.segment] if result.next_gap else "—",
                wording.in_unit(result.kept_after_wan),
                Ratio(risk.low) if risk else None,
                Ratio(risk.high) if risk else None,
            ]
        )
    return rows


def _doing(chain: IndustryChain, names: dict[str, str]) -> list[list[Any]]:
    return [
        [
            str(KIND_WORDS[action.kind]),
            names[segment.code],
            action.title,
            str(STATE_WORDS[action.state]),
            action.due_on,
        ]
        for action, segment in actions.list_actions(chain)
    ]
