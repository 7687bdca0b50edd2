"""Who wants to hear that an order has ended: rooms above register it when the application is made."""

from __future__ import annotations

from collections.abc import Callable

_on_end: list[Callable[[int], None]] = []


def on_order_end(handler: Callable[[int], None]) -> None:
    """Call `handler(order_id)` inside the transaction in which an order is done or skipped."""
    if handler not in _on_end:
        _on_end.append(handler)


def order_ended(order_id: int) -> None:
    for handler in _on_end:
        handler(order_id)
