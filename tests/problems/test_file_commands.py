"""`flask problems clocks` and `report` as a person meets them: files in, CSV or JSON out, every problem with its place."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import Result
from flask import Flask

from app import create_app
from tests.conftest import settings_for

WIDER = Path(__file__).resolve().parents[1] / "data" / "wider"
EXPECTED = json.loads((WIDER / "expected.json").read_text("utf-8"))
NOON = ("--at", "2026-09-30T12:00:00+08:00")
Call = Callable[..., Result]
HEADER = "case,class,registered_at,met_at,pauses"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The commands need no database: this one is never made."""
    folder = tmp_path_factory.mktemp("nothing")
    return create_app(settings_for(f"sqlite:///{folder / 'none.db'}", folder))


@pytest.fixture
def call(house: Flask, monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.setenv("PARKLINK_LANG", "en")

    def run(command: str, *arguments: object) -> Result:
        return house.test_cli_runner().invoke(args=["problems", command, *map(str, arguments)])

    return run


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def write(folder: Path, text: str, name: str = "f.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


class TestClocks:
    def test_the_contracts_cases(self, call: Call) -> None:
        result = call("clocks", WIDER / "clocks.csv", "--calendar", WIDER / "calendar-2026.csv", *NOON)
        assert (result.exit_code, result.stderr) == (0, "")
        found = {row["case"]: row for row in rows(result.stdout)}
        assert [found["C1"]["due_at"], found["C1"]["state"]] == EXPECTED["C1"]
        assert found["C1"]["due_on"] == ""
        assert [found["C3"]["due_on"], found["C3"]["state"]] == EXPECTED["C3"]
        assert [found["C5"]["due_on"], int(found["C5"]["paused_days"])] == EXPECTED["C5"]
        assert [found["C8"]["due_on"], found["C8"]["state"], int(found["C8"]["paused_days"])] == EXPECTED[
            "C8"
        ]
        assert (found["C6"]["state"], found["C6"]["due_at"], found["C6"]["due_on"]) == ("paused", "", "")
        assert [found["C2"]["state"], found["C4"]["state"]] == [EXPECTED["C2"], EXPECTED["C4"]]
        assert {row["provisional"] for row in found.values()} == {"false"}

    def test_the_header_adds_to_the_input(self, call: Call) -> None:
        result = call("clocks", WIDER / "clocks.csv", *NOON)
        assert result.stdout.splitlines()[0] == (
            HEADER + ",clock,due_at,due_on,state,late_minutes,paused_days,provisional,extended"
        )

    def test_out_writes_a_file_and_nothing_else(self, call: Call, tmp_path: Path) -> None:
        out = tmp_path / "o.csv"
        result = call("clocks", WIDER / "clocks.csv", *NOON, "--out", out)
        assert (result.exit_code, result.output) == (0, "")
        assert out.read_text("utf-8") == call("clocks", WIDER / "clocks.csv", *NOON).stdout

    def test_a_byte_order_mark_other_columns_and_another_order(self, call: Call, tmp_path: Path) -> None:
        file = tmp_path / "bom.csv"
        text = "note,pauses,met_at,registered_at,class,case\nx,,,2026-09-30T18:30+08:00,immediate,A\n"
        file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
        [row] = rows(call("clocks", file, *NOON).stdout)
        assert (row["case"], row["due_at"], row["state"]) == ("A", "2026-10-01T18:30:00+08:00", "running")
        assert "note" not in row

    def test_a_change_of_class_is_two_rows(self, call: Call, tmp_path: Path) -> None:
        file = write(
            tmp_path,
            f"{HEADER},class_changes,milestone_on\n"
            "A,longterm,2026-09-01T10:00:00+08:00,2026-09-11T14:00:00+08:00,,2026-09-10T15:00:00+08:00=immediate,\n"
            "B,longterm,2026-09-01T10:00:00+08:00,,,,2026-09-15\n",
        )
        first, second, third = rows(call("clocks", file, *NOON).stdout)
        assert (first["class"], first["state"], first["met_at"]) == ("longterm", "cancelled", "")
        assert (second["class"], second["state"], second["extended"]) == ("immediate", "met", "true")
        assert [second["due_at"].replace("T", " "), second["extended"].title()] == EXPECTED["reclassified"]
        assert (third["clock"], third["due_on"], third["state"]) == ("milestone", "2026-09-15", "missed")

    def test_rules_in_working_days_and_hours(self, call: Call, tmp_path: Path) -> None:
        rules = write(
            tmp_path,
            "format: parklink-clocks/1\nprocess: {unit: working_day}\n"
            "immediate: {span: 8, unit: working_hour}\nworking_hours: [['09:00', '12:00'], ['13:00', '17:30']]\n",
            "rules.yaml",
        )
        file = write(
            tmp_path,
            HEADER + "\nA,process,2026-09-22T10:00:00+08:00,,\nB,process,2026-12-25T10:00:00+08:00,,\n"
            "C,immediate,2026-09-30T16:30:00+08:00,,\n",
        )
        first, second, third = rows(call("clocks", file, "--rules", rules, *NOON).stdout)
        assert [first["due_on"], first["provisional"] == "true"] == EXPECTED["C3 working"]
        assert [second["due_on"], second["provisional"] == "true"] == EXPECTED["year not published"]
        assert third["due_at"] == EXPECTED["8 working hours"]

    def test_a_calendar_of_ones_own_is_the_calendar(self, call: Call, tmp_path: Path) -> None:
        rules = write(
            tmp_path, "format: parklink-clocks/1\nprocess: {span: 2, unit: working_day}\n", "r.yaml"
        )
        calendar = write(tmp_path, "day,kind,name\n2026-09-23,holiday,Park day\n", "c.csv")
        file = write(tmp_path, HEADER + "\nA,process,2026-09-22T10:00:00+08:00,,\n")
        [row] = rows(call("clocks", file, "--rules", rules, "--calendar", calendar, *NOON).stdout)
        assert (row["due_on"], row["provisional"]) == ("2026-09-25", "false")
        plain = write(tmp_path, "day,kind,name\n", "d.csv")
        [row] = rows(call("clocks", file, "--rules", rules, "--calendar", plain, *NOON).stdout)
        assert (row["due_on"], row["provisional"]) == ("2026-09-24", "true")

    def test_a_workbook_holds_the_same(self, call: Call, tmp_path: Path) -> None:
        book = openpyxl.Workbook()
        with (WIDER / "clocks.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.reader(file):
                book.active.append(row)
        book.save(tmp_path / "clocks.xlsx")
        result = call("clocks", tmp_path / "clocks.xlsx", *NOON)
        assert result.stdout == call("clocks", WIDER / "clocks.csv", *NOON).stdout

    @pytest.mark.parametrize(
        ("line", "place"),
        [
            ("A,urgent,2026-09-22T10:00:00+08:00,,", "2:class"),
            ("A,process,2026-09-22T10:00:00,,", "2:registered_at"),
            ("A,process,2026-02-30T10:00:00+08:00,,", "2:registered_at"),
            ("A,process,,,", "2:registered_at"),
            (",process,2026-09-22T10:00:00+08:00,,", "2:case"),
            ("A,process,２026-09-22T10:00:00+08:00,,", "2:registered_at"),
            ("A,process,2026-09-22T10:00:00+08:00,2026-09-21T10:00:00+08:00,", "2:met_at"),
            (
                "A,process,2026-09-22T10:00:00+08:00,,2026-09-24T16:00:00+08:00/2026-09-23T16:00:00+08:00",
                "2:pauses",
            ),
            ("A,process,2026-09-22T10:00:00+08:00,,2026-09-24T16:00:00+08:00", "2:pauses"),
            ("A,process,2026-09-22T10:00:00+08:00,,/2026-09-24T16:00:00+08:00", "2:pauses"),
            ("A,process,2026-09-22T10:00:00+08:00,,2026-09-24T16:00:00/", "2:pauses"),
            ("A,process,2026-09-22T10:00:00+08:00,,,2026-09-21T10:00:00+08:00=immediate", "2:class_changes"),
            ("A,process,2026-09-22T10:00:00+08:00,,,2026-09-23T10:00:00+08:00=process", "2:class_changes"),
            ("A,process,2026-09-22T10:00:00+08:00,,,2026-09-23T10:00:00+08:00", "2:class_changes"),
            ("A,process,2026-09-22T10:00:00+08:00,,,,2026-13-01", "2:milestone_on"),
            (
                "A,process,2026-09-22T10:00:00+08:00,,\nA,process,2026-09-22T10:00:00+08:00,,",
                "3:case",
            ),
        ],
    )
    def test_what_is_wrong_is_one_line_and_nothing_is_written(
        self, call: Call, tmp_path: Path, line: str, place: str
    ) -> None:
        file, out = write(tmp_path, f"{HEADER},class_changes,milestone_on\n{line}\n"), tmp_path / "o.csv"
        result = call("clocks", file, *NOON, "--out", out)
        assert (result.exit_code, result.stdout, out.exists()) == (2, "", False)
        [said] = result.stderr.splitlines()
        assert said.startswith(f"{file}:{place}: ")

    def test_every_problem_of_every_file_at_once(self, call: Call, tmp_path: Path) -> None:
        file = write(tmp_path, "case,class,registered_at,pauses\nA,process,2026-09-22T10:00:00+08:00,\n")
        rules = write(
            tmp_path,
            "format: parklink-clocks/2\nprocess: {span: 0, unit: week, colour: red}\nurgent: {}\n"
            "longterm: {report_every_days: true, confirm_roadmap_within: {span: '30'}}\n"
            "working_hours: [['17:00', '09:00']]\n",
            "r.yaml",
        )
        calendar = write(tmp_path, "day,kind\n2026-09-22,feast\n", "c.csv")
        options = ("--rules", rules, "--calendar", calendar, "--at", "yesterday")
        result = call("clocks", file, *options)
        assert result.exit_code == 2
        assert sorted(line.split(": ")[0] for line in result.stderr.splitlines()) == sorted(
            [
                f"{file}:1:met_at",
                f"{calendar}:2:kind",
                "--at:1:at",
                f"{rules}:1:9",
                f"{rules}:2:17",
                f"{rules}:2:26",
                f"{rules}:2:40",
                f"{rules}:3:9",
                f"{rules}:4:31",
                f"{rules}:4:68",
                f"{rules}:5:16",
            ]
        )

    @pytest.mark.parametrize(
        "text",
        [
            "format: parklink-clocks/1\nprocess: {span: 3}\nprocess: {span: 4}\n",
            "format: parklink-clocks/1\nprocess: &a {span: 3}\nimmediate: *a\n",
            "format: parklink-clocks/1\nprocess: [1\n",
            "format: parklink-clocks/1\nprocess: " + "[" * 500 + "]" * 500 + "\n",
            "format: !!python/object:os.system x\n",
            "just text\n",
            "",
            "process: {span: 3}\n",
        ],
    )
    def test_rules_that_are_none(self, call: Call, tmp_path: Path, text: str) -> None:
        rules = write(tmp_path, text, "r.yaml")
        result = call("clocks", WIDER / "clocks.csv", "--rules", rules, *NOON)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(f"{rules}:")

    def test_files_that_are_not_there(self, call: Call, tmp_path: Path) -> None:
        for options in (
            (tmp_path / "no.csv",),
            (WIDER / "clocks.csv", "--rules", tmp_path / "no.yaml"),
            (WIDER / "clocks.csv", "--out", tmp_path / "no" / "o.csv"),
        ):
            result = call("clocks", *options, *NOON)
            assert (result.exit_code, result.stdout) == (2, "")
            assert len(result.stderr.splitlines()) == 1


class TestReport:
    def test_the_hundred_and_twenty_seven(self, call: Call) -> None:
        result = call("report", WIDER / "problems.csv", "--json")
        assert (result.exit_code, result.stderr) == (0, "")
        answer = json.loads(result.stdout)
        immediate, process, longterm = answer["classes"]
        n, counts, shares, _rounded = EXPECTED["127"]
        assert answer["n"] == n
        assert [one["n"] for one in answer["classes"]] == counts
        assert [one["share_percent"] for one in answer["classes"]] == shares
        means = EXPECTED["127 means"]
        assert immediate["first_response_hours"]["mean"] == means[0]
        assert process["plan_days"]["mean"] == means[1]
        assert longterm["resolution_days"]["mean"] == means[2]
        assert round(longterm["resolution_months"], 1) == means[3]
        assert sum(one["late"] for one in answer["classes"]) == EXPECTED["127 late"]
        assert immediate["plan_days"] is None
        assert immediate["confirmed"] is None

    def test_means_medians_worst_and_late_by_hand(self, call: Call, tmp_path: Path) -> None:
        file = write(
            tmp_path,
            "problem,class,registered_at,responded_at,planned_at,resolved_at,confirmed_by,reopened\n"
            "A,immediate,2026-03-02T10:00:00+08:00,2026-03-02T11:00:00+08:00,,2026-03-03T10:00:00+08:00,firm,2\n"
            "B,immediate,2026-03-02T10:00:00+08:00,2026-03-02T12:00:00+08:00,,,silence,\n"
            "C,immediate,2026-03-02T10:00:00+08:00,2026-03-03T10:00:01+08:00,,,,1\n"
            "D,immediate,2026-03-02T10:00:00+08:00,,,,,\n"
            "E,process,2026-03-02T10:00:00+08:00,,2026-03-18T00:00:00+08:00,,,\n",
        )
        answer = json.loads(call("report", file, "--json", "--at", "2026-03-02T12:00:00+08:00").stdout)
        immediate, process, longterm = answer["classes"]
        assert immediate["first_response_hours"] == {
            "mean": pytest.approx((1 + 2 + 24 + 1 / 3600) / 3),
            "median": 2.0,
            "worst": pytest.approx(24 + 1 / 3600),
            "n": 3,
        }
        assert (immediate["late"], process["late"], longterm["late"]) == (1, 1, 0)
        assert (immediate["confirmed"], immediate["reopened"]) == ({"firm": 1, "silence": 1}, 3)
        # The file has both columns: nobody told of a reopening, and no class is unknown for it.
        assert [(one["confirmed"], one["reopened"]) for one in (process, longterm)] == [
            ({"firm": 0, "silence": 0}, 0)
        ] * 2
        assert immediate["resolution_months"] == pytest.approx(12 / 365)
        assert (longterm["n"], longterm["share_percent"], longterm["resolution_days"]) == (0, 0.0, None)
        later = json.loads(call("report", file, "--json", "--at", "2026-03-09T12:00:00+08:00").stdout)
        assert later["classes"][0]["late"] == 2  # D was never answered

    def test_what_no_column_tells_is_unknown(self, call: Call, tmp_path: Path) -> None:
        file = write(tmp_path, "problem,class,registered_at\nA,immediate,2026-03-02T10:00:00+08:00\n")
        immediate = json.loads(call("report", file, "--json").stdout)["classes"][0]
        assert immediate["late"] is None
        assert immediate["first_response_hours"] is None
        assert immediate["reopened"] is None

    def test_text_shows_no_mean_without_median_and_n(self, call: Call) -> None:
        lines = call("report", WIDER / "problems.csv").stdout.splitlines()
        assert lines[0] == "Immediate: 76 problems, 59.8 %, 0 late"
        assert lines[1] == "  First response (hours)  mean 12.0, median 12.0, worst 14.0 (n = 76)"

    @pytest.mark.parametrize(
        ("line", "place"),
        [
            ("A,immediate,2026-03-02T10:00:00+08:00,,2026-03-02T09:59:59+08:00,,", "2:resolved_at"),
            ("A,immediate,2026-03-02T10:00:00+08:00,,,neighbour,", "2:confirmed_by"),
            ("A,immediate,2026-03-02T10:00:00+08:00,,,,²", "2:reopened"),
            ("A,immediate,2026-03-02T10:00:00+08:00,,,,-1", "2:reopened"),
            ("A,immediate,2026-03-02T10:00:00+08:00,2026-03-02,,,", "2:responded_at"),
        ],
    )
    def test_what_is_wrong(self, call: Call, tmp_path: Path, line: str, place: str) -> None:
        header = "problem,class,registered_at,responded_at,resolved_at,confirmed_by,reopened"
        file = write(tmp_path, f"{header}\n{line}\n")
        result = call("report", file, "--json")
        assert (result.exit_code, result.stdout) == (2, "")
        [said] = result.stderr.splitlines()
        assert said.startswith(f"{file}:{place}: ")
