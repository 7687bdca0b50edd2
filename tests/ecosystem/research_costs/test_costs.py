"""Research costs: per firm where it allows it, as a mean with n, hidden below five, unknown never zero."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.factories import Park

YEAR = 2025
WAN = 1_000_000  # fen


def body(base: int, actual: int, **more: Any) -> dict[str, Any]:
    return {"year": YEAR, "base_year": 2023, "base_fen": base * WAN, "actual_fen": actual * WAN} | more


@pytest.fixture
def town(park: Park) -> Park:
    park.staff()
    for number in range(1, 7):
        park.firm(f"E0{number}", name_zh=f"第{number}家研发")
    return park


def say(town: Park, login: str, **fields: Any) -> Any:
    return town.api(login).post("/ecosystem/research-costs", body(**fields))


def test_a_mean_names_its_firms_and_few_are_hidden(town: Park) -> None:
    """Savings by sharing of 10 … 50 万元 are a mean of 30 with n = 5; the sixth says nothing of it and is no zero."""
    park, path = town.api("park"), f"/ecosystem/research-costs/{YEAR}"
    for number in range(1, 5):
        answer = say(
            town, f"e0{number}", base=200, actual=150, sharing_fen=number * 10 * WAN, shown=number == 1
        )
        assert answer.status_code == 201
    means = park.get(path).json["means"]
    assert means["sharing"] == {"n": 4, "value": None} == means["saved"]
    say(town, "e05", base=100, actual=150, sharing_fen=50 * WAN)
    say(town, "e06", base=0, actual=90)
    seen = park.get(path).json
    assert seen["means"]["sharing"] == {"n": 5, "value": 30 * WAN}
    assert seen["means"]["actual"] == {"n": 6, "value": 140 * WAN}
    assert seen["means"]["licences"] == {"n": 0, "value": None}
    assert seen["means"]["change_ratio"]["n"] == 5  # no baseline, no ratio
    assert seen["means"]["change_ratio"]["value"] == pytest.approx((4 * -0.25 + 0.5) / 5)
    assert [one["firm"] for one in seen["firms"]] == ["E01"]  # who allows it
    assert seen["firms"][0]["saved_ratio"] == pytest.approx(10 / 160)
    assert [one["firm"] for one in town.api("e03").get(path).json["firms"]] == ["E03"]
    page = town.browse("park").get(f"/ecosystem/research-costs?year={YEAR}").text
    assert "第1家研发" in page and "第2家研发" not in page and "n = 5" in page and "30 万元" in page
    own = town.browse("e02").get(f"/ecosystem/research-costs?year={YEAR}").text
    assert "第1家研发" not in own and "只计入平均" in own
    say(town, "e05", base=100, actual=150)  # said again without it: four are left
    assert park.get(path).json["means"]["sharing"] == {"n": 4, "value": None}


def test_what_cannot_be_is_refused_at_its_field_and_a_word_is_taken_back(town: Park) -> None:
    page, url = town.browse("e01"), "/ecosystem/research-costs"
    form = {"year": "2025", "base_year": "2023", "base": "2000000", "actual": "1500000", "sharing": ""}
    assert page.post(url, data=form).status_code == 303
    shown = page.get(f"{url}?year=2025").text
    assert "150 万元" in shown and 'id="sharing"' in shown
    wrong = {"year": "2025", "base_year": "2025", "base": "", "actual": "-1"}
    refused = page.post(url, data=wrong)
    assert refused.status_code == 422 and 'value="-1"' in refused.text
    late = page.post(url, data=form | {"base_year": "2026"})
    assert late.status_code == 422 and "基准年应早于填报的年份。" in late.text
    assert town.browse("park").post(url, data=form).status_code in (403, 422)  # not a firm
    assert town.api("auditor").post(url, body(1, 1)).status_code == 403
    assert page.post(f"{url}/2025/take-back").status_code == 303
    (sealed,) = re.findall(r'name="undo" value="([^"]+)"', page.get(f"{url}?year=2025").text)
    assert page.post(f"{url}/2025/take-back").status_code == 404
    assert town.api("park").get(f"{url}/2025").json["means"]["actual"] == {"n": 0, "value": None}
    assert page.post(f"{url}/2025/again", data={"undo": sealed}).status_code == 303
    assert town.api("e01").get(f"{url}/2025").json["firms"][0]["actual_fen"] == 150 * WAN
