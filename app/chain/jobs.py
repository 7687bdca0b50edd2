"""What the room does after a commit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.chain.alerts import service as alerts
from app.hall.jobs import on_thinking


@on_thinking("chain.changed")
def tell_of_weak_links(payload: dict[str, Any]) -> Callable[[], None]:
    return alerts.tell(payload)
