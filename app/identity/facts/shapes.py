"""What the calls of facts answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict

from app.identity.arrivals.shapes import OrganisationRow


class FactsChanged(TypedDict):
    code: str
    in_force: list[str]
    waiting: list[str]


class ChangeDecided(TypedDict):
    id: int
    state: str


class PortraitLine(TypedDict):
    text: str
    value: str


class PortraitPart(TypedDict):
    title: str
    lines: list[PortraitLine]


class OrganisationFacts(OrganisationRow):
    contact: str
    contact_phone: str
    contact_email: str
    website: str
    tax_title: str
    leaves_on: str
    portrait: list[PortraitPart]


class Joined(TypedDict):
    id: int
    into: str


class LeavingOpen(TypedDict):
    text: str
    count: int
    happens: str


class Leaving(TypedDict):
    code: str
    agreed: bool
    open: list[LeavingOpen]


class FactChange(TypedDict):
    id: int
    organisation: str
    field: str
    before: str
    after: str
    reason: str


class JoiningPreview(TypedDict):
    what: str
    follow: int
    stay: int
    why: str


class Staying(TypedDict):
    code: str
    status: str


class JoinUndone(TypedDict):
    id: int
    undone: bool
