"""Which version of each policy counts on a day, and which files get in each other's way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from app.policy.rules.policy import Policy


def in_force(policies: Iterable[Policy], day: dt.date) -> list[Policy]:
    """Of every id the version with the latest `from` not after the day; none where that one has ended.

    An older version does not come back when the newer one ends.

    Returns
    -------
    list of Policy
        By id.
    """
    latest: dict[str, Policy] = {}
    for policy in policies:
        if policy.valid_from <= day:
            known = latest.get(policy.id)
            if known is None or known.valid_from < policy.valid_from:
                latest[policy.id] = policy
    return [
        policy for _id, policy in sorted(latest.items()) if policy.valid_to is None or day <= policy.valid_to
    ]


def twins(policies: Sequence[Policy]) -> list[tuple[int, int]]:
    """(place, place of the first) of every version that another file of the same id and day has already."""
    first: dict[tuple[str, dt.date], int] = {}
    found = []
    for place, policy in enumerate(policies):
        known = first.setdefault((policy.id, policy.valid_from), place)
        if known != place:
            found.append((place, known))
    return found
