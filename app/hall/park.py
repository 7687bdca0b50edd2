"""Whose platform this is: the park's name, mark, footer, contact and tax title, on pages, papers and letters.

Kept as one fact of the installation. A process reads it at its start and again once a minute; the one in which
it is changed knows at once.
"""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from app.hall import clock
from app.hall.db.facts import find_fact, keep_fact
from app.hall.text.language import lang

MARK = Path(__file__).resolve().parents[1] / "static" / "app" / "mark.svg"
FACT = "park_identity"
KEPT = "parklink_identity"
READ_AGAIN_SECONDS = 60


@dataclass(frozen=True)
class ParkIdentity:
    """What a reader is told about the park that runs this installation."""

    name: str
    mark: bytes
    mark_format: str  # svg, png or jpg
    footer: str = ""
    contact: str = ""
    tax_title: str = ""
    own: bool = False  # the park has a name of its own

    @property
    def mark_version(self) -> str:
        """Changes with the mark: its address may be kept for ever."""
        return hashlib.sha256(self.mark).hexdigest()[:12]


@dataclass(frozen=True)
class Kept:
    """What the park's administrators have set; empty is "as it comes"."""

    name_zh: str = ""
    name_en: str = ""
    footer: str = ""
    contact: str = ""
    tax_title: str = ""
    mark_png: str = ""  # base64


def read_kept(value: str | None) -> Kept:
    """
    >>> read_kept(None).name_zh, read_kept('{"name_zh": "某园"}').name_zh
    ('', '某园')
    """
    return Kept(**json.loads(value)) if value else Kept()


def remember(kept: Kept) -> None:
    """Let this process go on with these values for a minute."""
    current_app.extensions[KEPT] = (clock.machine_seconds(), kept)


def kept() -> Kept:
    read_at: float
    found: Kept
    read_at, found = current_app.extensions.get(KEPT, (0.0, Kept()))
    if clock.machine_seconds() - read_at > READ_AGAIN_SECONDS:
        try:
            found = read_kept(find_fact(FACT))
        except SQLAlchemyError:  # the page that says so still has a head
            return found
        remember(found)
    return found


def keep(values: Kept) -> None:
    """Write the park's identity; the caller's transaction does it."""
    keep_fact(FACT, json.dumps(asdict(values), ensure_ascii=False, sort_keys=True))


@cache
def _shipped_mark() -> bytes:
    return MARK.read_bytes()


def identity() -> ParkIdentity:
    """The park's own identity, in the reader's language."""
    now = kept()
    own = (now.name_en if lang() == "en" else "") or now.name_zh or now.name_en
    mark = base64.b64decode(now.mark_png) if now.mark_png else _shipped_mark()
    return ParkIdentity(
        own or "园链 ParkLink",
        mark,
        "png" if now.mark_png else "svg",
        footer=now.footer,
        contact=now.contact,
        tax_title=now.tax_title,
        own=bool(own),
    )
