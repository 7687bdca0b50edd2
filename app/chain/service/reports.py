"""The investment report: where the chain is weak, what to do, whom to bring, what that would change; as a workbook."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

from flask_babel import gettext as _

from app import clock, language, units
from app.chain.models import IndustryChain
from app.chain.recruiting import EXTEND, advice
from app.chain.service import actions, chains, picture, prospects, risks, what_if, wording

MOST_FITS = 40  # of the pipeline, the best; the page lists all


class Ratio(float):
    """A share; shown as a percentage."""


class Change(float):
    """A difference; shown with its sign."""


def _label_words(labels: tuple[str, ...]) -> str:
    from app.chain.messages import LABELS

    return _("、").join(str(LABELS[label]) for label in labels) or str(LABELS["adequate"])


def _ratio(value: float | None) -> Ratio | None:
    return None if value is None else Ratio(value)


def shown(value: Any) -> str:
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
            (_("缺口合计（万元 / 年）"), found.total_shortfall_wan),
            (_("缺失环节"), marks.count(picture.GONE)),
            (_("薄弱环节"), marks.count(picture.WEAK)),
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
                [26, 30, 15, 21, 82],
                _fits(chain, names),
            ),
            (
                _("引进之后"),
                [_("引进"), _("缺口合计"), _("变化"), _("下一个缺口"), _("留在园区的采购"), _("最高风险，下限"), _("最高风险，上限")],
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
    }  # fmt: skip


def _gaps(chain: IndustryChain, names: dict[str, str]) -> list[list[Any]]:
    return [
        [
            row.rank, names[row.segment], row.demand_wan, row.supply_wan, row.shortfall_wan, _ratio(row.coverage_ratio),
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
            Ratio(fit.score),
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
                Change(result.after.total_shortfall_wan - result.before.total_shortfall_wan)
                if codes
                else None,
                after[result.next_gap.segment] if result.next_gap else "—",
                result.kept_after_wan,
                Ratio(risk.low) if risk else None,
                Ratio(risk.high) if risk else None,
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
            action.due_on,
        ]
        for action, segment in actions.list_actions(chain)
    ]


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "@") else value


def _number_format(value: Any) -> str:
    if isinstance(value, Ratio):
        return "0.0%"
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    figure = "#,##0" if whole else "#,##0.00"
    if isinstance(value, Change):
        return f'+{figure};"−"{figure};0'
    return "yyyy-mm-dd" if isinstance(value, dt.date) else figure


def workbook(chain: IndustryChain) -> bytes:
    """A summary and one sheet per table: figures are numbers, headings stay in sight, every sheet prints on A4 width."""
    import openpyxl
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    data = content(chain)
    thin = Border(bottom=Side(style="thin", color="D6DCE6"))
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = _("摘要")
    sheet.append([data["title"]])
    sheet["A1"].font = Font(bold=True, size=16)
    sheet.append([f"{data['day']} · {data['data']}"])
    sheet["A2"].font = Font(color="4A566A")
    sheet.append([])
    for label, value in data["figures"]:
        sheet.append([label, _safe(value)])
        name, figure = sheet[sheet.max_row]
        name.border = figure.border = thin
        figure.font, figure.alignment = Font(bold=True), Alignment(horizontal="right")
        if isinstance(value, (int, float)):
            figure.number_format = _number_format(value)
    sheet.append([])
    for n, line in enumerate(data["lines"]):
        sheet.append([_safe(line)])
        sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=2)
        cell = sheet.cell(sheet.max_row, 1)
        cell.font = Font(bold=n == 0)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[sheet.max_row].height = 16 * (1 + len(line) // 60)
    sheet.column_dimensions["A"].width = 60
    sheet.column_dimensions["B"].width = 24
    sheet.sheet_view.showGridLines = False
    _on_paper(sheet)
    for heading, columns, widths, rows in data["tables"]:
        page = book.create_sheet(heading.split("（")[0].split(" (")[0].replace("/", " ")[:31])
        page.append(columns)
        for row in rows:
            page.append([_safe(value) for value in row])
        figures = [any(isinstance(row[n], (int, float)) for row in rows) for n in range(len(columns))]
        for n, width in enumerate(widths, start=1):
            page.column_dimensions[get_column_letter(n)].width = max(
                10, width * 0.75, len(columns[n - 1]) * 2 + 2
            )
        for cell, figure in zip(page[1], figures, strict=True):
            cell.font = Font(bold=True)
            cell.fill = PatternFill("solid", fgColor="EAF0FF")
            cell.alignment = Alignment(horizontal="right" if figure else "left", vertical="center")
        for line, row in zip(page.iter_rows(min_row=2), rows, strict=False):
            for cell, value in zip(line, row, strict=True):
                figure = isinstance(value, (int, float))
                cell.alignment = Alignment(
                    wrap_text=True, vertical="top", horizontal="right" if figure else "left"
                )
                cell.border = thin
                if figure or isinstance(value, dt.date):
                    cell.number_format = _number_format(value)
        page.freeze_panes = "A2"
        page.print_title_rows = "1:1"
        if rows:
            page.auto_filter.ref = page.dimensions
        _on_paper(page, wide=True)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _on_paper(sheet: Any, wide: bool = False) -> None:
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if wide else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&P / &N"
