"""Open days of the demo park's workshops (虚构): guests said what they took home, and that is a score of activities."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from app.hall import clock, months
from app.hall.db.base import db
from app.identity import door as identity
from app.identity.door import Actor
from app.voice.gatherings import ratings, service

SERIES = "车间开放日"
# What each firm took home four months ago, and last month after the change: 58.3 and 91.7 of twelve.
SAID = {
    "E05": ("partly", "yes"),
    "E06": ("no", "partly"),
    "E10": ("no", "yes"),
    "E14": ("yes", "yes"),
    "E15": ("yes", "yes"),
    "E20": ("yes", "yes"),
    "E23": ("no", "partly"),
    "E24": ("yes", "yes"),
    "E28": ("yes", "yes"),
    "E29": ("partly", "yes"),
    "E33": ("partly", "yes"),
    "E34": ("partly", "yes"),
}
QUIET = ("E11", "E16")  # came the second time and said nothing
AWAY = ("E02", "E07")
CHANGED = "不再念稿：同行工程师上机演示，留一小时提问"
DAYS_AGO = 3
SOON = ("E14", "E20", "E23", "E24")  # have said it of the day just past; four, so nothing is shown yet


def load() -> None:
    """One before and one after the change, and one just past of which some guests have yet to say something."""
    month = months.month_of(clock.today()) - 1
    _held(_friday(month - 3), "车间开放日：参观讲解", "", SAID, {code: one[0] for code, one in SAID.items()})
    after = {code: one[1] for code, one in SAID.items()}
    _held(_friday(month), "车间开放日：同行演示", CHANGED, (*SAID, *QUIET), after)
    recent = clock.today() - dt.timedelta(days=DAYS_AGO)
    _held(recent, "车间开放日：夹具与换模", "", SAID, {code: after[code] for code in SOON})


def _friday(month: int) -> dt.date:
    """The third Friday of a month."""
    day = months.first_day(month) + dt.timedelta(days=14)
    return day + dt.timedelta(days=(4 - day.weekday()) % 7)


def _held(day: dt.date, title: str, changed: str, there: Iterable[str], said: Mapping[str, str]) -> None:
    keeper, invited = _actor("keeper"), (*SAID, *QUIET, *AWAY)
    new = service.NewGathering(
        "activity", day, title=title, starts="16:00", series=SERIES, changed=changed, enterprises=invited
    )
    with clock.as_of(clock.at(day - dt.timedelta(days=7), 9)):
        row = service.prepare(keeper, new)
    with clock.as_of(clock.at(day, 18)):
        service.hold(keeper, row.id, there)
        for code, useful in said.items():
            ratings.rate(_actor(code.lower()), row.id, useful)


def _actor(login: str) -> Actor:
    query = identity.member_query().filter_by(login=login)
    return identity.person_of(db.session.scalars(query).one()).actor
