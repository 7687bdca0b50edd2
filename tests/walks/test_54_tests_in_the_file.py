"""Story 54: a file with a failing test is not approved, nor by its author; the comparison names who wins and loses."""

from __future__ import annotations

import pytest

from app.hall import clock
from tests.factories import Park
from tests.policy.park import NOW, Policies, equal_conditions


@pytest.fixture
def people(park: Park) -> Policies:
    return Policies(park)


def test_a_failing_test_is_named_with_its_place_and_stops_the_approval(people: Policies) -> None:
    text = equal_conditions(3).replace("expect: {push: false}", "expect: {push: true}")
    with clock.frozen(NOW):
        made = people.officer.post("/policy/versions", {"text": text})
        assert made.json["state"] == "draft"
        line = next(n for n, row in enumerate(text.splitlines(), 1) if "都是零" in row)
        assert any(one["message"].startswith(f"{line}:5 ") for one in made.json["open"])
        refused = people.second.post(f"/policy/versions/{made.json['id']}/approve")
        assert refused.status_code == 409
        assert {reason["code"] for reason in refused.json["reasons"]} == {"policy_test_failed"}


def test_the_author_cannot_approve_and_a_second_person_can(people: Policies) -> None:
    with clock.frozen(NOW):
        made = people.officer.post("/policy/versions", {"text": equal_conditions(3)}).json
        assert made["state"] == "tested"
        assert people.officer.post(f"/policy/versions/{made['id']}/approve").status_code == 403
        assert people.second.post(f"/policy/versions/{made['id']}/approve").json["state"] == "in_force"
        again = people.second.post(f"/policy/versions/{made['id']}/approve")
        assert again.status_code == 409
        changed = people.officer.post("/policy/versions", {"text": equal_conditions(4)})
        assert changed.status_code == 409
        assert [reason["code"] for reason in changed.json["reasons"]] == ["policy_version_published"]


def test_every_test_and_word_that_is_missing_is_said_at_once(people: Policies) -> None:
    text = equal_conditions(2).split("tests:")[0].replace("authority: 瀛洲园（虚构）\n", "")
    with clock.frozen(NOW):
        made = people.officer.post("/policy/versions", {"text": text}).json
        refused = people.officer.post(f"/policy/versions/{made['id']}/approve")
        codes = [reason["code"] for reason in refused.json["reasons"]]
        assert (refused.status_code, codes) == (
            409,
            ["policy_metadata_missing", "policy_no_tests", "policy_own_version"],
        )


def test_a_bound_without_a_test_is_named(people: Policies) -> None:
    text = equal_conditions(2).replace("a1: 1, a2: 1", "a1: 1, a2: 2")
    with clock.frozen(NOW):
        made = people.officer.post("/policy/versions", {"text": text}).json
        assert made["state"] == "draft"
        assert [one["code"] for one in made["open"]] == ["policy_bound_untested"]
        assert "c2" in made["open"][0]["message"]


@pytest.mark.parametrize(
    ("bad", "place"),
    [
        ("expr: '__import__(a1)'", "13:"),
        ("expr: 'a1 ** 2 >= 1'", "13:"),
        ("expr: *again", "13:"),
        ("expr: 'a1 >= 1', expr: 'a1 >= 2'", "13:"),
    ],
)
def test_what_is_no_rule_is_refused_with_line_and_column_and_nothing_is_stored(
    people: Policies, bad: str, place: str
) -> None:
    lines = equal_conditions(2).splitlines()
    number = next(n for n, line in enumerate(lines) if "id: c1" in line)
    lines[number] = lines[number].replace("expr: 'a1 >= 1'", bad)
    with clock.frozen(NOW):
        refused = people.officer.post("/policy/versions", {"text": "\n".join(lines)})
        assert refused.status_code == 422
        assert all(reason["message"].startswith(f"{number + 1}:") for reason in refused.json["reasons"])
        assert people.officer.get("/policy/versions").json["total"] == 0


def test_the_comparison_names_who_wins_and_who_loses(people: Policies) -> None:
    with clock.frozen(NOW):
        people.publish(equal_conditions(10))
        winner, loser, same = (people.firm(code) for code in ("F1", "F2", "F3"))
        people.report(winner, **{f"a{n}": 1 for n in range(1, 9)}, a9=0, a10=0)
        people.report(loser, **{f"a{n}": 1 for n in range(2, 11)}, a1=0)
        people.report(same, **{f"a{n}": 1 for n in range(1, 11)})
        newer = equal_conditions(8, since="2026-10-01", mandatory=1)
        made = people.officer.post("/policy/versions", {"text": newer}).json
        page = people.park.browse("policy").get(f"/policy/versions/{made['id']}/diff").get_data(as_text=True)
        rows = {
            code: row for row in page.split("<tr>") for code in ("F1公司", "F2公司", "F3公司") if code in row
        }
        assert set(rows) == {"F1公司", "F2公司"}
        assert ">得<" in rows["F1公司"] and ">失<" in rows["F2公司"]
