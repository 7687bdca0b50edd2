"""Higher rooms register here what a fulfilled reward creates: an introduction, a voucher for instrument hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.errors import Reason
from app.identity.service import Actor


@dataclass(frozen=True)
class FulfilmentOrder:
    """What a handler is told; it runs inside the transaction that captures the credits."""

    redemption_id: int
    organisation_id: int
    reward_code: str
    reward_name: str
    quantity: int
    actor: Actor
    params: dict[str, Any] = field(default_factory=dict)
    # What the park's staff said when they fulfilled it, for handlers that ask.
    place: str = ""
    starts_on: dt.date | None = None


@dataclass(frozen=True)
class Fulfilment:
    """What came of it: a name for people, and where to find it."""

    reference: str
    url: str = ""


Handler = Callable[[FulfilmentOrder], Fulfilment]
Doubts = Callable[[dict[str, Any]], tuple[Reason, ...]]
_handlers: dict[str, Handler] = {}
_doubts: dict[str, Doubts] = {}


def register_fulfilment(kind: str, handler: Handler, doubts: Doubts | None = None) -> None:
    """Let `handler` fulfil the rewards of this kind; a Refusal of its undoes the fulfilment as a whole.

    `doubts` tells from a reward's parameters why it could not be fulfilled: asked when the reward is proposed, approved,
    shown and redeemed.
    """
    _handlers[kind] = handler
    if doubts is not None:
        _doubts[kind] = doubts


def registered_kinds() -> list[str]:
    return sorted(_handlers)


def fulfil_order(kind: str, order: FulfilmentOrder) -> Fulfilment | None:
    """What the handler of this kind created; None where people do it by hand."""
    handler = _handlers.get(kind)
    return handler(order) if handler else None


def doubts_about(kind: str, params: dict[str, Any]) -> tuple[Reason, ...]:
    """Why a reward of this kind with these parameters could not be fulfilled now."""
    doubts = _doubts.get(kind)
    return doubts(params) if doubts else ()
