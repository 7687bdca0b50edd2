"""The quarter of the instruments this reader answers for or oversees; everybody else of the park reads it by category."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.hall import clock
from app.hall.errors import NotAllowed
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.insight.cockpit.sources import READER
from app.insight.quarter.rules import Line, Quarter, quarter_of, total
from app.sharing import door as sharing

BACK = 5  # quarters of the trend, this one last


@dataclass(frozen=True)
class Report:
    """A quarter: its lines, all of them together, the quarter before, and the quarters up to it."""

    quarter: Quarter
    lines: Sequence[Line]
    trend: Sequence[tuple[Quarter, Line]]
    by_category: bool
    own: bool

    @property
    def all(self) -> Line:
        return self.trend[-1][1]

    @property
    def before(self) -> Line:
        return self.trend[-2][1]


def newest() -> Quarter:
    """The last quarter that is over."""
    return quarter_of(clock.today()).before


def report(actor: Actor, quarter: Quarter) -> Report:
    """Hours and income of this quarter and of four before it; a quarter that is not over counts up to now."""
    everything = actor.may(roles.SEES_SHARING_FIGURES)
    grouped = not everything and actor.may(roles.SEES_FIGURES_OF_GROUPS)
    if not (everything or grouped or actor.may(roles.RUNS_RESOURCES)):
        raise NotAllowed("insight_figures_not_yours")
    quarters = [quarter]
    while len(quarters) < BACK:
        quarters.insert(0, quarters[0].before)
    edges = [clock.start_of_day(one.first) for one in (*quarters, quarter.after)]
    edges[-1] = max(edges[-2], min(edges[-1], clock.now()))
    resources = sharing.visible_resources(READER if grouped else actor)
    owners = identity.organisations_by_id(one.owner_id for one in resources)
    found: list[list[Line]] = []
    for uses in sharing.utilisation_between(resources, edges):
        lines = []
        for one in resources:
            use, known = uses[one.id], one.value_fen is not None
            lines.append(
                Line(
                    one.name,
                    owners[one.owner_id].name,
                    one.model,
                    sharing.category_name(one.category),
                    f"/sharing/resources/{one.id}",
                    use.bookable,
                    use.own,
                    use.shared,
                    use.income_fen,
                    one.value_fen,
                    use.income_fen if known else 0,
                    valued=int(known),
                )
            )
        found.append(lines)
    shown = _by_category(found[-1]) if grouped else found[-1]
    lines = sorted(shown, key=lambda one: (-one.served, -one.effective, one.category, one.name))
    trend = [(one, total(some)) for one, some in zip(quarters, found, strict=True)]
    return Report(quarter, lines, trend, grouped, not everything and not grouped)


def _by_category(lines: Sequence[Line]) -> list[Line]:
    groups: dict[str, list[Line]] = {}
    for one in lines:
        groups.setdefault(one.category, []).append(one)
    return [total(some, name, name) for name, some in groups.items()]
