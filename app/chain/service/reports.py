"""The investment report: where the chain is weak, what to do, whom to bring, what that would change; as a workbook."""

from __future__ import annotations

import io
from typing import Any

from flask_babel import gettext as _

from app import clock, language, units
from app.chain.models import IndustryChain
from app.chain.recruiting import EXTEND, advice
from app.chain.service import actions, chains, picture, prospects, risks, what_if, wording

MOST_FITS = 40  # of the pipeline, the best; the page lists all


def _label_words(labels: tuple[str, ...]) -> str:
    from app.chain.messages import LABELS

    return _("、").join(str(LABELS[label]) for label in labels) or str(LABELS["adequate"])


def _percent(value: float | None) -> str:
    return "—" if value is None else units.percent(value)


def content(chain: IndustryChain) -> dict[str, Any]:
    """Everything both forms show: title, key figures, summary lines and tables.

    A table is (heading, columns, widths, rows); a number among the widths' cells is a figure.
    """
    found = chains.assessment(chain)
    names = chains.chain_facts(chain).names(language.lang())
    ranked = [row for row in found.findings if row.rank]
    marks = [picture.status_of(row) for row in found.findings]
    lines = []
    if ranked:
        lines = [_("首要薄弱环节：%(name)s", name=names[ranked[0].segment])]
        lines += [f"· {line}" for line in wording.sentences(ranked[0].reasons, names)]
    return {
        "title": _("%(chain)s 产业链招商报告", chain=chains.chain_name(chain)),
        "day": units.day(clock.today()),
        "data": _("数据更新于 %(when)s", when=units.moment(chain.updated_at)),
        "figures": [
            (_("缺口合计（万元 / 年）"), wording.number(found.total_shortfall_wan)),
            (_("缺失环节"), str(marks.count(picture.GONE))),
            (_("薄弱环节"), str(marks.count(picture.WEAK))),
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
                    _("停产波及"),
                    _("判断"),
                ],
                [11, 28, 17, 17, 17, 18, 11, 19, 36],
                _gaps(chain, names),
            ),
            (_("建议"), [_("建议"), _("环节"), _("缺口（万元）"), _("依据")], [22, 28, 22, 102], _plans(chain, names)),
            (
                _("拟引进企业"),
                [_("企业"), _("能做什么（万元 / 年）"), _("匹配度"), _("状态"), _("理由")],
                [27, 36, 16, 19, 76],
                _fits(chain, names),
            ),
            (
                _("引进之后"),
                [_("引进"), _("缺口合计"), _("变化"), _("下一个缺口"), _("留在园区的采购"), _("最高系统性风险")],
                [48, 22, 20, 30, 24, 30],
                _effects(chain, names),
            ),
            (
                _("进行中的行动"),
                [_("类型"), _("环节"), _("行动"), _("状态"), _("期限")],
                [22, 28, 76, 24, 24],
                _doing(chain, names),
            ),
        ],
    }  # fmt: skip


def _gaps(chain: IndustryChain, names: dict[str, str]) -> list[list[Any]]:
    return [
        [
            row.rank, names[row.segment], row.demand_wan, row.supply_wan, row.shortfall_wan, _percent(row.coverage_ratio),
            len(row.enterprises), row.halted_output_wan, _label_words(row.labels),
        ]
        for row in chains.assessment(chain).findings
        if row.rank or picture.status_of(row) in (picture.WEAK, picture.GONE)
    ]  # fmt: skip


def _plans(chain: IndustryChain, names: dict[str, str]) -> list[list[Any]]:
    """What to do about every link that is weak, and what is within reach; not about ends nobody depends on."""
    from app.chain.messages import KIND_WORDS

    found = chains.assessment(chain)
    return [
        [
            str(KIND_WORDS[idea.kind]),
            names[idea.segment],
            idea.shortfall_wan,
            _("；").join(wording.sentences(idea.evidence[:2], names)),
        ]
        for idea in advice(chains.chain_facts(chain), found)
        if idea.kind == EXTEND
        or picture.status_of(found.finding(idea.segment)) in (picture.WEAK, picture.GONE)
    ]


def _fits(chain: IndustryChain, names: dict[str, str]) -> list[list[Any]]:
    from app.chain.messages import STATE_WORDS

    rows = {row.code: row for row in prospects.list_prospects(chain)}
    adds = what_if.adds_of([row.id for row in rows.values()])
    return [
        [
            prospects.prospect_name(rows[fit.code]),
            _("、").join(
                f"{names.get(code, code)} {wording.number(output)}"
                for code, output in adds.get(rows[fit.code].id, ())
            ),
            _percent(fit.score),
            str(STATE_WORDS[rows[fit.code].state]),
            _("；").join(wording.sentences(fit.reasons, names)),
        ]
        for fit in prospects.fits(chain)[:MOST_FITS]
    ]


def _effects(chain: IndustryChain, names: dict[str, str]) -> list[list[Any]]:
    """Today, then each of the best prospects alone, then all of them together; in a large park the risk of the first and last."""
    best = [fit.code for fit in prospects.fits(chain)][:5]
    known = {row.code: prospects.prospect_name(row) for row in prospects.list_prospects(chain)}
    wishes = [(_("今天"), ()), *((known[code], (code,)) for code in best)]
    if len(best) > 1:
        wishes.append((_("以上全部"), tuple(best)))
    rows: list[list[Any]] = []
    for label, codes in wishes:
        result = what_if.run(chain, what_if.Wish(prospects=codes))
        together = not codes or len(codes) == len(best)
        risk = what_if.risks_of(chain, result).after if together or not risks.is_large(chain) else None
        after = names | result.changed.names(language.lang())
        rows.append(
            [
                label,
                result.after.total_shortfall_wan,
                units.signed(result.after.total_shortfall_wan - result.before.total_shortfall_wan)
                if codes
                else "—",
                after[result.next_gap.segment] if result.next_gap else "—",
                result.kept_after_wan,
                f"{units.percent(risk.low)} – {units.percent(risk.high)}" if risk else "—",
            ]
        )
    return rows


def _doing(chain: IndustryChain, names: dict[str, str]) -> list[list[Any]]:
    from app.chain.messages import KIND_WORDS, STATE_WORDS

    return [
        [
            str(KIND_WORDS[action.kind]),
            names[segment.code],
            action.title,
            str(STATE_WORDS[action.state]),
            units.day(action.due_on) if action.due_on else "—",
        ]
        for action, segment in actions.list_actions(chain)
    ]


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "@") else value


def workbook(chain: IndustryChain) -> bytes:
    import openpyxl
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    data = content(chain)
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = _("摘要")
    sheet.append([data["title"]])
    sheet["A1"].font = Font(bold=True, size=16)
    sheet.append([f"{data['day']} · {data['data']}"])
    sheet.append([])
    for label, value in data["figures"]:
        sheet.append([label, _safe(value)])
    sheet.append([])
    for line in data["lines"]:
        sheet.append([_safe(line)])
    sheet.column_dimensions["A"].width = 60
    sheet.column_dimensions["B"].width = 24
    for heading, columns, widths, rows in data["tables"]:
        page = book.create_sheet(heading.split("（")[0].split(" (")[0].replace("/", " ")[:31])
        page.append(columns)
        for cell in page[1]:
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="EAF0FF")
        for row in rows:
            page.append([_safe(value) for value in row])
        for n, width in enumerate(widths, start=1):
            page.column_dimensions[get_column_letter(n)].width = max(10, width * 0.75)
        for line in page.iter_rows(min_row=2):
            for cell in line:
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                if isinstance(cell.value, float):
                    cell.number_format = "#,##0.##"
        page.freeze_panes = "A2"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
