"""The one table of what may follow what for a version of a questionnaire and for an invitation to answer it."""

from __future__ import annotations

from collections.abc import Mapping

from app.hall.errors import Conflict, Reason

Table = Mapping[str, tuple[str, ...]]

DRAFT, LINTED, REVIEWED, OPEN, CLOSED = "draft", "linted", "reviewed", "open", "closed"
VERSION: Table = {
    DRAFT: (LINTED,),
    LINTED: (DRAFT, REVIEWED),  # a changed text is a draft again
    REVIEWED: (DRAFT, OPEN),
    OPEN: (CLOSED,),
    CLOSED: (),
}
FROZEN = (OPEN, CLOSED)
SENT, USED, SILENT = "sent", "used", "silent"
CHANNELS = ("online", "paper", "phone")


def against(state: str, wanted: str) -> tuple[Reason, ...]:
    """Why a version in `state` cannot become `wanted`: nothing where it can.

    >>> against(REVIEWED, OPEN)
    ()
    >>> [reason.code for reason in against(CLOSED, OPEN)]
    ['voice_survey_step']
    """
    if wanted in VERSION.get(state, ()):
        return ()
    return (Reason("voice_survey_step", {"before": _named(state), "after": _named(wanted)}),)


def step(state: str, wanted: str) -> str:
    """`wanted`, or a 409 with the reason."""
    reasons = against(state, wanted)
    if reasons:
        raise Conflict("voice_survey_wrong_state", reasons)
    return wanted


def _named(state: str) -> dict[str, str]:
    return {"code": f"voice_survey_state_{state}"}
