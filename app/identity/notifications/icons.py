"""Which picture stands before a message."""

from __future__ import annotations

NOTE_ICONS = (
    (("booking", "waitlist", "outage", "schedule", "slot", "usage", "settlement"), "calendar-time"),
    (("claim", "credit", "proposal", "redemption", "reward", "appeal", "lot"), "coins"),
    (
        ("match", "introduction", "need", "offer", "outcome", "meeting", "resolution", "project", "pack"),
        "heart-handshake",
    ),
    (("licence", "placement", "resource", "qualification"), "packages"),
    (("enterprise", "member", "invitation", "password"), "building-community"),
    (("chain", "prospect", "segment", "supply"), "topology-star-3"),
)


def note_icon(code: str) -> str:
    return next((icon for words, icon in NOTE_ICONS if any(word in code for word in words)), "bell")
