"""A small park with a policy officer, a second approver and firms whose facts go in over the API."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from app.hall import clock
from tests.factories import Api, Park

WIDER = Path(__file__).resolve().parents[1] / "data" / "wider"
DEMO = Path(__file__).resolve().parents[2] / "app" / "policy" / "demo"
# Friday 16 October 2026, ten o'clock: September is the month looked at.
NOW = clock.at(dt.date(2026, 10, 16), 10)

NINE_OF_TEN = """\
format: parklink-policy/1
id: {id}
title: {{zh: 十项条件, en: Ten conditions}}
authority: 瀛洲园（虚构）
reference: 园科〔2026〕9号（虚构）
valid: {{from: {since}, to: null}}
kind: subsidy
claim: {claim}
facts: [{facts}]
conditions:
{conditions}
tests:
{tests}
"""


def equal_conditions(
    count: int, policy: str = "ten", since: str = "2026-01-01", mandatory: int = 0, claim: str = "apply"
) -> str:
    """A rule file of so many conditions `a1 >= 1` of one weight, the first ones mandatory, with tests at all bounds."""
    names = [f"a{n}" for n in range(1, count + 1)]
    conditions = "\n".join(
        f"  - {{id: c{n}, weight: 1, mandatory: {'true' if n <= mandatory else 'false'},"
        f" text: {{zh: 条件{n}, en: condition {n}}}, expr: '{name} >= 1'}}"
        for n, name in enumerate(names, 1)
    )
    everything = ", ".join(f"{name}: 1" for name in names)
    nothing = ", ".join(f"{name}: 0" for name in names)
    tests = (
        f"  - {{name: 都是一, as_of: {since}, month: 2026-09, facts: {{{everything}}}, expect: {{push: true}}}}\n"
        f"  - {{name: 都是零, as_of: {since}, month: 2026-09, facts: {{{nothing}}}, expect: {{push: false}}}}"
    )
    return NINE_OF_TEN.format(
        id=policy, since=since, claim=claim, facts=", ".join(names), conditions=conditions, tests=tests
    )


class Policies:
    """The park's people over the API."""

    def __init__(self, park: Park) -> None:
        self.park = park
        staff = park.staff()
        park.member("policy", staff, "policy_officer")
        park.member("policy2", staff, "policy_officer")
        self.officer, self.second = park.api("policy"), park.api("policy2")

    def firm(self, code: str, **more: object) -> Api:
        self.park.firm(code, **more)
        return self.park.api(code.lower())

    def publish(self, text: str) -> int:
        """Imported by one officer, approved by the other; answers the id of the version."""
        made = self.officer.post("/policy/versions", {"text": text})
        assert made.status_code == 201, made.json
        number = int(made.json["id"])
        approved = self.second.post(f"/policy/versions/{number}/approve")
        assert approved.status_code == 200, approved.json
        return number

    def report(self, firm: Api, **facts: object) -> None:
        """Facts without months, as the firm says itself."""
        rows = [{"fact": name, "value": value} for name, value in facts.items()]
        answer = firm.post("/policy/facts", {"facts": rows})
        assert answer.status_code == 201, answer.json

    def months(self, firm: Api, fact: str, **values: object) -> None:
        """Monthly values: `m2026_09=0.152`."""
        rows = [
            {"fact": fact, "period": month[1:].replace("_", "-"), "value": value, "source": "monthly_report"}
            for month, value in values.items()
        ]
        answer = firm.post("/policy/facts", {"facts": rows})
        assert answer.status_code == 201, answer.json

    def fit(self, firm: Api, policy: str) -> dict[str, object]:
        items = firm.get("/policy/fits").json["items"]
        return next(item for item in items if item["policy"] == policy)

    def pushes(self, firm: Api) -> list[dict[str, object]]:
        return list(firm.get("/policy/pushes").json["items"])
