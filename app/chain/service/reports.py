"""The investment report: where the chain is weak, what to do, whom to bring; as a workbook and as a PDF."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from app import clock, language, units
from app.chain.models import IndustryChain
from app.chain.recruiting import advice
from app.chain.service import actions, chains, prospects, what_if, wording

FONTS = Path("static") / "fonts"


def _label_words(labels: tuple[str, ...]) -> str:
    from app.chain.messages import LABELS

    return _("、").join(str(LABELS[label]) for label in labels) or str(LABELS["adequate"])


def _percent(value: float | None) -> str:
    return "—" if value is None else units.percent(value)


def content(chain: IndustryChain) -> dict[str, Any]:
    """Everything both forms show: title, summary lines and tables of (heading, columns, rows)."""
    from app.chain.messages import KIND_WORDS, STATE_WORDS

    found = chains.assessment(chain)
    facts_now = chains.chain_facts(chain)
    names = facts_now.names(language.lang())
    weak = [row for row in found.findings if row.rank]
    lines = [
        _(
            "缺口合计 %(total)s 万元，%(count)s 个环节有缺口",
            total=wording.number(found.total_shortfall_wan),
            count=len(weak),
        ),
        _("数据更新于 %(when)s", when=units.moment(chain.updated_at)),
    ]
    if weak:
        lines += [_("首要薄弱环节：%(name)s", name=names[weak[0].segment])]
        lines += [f"· {line}" for line in wording.sentences(weak[0].reasons, names)]
    gaps = [
        [
            row.rank, names[row.segment], row.demand_wan, row.supply_wan, row.shortfall_wan, _percent(row.coverage_ratio),
            len(row.enterprises), row.halted_output_wan, _label_words(row.labels),
        ]
        for row in found.findings
        if row.rank or row.labels not in ((), ("strong",))
    ]  # fmt: skip
    rows = {row.code: row for row in prospects.list_prospects(chain)}
    adds = what_if.adds_of([row.id for row in rows.values()])
    fits = [
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
        for fit in prospects.fits(chain)
    ]
    plans = [
        [
            str(KIND_WORDS[idea.kind]),
            names[idea.segment],
            idea.shortfall_wan,
            _("；").join(wording.sentences(idea.evidence[:2], names)),
        ]
        for idea in advice(facts_now, found)
    ]
    done = [
        [
            str(KIND_WORDS[a.kind]),
            names[s.code],
            a.title,
            str(STATE_WORDS[a.state]),
            units.day(a.due_on) if a.due_on else "—",
        ]
        for a, s in actions.list_actions(chain)
    ]
    return {
        "title": _("%(chain)s 产业链招商报告", chain=chains.chain_name(chain)),
        "day": units.day(clock.today()),
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
                [8, 22, 18, 18, 18, 15, 11, 19, 45],
                gaps,
            ),
            (_("建议"), [_("建议"), _("环节"), _("缺口（万元）"), _("依据")], [14, 26, 24, 110], plans),
            (
                _("拟引进企业"),
                [_("企业"), _("能做什么（万元 / 年）"), _("匹配度"), _("状态"), _("理由")],
                [26, 38, 16, 16, 78],
                fits,
            ),
            (
                _("进行中的行动"),
                [_("类型"), _("环节"), _("行动"), _("状态"), _("期限")],
                [14, 26, 82, 24, 28],
                done,
            ),
        ],
    }


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
    sheet.append([data["day"]])
    for line in data["lines"]:
        sheet.append([_safe(line)])
    sheet.column_dimensions["A"].width = 110
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


def pdf(chain: IndustryChain) -> bytes:
    from fpdf import FPDF
    from fpdf.enums import TableCellFillMode
    from fpdf.fonts import FontFace

    data = content(chain)

    class Paper(FPDF):
        def footer(self) -> None:
            self.set_y(-12)
            self.set_font("NotoSansSC", size=8)
            self.set_text_color(102, 112, 133)
            self.cell(0, 8, f"{data['title']} · {data['day']} · {self.page_no()}/{{nb}}", align="C")

    folder = Path(current_app.root_path) / FONTS
    paper = Paper(format="A4")
    paper.set_auto_page_break(True, margin=16)
    paper.add_font("NotoSansSC", fname=folder / "NotoSansSC-Regular.ttf")
    paper.add_font("NotoSansSC", style="B", fname=folder / "NotoSansSC-Bold.ttf")
    paper.set_title(data["title"])
    paper.set_lang("en" if language.lang() == "en" else "zh-CN")
    paper.add_page()
    paper.set_font("NotoSansSC", style="B", size=18)
    paper.multi_cell(0, 10, data["title"], new_x="LMARGIN", new_y="NEXT")
    paper.set_font("NotoSansSC", size=10)
    for line in [data["day"], *data["lines"]]:
        paper.multi_cell(0, 6, line, new_x="LMARGIN", new_y="NEXT")
    for heading, columns, widths, rows in data["tables"]:
        paper.ln(4)
        paper.set_font("NotoSansSC", style="B", size=12)
        paper.multi_cell(0, 8, heading, new_x="LMARGIN", new_y="NEXT")
        paper.set_font("NotoSansSC", size=8)
        if not rows:
            paper.multi_cell(0, 6, _("没有内容"), new_x="LMARGIN", new_y="NEXT")
            continue
        with paper.table(
            col_widths=tuple(widths),
            headings_style=FontFace(emphasis="BOLD", fill_color=(234, 240, 255)),
            cell_fill_color=(247, 249, 252),
            cell_fill_mode=TableCellFillMode.ROWS,
            line_height=5,
            borders_layout="HORIZONTAL_LINES",
        ) as table:
            table.row(columns)
            for row in rows:
                table.row(
                    [wording.number(v) if isinstance(v, float) else "—" if v is None else str(v) for v in row]
                )
    return bytes(paper.output())
