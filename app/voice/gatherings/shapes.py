"""What the calls of gatherings answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.hall.api.shapes import DayText


class GatheringInvitation(TypedDict):
    enterprise: str
    state: str
    reason: str
    silence_days: int | None
    because: str


class InvitationAnswered(TypedDict):
    id: int
    invitations: list[GatheringInvitation]


class Gathering(TypedDict):
    id: int
    kind: str
    state: str
    on: DayText
    starts: str
    place: str
    title: str
    question: str
    series: str
    seats: int


class GuestsSaid(TypedDict):
    """Of an activity: firms that said whether it was of use, and their mean score where five did."""

    n: int
    score: float | None


class ActivityRated(TypedDict):
    id: int
    useful: str
    score: int


class WholeGathering(Gathering):
    invitations: list[GatheringInvitation]
    invited: int
    came: int
    percent: float | None
    said: GuestsSaid
    before: GatheringBefore | None


class GatheringBefore(TypedDict):
    id: int
    invited: int
    came: int
    percent: float | None
    points: float | None
    relative_percent: float | None
    said: GuestsSaid


class TeaTalkSelected(TypedDict):
    enterprise: str
    industry: str
    silence_days: int
    reason: str


class TeaTalkExcluded(TypedDict):
    enterprise: str
    reason: str


class TeaTalk(TypedDict):
    selected: list[TeaTalkSelected]
    total_silence_days: int
    industries: int
    shortfall: int
    excluded: list[TeaTalkExcluded]
