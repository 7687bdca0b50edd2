"""A drawn specimen certificate for the demo park: something to look at beside a claim."""

from __future__ import annotations

from pathlib import Path

from app.hall.files.paper.press import picture

TEMPLATE = Path(__file__).resolve().parent / "demo_evidence.typ"


def specimen(number: str) -> bytes:
    """A PNG that says what it is: a fictional certificate with this number."""
    return picture(TEMPLATE, {"number": number})
