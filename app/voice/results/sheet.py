"""What may be exported of a closed survey: the figures that its page shows, never a sheet of one firm."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from app.hall.files.spreadsheet import add_row
from app.voice import words as room_words
from app.voice.results.rows import Results
from app.voice.surveys import words

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


def workbook(results: Results) -> bytes:
    """Three sheets: dimensions with their layers, answers by question, response rates."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    _dimensions(book.create_sheet(_("维度")), results)
    _questions(book.create_sheet(_("题目")), results)
    rates = book.create_sheet(_("回收率"))
    add_row(rates, [_("渠道"), _("分层"), _("已答"), _("邀请"), "%"])
    for rate in results["rates"]:
        channel = str(words.SURVEY_CHANNELS.get(rate["channel"], rate["channel"]))
        layer = str(room_words.LAYERS.get(rate["layer"], rate["layer"]))
        add_row(rates, [channel, layer, rate["answered"], rate["invited"], rate["percent"]])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _dimensions(sheet: Worksheet, results: Results) -> None:
    add_row(sheet, [_("维度"), _("分层"), "n", _("平均"), _("按层加权"), _("满意比例"), _("下限"), _("上限")])
    for row in results["dimensions"]:
        name = str(words.DIMENSIONS.get(row["dimension"], row["dimension"]))
        share = row["satisfied"] or {}
        figures = [_number(share.get(key)) for key in ("percent", "low", "high")]
        add_row(sheet, [name, "", row["n"], row["plain"], row["weighted"], *figures])
        for layer in row["layers"]:
            label = str(room_words.LAYERS.get(layer["layer"], layer["layer"]))
            add_row(sheet, [name, label, layer["n"], layer["mean"]])


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def _questions(sheet: Worksheet, results: Results) -> None:
    add_row(sheet, [_("题号"), _("题目"), "n", _("平均"), _("中位数"), _("得分"), _("选项"), _("次数")])
    for row in results["questions"]:
        add_row(sheet, [row["id"], row["text"], row["n"], row["mean"], row["median"], row["score"]])
        for option, count in row["counts"]:
            label = str(words.YES_NO_NAMES.get(option, option)) if row["kind"] == "yes_no" else option
            add_row(sheet, [row["id"], "", "", "", "", "", label, count])
        for sentence in row["sentences"]:
            add_row(sheet, [row["id"], "", "", "", "", "", sentence])
