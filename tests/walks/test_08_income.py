"""Story 8: what sharing earns and what it does to utilisation, with numerator, denominator, points and relative change."""

from __future__ import annotations

import datetime as dt

import pytest

from app.hall import clock
from tests.factories import Park
from tests.walks.test_05_all_reasons import at, next_weekday, spectrometer


@pytest.mark.parametrize(
    ("weeks", "own", "shared", "yuan", "report", "income_yuan"),
    [
        # 5 weeks of 40 hours: own 50 of 200 = 25 %, with 30 shared 40 %: +15 points, +60 %; 30 h at 480 yuan.
        (5, 10, 6, 480, (200, 50, 30, 0.4, 0.25, 15.0, 0.6), 14_400),
        # 2 weeks: own 8 of 80 = 10 %, with 14 shared 27.5 %: +17.5 points, +175 %; 14 h at 75.50 yuan.
        (2, 4, 7, 75.5, (80, 8, 14, 0.275, 0.1, 17.5, 1.75), 1_057),
    ],
)
def test_income_and_utilisation(
    park: Park, weeks: int, own: int, shared: int, yuan: float, report: tuple[float, ...], income_yuan: int
) -> None:
    park.firm("E41"), park.firm("E42"), park.firm("E43")
    owner, user = park.api("e41"), park.api("e42")
    resource = spectrometer(owner, price_fen_per_hour=round(yuan * 100))
    monday = next_weekday(1)
    for week in range(weeks):
        day = monday + dt.timedelta(weeks=week)
        # The owner uses it without a booking, half on Monday and half on Tuesday.
        for n in range(2):
            span = {
                "start": at(day + dt.timedelta(days=n), 9),
                "end": at(day + dt.timedelta(days=n), 9 + own // 2),
            }
            assert park.noted("e41", f"/sharing/resources/{resource}/own-use", span).status_code == 201
        span = {
            "start": at(day + dt.timedelta(days=3), 9),
            "end": at(day + dt.timedelta(days=3), 9 + shared),
        }
        wish = {"resource": resource, "purpose": "成分", **span}
        with clock.frozen(clock.at(day, 8)):  # on the Monday of its week: a year ahead nobody books
            booked = user.post("/sharing/bookings", wish)
        assert booked.status_code == 201, booked.json
        assert booked.json["price_fen"] == round(shared * yuan * 100)
        used = park.noted("e41", f"/sharing/bookings/{booked.json['id']}/usage", span)
        assert used.status_code == 200, used.json
    span = {"from": at(monday, 0), "to": at(monday + dt.timedelta(weeks=weeks), 0)}
    found = owner.get("/sharing/utilisation", **span).json
    for row in (found["items"][0], found["all"]):
        assert (
            row["bookable_hours"],
            row["own_hours"],
            row["shared_hours"],
            row["ratio"],
            row["own_ratio"],
            row["points"],
            row["relative"],
        ) == report
        assert row["income_fen"] == income_yuan * 100
    # Another firm's figures are not anybody's business.
    assert park.api("e43").get("/sharing/utilisation", **span).json["total"] == 0
    # The month's statements of the two firms show the same amount, to the fen.
    by_month: dict[str, float] = {}
    for week in range(weeks):
        thursday = monday + dt.timedelta(weeks=week, days=3)
        by_month[f"{thursday:%Y-%m}"] = by_month.get(f"{thursday:%Y-%m}", 0) + shared * yuan
    for month, part in by_month.items():
        for login, side in (("e41", "owner"), ("e42", "user")):
            page = park.browse(login).get(f"/sharing/statements?side={side}&month={month}")
            assert f"{part:,.2f}" in page.text


def test_an_outage_makes_fewer_hours_bookable_and_the_ratio_higher(park: Park) -> None:
    park.firm("E41")
    owner = park.api("e41")
    resource = spectrometer(owner)
    monday = next_weekday(1)
    span = {"start": at(monday, 9), "end": at(monday, 15)}
    assert park.noted("e41", f"/sharing/resources/{resource}/own-use", span).status_code == 201
    # Wednesday and Thursday stand still: 24 of 40 hours are left; the nights in between were never open.
    outage = {"start": at(monday + dt.timedelta(days=2), 9), "end": at(monday + dt.timedelta(days=3), 17)}
    assert owner.post(f"/sharing/resources/{resource}/outages", outage).status_code == 201
    span = {"from": at(monday, 0), "to": at(monday + dt.timedelta(days=7), 0)}
    row = owner.get("/sharing/utilisation", **span).json["items"][0]
    assert (row["bookable_hours"], row["own_hours"], row["ratio"]) == (24, 6, 0.25)
