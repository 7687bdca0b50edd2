"""A secret that one page of this browser shows, once."""

from __future__ import annotations

from flask import session

SHOWN_ONCE = "shown_once"


def show_once(kind: str, **values: str) -> None:
    """Keep a secret for the next page of this browser only; it is never shown again."""
    session[SHOWN_ONCE] = {"kind": kind, **values}


def shown_once(*kinds: str) -> dict[str, str] | None:
    kept = session.get(SHOWN_ONCE)
    if not kept or kept["kind"] not in kinds:
        return None
    session.pop(SHOWN_ONCE)
    return dict(kept)
