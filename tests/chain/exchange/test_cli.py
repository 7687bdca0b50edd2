"""The file commands: stories 1–3 by hand, and every kind of broken folder."""

from __future__ import annotations

import csv
import json
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest
from flask import Flask
from flask.cli import ScriptInfo

from app import create_app
from app.chain.exchange.reading import read_chain
from tests.chain.folders import COEFFICIENTS, FIRMS, HEADERS, battery, write
from tests.conftest import settings_for


@pytest.fixture(scope="module")
def fileapp(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    folder = tmp_path_factory.mktemp("instance")
    return create_app(settings_for("sqlite:////nonexistent/never-opened.db", folder))


@pytest.fixture
def run(fileapp: Flask, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PARKLINK_LANG", "zh")

    def call(*arguments: object):
        runner = fileapp.test_cli_runner()
        return runner.invoke(args=["chain", *map(str, arguments)], obj=ScriptInfo(create_app=lambda: fileapp))

    return call


def segments(answer: dict) -> dict[str, dict]:
    return {row["segment"]: row for row in answer["segments"]}


def test_story_1_cathode_is_the_weak_link(run, tmp_path: Path) -> None:
    result = run("assess", battery(tmp_path / "park"), "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    found = segments(answer)
    gaps = {code: row["shortfall_wan"] for code, row in found.items() if row["shortfall_wan"]}
    # 0.4·30000−1800; 0.55·1800; 0.12·30000−3000 twice; 0.25·1800; 0.08·30000−2000
    assert gaps == {
        "cathode": 10200.0,
        "precursor": 990.0,
        "anode": 600.0,
        "electrolyte": 600.0,
        "lithium_salt": 450.0,
        "separator": 400.0,
    }
    assert answer["total_shortfall_wan"] == 13240.0
    assert answer["loops"] == []
    ranks = sorted((row["rank"], code) for code, row in found.items() if row["rank"])
    assert [code for _rank, code in ranks] == [
        "cathode",
        "precursor",
        "anode",
        "electrolyte",
        "lithium_salt",
        "separator",
    ]
    cathode = found["cathode"]
    assert cathode["coverage_ratio"] == 0.15
    assert cathode["labels"] == ["single_source", "external"]
    text = "".join(cathode["reasons"])
    assert all(word in text for word in ("白鹭正极", "1,800", "12,000", "77.0 %", "15.0 %"))
    assert found["precursor"]["coverage_ratio"] == 0.0
    assert found["precursor"]["labels"] == ["missing"]
    assert found["storage"]["coverage_ratio"] is None
    assert found["casing"]["labels"] == ["strong"]
    # 1800 and 1200 of 3000: 0.36 + 0.16
    assert found["anode"]["hhi"] == pytest.approx(0.52)
    assert found["anode"]["labels"] == ["concentrated"]
    assert found["electrolyte"]["labels"] == []  # two equal firms are two effective suppliers
    # story 3
    assert found["thermal"]["labels"] == ["single_source"]
    assert found["thermal"]["shortfall_wan"] == 0.0
    assert found["thermal"]["coverage_ratio"] == 1.0


def test_story_2_filling_it_moves_it(run, tmp_path: Path) -> None:
    park = battery(tmp_path / "park")
    two = [("P01", "皓沙正极", "cathode", 4000, "yes"), ("P02", "屿光正极", "cathode", 4000, "yes")]
    answer = json.loads(run("assess", park, "--add", write(tmp_path / "two", positions=two), "--json").stdout)
    assert answer["before"]["total_shortfall_wan"] == 13240.0
    after = segments(answer["after"])
    assert after["cathode"]["coverage_ratio"] == pytest.approx(9800 / 12000)
    assert after["precursor"]["rank"] == 1
    assert after["precursor"]["shortfall_wan"] == 5390.0
    recycler = [*two, ("P03", "循岛", "precursor", 3000, ""), ("P03", "循岛", "lithium_salt", 800, "")]
    recycler.append(("P03", "循岛", "recycling", 3800, ""))
    more = write(
        tmp_path / "three",
        positions=recycler,
        segments=[("recycling", "回收", "Recycling", "")],
        inputs=[
            ("storage", "recycling", 0.3),
            ("recycling", "precursor", 1),
            ("recycling", "lithium_salt", 1),
        ],
    )
    result = run("assess", park, "--add", more, "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert answer["after"]["total_shortfall_wan"] == 7840.0
    (loop,) = answer["after"]["loops"]
    assert sorted(loop) == ["cathode", "cell", "lithium_salt", "pack", "precursor", "recycling", "storage"]
    change = {row["segment"]: row for row in answer["changes"]}
    assert change["cathode"]["shortfall_wan"] == -8000.0
    assert run("assess", park, "--add", more).exit_code == 0


def test_a_firm_that_is_there_already_expands(run, tmp_path: Path) -> None:
    """白鹭正极 makes 1,800 of the 12,000; with 4,200 more it is still the only one, at half."""
    more = write(tmp_path / "more", positions=[("E04", "白鹭正极", "cathode", 4200, "yes")])
    answer = json.loads(run("assess", battery(tmp_path / "park"), "--add", more, "--json").stdout)
    cathode = segments(answer["after"])["cathode"]
    assert (cathode["supply_wan"], cathode["shortfall_wan"]) == (6000.0, 6000.0)
    assert (cathode["enterprises"], cathode["hhi"]) == (["E04"], 1.0)
    assert cathode["labels"] == ["single_source"]


@pytest.mark.parametrize("factor", [0.1, 3.7, 1e-9, 1 / 3, 12345.678, 1e9])
def test_unit_and_row_order_change_nothing(run, tmp_path: Path, factor: float) -> None:
    supply = [("E04", "E01", "cathode", 900), ("E05", "E01", "anode", 5), ("E06", "E01", "anode", 5)]
    plain = json.loads(run("assess", battery(tmp_path / "a", supply=supply), "--json").stdout)
    scaled = battery(
        tmp_path / "b", factor, reverse=True, supply=[(*r[:3], r[3] * factor) for r in supply][::-1]
    )
    other = segments(json.loads(run("assess", scaled, "--json").stdout))
    for code, row in segments(plain).items():
        for same in ("rank", "labels", "enterprises"):
            assert other[code][same] == row[same], code
        assert (other[code]["coverage_ratio"] or 0) == pytest.approx(row["coverage_ratio"] or 0, rel=1e-12)
        assert (other[code]["hhi"] or 0) == pytest.approx(row["hhi"] or 0, rel=1e-12)


def test_reversed_rows_give_the_same_bytes(run, tmp_path: Path) -> None:
    supply = [("E04", "E01", "cathode", 900.1), ("E01", "E03", "cell", 0.7), ("E03", "X", "pack", 3)]
    for command in (("assess",), ("assess", "--by", "halt"), ("knock-out",), ("risk",)):
        one = run(command[0], battery(tmp_path / "a", supply=supply), "--json", *command[1:])
        two = run(
            command[0], battery(tmp_path / "b", reverse=True, supply=supply[::-1]), "--json", *command[1:]
        )
        assert one.exit_code == 0, one.output
        assert one.stdout == two.stdout, command


def test_by_halt_ranks_what_stops_most(run, tmp_path: Path) -> None:
    supply = [("E16", "E03", "thermal", 10), ("E03", "E02", "pack", 10), ("E04", "E01", "cathode", 10)]
    answer = json.loads(run("assess", battery(tmp_path, supply=supply), "--by", "halt", "--json").stdout)
    found = segments(answer)
    # thermal stops pack (20000) and storage (15000); cathode stops cell; pack stops storage
    assert {c: r["halted_output_wan"] for c, r in found.items() if r["halted_output_wan"]} == {
        "thermal": 35000.0,
        "cathode": 30000.0,
        "pack": 15000.0,
    }
    assert [(r["rank"], c) for c, r in found.items() if r["rank"]] == [
        (1, "thermal"),
        (2, "cathode"),
        (3, "pack"),
    ]


def write_book(path: Path, change=lambda book: None, **more) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    rows = {
        "segments": [(code, code, code, None) for code in sorted({c for r in COEFFICIENTS for c in r[:2]})],
        "inputs": COEFFICIENTS,
        "positions": [(f, n, s, o, True) for f, n, s, o in FIRMS],
        "notes": [("extra sheets are nobody's business",)],
    }
    for name, lines in rows.items():
        sheet = book.create_sheet(name)
        sheet.append(HEADERS.get(name, ("note",)))
        for line in lines:
            sheet.append(line)
    change(book)
    book.save(path)
    return path


def test_a_workbook_says_the_same_as_the_folder(run, tmp_path: Path) -> None:
    book = run("assess", write_book(tmp_path / "park.xlsx"), "--json")
    assert book.exit_code == 0, book.output
    assert book.stdout == run("assess", battery(tmp_path / "park"), "--json").stdout


def break_book(kind: str):
    def change(book) -> None:
        sheet = book["positions"]
        if kind == "formula":
            sheet["D3"] = "=D2*2"
        elif kind == "merged":
            sheet.merge_cells("A5:A6")
        elif kind == "text":
            sheet["D4"] = "很多"
        elif kind == "date":
            import datetime

            sheet["D4"] = datetime.date(2026, 1, 1)
        elif kind == "sheet":
            del book["inputs"]

    return change


@pytest.mark.parametrize(
    ("kind", "line"),
    [
        ("formula", "park.xlsx#positions:3:output_wan: "),
        ("merged", "park.xlsx#positions:5:#1: "),
        ("text", "park.xlsx#positions:4:output_wan: "),
        ("date", "park.xlsx#positions:4:output_wan: "),
        ("sheet", "park.xlsx#inputs:1:input: "),
    ],
)
def test_a_broken_workbook_is_named(run, tmp_path: Path, kind: str, line: str) -> None:
    result = run("assess", write_book(tmp_path / "park.xlsx", break_book(kind)))
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(line)


def test_bombs_and_wrecks_are_refused(run, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/sharedStrings.xml", b" " * (200 * 1024 * 1024))
    (tmp_path / "text.xlsx").write_text("not a workbook")
    (tmp_path / "empty.xlsx").write_bytes(b"")
    for name in ("bomb", "text", "empty", "missing"):
        result = run("assess", tmp_path / f"{name}.xlsx")
        assert result.exit_code == 2, name
        assert len(result.stderr.splitlines()) == 1
        assert "Traceback" not in result.stderr


def replaced(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    path.write_bytes(path.read_bytes().replace(old.encode(), new.encode(), 1))


BROKEN = {
    "missing column": ("positions.csv", "output_wan", "output", "positions.csv:1:output_wan: "),
    "text for number": ("positions.csv", "30000", "许多", "positions.csv:2:output_wan: "),
    "nan": ("positions.csv", "30000", "NaN", "positions.csv:2:output_wan: "),
    "infinite": ("positions.csv", "30000", "inf", "positions.csv:2:output_wan: "),
    "overflow": ("positions.csv", "30000", "1e999", "positions.csv:2:output_wan: "),
    "negative": ("positions.csv", "30000", "-5", "positions.csv:2:output_wan: "),
    "underscore": ("positions.csv", "30000", "3_000", "positions.csv:2:output_wan: "),
    "full-width digits": ("positions.csv", "30000", "３００", "positions.csv:2:output_wan: "),
    "empty number": ("positions.csv", "30000", "", "positions.csv:2:output_wan: "),
    "unknown segment": ("positions.csv", "cell", "cel", "positions.csv:2:segment: "),
    "unknown input": ("inputs.csv", "lithium_salt", "salt", "inputs.csv:3:input: "),
    "duplicate": ("positions.csv", "E06,滩涂负极", "E05,滩涂负极", "positions.csv:7:segment: "),
    "duplicate segment": ("segments.csv", "bms,bms", "anode,bms", "segments.csv:3:segment: "),
    "in_park": ("positions.csv", "yes", "perhaps", "positions.csv:2:in_park: "),
    "extra cell": ("positions.csv", "30000,yes", "30,000,yes", "positions.csv:2:#6: "),
    "quote": ("positions.csv", "E02", '"E02', "positions.csv:3:enterprise: "),
    "stage": ("segments.csv", "anode,anode,anode,", "anode,anode,anode,first", "segments.csv:2:stage: "),
    "blank code": ("positions.csv", "E02", " ", "positions.csv:3:enterprise: "),
    "control": ("positions.csv", "潮汐储能", "潮汐\x07", "positions.csv:3:name: "),
    "no column twice": ("positions.csv", "in_park", "name", "positions.csv:1:name: "),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_folder_gets_one_line_per_problem(run, tmp_path: Path, case: str) -> None:
    file, old, new, line = BROKEN[case]
    park = battery(tmp_path / "park")
    replaced(park, file, old, new)
    result = run("assess", park, "--json")
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    assert lines[0].startswith(line), lines
    assert len(lines[0]) > len(line)


def test_all_problems_are_named_at_once(run, tmp_path: Path) -> None:
    park = battery(tmp_path / "park")
    replaced(park, "positions.csv", "30000", "x")
    replaced(park, "positions.csv", "thermal", "heat")
    replaced(park, "inputs.csv", "0.55", "")
    lines = run("assess", park).stderr.splitlines()
    places = [line.split(" ")[0] for line in lines]
    assert places == ["inputs.csv:2:coefficient:", "positions.csv:2:output_wan:", "positions.csv:17:segment:"]


def test_encodings(run, tmp_path: Path) -> None:
    park = battery(tmp_path / "park")
    path = park / "positions.csv"
    text = path.read_text(encoding="utf-8")
    good = run("assess", park, "--json").stdout
    for fine in (
        text.encode("utf-8-sig"),
        text.replace("\n", "\r\n").encode(),
        text.replace("\n", "\r").encode(),
    ):
        path.write_bytes(fine)
        result = run("assess", park, "--json")
        assert result.exit_code == 0, result.stderr
        assert result.stdout == good
    for wrong in (text.encode("gbk"), text.encode("utf-16"), b"", b"\n\n"):
        path.write_bytes(wrong)
        result = run("assess", park)
        assert result.exit_code == 2
        assert len(result.stderr.splitlines()) == 1, result.stderr
        assert result.stderr.startswith("positions.csv:")


@pytest.mark.parametrize("quoted", [False, True])
def test_a_cell_of_50_mb_is_refused_without_eating_memory(run, tmp_path: Path, quoted: bool) -> None:
    park = battery(tmp_path / "park")
    huge = b"x" * (50 * 1024 * 1024)
    cell = b'"' + huge[:-1].replace(b"x" * 1024, b"x" * 1023 + b"\n") + b'"' if quoted else huge
    path = park / "positions.csv"
    path.write_bytes(path.read_bytes().replace("潮汐储能".encode(), cell, 1))
    del huge, cell
    tracemalloc.start()
    reading = read_chain(park, ("positions",))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * 1024 * 1024
    assert (reading.problems[0].line, reading.problems[0].column) == (3, "name")
    result = run("assess", park)
    assert result.exit_code == 2
    assert result.stderr.startswith("positions.csv:3:name: ")


def test_missing_places(run, tmp_path: Path) -> None:
    assert run("assess", tmp_path / "nowhere").exit_code == 2
    result = run("assess", write(tmp_path / "park", segments=[("a", "", "", "")]))
    assert result.exit_code == 2
    assert [line.split(" ")[0] for line in result.stderr.splitlines()] == [
        "inputs.csv:1:input:",
        "positions.csv:1:enterprise:",
    ]


def test_out_is_written_only_on_success(run, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    out.write_text("before")
    bad = write(tmp_path / "bad", supply=[("A", "B", "x", "?")])
    assert run("knock-out", bad, "--out", out).exit_code == 2
    assert out.read_text() == "before"
    good = write(tmp_path / "good", supply=[("A", "B", "x", 4), ("B", "C", "y", 3)])
    assert run("knock-out", good, "--out", out).exit_code == 0
    with out.open() as file:
        rows = list(csv.DictReader(file))
    # without positions a firm's output is its sales: B sells 3
    assert rows == [
        {"enterprise": "A", "stopped": "2", "halted_output_wan": "3", "depth": "2"},
        {"enterprise": "B", "stopped": "1", "halted_output_wan": "0", "depth": "1"},
        {"enterprise": "C", "stopped": "0", "halted_output_wan": "0", "depth": "0"},
    ]
    assert run("knock-out", good, "--out", tmp_path / "no" / "x.csv").exit_code == 2
    assert run("risk", good, "--out", out).exit_code == 2  # risk needs positions.csv
    one = json.loads(run("knock-out", good, "--firm", "A", "--json").stdout)
    assert [(row["enterprise"], row["path"]) for row in one["firms"]] == [
        ("B", ["A", "B"]),
        ("C", ["A", "B", "C"]),
    ]
    assert run("knock-out", good, "--firm", "Z").exit_code == 2


def test_english(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARKLINK_LANG", "en")
    park = battery(tmp_path / "park")
    assert "Shortfall" in run("assess", park).stdout
    replaced(park, "positions.csv", "30000", "many")
    assert "is not a number" in run("assess", park).stderr
