"""`flask chain makers` as a person meets it: files in, file out, every problem named, nothing half written."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask_babel import Babel

from app.chain.makers.cli import makers

CATALOGUE = "enterprise,product,share\nE1,锂电池隔膜,0.6\nE2,水泥,\nE3,LED显示屏,-2\n"
QUERIES = "query,text\nQ1,隔膜\nQ2,水泥管\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "c.csv").write_text(CATALOGUE, encoding="utf-8")
    (tmp_path / "q.csv").write_text(QUERIES, encoding="utf-8")
    return tmp_path


def call(folder: Path, *more: str) -> Result:
    app = Flask("makers")
    Babel(app, default_locale="zh")
    names = [
        "--catalogue",
        str(folder / "c.csv"),
        "--queries",
        str(folder / "q.csv"),
        "--out",
        str(folder / "o.csv"),
    ]
    with app.app_context():
        return CliRunner().invoke(makers, [*names, *more])


def answers(folder: Path) -> list[dict[str, str]]:
    with (folder / "o.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_answers_in_the_order_of_the_queries(folder: Path) -> None:
    result = call(folder, "--top", "2")
    assert (result.exit_code, result.output) == (0, "")
    found = answers(folder)
    assert list(found[0]) == ["query", "rank", "enterprise", "score", "reason"]
    assert [(row["query"], row["rank"]) for row in found] == [
        ("Q1", "1"),
        ("Q1", "2"),
        ("Q2", "1"),
        ("Q2", "2"),
    ]
    assert [row["enterprise"] for row in found if row["rank"] == "1"] == ["E1", "E2"]
    assert found[0]["reason"] == "产品“锂电池隔膜”与查询相近"


def test_bom_column_order_unknown_columns_and_double_rows(folder: Path) -> None:
    call(folder)
    plain = (folder / "o.csv").read_bytes()
    turned = "﻿注,product,enterprise\n a,水泥,E2\n,LED显示屏,E3\n\n,锂电池隔膜,E1\n,水泥,E2\n"
    (folder / "c.csv").write_text(turned, encoding="utf-8")
    (folder / "q.csv").write_text("﻿text,query,x\r\n隔膜,Q1,\r\n水泥管,Q2,1\r\n隔膜,Q1,\r\n", encoding="utf-8")
    assert call(folder).exit_code == 0
    assert (folder / "o.csv").read_bytes() == plain


def test_every_problem_has_its_place_and_nothing_is_written(folder: Path) -> None:
    (folder / "c.csv").write_text(
        "enterprise,product,share\nE1,,0.1\nE2,水泥,abc\n,砂,1\nE3,a,1,9\n", encoding="utf-8"
    )
    (folder / "q.csv").write_text("query,text\nQ1,  \nQ2,a\nQ2,b\n", encoding="utf-8")
    result = call(folder, "--enterprises", str(folder / "none.csv"))
    assert result.exit_code == 2
    assert result.stdout == ""
    lines = result.stderr.splitlines()
    places = [line.removeprefix(str(folder) + "/").split(": ")[0] for line in lines]
    assert places == [
        "c.csv:2:2",
        "c.csv:3:3",
        "c.csv:4:1",
        "c.csv:5:4",
        "q.csv:2:2",
        "q.csv:4:1",
        "none.csv:1:1",
    ]
    assert "“text”不能为空" in lines[4]
    assert sorted(path.name for path in folder.iterdir()) == ["c.csv", "q.csv"]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"enterprise\nE1\n", "c.csv:1:1: 缺少列“product”"),
        (b"enterprise,product,product\nE1,a,b\n", "c.csv:1:3: 列“product”出现了两次"),
        (b"enterprise,product\n", "c.csv:2:1: 没有任何数据行"),
        (b"", "c.csv:1:1: 缺少列“enterprise”"),
        (b"enterprise,product\nE1,\xb8\xf4\n", "c.csv:2:4: 不是 UTF-8 文本"),
        (b"enterprise,product,share\nE1,a,nan\n", "c.csv:2:3: “nan”不是数字"),
    ],
)
def test_wrong_catalogues(folder: Path, content: bytes, line: str) -> None:
    (folder / "c.csv").write_bytes(content)
    result = call(folder)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[0] == f"{folder}/{line}"
    assert not (folder / "o.csv").exists()


def test_a_quoted_line_break_keeps_the_line_numbers_right(folder: Path) -> None:
    (folder / "c.csv").write_text('enterprise,product\nE1,"a\nb"\nE2,\n', encoding="utf-8")
    assert call(folder).stderr.startswith(f"{folder / 'c.csv'}:4:2: ")


def test_no_queries_give_an_empty_answer(folder: Path) -> None:
    (folder / "q.csv").write_text("query,text\n", encoding="utf-8")
    assert call(folder).exit_code == 0
    assert answers(folder) == []


def test_the_answer_is_not_written_into_nowhere(folder: Path) -> None:
    result = call(folder, "--out", str(folder / "no" / "o.csv"))
    assert result.exit_code == 2
    assert "o.csv:1:1: " in result.stderr


def test_the_sentences_of_the_file_and_of_the_page_are_the_same() -> None:
    from app.chain.makers.reasons import SENTENCES
    from app.chain.makers.words import REASONS

    app = Flask("makers")
    Babel(app, default_locale="zh")
    with app.app_context():
        assert {kind: str(sentence) for kind, sentence in REASONS.items()} == dict(SENTENCES)
