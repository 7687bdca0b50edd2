"""States of a visit and the channels a firm is heard on."""

from __future__ import annotations

PLANNED, CONFIRMED, IN_PROGRESS, RECORDED, CLOSED = (
    "planned",
    "confirmed",
    "in_progress",
    "recorded",
    "closed",
)
MOVED, MISSED, DECLINED = "moved", "missed", "declined"
STATES = (PLANNED, CONFIRMED, IN_PROGRESS, RECORDED, CLOSED, MOVED, MISSED, DECLINED)
OPEN = (PLANNED, CONFIRMED, IN_PROGRESS, RECORDED)
BEFORE = (PLANNED, CONFIRMED, IN_PROGRESS)
STEPS = {
    PLANNED: (CONFIRMED, IN_PROGRESS, RECORDED, MOVED, MISSED, DECLINED),
    CONFIRMED: (IN_PROGRESS, RECORDED, MOVED, MISSED, DECLINED),
    IN_PROGRESS: (RECORDED,),
    RECORDED: (CLOSED,),
}
CHANNELS = (
    "visit",
    "phone",
    "online",
    "paper",
    "tea_talk",
    "activity",
    "app",
    "interview",
    "shadowing",
    "walk_in",
)
METHODS = (*CHANNELS, "study")  # a topic study is planned like a contact


def may_go(state: str, target: str) -> bool:
    """Whether a visit may go from one state to another.

    >>> may_go("recorded", "closed"), may_go("planned", "closed"), may_go("closed", "recorded")
    (True, False, False)
    """
    return target in STEPS.get(state, ())
