"""A sheet of a questionnaire on paper: the same questions, and a code that opens the form in which it is typed."""

from __future__ import annotations

from flask_babel import gettext as _

from app.hall.files.paper.document import Block, Code, Entry, Paper, Paragraph
from app.hall.files.paper.press import press
from app.hall.text import language
from app.voice.responses.rules import SCALE
from app.voice.surveys import words
from app.voice.surveys.questions import Question, Survey

BOX = "□ "
LINE = "＿" * 24


def draw(survey: Survey, title: str, firm: str, address: str, closes_on: str) -> bytes:
    """One firm's sheet as PDF, in the reader's language."""
    blocks: list[Block] = [
        Paragraph(_("请在 %(day)s 前交给园区服务专员，或扫码自己在线填写。", day=closes_on), "boxed")
    ]
    for number, one in enumerate(survey.questions, 1):
        text = (one.text_en if language.lang() == "en" else "") or one.text
        blocks.append(Entry(f"{number}. {text}", _room(one)))
    return press(
        Paper(
            title, blocks, parties=[(_("企业"), firm)], code=Code(address, _("扫码在线填写，链接只能交一次"))
        )
    )


def _room(question: Question) -> str:
    """Where the answer goes: boxes to tick, or a line to write on."""
    offered = {
        "yes_no": [str(name) for name in words.YES_NO_NAMES.values()],
        "scale": [str(one) for one in SCALE],
    }.get(question.kind, list(question.options))
    room = "　".join(BOX + one for one in offered) if offered else f"{LINE} {question.unit}"
    return f"{question.scenario}\n{room}" if question.scenario else room
