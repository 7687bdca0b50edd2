"""What an import would change, row by row, and which segments it would leave without a name."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from app.chain.register import facts

KEYS = {
    "segments": ("code",),
    "inputs": ("source", "target"),
    "positions": ("enterprise", "segment"),
    "supply": ("supplier", "customer", "segment"),
    "essentiality": ("source", "target"),
    "reference": ("region", "segment"),
}
FIELDS = {
    "segments": "segments",
    "inputs": "inputs",
    "positions": "positions",
    "supply": "supplies",
    "essentiality": "essentiality",
    "reference": "reference",
}
CLASSES: dict[str, Any] = {
    "segments": facts.Segment,
    "inputs": facts.Input,
    "positions": facts.Position,
    "supply": facts.Supply,
    "essentiality": facts.Essentiality,
    "reference": facts.Reference,
}


@dataclasses.dataclass(frozen=True)
class Change:
    """What an import does to one table: rows as dictionaries."""

    table: str
    new: list[dict[str, Any]]
    changed: list[tuple[dict[str, Any], dict[str, Any]]]
    removed: list[dict[str, Any]]
    same: int


def rows_of(chain: facts.Chain, table: str) -> list[dict[str, object]]:
    found = [dataclasses.asdict(row) for row in getattr(chain, FIELDS[table])]
    return sorted(found, key=lambda row: tuple(str(row[key]) for key in KEYS[table]))


def chain_of(rows: Mapping[str, list[dict[str, Any]]]) -> facts.Chain:
    return facts.Chain(
        **{FIELDS[table]: tuple(CLASSES[table](**row) for row in found) for table, found in rows.items()}
    )


def unknown_segments(known: facts.Chain, uploaded: facts.Chain) -> set[str]:
    used = {row.segment for row in uploaded.positions} | {row.segment for row in uploaded.supplies}
    used |= {code for row in uploaded.inputs for code in (row.source, row.target)}
    used |= {code for row in uploaded.essentiality for code in (row.source, row.target)}
    used |= {row.segment for row in uploaded.reference}
    return used - known.segment_codes


def is_same(one: dict[str, Any], two: dict[str, Any]) -> bool:
    """Names of firms are not compared: the park's own register knows them better."""
    ignored = {"name"} if "enterprise" in one else set()
    return {k: v for k, v in one.items() if k not in ignored} == {
        k: v for k, v in two.items() if k not in ignored
    }
