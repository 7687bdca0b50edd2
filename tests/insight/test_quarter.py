"""The quarter of shared instruments: hours, share and yield add up, and who may read whose."""

from __future__ import annotations

import datetime as dt
import io

from openpyxl import load_workbook

from app.hall import clock
from app.insight.quarter.rules import Line, quarter_of, total
from tests.factories import Park


def test_rates_are_those_of_the_sums_and_unknown_costs_earn_nothing() -> None:
    known = Line(own=600, served=200, bookable=2000, income_fen=400, value_fen=8000, valued_fen=400, valued=1)
    other = Line(own=0, served=200, bookable=2000, income_fen=900)
    both = total([known, other])
    assert (both.effective, both.served, both.share) == (
        1000,
        400,
        known.share + (other.share - known.share) / 5,
    )
    assert both.yields == known.yields and both.income_fen == 1300
    assert (both.instruments, both.valued) == (2, 1)
    assert total([]).share is None and total([]).used is None and total([]).yields is None


def test_page_workbook_paper_and_call_say_the_same(demo_park: Park) -> None:
    park, api = demo_park.browse("park"), demo_park.api("park")
    quarter = quarter_of(clock.today()).before
    found = api.get("/insight/quarter", limit=200).json
    assert found["quarter"] == quarter.text == found["trend"][-1]["quarter"]
    for name in ("effective_hours", "served_hours", "bookable_hours", "income_fen"):
        assert abs(sum(one[name] for one in found["items"]) - found["all"][name]) < 1e-6, name
    whole = found["all"]
    assert whole["share"] == whole["served_hours"] / whole["effective_hours"]
    valued = [one for one in found["items"] if one["value_fen"]]
    assert 0 < len(valued) < len(found["items"])
    assert abs(whole["yield"] - sum(one["income_fen"] for one in valued) / whole["value_fen"]) < 1e-12
    span = {
        "from": clock.start_of_day(quarter.first).isoformat(),
        "to": clock.start_of_day(quarter.last + dt.timedelta(days=1)).isoformat(),
    }
    use = api.get("/sharing/utilisation", **span).json["all"]
    assert (use["own_hours"] + use["shared_hours"], use["shared_hours"]) == (
        round(whole["effective_hours"], 4),
        round(whole["served_hours"], 4),
    )
    page = park.get("/insight/quarter").get_data(as_text=True)
    assert f"{100 * whole['share']:.1f}" in page and "in-chart" in page
    book = load_workbook(io.BytesIO(park.get("/insight/quarter.xlsx").data)).active
    last = [cell.value for cell in list(book.iter_rows())[-1]]
    assert last[6] == round(whole["effective_hours"], 2) and abs(last[8] - whole["share"]) < 1e-9
    assert park.get("/insight/quarter.pdf").data.startswith(b"%PDF")
    assert park.get("/insight/quarter?quarter=2026-Q5").status_code == 422
    assert park.get("/insight/quarter?quarter=2199-Q1").status_code == 422


def test_an_owner_reads_its_own_and_staff_without_the_right_by_category(demo_park: Park) -> None:
    own = demo_park.api("e01").get("/insight/quarter").json
    assert {one["owner"] for one in own["items"]} == {"江澜电芯"}
    by_category = demo_park.api("finance").get("/insight/quarter", limit=200).json
    assert {one["owner"] for one in by_category["items"]} == {None}
    every = demo_park.api("park").get("/insight/quarter").json
    assert by_category["all"]["served_hours"] == every["all"]["served_hours"] > own["all"]["served_hours"]
