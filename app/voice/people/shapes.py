"""What the calls of people answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.hall.api.shapes import DayText


class Training(TypedDict):
    id: int
    title: str
    hours: int
    due_on: DayText
    done_on: str | None


_ShadowingWords = TypedDict("_ShadowingWords", {"from": DayText})


class Shadowing(_ShadowingWords):
    id: int
    until: DayText
    state: str
    seen: str


class SpecialistShadowing(Shadowing):
    enterprise: str


class Specialist(TypedDict):
    login: str
    name: str
    employed_since: str | None
    may_visit_from: str | None
    suspended_because: str
    visits_a_day: int
    without_a_week: bool
    training: list[Training]
    shadowing: list[SpecialistShadowing]


class SpecialistSet(TypedDict):
    login: str
    employed_since: str | None
    visits_a_day: int


class Channel(TypedDict):
    channel: str
    contacts: int
    remarks: int
    problems: int
    share_percent: float | None
    problems_per_contact: float | None
    median_days_to_answer: float | None
    answered: int
    dead: bool


class LayerHeard(TypedDict):
    layer: str
    firms: int
    heard: int | None


class BestChannel(TypedDict):
    channel: str
    against: str
    times: float


_ChannelFiguresWords = TypedDict("_ChannelFiguresWords", {"from": DayText})


class ChannelFigures(_ChannelFiguresWords):
    until: DayText
    channels: list[Channel]
    layers: list[LayerHeard]
    best: BestChannel | None
