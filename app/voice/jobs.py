"""What the clockwork and other rooms' messages do for this room."""

from __future__ import annotations

from typing import Any

from app.hall.jobs import every, on
from app.voice.feedback.photos import forget_unused
from app.voice.feedback.service import remind_late
from app.voice.onboarding.service import landed


@on("prospect.landed")
def when_landed(payload: dict[str, Any]) -> None:
    """After the rooms below: by then the prospect's pack belongs to the firm."""
    landed(payload["organisation_id"], payload["prospect_id"])


every(minutes=60)(remind_late)
every(minutes=24 * 60)(forget_unused)
