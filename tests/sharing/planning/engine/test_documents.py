"""Every problem of a file is named once, with its place; nothing is written then."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from app.sharing.planning.cli import plan
from app.sharing.planning.engine.documents import BadInstance, document_of, instance_from

from .tiny import tiny

GOOD: dict[str, Any] = {
    "format": "parklink-schedule/1",
    "slot_minutes": 30,
    "slots": 672,
    "max_slots_per_enterprise": None,
    "instruments": [
        {
            "id": "I1",
            "open": [[16, 40], [64, 88]],
            "busy": [[20, 24]],
            "price_fen_per_slot": 25000,
            "efficiency": 1.0,
            "buffer_slots": 1,
        },
        {
            "id": "I2",
            "open": [[16, 40]],
            "busy": [],
            "price_fen_per_slot": 20000,
            "efficiency": 0.8,
            "buffer_slots": 0,
        },
    ],
    "requests": [
        {
            "id": "R1",
            "enterprise": "E20",
            "duration_slots": 6,
            "windows": [[18, 34]],
            "eligible": ["I1"],
            "priority": 3,
            "preferred_slot": None,
        },
        {
            "id": "R2",
            "enterprise": "E21",
            "duration_slots": 2,
            "windows": [[18, 34], [66, 80]],
            "eligible": ["I1", "I2"],
            "priority": 1,
            "preferred_slot": 20,
        },
    ],
}

BAD: list[tuple[list[str | int], Any, list[str]]] = [
    (["format"], "parklink-schedule/2", ["format format"]),
    (["slot_minutes"], 0, ["slot_minutes not_whole"]),
    (["slots"], 2_000_000, ["slots not_whole"]),
    (["slots"], "672", ["slots not_whole"]),
    (["slots"], True, ["slots not_whole"]),
    (["slots"], 80, ["instruments[0].open[1] beyond"]),
    (["max_slots_per_enterprise"], -1, ["max_slots_per_enterprise not_whole"]),
    (["instruments"], {}, ["instruments not_list"]),
    (
        ["instruments"],
        [],
        [
            "requests[0].eligible[0] unknown_instrument",
            "requests[1].eligible[0] unknown_instrument",
            "requests[1].eligible[1] unknown_instrument",
        ],
    ),
    (["instruments", 1], 7, ["instruments[1] not_object"]),
    (["instruments", 1, "id"], None, ["instruments[1].id not_text"]),
    (["requests", 0, "id"], "\ud800", ["requests[0].id not_text"]),
    (["requests", 0, "eligible"], ["\udc00"], ["requests[0].eligible[0] unknown_instrument"]),
    (
        ["instruments", 1, "id"],
        "I1",
        ["instruments[1].id id_twice", "requests[1].eligible[1] unknown_instrument"],
    ),
    (["instruments", 0, "open", 0], [40, 16], ["instruments[0].open[0] reversed"]),
    (["instruments", 0, "open", 0], [16, 16], ["instruments[0].open[0] reversed"]),
    (["instruments", 0, "open", 0], [-1, 16], ["instruments[0].open[0] beyond"]),
    (["instruments", 0, "open", 0], [16], ["instruments[0].open[0] not_pair"]),
    (["instruments", 0, "open", 0], [16.5, 20], ["instruments[0].open[0] not_pair"]),
    (["instruments", 0, "open"], None, ["instruments[0].open not_list"]),
    (["instruments", 0, "price_fen_per_slot"], float("nan"), ["instruments[0].price_fen_per_slot not_whole"]),
    (["instruments", 0, "price_fen_per_slot"], -5, ["instruments[0].price_fen_per_slot not_whole"]),
    (["instruments", 0, "efficiency"], float("nan"), ["instruments[0].efficiency not_ratio"]),
    (["instruments", 0, "efficiency"], float("inf"), ["instruments[0].efficiency not_ratio"]),
    (["instruments", 0, "efficiency"], 0, ["instruments[0].efficiency not_ratio"]),
    (["instruments", 0, "buffer_slots"], -1, ["instruments[0].buffer_slots not_whole"]),
    (["requests", 1, "id"], "R1", ["requests[1].id id_twice"]),
    (["requests", 0, "id"], "", ["requests[0].id not_text"]),
    (["requests", 0, "id"], 7, ["requests[0].id not_text"]),
    (["requests", 0, "duration_slots"], 0, ["requests[0].duration_slots not_whole"]),
    (["requests", 0, "duration_slots"], 1.5, ["requests[0].duration_slots not_whole"]),
    (["requests", 0, "eligible"], [], ["requests[0].eligible no_instrument"]),
    (["requests", 0, "eligible"], ["I9"], ["requests[0].eligible[0] unknown_instrument"]),
    (["requests", 0, "eligible"], ["I1", "I1"], ["requests[0].eligible[1] named_twice"]),
    (["requests", 0, "eligible"], [1], ["requests[0].eligible[0] not_text"]),
    (["requests", 0, "windows"], [], ["requests[0].windows no_window"]),
    (["requests", 0, "windows"], [[34, 18]], ["requests[0].windows[0] reversed"]),
    (["requests", 0, "windows"], [[600, 700]], ["requests[0].windows[0] beyond"]),
    (["requests", 0, "priority"], "high", ["requests[0].priority not_whole"]),
    (["requests", 0, "preferred_slot"], 700, ["requests[0].preferred_slot not_whole"]),
]


def spoilt(path: list[str | int], value: Any) -> dict[str, Any]:
    document = copy.deepcopy(GOOD)
    inner: Any = document
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return document


@pytest.mark.parametrize(("path", "value", "expected"), BAD, ids=lambda x: str(x)[:40])
def test_bad_input(path: list[str | int], value: Any, expected: list[str], tmp_path: Path) -> None:
    document = spoilt(path, value)
    with pytest.raises(BadInstance) as caught:
        instance_from(document)
    assert [f"{p.where} {p.code}" for p in caught.value.problems] == expected
    (tmp_path / "in.json").write_text(json.dumps(document, indent=1))
    run = CliRunner().invoke(plan, [str(tmp_path / "in.json"), "--out", str(tmp_path / "out.json")])
    assert run.exit_code == 2
    assert [line.split(": ")[1] for line in run.stderr.splitlines()] == [e.split()[0] for e in expected]
    assert not (tmp_path / "out.json").exists()


@pytest.mark.parametrize("key", ["slots", "slot_minutes", "instruments", "requests"])
def test_a_missing_part_is_named(key: str) -> None:
    document = {k: v for k, v in GOOD.items() if k != key}
    with pytest.raises(BadInstance) as caught:
        instance_from(document)
    assert (caught.value.problems[0].where, caught.value.problems[0].code) == (key, "missing")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"not json", "1:1"),
        (b'{"format": "parklink-schedule/1",\n "slots": }', "2:11"),
        (b"\xff\xfe", "1:1"),
        (b"[" * 100_000, "1:1"),
        (b"[]", "1:1"),
        (b"null", "1:1"),
        (b'{"format": "parklink-schedule/1", "slots": ' + b"9" * 5000 + b"}", "1:1"),
        (None, "1:1"),
    ],
    ids=["text", "broken", "bytes", "deep", "list", "null", "number", "no file"],
)
def test_not_even_a_document(content: bytes | None, expected: str, tmp_path: Path) -> None:
    source = tmp_path / "in.json"
    if content is not None:
        source.write_bytes(content)
    run = CliRunner().invoke(plan, [str(source), "--out", str(tmp_path / "out.json")])
    assert run.exit_code == 2, run.output
    assert run.stderr.startswith(f"{source}:{expected}: ")
    assert len(run.stderr.splitlines()) == 1
    assert not (tmp_path / "out.json").exists()


def test_a_problem_is_pointed_at(tmp_path: Path) -> None:
    source = tmp_path / "in.json"
    source.write_text(json.dumps(spoilt(["requests", 1, "duration_slots"], 0), indent=1))
    run = CliRunner().invoke(plan, [str(source), "--out", str(tmp_path / "out.json")])
    line, column = map(int, run.stderr.split(":")[1:3])
    assert source.read_text().splitlines()[line - 1][column - 1] == "0"
    assert '"duration_slots": 0' in source.read_text().splitlines()[line - 1]


def test_a_key_that_stands_twice_is_a_problem(tmp_path: Path) -> None:
    """A decoder would silently keep the last one: each is named where it stands again, beside what else is wrong."""
    text = json.dumps(spoilt(["requests", 1, "duration_slots"], 0), indent=1)
    text = text.replace('"slots": 672,', '"slots": 672,\n "slots": 300,')
    text = text.replace('"id": "R2",', '"id": "R2", "priority": 5,')
    source = tmp_path / "in.json"
    source.write_text(text)
    run = CliRunner().invoke(plan, [str(source), "--out", str(tmp_path / "out.json")])
    assert run.exit_code == 2
    lines = run.stderr.splitlines()
    assert [line.split(": ")[1] for line in lines] == [
        "slots",
        "requests[1].priority",
        "requests[1].duration_slots",
    ]
    written = text.splitlines()
    places = [tuple(map(int, line.split(":")[1:3])) for line in lines]
    assert [written[row - 1][column - 1 :].rstrip(",") for row, column in places] == ["300", "1", "0"]
    assert not (tmp_path / "out.json").exists()


def test_a_plan_is_written(tmp_path: Path) -> None:
    source = tmp_path / "in.json"
    source.write_bytes(b"\xef\xbb\xbf" + json.dumps(GOOD).encode())
    run = CliRunner().invoke(plan, [str(source), "--seconds", "5", "--out", str(tmp_path / "out.json")])
    assert run.exit_code == 0, run.output
    assert run.stderr == ""
    written = json.loads((tmp_path / "out.json").read_text())
    assert written["status"] == "optimal"
    assert [a["request"] for a in written["assignments"]] == ["R1", "R2"]
    assert written["gap_ratio"] == 0 and written["bound"] == written["value"]


def test_no_folder_for_the_plan(tmp_path: Path) -> None:
    source = tmp_path / "in.json"
    source.write_text(json.dumps(GOOD))
    run = CliRunner().invoke(plan, [str(source), "--out", str(tmp_path / "none" / "out.json")])
    assert run.exit_code == 2


def _planned(text: str, folder: Path) -> Any:
    (folder / "in.json").write_text(text)
    run = CliRunner().invoke(
        plan, [str(folder / "in.json"), "--seconds", "5", "--out", str(folder / "out.json")]
    )
    return json.loads((folder / "out.json").read_text()) if run.exit_code == 0 else run.stderr


def _lab(
    slots: int, opening: Any, busy: Any, windows: Any, duration: int, second: Any = None
) -> dict[str, Any]:
    lab = {"id": "I", "open": opening, "busy": busy, "price_fen_per_slot": 0}
    wishes = [windows] if second is None else [windows, second]
    return {
        "format": "parklink-schedule/1",
        "slot_minutes": 1,
        "slots": slots,
        "instruments": [lab],
        "requests": [
            {
                "id": f"R{n}",
                "enterprise": "E",
                "duration_slots": duration,
                "windows": w,
                "eligible": ["I"],
                "priority": 1,
            }
            for n, w in enumerate(wishes)
        ],
    }


def test_intervals_may_overlap(tmp_path: Path) -> None:
    """Opening and busy time are sets of slots; a wish must lie inside one window, two overlapping ones are not joined."""
    opening, busy = [[0, 6], [4, 10], [4, 10]], [[0, 2], [1, 2], [0, 2]]
    found = _planned(json.dumps(_lab(12, opening, busy, [[0, 5], [3, 9], [3, 9]], 5)), tmp_path)
    # free are 2 … 9; five slots fit into 3–9 only, three after the first window began: 500 − 3 · round(100 / 9)
    assert [a["start_slot"] for a in found["assignments"]] == [3]
    assert (found["status"], found["value"], found["bound"]) == ("optimal", 467, 467)
    found = _planned(json.dumps(_lab(12, opening, busy, [[0, 5], [3, 9]], 7)), tmp_path)
    assert [r["request"] for r in found["rejected"]] == ["R0"]


def test_two_years_of_minutes(tmp_path: Path) -> None:
    """A horizon of a million slots is a horizon like any other; the second wish finds the instrument taken."""
    last = [[999_990, 1_000_000]]
    document = _lab(1_000_000, [[0, 1_000_000]], [[0, 100]], last, 8, last)
    found = _planned(json.dumps(document), tmp_path)
    assert [(a["request"], a["start_slot"]) for a in found["assignments"]] == [("R0", 999_990)]
    assert (found["status"], found["value"], len(found["rejected"])) == ("optimal", 800, 1)


def test_round_trip() -> None:
    for seed in range(200):
        assert instance_from(json.loads(json.dumps(document_of(tiny(seed))))) == tiny(seed)


def test_an_interrupt_keeps_the_best_plan(tmp_path: Path) -> None:
    """Ctrl-C after the first progress: exit 0, a plan of every request, a bound."""
    import os
    import subprocess
    import sys

    from benchmarks.optimiser.parks import park

    source, out = tmp_path / "in.json", tmp_path / "out.json"
    source.write_text(json.dumps(document_of(park(400, 40, giant=True))))
    script = (
        "import sys, os, signal\n"
        "from app.sharing.planning.engine import crew\n"
        "beat = crew.Crew.beat\n"
        "def first(self):\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    crew.Crew.beat = beat\n"
        "    beat(self)\n"
        "crew.Crew.beat = first\n"
        "from app.sharing.planning.cli import plan\n"
        "plan(sys.argv[1:])\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, str(source), "--seconds", "600", "--out", str(out)],
        capture_output=True,
        text=True,
        timeout=100,
        env={**os.environ, "PYTHONPATH": "."},
        check=False,
    )
    assert run.returncode == 0, run.stderr
    written = json.loads(out.read_text())
    assert len(written["assignments"]) + len(written["rejected"]) == 400
    assert 0 < written["value"] <= written["bound"]
    assert written["notes"]["ended_by"] in ("stop", "proof")
