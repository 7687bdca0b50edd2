"""At which hours instruments are used, and what could be booked: added up by the database, or once for many."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from app.hall import clock
from app.hall.db.transaction import transaction
from app.sharing.figures import heat
from app.sharing.figures import service as figures
from app.sharing.outages.models import Outage
from app.sharing.use.models import Usage
from tests.factories import Park

MONDAY = dt.date(2026, 6, 1)


def moment(day: int, hour: float) -> dt.datetime:
    return clock.at(MONDAY, 0) + dt.timedelta(days=day, minutes=round(hour * 60))


def used(resource: int, firm: int, *spans: tuple[int, float, float], own: bool = False) -> None:
    """Day of the week, first and last hour; hours after 24 are of the next day."""
    with transaction() as session:
        session.add_all(
            Usage(
                resource_id=resource,
                organisation_id=firm,
                own_use=own,
                start_at=moment(day, first),
                end_at=moment(day, last),
                recorded_at=moment(day, last),
            )
            for day, first, last in spans
        )


def test_each_hour_gets_its_part(park: Park, instrument: Callable[..., Any]) -> None:
    firm = park.firm("E01")
    one, other = instrument(), instrument(name="显微镜")
    with park.app.app_context():
        # Monday half past nine to eleven on both, the same a week later, and a night from Sunday to Monday.
        used(one, firm, (0, 9.5, 11), (7, 9.5, 11), (6, 23, 25))
        used(other, firm, (0, 9.5, 11))
        week = heat.hours([one, other], moment(0, 0), moment(7, 0))
        fortnight = heat.hours([one, other], moment(0, 0), moment(14, 0))
        only = heat.hours([other], moment(0, 10), moment(0, 10.75))
    assert (week[0][9], week[0][10], week[6][23], week[0][0]) == (
        1.0,
        2.0,
        1.0,
        0,
    )  # the week ends at midnight
    assert (fortnight[0][9], fortnight[0][10], fortnight[0][0]) == (1.5, 3.0, 1.0)
    assert sum(map(sum, fortnight)) == 6.5
    assert sum(map(sum, only)) == only[0][10] == 0.75


def test_windows_that_follow_each_other_add_up_to_the_whole(
    park: Park, instrument: Callable[..., Any]
) -> None:
    firm = park.firm("E01")
    plain, still = instrument(), instrument(name="显微镜")
    with park.app.app_context():
        used(plain, firm, (1, 9, 11), (1, 10, 12), own=True)  # the same hour noted twice counts once
        used(plain, firm, (2, 16, 40))  # from Wednesday afternoon into Thursday
        with transaction() as session:
            session.add(
                Outage(
                    resource_id=still,
                    kind="repair",
                    start_at=moment(0, 9),
                    end_at=moment(0, 13),
                    reason="维修",
                    created_at=moment(0, 0),
                )
            )
        resources = [r for r in figures.visible_resources(park.actor("e01")) if r.id in (plain, still)]
        edges = [moment(day, 0) for day in (0, 3, 7)]
        first, second = figures.utilisation_between(resources, edges)
    # Open nine to five: three days, then two; four hours of Monday the other one stood still.
    assert (first[plain].bookable, second[plain].bookable) == (3 * 480, 2 * 480)
    assert (first[still].bookable, second[still].bookable) == (3 * 480 - 240, 2 * 480)
    assert (first[plain].own, first[plain].shared) == (180, 480)
    assert (second[plain].own, second[plain].shared) == (0, 960)
