"""A plan of recruiting as a workbook and on the park's paper."""

from __future__ import annotations

import io
from fractions import Fraction

from flask_babel import gettext as _

from app.chain.planner.service import Answer
from app.chain.recruit.cli import REASON, STATUS
from app.chain.register import service as chains
from app.chain.register.models import IndustryChain
from app.chain.register.words import in_unit, money, number
from app.hall import clock
from app.hall.files.paper.document import Block, Column, Figures, Heading, Paper, Paragraph, Table
from app.hall.files.paper.press import press
from app.hall.files.spreadsheet import add_row
from app.hall.text import units
from app.hall.text.numbers import as_float

Row = list[str | float | None]
Sheet = tuple[str, list[str], list[Row]]


def _amount(value: Fraction | None) -> float | None:
    return in_unit(as_float(value))


def tables(answer: Answer, segments: dict[str, str]) -> list[Sheet]:
    """Return heading, columns and rows of everything the page shows; amounts as the reader counts, a year."""
    plan, names = answer.plan, answer.names
    made = {one.code: one for one in answer.question.candidates}

    def makes(code: str) -> str:
        return _("、").join(f"{segments.get(s, s)} {money(float(o))}" for s, o in made[code].outputs)

    return [
        (
            _("引进企业"),
            [_("编号"), _("企业"), _("能做什么（万元 / 年）"), _("成本（万元）")],
            [[code, names[code], makes(code), _amount(made[code].cost)] for code in plan.chosen],
        ),
        (
            _("家数与价值"),
            [_("至多（家）"), _("价值（万元 / 年）"), _("企业")],
            [[p.firms, _amount(p.value), _("、").join(names[c] for c in p.chosen)] for p in plan.front],
        ),
        (
            _("补上多少"),
            [_("环节"), _("原覆盖"), _("现覆盖"), _("还缺（万元 / 年）")],
            [
                [
                    segments.get(r.segment, r.segment),
                    as_float(r.ratio_before),
                    as_float(r.ratio_after),
                    _amount(r.missing_after),
                ]
                for r in answer.coverage
            ],
        ),
        (
            _("谁卖给谁"),
            [_("企业"), _("环节"), _("买方环节"), _("金额（万元 / 年）")],
            [
                [
                    names[r.seller],
                    segments.get(r.segment, r.segment),
                    segments.get(r.buyer, r.buyer),
                    _amount(r.value),
                ]
                for r in answer.purchases
            ],
        ),
        (
            _("为什么不是别人"),
            [_("编号"), _("企业"), _("加入后（万元 / 年）"), _("原因")],
            [
                [o.enterprise, names[o.enterprise], _amount(o.value), str(REASON[o.reason])]
                for o in plan.left_out
            ],
        ),
    ]


def workbook(answer: Answer, segments: dict[str, str]) -> bytes:
    """One sheet per table; figures are numbers."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for heading, columns, rows in tables(answer, segments):
        sheet = book.create_sheet(heading)
        add_row(sheet, columns)
        for row in rows:
            add_row(sheet, row)
        for place in range(1, len(columns) + 1):
            sheet.column_dimensions[openpyxl.utils.get_column_letter(place)].width = 24
        sheet.freeze_panes = "A2"
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def pdf(chain: IndustryChain, answer: Answer, segments: dict[str, str]) -> bytes:
    """A4: what the plan is worth and how sure that is, then the tables."""
    plan = answer.plan
    figures = [
        (_("原来（万元 / 年）"), money(float(plan.before or 0))),
        (_("来了之后（万元 / 年）"), money(float(plan.value or 0))),
        (_("成本（万元）"), money(float(plan.cost or 0))),
        (_("结论"), str(STATUS[plan.status])),
    ]
    blocks: list[Block] = [Figures(figures)]
    blocks.append(
        Paragraph(
            _("已知信息下的最优组合；界 %(bound)s 万元 / 年。", bound=money(float(plan.bound or 0))), "soft"
        )
    )
    for heading, columns, rows in tables(answer, segments):
        kinds = [
            bool(rows) and all(isinstance(row[n], (int, float)) for row in rows) for n in range(len(columns))
        ]
        widths = [2.0 if kind else 4.0 for kind in kinds]
        shown = [[_shown(value, columns[n]) for n, value in enumerate(row)] for row in rows]
        blocks += [
            Heading(heading),
            Table(
                [Column(*c) for c in zip(columns, widths, kinds, strict=True)], shown, nothing=_("没有内容")
            ),
        ]
    title = _("%(chain)s 招商规划", chain=chains.chain_name(chain))
    return press(Paper(title, blocks, period=units.day(clock.today())))


def _shown(value: str | float | None, column: str) -> str:
    if value is None:
        return "—"
    if isinstance(value, str):
        return value
    return units.percent(value) if column in (_("原覆盖"), _("现覆盖")) else number(float(value))
