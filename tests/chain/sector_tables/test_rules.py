"""Four sectors reckoned by hand: flows over total input, coefficients as they are, several sectors to one segment."""

from __future__ import annotations

import pytest

from app.chain.sector_tables.rules import (
    COEFFICIENTS,
    FLOWS,
    NEW,
    Sector,
    SectorTable,
    above_one,
    coefficients,
    holds,
    off_subtotal,
    offer,
)

SECTORS = tuple(
    Sector(f"0{n}", name) for n, name in enumerate(("农业", "制造业", "建筑业", "服务业"), start=1)
)
#: Of 100 yuan of farming 20 are its own products, 10 manufactures, 10 services; and so on by column.
FLOW = ((20.0, 60.0, 0.0, 5.0), (10.0, 150.0, 80.0, 20.0), (None, 3.0, None, 10.0), (10.0, 27.0, 16.0, 40.0))
TOTALS = (100.0, 300.0, 160.0, 200.0)
TABLE = SectorTable(SECTORS, FLOW, TOTALS, (40.0, 240.0, 96.0, 75.0))


def test_flows_are_divided_by_the_total_input_of_the_column() -> None:
    answer = coefficients(TABLE, FLOWS, {0: "farm", 1: "make", 2: "build", 3: "serve"})
    assert {(s, t): v for s, t, v in answer.rows} == {
        ("farm", "farm"): 0.2,
        ("farm", "make"): 0.2,
        ("farm", "serve"): 0.025,
        ("make", "farm"): 0.1,
        ("make", "make"): 0.5,
        ("make", "build"): 0.5,
        ("make", "serve"): 0.1,
        ("build", "make"): 0.01,
        ("build", "serve"): 0.05,
        ("serve", "farm"): 0.1,
        ("serve", "make"): 0.09,
        ("serve", "build"): 0.1,
        ("serve", "serve"): 0.2,
    }
    assert (answer.smaller, answer.faults) == (0, ())
    least = coefficients(TABLE, FLOWS, {0: "farm", 1: "make", 2: "build", 3: "serve"}, 0.05)
    assert least.smaller == 2 and ("build", "serve", 0.05) in least.rows


def test_several_sectors_make_one_segment_by_their_weight() -> None:
    """Making and building: (150 + 80 + 3) / (300 + 160); what they take from farming: 60 / 460."""
    both = {0: "farm", 1: "make", 2: "make"}
    found = {(s, t): v for s, t, v in coefficients(TABLE, FLOWS, both).rows}
    assert found[("make", "make")] == pytest.approx(233 / 460, abs=1e-12)
    assert found[("farm", "make")] == pytest.approx(60 / 460, abs=1e-12)
    assert found[("make", "farm")] == 0.1
    shares = tuple(tuple(None if c is None else c / TOTALS[j] for j, c in enumerate(row)) for row in FLOW)
    weighed = SectorTable(SECTORS, shares, TOTALS)
    again = {(s, t): v for s, t, v in coefficients(weighed, COEFFICIENTS, both).rows}
    assert again == pytest.approx(found, abs=1e-11)
    (fault,) = coefficients(SectorTable(SECTORS, shares), COEFFICIENTS, both).faults
    assert fault == ("sector_no_weights", {"segment": "make", "sectors": "制造业、建筑业"})
    # A sheet of coefficients sums each column to 1: that is no weight.
    assert coefficients(SectorTable(SECTORS, shares, (1.0,) * 4), COEFFICIENTS, both).faults == (fault,)
    alone = coefficients(SectorTable(SECTORS, shares), COEFFICIENTS, {0: "farm", 1: "make"})
    assert ("farm", "make", 0.2) in alone.rows and not alone.faults


def test_what_cannot_be_told_is_said() -> None:
    assert coefficients(SectorTable(SECTORS, FLOW), FLOWS, {0: "a"}).faults[0][0] == "sector_no_total"
    blank = SectorTable(SECTORS, FLOW, (None, 300.0, 160.0, 200.0))
    answer = coefficients(blank, FLOWS, {0: "a", 1: "b"})
    assert [code for code, _params in answer.faults] == ["sector_no_total"]
    assert ("a", "b", 0.2) in answer.rows
    nothing = SectorTable(SECTORS, FLOW, (0.0, 300.0, 160.0, 200.0))
    assert coefficients(nothing, FLOWS, {0: "a"}).faults[0][0] == "sector_total_zero"
    idle = SectorTable(SECTORS[:2], ((0.0, 1.0), (None, 1.0)), (0.0, 4.0))
    assert coefficients(idle, FLOWS, {0: "a", 1: "b"}).rows == (("a", "b", 0.25), ("b", "b", 0.25))


def test_what_the_cells_hold() -> None:
    shares = ((0.2, 0.2), (0.1, 0.5))
    two = SECTORS[:2]
    assert holds(TABLE) == (FLOWS, "above_one")
    assert holds(SectorTable(two, shares)) == (COEFFICIENTS, "shares")
    assert holds(SectorTable(two, shares, (1.0, 1.0))) == (COEFFICIENTS, "shares")
    # In 亿元 a small table stays below one everywhere but in its totals.
    assert holds(SectorTable(two, shares, (2.0, 3.0))) == (FLOWS, "totals")
    assert holds(SectorTable(two, shares, title="基本流量表")) == (FLOWS, "title")
    assert holds(SectorTable(two, FLOW, title="Direct input coefficients")) == (COEFFICIENTS, "title")
    assert holds(TABLE, COEFFICIENTS) == (COEFFICIENTS, "said")


def test_a_table_that_does_not_add_up_is_seen() -> None:
    assert above_one(TABLE, FLOWS) == [] and off_subtotal(TABLE) == []
    odd = SectorTable(SECTORS, FLOW, (39.0, 300.0, 160.0, 200.0), (40.0, 240.0, 95.0, 75.0))
    assert above_one(odd, FLOWS) == [SECTORS[0]]
    assert off_subtotal(odd) == [SECTORS[2]]  # 96 against 95 is off by more than one percent
    assert above_one(SectorTable(SECTORS[:1], ((1.2,),)), COEFFICIENTS) == [SECTORS[0]]
    assert above_one(SectorTable(SECTORS, FLOW), FLOWS) == []


def test_segments_are_offered_by_code_and_name() -> None:
    segments = {"cell": ("电池", "Battery cells"), "car": ("汽车整车", ""), "02": ("别的", "")}
    sectors = [
        Sector("39", "电池制造业"),
        Sector("02", "林产品"),
        Sector("36", "汽车整車"),
        Sector("07", "食品"),
        Sector("27", "电气设备", "Battery cells and packs"),
    ]
    assert offer(sectors, segments) == {0: "cell", 1: "02", 2: "car", 3: "", 4: "cell"}
    assert offer(sectors[:2], {}) == {0: NEW, 1: NEW}
