"""How a text gets into a calendar file: without the characters that break a line of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.hall.text.normalise import writable

if TYPE_CHECKING:
    from icalendar import Component


def add_property(
    component: Component, name: str, value: Any, parameters: dict[str, str] | None = None
) -> None:
    """Add one property to an event or calendar."""
    component.add(name, writable(value) if isinstance(value, str) else value, parameters=parameters or {})
