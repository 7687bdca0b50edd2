"""What was said on visits, by phone, at tea: each remark is a sentence whose words stay in the voice room."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from app.hall import clock
from app.insight.scores import months
from app.insight.themes import service as themes
from app.insight.themes.service import Said
from app.voice import door as voice

SOURCE = "remark"
BACK = dt.timedelta(days=62)  # as far as the clockwork looks back for what no message told of


def register() -> None:
    themes.register_reader(SOURCE, voice.shown_words)


def on_heard(remark: int) -> None:
    """One named remark; told twice, kept once."""
    _keep(voice.remarks(ids=[remark]))


def catch_up(since: dt.date | None = None) -> None:
    """Remarks of the last weeks, the hidden ones among them: those are read, and no firm is counted for them."""
    _keep(voice.remarks(since=since or clock.today() - BACK))


def _keep(found: Iterable[voice.Remark]) -> None:
    themes.keep(
        [Said(SOURCE, str(one.id), months.month_of(one.heard_on), one.organisation_id) for one in found]
    )
