"""`flask insight …` as a person meets it: the contract's example folder, and every problem with its place."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import pytest
from openpyxl import Workbook

from app.insight.cli import assess_command, forecast_command, themes_command
from app.insight.reading import read_series
from tests.commands import run

WIDER = Path(__file__).parents[1] / "data" / "wider"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("dimensions", "responses", "mentions"):
        shutil.copy(WIDER / f"{name}.csv", tmp_path)
    return tmp_path


def test_assess(folder: Path) -> None:
    result = run(assess_command, [folder, "--json"])
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    small = next(s for s in found["series"] if (s["dimension"], s["layer"]) == ("finance", "small_micro"))
    assert [(m["month"], m["n"], m["score"]) for m in small["months"] if m["n"]] == [
        ("2026-06", 20, 80.0),
        ("2026-07", 20, 74.0),
        ("2026-08", 20, 68.0),
        ("2026-09", 20, 85.0),
    ]
    alerts = {(a["dimension"], a["layer"], a["month"]): a for a in found["alerts"]}
    june, july, august, september = (alerts["finance", "small_micro", f"2026-0{m}"] for m in (6, 7, 8, 9))
    assert (june["state"], june["reasons"]) == ("unknown", ["2026-05:missing", "2026-04:missing"])
    assert (july["state"], july["reasons"]) == ("unknown", ["2026-05:missing"])
    assert (august["state"], august["level"], september["state"], september["level"]) == (
        "firing",
        80.0,
        "resolved",
        80.0,
    )
    assert [august[k] for k in ("points", "relative_percent", "last_points", "last_relative_percent")] == [
        -12,
        -15,
        -6,
        -8.1,
    ]
    assert august["paired"] == {"n": 20, "mean_change": -6.0, "same_direction": True}
    assert august["themes"][0] == {"theme": "no_reply", "firms": 14, "of": 20}
    large = alerts["finance", "large", "2026-08"]
    assert (large["state"], large["reasons"]) == ("unknown", ["2026-08:few", "2026-07:few", "2026-06:few"])
    warned = [row for row in found["leading"] if row["state"] == "warning"]
    assert [
        (w["theme"], w["month"], w["score_before"], w["score"], w["share_before"], w["share"]) for w in warned
    ] == [("senior_hard", "2026-06", 83.0, 80.0, [5, 25], [7, 20])]
    split = [row for row in found["mix"] if row["month"] == "2026-03"]
    assert [(row["change"], row["within"], row["mix"]) for row in split] == [(10.0, -2.0, 12.0)]


def test_assess_of_one_month_knows_the_earlier_ones(folder: Path) -> None:
    found = json.loads(run(assess_command, [folder, "--month", "2026-08", "--json"]).stdout)
    months = {m["month"] for s in found["series"] for m in s["months"]}
    months |= {
        row["month"] for key in ("alerts", "leading", "index", "mix", "outliers") for row in found[key]
    }
    assert months == {"2026-08"}
    assert "firing" in {row["state"] for row in found["alerts"]}


@pytest.mark.parametrize(
    ("file", "old", "new", "place"),
    [
        (
            "responses",
            "2026-06,S01,small_micro,finance,70",
            "2026-13,S01,small_micro,finance,70",
            ":2:month: ",
        ),
        (
            "responses",
            "2026-06,S01,small_micro,finance,70",
            "2026-06,S01,small_micro,finance,100.1",
            ":2:score: ",
        ),
        (
            "responses",
            "2026-06,S01,small_micro,finance,70",
            "2026-06,S01,small_micro,money,70",
            ":2:dimension: ",
        ),
        ("responses", "2026-06,S02,small_micro", "2026-06,S01,large", ":3:layer: "),
        ("dimensions", ",200,", ",201,", ":9:weight_permille: "),
        ("mentions", "2026-08,S01,finance", "2026-08,S01,money", ":2:dimension: "),
    ],
)
def test_assess_names_the_place(folder: Path, file: str, old: str, new: str, place: str) -> None:
    path = folder / f"{file}.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    result = run(assess_command, [folder, "--json"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"{path}{place}")


def test_a_row_says_all_that_is_wrong_with_it(folder: Path) -> None:
    path = folder / "responses.csv"
    path.write_text("month,enterprise,layer,dimension,score\n2026-13,E1,small,no_such,-1\n", encoding="utf-8")
    said = folder / "mentions.csv"
    said.write_text("month,enterprise,dimension,theme\n2026-08,E1,no_such,\n", encoding="utf-8")
    result = run(assess_command, [folder, "--json"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert [line.split(": ")[0] for line in result.stderr.splitlines()] == [
        f"{path}:2:month",
        f"{path}:2:dimension",
        f"{path}:2:score",
        f"{said}:2:dimension",
        f"{said}:2:theme",
    ]


@pytest.mark.parametrize("names", [("dimensions", "responses", "mentions"), ("dimensions", "responses")])
def test_a_workbook_is_a_folder(folder: Path, tmp_path: Path, names: tuple[str, ...]) -> None:
    book = Workbook()
    book.remove(book.active)
    for name in names:
        sheet = book.create_sheet(name)
        with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                sheet.append([float(cell) if cell.isdecimal() else cell for cell in row])
    book.save(tmp_path / "park.xlsx")
    if "mentions" not in names:
        (folder / "mentions.csv").unlink()
    whole = run(assess_command, [tmp_path / "park.xlsx", "--json"])
    assert (whole.exit_code, whole.stderr) == (0, "")
    assert whole.stdout == run(assess_command, [folder, "--json"]).stdout


def test_a_dimension_without_weight_makes_no_index_partial(tmp_path: Path) -> None:
    (tmp_path / "dimensions.csv").write_text(
        "dimension,name_zh,weight_permille,target,red_below\nwatched,观察,0,75,60\npolicy,政策,1000,75,60\n",
        encoding="utf-8",
    )
    rows = [f"{m},E{n},large,policy,{s}" for m, s in (("2026-01", 80), ("2026-02", 70)) for n in range(5)]
    head = "month,enterprise,layer,dimension,score\n"
    (tmp_path / "responses.csv").write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    february = json.loads(run(assess_command, [tmp_path, "--json"]).stdout)["index"][1]
    assert (february["index"], february["coverage"]) == (70, 1)
    assert february["contributions"] == {"policy": -10}
    assert "部分" not in run(assess_command, [tmp_path]).stdout
    assert "部分" in run(assess_command, [WIDER]).stdout  # most dimensions have no rows there


def test_a_file_that_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "park.xlsx"
    path.write_bytes(b"PK\x03\x04 torn")
    result = run(assess_command, [path, "--json"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"{path}:1:")


def test_a_month_twice_is_named_as_written(tmp_path: Path) -> None:
    path = tmp_path / "s.csv"
    path.write_text("month,value\n2026-01,70\n2026-01,71\n", encoding="utf-8")
    _rows, (problem,) = read_series(path)
    assert (problem.line, problem.column, problem.code) == (3, "month", "table_duplicate")
    assert problem.params == {"key": "2026-01", "first": 2}


def test_themes(tmp_path: Path) -> None:
    texts, out = tmp_path / "t.csv", tmp_path / "o.csv"
    rows = [f"A{n},2026-07,E{n},食堂不错" for n in range(20)]
    rows += [f"B{n},2026-08,E{n},提交后石沉大海" for n in range(9)]
    texts.write_text("text_id,month,enterprise,text\n" + "\n".join(rows) + "\n", encoding="utf-8")
    book = WIDER / "codebook.yaml"
    result = run(themes_command, ["--codebook", book, "--texts", texts, "--since", "2026-08", "--out", out])
    assert result.exit_code == 0
    with out.open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    assert list(found[0]) == ["text_id", "theme", "start", "end", "matched", "pattern", "version"]
    assert list(found[20].values()) == ["B0", "no_reply", "3", "7", "石沉大海", "石沉大海", "2"]
    words = list(csv.DictReader(result.stdout.splitlines()))
    assert ("石沉大海", "9", "9", "0", "20") in {
        (w["word"], w["k1"], w["n1"], w["k0"], w["n0"]) for w in words
    }
    bare = run(themes_command, ["--codebook", book, "--texts", texts, "--since", "2026-08"])
    assert bare.exit_code == 0
    assert bare.stdout == out.read_text(encoding="utf-8") + "\n" + result.stdout


def test_a_forbidden_pattern_has_its_line(tmp_path: Path) -> None:
    book, out = tmp_path / "b.yaml", tmp_path / "o.csv"
    text = (WIDER / "codebook.yaml").read_text(encoding="utf-8").replace('["食堂"]', '["食堂", "(a+)+"]')
    book.write_text(text, encoding="utf-8")
    texts = tmp_path / "t.csv"
    texts.write_text("text_id,month,enterprise,text\nA,2026-07,E,x\n", encoding="utf-8")
    result = run(themes_command, ["--codebook", book, "--texts", texts, "--out", out])
    assert (result.exit_code, out.exists()) == (2, False)
    assert result.stderr.startswith(f"{book}:21:17: ")


def test_forecast(tmp_path: Path) -> None:
    found = json.loads(run(forecast_command, [WIDER / "series.csv", "--target", "78", "--json"]).stdout)
    assert (found["state"], found["method"], found["below_target_percent"], found["warning"]) == (
        "ok",
        "theil_sen",
        100,
        True,
    )
    assert found["backtest"] == {"hits": 3, "false_alarms": 1, "missed": 0, "quiet": 5}
    short = tmp_path / "s.csv"
    short.write_text("month,value\n2026-01,70\n2026-03,71\n", encoding="utf-8")
    assert json.loads(run(forecast_command, [short, "--target", "78", "--json"]).stdout) == {
        "state": "insufficient",
        "needs": 12,
    }
    short.write_text("month,value\n2026-03,70\n2026-01,71\n", encoding="utf-8")
    result = run(forecast_command, [short, "--target", "101", "--json"])
    assert result.exit_code == 2
    assert [line.rsplit(": ", 1)[0] for line in result.stderr.splitlines()] == [
        "--target:1:target",
        f"{short}:3:month",
    ]
