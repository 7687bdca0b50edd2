"""What the calls of round table answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.ecosystem.round_table.rules import Tally
from app.hall.api.shapes import DayText, MomentText


class AgendaItem(TypedDict):
    id: int
    position: int
    kind: str
    title: str
    note: str
    minutes: str | None


class Meeting(TypedDict):
    id: int
    number: int
    start: MomentText
    end: MomentText
    place: str
    state: str
    minutes: str | None


class AgendaItemVoted(AgendaItem):
    vote: Tally
    resolutions: list[Resolution]


class Resolution(TypedDict):
    id: int
    text: str
    owner: str
    due_on: DayText | None
    state: str
    closed_on: DayText | None


class MeetingAgenda(Meeting):
    agenda: list[AgendaItemVoted]
