"""People and questionnaires for the tests: an analyst who writes, a second person who reviews, firms that answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.factories import Park

DATA = Path(__file__).parents[2] / "data" / "wider"
GOOD: dict[str, Any] = json.loads((DATA / "survey-good.json").read_text("utf-8"))
BAD: dict[str, Any] = json.loads((DATA / "survey-bad.json").read_text("utf-8"))
SIZES = ("large", "medium", "small", "micro")


def yes_no(number: int = 1, code: str = "lamps", **more: Any) -> dict[str, Any]:
    """A survey of one question that decides the dimension, and of a sentence nobody has to write."""
    question = {
        "id": "dark",
        "kind": "yes_no",
        "dimension": "infrastructure",
        "scenario": "最近一周夜里下班",
        "text": "回停车场的路上有没有不亮的灯？",
        "required": True,
        "metric": {"kind": "yes_no", "good": "no"},
    }
    where = {"id": "where", "kind": "text", "text": "在哪里？", "show_if": {"dark": "yes"}}
    return {
        "format": "parklink-survey/1",
        "id": code,
        "version": number,
        "questions": [question, where],
        **more,
    }


class Surveys:
    """A park with an analyst, `vp` who reviews, and as many firms as one wants."""

    def __init__(self, park: Park) -> None:
        self.park = park
        organisation = park.staff()
        park.member("analyst", organisation, "analyst")
        park.member("vp", organisation, "vice_president")
        park.member("specialist", organisation, "service_specialist")
        self.analyst, self.vp = park.api("analyst"), park.api("vp")

    def firms(self, count: int, size: str = "small", first: int = 1) -> list[str]:
        import datetime as dt

        codes = [f"S{number:02d}" for number in range(first, first + count)]
        for code in codes:
            self.park.firm(code, size=size, registered_on=dt.date(2020, 1, 1))
        return codes

    def reviewed(self, body: dict[str, Any]) -> int:
        """A version that is ready to open."""
        made = self.analyst.post("/voice/surveys", body)
        assert made.status_code == 201, made.text
        number = int(made.get_json()["id"])
        assert self.analyst.post(f"/voice/surveys/{number}/lint").get_json()["state"] == "linted"
        answer = self.vp.post(f"/voice/surveys/{number}/review")
        assert answer.status_code == 200, answer.text
        return number

    def opened(self, body: dict[str, Any], firms: list[str], **more: Any) -> int:
        number = self.reviewed(body)
        answer = self.analyst.post(f"/voice/surveys/{number}/open", {"enterprises": firms, **more})
        assert answer.status_code == 200, answer.text
        return number

    def token(self, firm: str) -> str:
        """The token of the sheet that the firm may fill in."""
        [sheet] = self.park.api(firm.lower()).get("/voice/surveys/mine").get_json()["items"]
        return str(sheet["token"])

    def send(self, token: str, **answers: Any) -> Any:
        client = self.park.app.test_client(use_cookies=False)
        return client.post(f"/api/v1/s/{token}", json={"answers": answers})

    def close(self, number: int) -> dict[str, Any]:
        """Close, and what the survey says."""
        answer = self.analyst.post(f"/voice/surveys/{number}/close")
        assert answer.status_code == 200, answer.text
        found = self.analyst.get(f"/voice/surveys/{number}/results")
        assert found.status_code == 200, found.text
        return dict(found.get_json())
