"""What the clockwork and other rooms' messages do for this room."""

from __future__ import annotations

from typing import Any

from app.hall.jobs import every, on
from app.voice.feedback.photos import forget_unused
from app.voice.feedback.service import remind_late
from app.voice.invitations.service import remind
from app.voice.onboarding.service import landed
from app.voice.responses import closing_service
from app.voice.responses.closing_service import batch_over


@on("prospect.landed")
def when_landed(payload: dict[str, Any]) -> None:
    """After the rooms below: by then the prospect's pack belongs to the firm."""
    landed(payload["organisation_id"], payload["prospect_id"])


def come_to_an_end() -> None:
    closing_service.come_to_an_end()


def remind_invited() -> None:
    remind()


every(minutes=60, unasked="only tells, once")(remind_late)
every(minutes=24 * 60, unasked="only photographs that were never handed in")(forget_unused)
every(minutes=10, batch=batch_over)(come_to_an_end)
every(minutes=30, unasked="only tells, in working hours")(remind_invited)
