"""What the calls of feedback answer, field by field."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from app.hall.api.shapes import MomentText


class RemarkLink(TypedDict):
    kind: str
    id: int | None
    number: str | None
    note: str
    segment: str | None
    state: NotRequired[str]


class RemarkPromise(TypedDict):
    id: int
    text: str
    became: str | None


class Remark(TypedDict):
    id: int
    state: str
    text: str
    channel: str
    visibility: str
    heard_on: str
    enterprise: str | None
    layer: str | None
    building: str | None
    hesitation: bool
    probe: str
    late: bool
    acknowledged: bool
    acknowledge_until: MomentText | None
    answer: str
    no_action_because: str
    links: list[RemarkLink]
    promises: list[RemarkPromise]
    photos: list[str]


class LookTaken(TypedDict):
    enterprise: str
    name: str


class LookAtAuthor(TypedDict):
    who: str
    at: MomentText
    reason: str
    text: str


class RemarkReceipt(TypedDict):
    id: int
    state: str
    visibility: str
    channel: str
    late: bool
    fresh: bool
    visit: int | None
    acknowledge_until: MomentText


class RemarkPhoto(TypedDict):
    id: str
