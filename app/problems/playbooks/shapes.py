"""What the calls of playbooks answer, field by field."""

from __future__ import annotations

from typing_extensions import TypedDict


class PlaybookAdopted(TypedDict):
    id: int
    state: str
    done: list[str]
    adopted: int
    begun: int


class PlaybookApproved(TypedDict):
    id: int
    code: str
    version: int
    state: str


class Playbook(TypedDict):
    id: int
    code: str
    version: int
    title: str
    checklist: list[str]
    adopted: int
    begun: int


class PlaybookWritten(TypedDict):
    id: int
    code: str
    version: int
    state: str
