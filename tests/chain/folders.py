"""Writes chain folders from plain numbers, for the tests of the file commands."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

HEADERS = {
    "segments": ("segment", "name_zh", "name_en", "stage"),
    "inputs": ("input", "output", "coefficient"),
    "positions": ("enterprise", "name", "segment", "output_wan", "in_park"),
    "supply": ("supplier", "customer", "segment", "value_wan"),
    "essentiality": ("input", "output", "class"),
}

# The battery chain of stories 1–3 (万元 of yearly output).
FIRMS = [
    ("E01", "江澜电芯", "cell", 30000),
    ("E02", "潮汐储能", "storage", 15000),
    ("E03", "芦汀电池系统", "pack", 20000),
    ("E04", "白鹭正极", "cathode", 1800),
    ("E05", "海岸负极", "anode", 1800),
    ("E06", "滩涂负极", "anode", 1200),
    ("E07", "云帆隔膜", "separator", 1200),
    ("E08", "东圩隔膜", "separator", 800),
    ("E09", "清涟电解液", "electrolyte", 1500),
    ("E10", "长桥电解液", "electrolyte", 1500),
    ("E11", "三岔结构件", "casing", 700),
    ("E12", "圩角五金", "casing", 600),
    ("E13", "港西冲压", "casing", 500),
    ("E14", "启帆电控", "bms", 1400),
    ("E15", "汇港电控", "bms", 1000),
    ("E16", "温屿热管理", "thermal", 1000),
]
COEFFICIENTS = [
    ("precursor", "cathode", 0.55),
    ("lithium_salt", "cathode", 0.25),
    ("cathode", "cell", 0.4),
    ("anode", "cell", 0.12),
    ("separator", "cell", 0.08),
    ("electrolyte", "cell", 0.12),
    ("casing", "cell", 0.06),
    ("cell", "pack", 0.7),
    ("bms", "pack", 0.1),
    ("thermal", "pack", 0.05),
    ("pack", "storage", 0.6),
]


def write(folder: Path, **tables: Iterable[Sequence[object]]) -> Path:
    """Write the given tables with their full headers."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(HEADERS[name])
            writer.writerows(rows)
    return folder


def battery(
    folder: Path, factor: float = 1, reverse: bool = False, **more: Iterable[Sequence[object]]
) -> Path:
    """The battery chain, its outputs times `factor`, its rows turned round if asked."""
    codes = sorted({code for row in COEFFICIENTS for code in row[:2]})
    turn = -1 if reverse else 1
    return write(
        folder,
        segments=[(code, code, code, "") for code in codes][::turn],
        inputs=COEFFICIENTS[::turn],
        positions=[(f, n, s, o * factor, "yes") for f, n, s, o in FIRMS][::turn],
        **more,
    )
