"""How full a week is: booked ÷ open, whatever of it has passed, and beside it what can still be booked."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from app.hall import clock


def kpis(page):
    """The first two figures above the board: still bookable, and booked with its numerator and denominator."""
    return re.sub(
        r"\s+", " ", re.sub(r"<[^>]+>", " ", page.split('class="pl-kpis"')[1].split("</section>")[0])
    )


@pytest.fixture
def worked(park, instrument, at, monday):
    """Two units, open Monday to Friday 9–17: 80 hours. One stands still all Friday: 72. The week as it was lived:

    Monday 9–13 used to the end (4 h), Tuesday 9–15 ended at 11 (2 h), Wednesday 10–13 confirmed (3 h),
    Thursday 9–12 given up (0 h): 9 of 72 hours are booked.
    """
    park.firm("E01"), park.firm("E02")
    resource = instrument("e01", units=["1", "2"], late_cancel_hours=0)
    member, owner = park.api("e02"), park.api("e01")

    def book(day, first, last):
        wish = {"resource": resource, "start": at(day, first), "end": at(day, last), "purpose": ""}
        return member.post("/sharing/bookings", wish).json["id"]

    numbers = [book(0, 9, 13), book(1, 9, 15), book(2, 10, 13), book(3, 9, 12)]
    member.post(f"/sharing/bookings/{numbers[3]}/cancel")
    unit = park.api("e01").get(f"/sharing/resources/{resource}").json
    outage = {"start": at(4, 9), "end": at(4, 17), "reason": "校准", "unit": unit["units"][0]["id"]}
    assert owner.post(f"/sharing/resources/{resource}/outages", outage).status_code == 201
    park.noted("e01", f"/sharing/bookings/{numbers[0]}/usage", {"start": at(0, 9), "end": at(0, 13)})
    park.noted("e01", f"/sharing/bookings/{numbers[1]}/usage", {"start": at(1, 9), "end": at(1, 11)})
    return monday


def test_a_week_half_over_counts_what_was_booked(park, worked):
    # Wednesday 9:00: two units × (8 + 8) hours, less 3 booked, and the one unit of Friday: 29 + 8.
    with clock.frozen(clock.at(worked + dt.timedelta(days=2), 9)):
        told = kpis(park.browse("e02").get("/sharing/timeline").text)
    assert "12.5 %" in told.replace("12.5%", "12.5 %") and "已约 9 ÷ 开放 72 小时" in told
    assert "本周尚可预约 37 小时" in told


def test_a_week_that_is_over_is_as_full_as_it_was(park, worked):
    with clock.frozen(clock.at(worked + dt.timedelta(days=30), 9)):
        told = kpis(park.browse("e02").get(f"/sharing/timeline?day={worked}").text)
    assert "已约 9 ÷ 开放 72 小时" in told and "本周尚可预约 0 小时" in told


def test_on_a_sunday_the_next_seven_days(park, instrument, monday):
    park.firm("E01"), park.firm("E02")
    instrument("e01")
    sunday = monday - dt.timedelta(days=1)
    with clock.frozen(clock.at(sunday, 15)):
        browser = park.browse("e02")
        page = browser.get("/sharing/timeline").text
        assert "七天内尚可预约 40 小时" in kpis(page)
        assert f'"date": "{sunday}"' in page and '"first_day": 0' in page
        # Asked for by its day any other week begins on its Monday.
        past = browser.get(f"/sharing/timeline?day={sunday - dt.timedelta(days=7)}").text
        assert f'"date": "{monday - dt.timedelta(days=14)}"' in past and '"first_day": 1' in past
        english = kpis(park.browse("e02", "en").get("/sharing/timeline").text)
    assert "Still bookable in seven days 40" in english and "0 of 40 open hours booked" in english
