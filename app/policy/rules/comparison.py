"""Two versions of a policy beside each other: whose state or fit changes, and by which conditions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.policy.rules.fits import Bound, Fit
from app.policy.rules.situation import FirmFacts


@dataclass(frozen=True, slots=True)
class Change:
    """A firm whose state or exact fit is another one; the conditions with another result, also those only in one."""

    enterprise: str
    before: Fit
    after: Fit
    conditions: tuple[str, ...]


def changes(old: Bound, new: Bound, firms: Iterable[FirmFacts], month: int) -> list[Change]:
    """Firms that win or lose by the new version, in the order given."""
    found = []
    for facts in firms:
        before = old.fit(old.situation(facts, month))
        after = new.fit(new.situation(facts, month))
        if (before.state, before.fit) != (after.state, after.fit):
            found.append(Change(facts.enterprise, before, after, _different(old, before, new, after)))
    return found


def _different(old: Bound, before: Fit, new: Bound, after: Fit) -> tuple[str, ...]:
    was = {c.id: result for c, result in zip(old.policy.conditions, before.results, strict=True)}
    now = {c.id: result for c, result in zip(new.policy.conditions, after.results, strict=True)}
    names = dict.fromkeys((*was, *now))
    return tuple(name for name in names if name not in was or name not in now or was[name] is not now[name])
