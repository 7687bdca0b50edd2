"""What the calls of prospects answer, field by field."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from app.hall.api.shapes import MomentText


class ProspectAdds(TypedDict):
    segment: str
    output_wan: float


class Prospect(TypedDict):
    prospect: str
    name: str
    state: str
    adds: list[ProspectAdds]
    fit: float | None
    reasons: list[str]
    stalled: bool


class LandedInvitation(TypedDict):
    """The link itself (`url`) is told once, to whom made it."""

    id: int
    name: str
    mailed: bool
    expires_at: MomentText
    url: NotRequired[str]


class ProspectMoved(TypedDict):
    prospect: str
    state: str
    organisation: NotRequired[str]
    invitation: NotRequired[LandedInvitation]


class LandingTakenBack(TypedDict):
    prospect: str
    state: str
