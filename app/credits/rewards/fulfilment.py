"""Higher rooms register here what a fulfilled reward creates: an introduction, a voucher for instrument hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.hall.errors import Reason

if TYPE_CHECKING:
    from app.identity.door import Actor


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
Eligible = Callable[[int, dict[str, Any]], tuple[Reason, ...]]


@dataclass(frozen=True)
class RewardKind:
    """How rewards of one kind are handed over, and what it is called."""

    label: Any
    handler: Handler | None = None
    doubts: Doubts | None = None
    eligible: Eligible | None = None


MANUAL = "manual"
_kinds: dict[str, RewardKind] = {}


def register_fulfilment(
    kind: str,
    label: Any,
    handler: Handler | None,
    doubts: Doubts | None = None,
    eligible: Eligible | None = None,
) -> None:
    """Add a kind of reward: forms, calls and pages know it from here, and `handler` fulfils it (none: people do).

    A Refusal of the handler undoes the fulfilment as a whole. `doubts` tells from a reward's parameters why it could
    not be fulfilled: asked when the reward is proposed, approved, shown and redeemed. `eligible` tells why one
    organisation may not have it: asked before any credits are held.
    """
    _kinds[kind] = RewardKind(label, handler, doubts, eligible)


def forget_fulfilment(kind: str) -> None:
    """Take a kind out again: its rewards stay, and nobody can have them."""
    _kinds.pop(kind)


def kind_names() -> dict[str, object]:
    """The kinds of reward there are and what they are called, those of the lower rooms first."""
    return {code: kind.label for code, kind in _kinds.items()}


def works_by_itself(kind: str) -> bool:
    return kind in _kinds and _kinds[kind].handler is not None


def fulfil_order(kind: str, order: FulfilmentOrder) -> Fulfilment | None:
    """What the handler of this kind created; None where people do it by hand."""
    found = _kinds.get(kind)
    return found.handler(order) if found and found.handler else None


def doubts_about(kind: str, params: dict[str, Any]) -> tuple[Reason, ...]:
    """Why a reward of this kind with these parameters could not be fulfilled now."""
    found = _kinds.get(kind)
    if found is None:
        return (Reason("reward_kind_unknown", {"kind": kind}),)
    return found.doubts(params) if found.doubts else ()


def not_eligible(kind: str, organisation_id: int, params: dict[str, Any]) -> tuple[Reason, ...]:
    """Why this organisation may not have a reward of this kind."""
    found = _kinds.get(kind)
    return found.eligible(organisation_id, params) if found and found.eligible else ()
