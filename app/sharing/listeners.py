"""What rooms above hear of this one, or show on its pages: they register it when the application is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markupsafe import Markup

    from app.identity.door import Actor
    from app.sharing.catalogue.models import Resource

_on_equipment: list[Callable[[Resource], None]] = []
_on_equipment_gone: list[Callable[[Sequence[int]], None]] = []
_beside_outages: list[Callable[[Actor, int], Markup]] = []


def on_equipment(handler: Callable[[Resource], None]) -> None:
    """Called inside the transaction that lists an instrument or changes what its card says."""
    if handler not in _on_equipment:
        _on_equipment.append(handler)


def equipment_listed(row: Resource) -> None:
    for handler in _on_equipment:
        handler(row)


def on_equipment_gone(handler: Callable[[Sequence[int]], None]) -> None:
    """Called inside the transaction that takes instruments back that a sheet had brought; what is used stays."""
    if handler not in _on_equipment_gone:
        _on_equipment_gone.append(handler)


def equipment_gone(ids: Sequence[int]) -> None:
    for handler in _on_equipment_gone:
        handler(ids)


def on_outage_page(panel: Callable[[Actor, int], Markup]) -> None:
    """A part of the page of outages of one instrument."""
    if panel not in _beside_outages:
        _beside_outages.append(panel)


def beside_outages(actor: Actor, resource_id: int) -> list[Markup]:
    return [panel(actor, resource_id) for panel in _beside_outages]
