"""Story 53: three months above the bound, a missing month is the only question, a case keeps the bound of its day."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from app.hall import clock
from tests.factories import Park
from tests.policy.park import NOW, WIDER, Policies

COACHING = (WIDER / "policies" / "hi-tech-coaching.yaml").read_text("utf-8")


@pytest.fixture
def people(park: Park) -> Policies:
    return Policies(park)


def test_three_months_push_one_at_the_bound_does_not_and_a_gap_is_asked_for(people: Policies) -> None:
    """The firms A to E of the contract; patents are a typed fact here, so that unknown is possible."""
    with clock.frozen(NOW):
        people.publish(COACHING.replace("patents_granted", "patents_shown"))
        firms = {code: people.firm(f"F{code}", registered_on=dt.date(2024, 2, 15)) for code in "ABCDE"}
        months = ("m2026_06", "m2026_07", "m2026_08", "m2026_09")
        for code, values in {
            "A": (None, 0.152, 0.16, 0.151),
            "B": (None, 0.152, 0.15, 0.16),
            "C": (0.149, 0.151, 0.151, 0.151),
            "D": (0.16, 0.16, None, 0.16),
            "E": (None, 0.152, 0.16, None),
        }.items():
            known = {m: v for m, v in zip(months, values, strict=True) if v is not None}
            people.months(firms[code], "rd_ratio", **known)
            if code != "E":
                people.report(firms[code], patents_shown=0 if code == "C" else 1)
        fits = {code: people.fit(firm, "hi-tech-coaching") for code, firm in firms.items()}
        found = {
            code: (fit["state"], fit["fit_percent"], fit["possible_percent"], fit["ask"])
            for code, fit in fits.items()
        }
        assert found == {
            "A": ("push", 100.0, 100.0, []),
            "B": ("ineligible", 0.0, 0.0, []),
            "C": ("near", 70.0, 70.0, []),
            "D": ("ask", 60.0, 100.0, ["rd3m"]),
            "E": ("ask", 30.0, 100.0, ["rd3m", "ip"]),
        }
        missing = {
            code: [part["period"] for part in fits[code]["conditions"][0]["missing"]]  # type: ignore[index]
            for code in "DE"
        }
        assert missing == {"D": ["2026-08"], "E": ["2026-09"]}
        # The page asks for exactly that month, by its two amounts; the answer decides at once.
        browser = people.park.browse("fd")
        assert "2026-08 的研发费用和营业收入是多少" in browser.get("/policy/").get_data(as_text=True)
        form = {"fact": "rd_ratio", "period": "2026-08"}
        typed = {**form, "fact_rd_expense_wan": "16", "fact_revenue_wan": "-5"}
        refused = browser.post("/policy/answer", data=typed)
        assert refused.status_code == 422 and "营业收入 不能为负" in refused.get_data(as_text=True)
        answered = browser.post("/policy/answer", data={**typed, "fact_revenue_wan": "100"})
        assert answered.status_code == 303
        assert [push["policy"] for push in people.pushes(firms["D"])] == ["hi-tech-coaching"]


def test_the_ratio_is_expense_by_revenue_of_the_month_and_nothing_without_revenue(people: Policies) -> None:
    dice = random.Random(53)
    with clock.frozen(NOW):
        people.publish(COACHING)
        firm = people.firm("F1", registered_on=dt.date(2024, 2, 15))
        for month in ("m2026_07", "m2026_08", "m2026_09"):
            revenue = dice.randint(200, 900)
            people.months(firm, "revenue_wan", **{month: revenue})
            people.months(firm, "rd_expense_wan", **{month: f"{revenue * 0.16:.2f}"})
        first = people.fit(firm, "hi-tech-coaching")["conditions"][0]  # type: ignore[index]
        assert first["result"] == "met"
        assert {use["value"] for use in first["uses"] if use["period"] >= "2026-07"} == {0.16}
        people.months(firm, "revenue_wan", m2026_08=0)
        first = people.fit(firm, "hi-tech-coaching")["conditions"][0]  # type: ignore[index]
        assert (first["result"], [part["period"] for part in first["missing"]]) == ("unknown", ["2026-08"])


def test_a_case_of_the_old_year_keeps_the_old_bound(people: Policies) -> None:
    old = COACHING.replace("valid: {from: 2026-01-01, to: null}", "valid: {from: 2025-01-01, to: null}")
    old = old.replace("2026-01-01: 0.15}", "2027-01-01: 0.15}").replace("正好15%不算", "正好12%不算")
    old = old.replace("2026-08: 0.150, 2026-09: 0.160", "2026-08: 0.120, 2026-09: 0.160")
    with clock.frozen(clock.at(dt.date(2025, 11, 18), 10)):
        people.publish(old)
        firm = people.firm("F1", registered_on=dt.date(2024, 2, 15))
        people.months(firm, "rd_ratio", m2025_08=0.13, m2025_09=0.13, m2025_10=0.13)
        case = firm.post("/policy/cases", {"policy": "hi-tech-coaching"})
        assert case.status_code == 201 and case.json["fit_percent"] == 70.0
    with clock.frozen(clock.at(dt.date(2026, 1, 19), 10)):
        people.publish(COACHING)
        people.months(firm, "rd_ratio", m2025_11=0.13, m2025_12=0.13)
        assert people.fit(firm, "hi-tech-coaching")["state"] == "ineligible"
        kept = firm.get("/policy/cases").json["items"][0]
        assert (kept["fit_percent"], kept["version"]) == (70.0, "2025-01-01")
        page = people.park.browse("f1").get(f"/policy/cases/{kept['id']}").get_data(as_text=True)
        assert "政策有新版本" in page  # told what changed, judged as before
