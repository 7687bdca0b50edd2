"""Labels of a building on paper: the name, a code for the phone's own camera, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flask_babel import gettext as _

from app.hall.files.paper.press import sheet
from app.hall.files.qr import drawing
from app.hall.text import language

TEMPLATE = Path(__file__).resolve().parent / "labels.typ"


def labels(rows: Sequence[tuple[str, str]]) -> bytes:
    """A4 sheets of eight labels; each row is the place's name and the address behind its code."""
    values = {
        "lang": language.lang(),
        "title": _("现场标签"),
        "says": _("扫一扫，点一下，拍一张，马上有编号。"),
        "labels": [{"name": name, "svg": drawing(address)} for name, address in rows],
    }
    return sheet(TEMPLATE, values)
