"""Scores that nobody is asked for: what firms said of solved problems, how soon they were answered, when money came."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import Any

from app.hall import clock
from app.insight.alerts import service as alerts
from app.insight.scores import months, store
from app.insight.scores.rules import linear
from app.insight.scores.store import Cell, NewScore
from app.policy import door as policy
from app.problems import door as problems
from app.voice import door as voice

# The dimension that a category of problems speaks of; `other` speaks of none.
DIMENSION_OF = {
    "lamp": "infrastructure",
    "water": "infrastructure",
    "aircon": "infrastructure",
    "network": "infrastructure",
    "access": "infrastructure",
    "power": "infrastructure",
    "lift": "infrastructure",
    "parking": "infrastructure",
    "charging": "infrastructure",
    "environment": "living",
    "canteen": "living",
    "transport": "living",
    "freight": "chain",
    "chain": "chain",
    "policy": "policy",
    "finance": "finance",
    "talent": "talent",
}
# 100 at the first value or better, 0 at the second or worse.
MONEY_DAYS = (Fraction(30), Fraction(120))
RESPONSE_HOURS = (Fraction(4), Fraction(72))
BACK = dt.timedelta(days=62)  # as far as the clockwork looks back for what it has not noted yet


def note(scores: list[NewScore], tell: bool = True) -> None:
    """Keep scores, and everything that rests on them with them."""
    cells = store.keep(scores)
    refresh(cells, tell)


def refresh(cells: set[Cell], tell: bool = True) -> None:
    """Sums and alerts of these cells anew."""
    if cells:
        store.refresh_sums(cells)
        alerts.refresh({code for code, _month in cells}, {month for _code, month in cells}, tell)


def rating_of(one: problems.Measured, score: int, day: dt.date, verdict: int) -> list[NewScore]:
    """A firm said whether its problem is solved: 100, 50 or 0 for the dimension the problem speaks of."""
    dimension = DIMENSION_OF.get(one.category)
    if dimension is None:
        return []
    month = months.month_of(day)
    return [
        NewScore(firm, month, dimension, Fraction(score), "rating", f"{one.id}:{verdict}:{firm}", "", day)
        for firm in one.firms
    ]


def ratings(measured: list[problems.Measured]) -> list[NewScore]:
    """The verdicts that stand: of confirmed problems, by the firm itself."""
    return [
        score
        for one in measured
        if one.confirmed_by == "firm" and one.confirmed_at is not None and one.score is not None
        for score in rating_of(one, one.score, clock.day_of(one.confirmed_at), one.reopened)
    ]


def responses(measured: list[problems.Measured]) -> list[NewScore]:
    """Hours to the first answer in words, of every problem that has one."""
    found = []
    for one in measured:
        dimension = DIMENSION_OF.get(one.category)
        if dimension is None or one.responded_at is None:
            continue
        minutes = (one.responded_at - one.registered_at) // dt.timedelta(minutes=1)
        score = linear(Fraction(minutes, 60), *RESPONSE_HOURS)
        day = clock.day_of(one.responded_at)
        found += [
            NewScore(firm, months.month_of(day), dimension, score, "response", f"{one.id}:{firm}", "", day)
            for firm in one.firms
        ]
    return found


def money(cases: list[policy.MoneyDays]) -> list[NewScore]:
    """Days from push to money: the first question of the policy dimension."""
    return [
        NewScore(
            one.organisation_id,
            months.month_of(one.paid_on),
            "policy",
            linear(Fraction(one.days), *MONEY_DAYS),
            "policy_money",
            str(one.case_id),
            "",
            one.paid_on,
        )
        for one in cases
    ]


def surveys(first: dt.date, last: dt.date) -> list[NewScore]:
    """What firms answered in surveys that closed in these days; a dimension the index does not know is left out."""
    known = {row.code for row in store.dimension_rows()}
    return [
        NewScore(
            one.organisation_id,
            months.month_of(one.on),
            one.dimension,
            one.score,
            "survey",
            f"{one.on.isoformat()}:{one.version[:16]}:{one.dimension}:{one.organisation_id}",
            one.version[:16],
            one.on,
        )
        for one in voice.survey_scores(first, last)
        if one.dimension in known
    ]


def activities(rated: list[voice.ActivityScore]) -> list[NewScore]:
    """What guests said of an activity they came to: of use 100, partly 50, not 0."""
    return [
        NewScore(
            one.organisation_id,
            months.month_of(one.on),
            "activity",
            Fraction(one.score),
            "activity",
            f"{one.on.isoformat()}:{one.organisation_id}",
            "",
            one.on,
        )
        for one in rated
    ]


def on_activity_rated(payload: dict[str, Any]) -> None:
    day = dt.date.fromisoformat(payload["day"])
    note(activities(voice.activity_scores(day, day, payload["firm"])))


def on_survey_closed(payload: dict[str, Any]) -> None:
    day = dt.date.fromisoformat(payload["day"])
    note(surveys(day, day))


def on_rated(payload: dict[str, Any]) -> None:
    day = dt.date.fromisoformat(payload["day"])
    for one in problems.measured([payload["problem"]]):
        note(rating_of(one, payload["score"], day, payload["verdict"]))


def on_responded(payload: dict[str, Any]) -> None:
    note(responses(problems.measured([payload["problem"]])))


def on_paid(payload: dict[str, Any]) -> None:
    note(money(policy.money_days(case_id=payload["case"])))


def catch_up(since: dt.date | None = None, tell: bool = True) -> None:
    """Whatever the last weeks brought that no message told of; told twice, kept once."""
    start = since or clock.today() - BACK
    measured = problems.measured_between(start, clock.today())
    note(responses(measured) + ratings(measured), tell)
    today = clock.today()
    said = surveys(start, today) + activities(voice.activity_scores(start, today))
    note(money(policy.money_days(since=start)) + said, tell)
