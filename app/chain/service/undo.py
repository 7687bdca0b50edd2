"""What the files do not carry of a row (where it came from, when, who confirmed it), kept so that an undo brings it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from app.chain.models import (
    ChainFirm,
    IndustryChain,
    InputCoefficient,
    Position,
    Segment,
    SegmentReference,
    SupplyLink,
)
from app.db import db

_CONFIRMED = ("source", "updated_at", "confirmed_at", "confirmed_by")
_KEPT: dict[str, tuple[Any, tuple[str, ...], tuple[str, ...]]] = {
    "segments": (Segment, ("code",), ("source", "updated_at")),
    "inputs": (InputCoefficient, ("source_id", "target_id"), ("source", "updated_at")),
    "positions": (Position, ("firm_id", "segment_id"), ("capacity_wan", "products", *_CONFIRMED)),
    "supply": (SupplyLink, ("supplier_id", "customer_id", "segment_id"), _CONFIRMED),
    "reference": (SegmentReference, ("region", "segment_id"), ("source", "updated_at")),
}
_FIRMS = frozenset({"firm_id", "supplier_id", "customer_id"})
_MOMENTS = frozenset({"updated_at", "confirmed_at"})


def remember(chain: IndustryChain, tables: Iterable[str]) -> dict[str, list[list[Any]]]:
    """Per table one list for each row: its key in codes, then what the files do not carry; plain JSON."""
    found = {}
    for table in sorted(set(tables) & _KEPT.keys()):
        _model, key, columns = _KEPT[table]
        found[table] = [
            [*codes, *(_plain(getattr(row, name)) for name in columns)]
            for codes, row in _rows(chain, table, key)
        ]
    return found


def restore(chain: IndustryChain, kept: Mapping[str, list[list[Any]]]) -> None:
    """Give the rows that are there again what `remember` kept of them."""
    for table, rows in kept.items():
        _model, key, columns = _KEPT[table]
        known = {tuple(row[: len(key)]): row[len(key) :] for row in rows}
        for codes, row in _rows(chain, table, key):
            for name, value in zip(columns, known.get(codes, ()), strict=False):
                setattr(row, name, _moment(value) if name in _MOMENTS else value)
    db.session.flush()


def _rows(chain: IndustryChain, table: str, key: tuple[str, ...]) -> list[tuple[tuple[str, ...], Any]]:
    segments = db.session.scalars(sa.select(Segment).where(Segment.chain_id == chain.id))
    segment = {row.id: row.code for row in segments}
    firm: dict[int, str] = {}
    if _FIRMS & set(key):
        firm = {row.id: row.code for row in db.session.scalars(sa.select(ChainFirm))}

    def code(row: Any, name: str) -> str:
        value = getattr(row, name)
        return str(firm[value] if name in _FIRMS else segment[value] if name.endswith("_id") else value)

    model = _KEPT[table][0]
    rows = db.session.scalars(sa.select(model).where(model.chain_id == chain.id).order_by(model.id)).all()
    return [(tuple(code(row, name) for name in key), row) for row in rows]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.datetime) else value


def _moment(value: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(value) if value else None
