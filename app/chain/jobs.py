"""What the room does after a commit."""

from __future__ import annotations

from typing import Any

from app.jobs import on


@on("chain.changed")
def tell_of_weak_links(payload: dict[str, Any]) -> None:
    from app.chain.service import alerts

    alerts.tell(payload)
