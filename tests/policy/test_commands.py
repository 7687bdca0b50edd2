"""`flask policy …`: the contract's example files, other files, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel

from app.hall.text import language
from app.policy.cli import policy_group
from app.policy.room import ROOM

WIDER = Path(__file__).resolve().parent.parent / "data" / "wider"
POLICIES, FACTS = WIDER / "policies", WIDER / "facts.csv"
EXPECTED = json.loads((WIDER / "expected.json").read_text("utf-8"))
RULE = """\
format: parklink-policy/1
id: {id}
valid: {{from: {since}, to: {until}}}
facts: [staff, industry]
parameters:
  least: {{2026-01-01: 10, 2027-01-01: 20}}
conditions:
  - {{id: size, weight: {weight}, expr: staff >= p.least}}
  - {{id: trade, weight: 1, mandatory: true, expr: 'industry in ["bio", "chip"]'}}
"""


@pytest.fixture(scope="module")
def app() -> Flask:
    """Only the commands: they need neither the house nor a database."""
    app = Flask("policy")
    Babel(app, default_locale="zh")
    language.add_messages(ROOM.messages)
    app.cli.add_command(policy_group)
    return app


def run(app: Flask, *words: str) -> tuple[int, str, list[str]]:
    answer = app.test_cli_runner().invoke(args=["policy", *words])
    return answer.exit_code, answer.stdout, answer.stderr.splitlines()


def rule(folder: Path, name: str, **values: object) -> Path:
    words = {"id": "size", "since": "2026-01-01", "until": "null", "weight": 1} | values
    path = folder / name
    path.write_text(RULE.format(**words), "utf-8")
    return path


def table(folder: Path, *rows: str) -> Path:
    path = folder / "facts.csv"
    path.write_text("\n".join(("enterprise,fact,period,value,source", *rows, "")), "utf-8")
    return path


def match(app: Flask, policies: Path, facts: Path, month: str, day: str) -> list[dict[str, object]]:
    words = ("--policies", str(policies), "--facts", str(facts), "--month", month, "--as-of", day, "--json")
    code, out, err = run(app, "match", *words)
    assert (code, err) == (0, [])
    return json.loads(out)["items"]  # type: ignore[no-any-return]


def test_the_tests_inside_the_example_pass(app: Flask) -> None:
    code, out, err = run(app, "test", str(POLICIES), "--json")
    answer = json.loads(out)["tests"]
    assert (code, err) == (0, [])
    assert [test["passed"] for test in answer] == EXPECTED["policy tests"]
    assert answer[2]["expected"] == {"fit": 70, "push": False, "state": "ask", "ask": ["ip"]}
    assert answer[2]["got"]["unknown"] == ["ip"] and answer[2]["policy"] == "hi-tech-coaching"


def test_a_test_that_fails_ends_with_one(app: Flask, tmp_path: Path) -> None:
    text = (POLICIES / "hi-tech-coaching.yaml").read_text("utf-8")
    (tmp_path / "p.yaml").write_text(text.replace("fit: 70.0", "fit: 70.1"), "utf-8")
    code, out, _err = run(app, "test", str(tmp_path / "p.yaml"))
    assert code == 1
    assert [line[0] for line in out.splitlines()[:4]] == ["✓", "✓", "✗", "✓"]


def test_the_five_firms_of_the_example(app: Flask) -> None:
    items = match(app, POLICIES, FACTS, "2026-09", "2026-10-20")
    found = {i["enterprise"]: [i["fit_percent"], i["possible_percent"], i["state"], i["ask"]] for i in items}
    assert found == EXPECTED["streaks"]
    assert {i["version"] for i in items} == {"2026-01-01"}
    assert items[0]["parameters"] == {"rd_ratio_min": 0.15, "months_min": 12}


def test_the_missing_month_is_named_and_so_is_every_source(app: Flask) -> None:
    items = match(app, POLICIES, FACTS, "2026-09", "2026-10-20")
    conditions = {i["enterprise"]: {c["id"]: c for c in i["conditions"]} for i in items}  # type: ignore[attr-defined]
    assert conditions["D"]["rd3m"]["missing"] == [{"fact": "rd_ratio", "period": "2026-08"}]
    assert conditions["E"]["rd3m"]["missing"] == [{"fact": "rd_ratio", "period": "2026-09"}]
    assert conditions["E"]["ip"]["missing"] == [{"fact": "patents_granted", "period": None}]
    assert conditions["E"]["ip"]["gap"] is None and conditions["C"]["ip"]["gap"] == 1
    assert conditions["B"]["rd3m"]["uses"] == [
        {"fact": "rd_ratio", "period": "2026-09", "value": 0.16, "source": "monthly_report"},
        {"fact": "rd_ratio", "period": "2026-08", "value": 0.15, "source": "monthly_report"},
    ]
    assert conditions["A"]["age"]["uses"] == [
        {"fact": "registered_on", "period": None, "value": "2024-02-15", "source": "identity"}
    ]


def test_before_the_first_day_of_a_parameter_its_conditions_are_unknown(app: Flask, tmp_path: Path) -> None:
    rule(tmp_path, "p.yaml", since="2020-01-01")
    facts = table(tmp_path, "A,staff,,15,x", "A,industry,,bio,x")
    (item,) = match(app, tmp_path, facts, "2025-11", "2025-12-31")
    assert (item["fit_percent"], item["possible_percent"], item["state"]) == (50.0, 100.0, "ask")
    assert item["conditions"][0]["missing"] == []  # type: ignore[index]
    assert item["parameters"] == {"least": None}
    (item,) = match(app, tmp_path, facts, "2025-11", "2027-01-01")
    assert (item["fit_percent"], item["state"]) == (50.0, "no")


def test_the_latest_version_not_after_the_day_counts_and_none_after_its_end(
    app: Flask, tmp_path: Path
) -> None:
    rule(tmp_path, "a.yaml", since="2026-01-01", until="2026-12-31")
    rule(tmp_path, "b.yaml", since="2026-03-01", until="2026-06-30", weight=2)
    facts = table(tmp_path, "A,staff,,15,x", "B,staff,,5,")

    def versions(day: str) -> list[object]:
        return [item["version"] for item in match(app, tmp_path, facts, "2026-01", day)]

    assert versions("2025-12-31") == []
    assert versions("2026-02-28") == ["2026-01-01"] * 2
    assert versions("2026-03-01") == versions("2026-06-30") == ["2026-03-01"] * 2
    assert versions("2026-07-01") == []


def test_two_files_of_one_version_are_refused(app: Flask, tmp_path: Path) -> None:
    rule(tmp_path, "a.yaml")
    rule(tmp_path, "b.yaml")
    facts = table(tmp_path, "A,staff,,15,x")
    code, out, err = run(
        app, "match", "--policies", str(tmp_path), "--facts", str(facts), "--month", "2026-01"
    )
    assert (code, out, len(err)) == (2, "", 1)
    assert err[0].startswith(f"{tmp_path / 'b.yaml'}:3:15: ")


@pytest.mark.parametrize(
    ("row", "place"),
    [
        ("A,staff,,16,y", "3:period"),
        ("A,staff,2026-13,16,y", "3:period"),
        ("A,staff,2026-1,16,y", "3:period"),
        ("B,staff,,many,y", "3:value"),
        ("B,staff,,²,y", "3:value"),
        ("B,staff,,NaN,y", "3:value"),
        ("B,staff,," + "9" * 150 + ",y", "3:value"),
        ("B,other,,-inf,y", "3:value"),
        ("B,rd_ratio,2026-01,-0.1,y", "3:value"),
        (",staff,,1,y", "3:enterprise"),
        ("B,,,1,y", "3:fact"),
    ],
)
def test_facts_that_are_none_are_refused_with_their_place(
    row: str, place: str, app: Flask, tmp_path: Path
) -> None:
    rule(tmp_path, "a.yaml")
    facts = table(tmp_path, "A,staff,,15,x", row)
    code, out, err = run(
        app, "match", "--policies", str(tmp_path), "--facts", str(facts), "--month", "2026-01"
    )
    assert (code, out, len(err)) == (2, "", 1)
    assert err[0].startswith(f"{facts}:{place}: ")


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "202609", "2026-9", "٢٠٢٦-٠٩", ""])
def test_a_month_that_is_none_is_refused(month: str, app: Flask, tmp_path: Path) -> None:
    code, out, err = run(
        app, "match", "--policies", str(POLICIES), "--facts", str(FACTS), "--month", month, "--as-of", "x"
    )
    assert (code, out, len(err)) == (2, "", 2)


def test_a_blank_value_is_not_known_and_the_firm_is_there(app: Flask, tmp_path: Path) -> None:
    rule(tmp_path, "a.yaml")
    facts = table(tmp_path, "A,staff,,,x", "A,industry,,chip,x")
    (item,) = match(app, tmp_path, facts, "2026-01", "2026-02-01")
    assert (item["fit_percent"], item["state"], item["ask"]) == (50.0, "ask", ["size"])


def test_another_ratio_than_that_of_research_may_be_below_zero(app: Flask, tmp_path: Path) -> None:
    rule(tmp_path, "a.yaml")
    facts = table(tmp_path, "A,staff,,15,x", "A,industry,,chip,x", "A,margin_ratio,2026-01,-0.1,x")
    (item,) = match(app, tmp_path, facts, "2026-01", "2026-02-01")
    assert item["state"] == "push"


def test_a_missing_folder_and_an_empty_one_are_wrong_input(app: Flask, tmp_path: Path) -> None:
    assert run(app, "test", str(tmp_path / "none"))[0] == 2
    assert run(app, "test", str(tmp_path))[0] == 2


def test_diff_names_who_wins_and_who_loses(app: Flask, tmp_path: Path) -> None:
    old = rule(tmp_path, "a.yaml")
    new = rule(tmp_path, "b.yaml", since="2026-06-01", weight=3)
    new.write_text(new.read_text("utf-8").replace("10, 2027", "13, 2027"), "utf-8")
    facts = table(
        tmp_path,
        *("A,staff,,12,x", "A,industry,,chip,x", "B,staff,,13,x", "B,industry,,chip,x"),
        *("C,staff,,5,x", "C,industry,,chip,x", "D,staff,,12,x", "D,industry,,food,x"),
    )
    words = ("diff", str(old), str(new), "--facts", str(facts), "--month", "2026-06", "--as-of", "2026-07-01")
    code, out, err = run(app, *words)
    assert (code, err) == (0, [])
    assert out.splitlines() == [
        "enterprise,old_state,new_state,old_fit_percent,new_fit_percent,conditions",
        "A,push,no,100.0,25.0,size",
        "C,no,no,50.0,25.0,",
    ]
    answer = json.loads(run(app, *words, "--json")[1])["changes"]
    assert [(row["enterprise"], row["conditions"]) for row in answer] == [("A", ["size"]), ("C", [])]


def test_defaults_are_the_last_finished_month_and_today(app: Flask, tmp_path: Path) -> None:
    rule(tmp_path, "a.yaml", since="1990-01-01")
    code, out, err = run(app, "match", "--policies", str(tmp_path), "--facts", str(FACTS))
    assert (code, err, len(out.splitlines())) == (0, [], 6)
