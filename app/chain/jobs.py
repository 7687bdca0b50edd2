"""What the room does after a commit."""

from __future__ import annotations

from typing import Any

from app.chain.alerts import service as alerts
from app.hall.jobs import on


@on("chain.changed")
def tell_of_weak_links(payload: dict[str, Any]) -> None:
    alerts.tell(payload)
