"""Writes the rows of an import, and keeps what the files do not carry so that an undo brings it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from app.chain.actions.models import ChainAction
from app.chain.agreements.models import MatchDecision
from app.chain.firms.models import PositionCorrection
from app.chain.prospects.models import ProspectPosition
from app.chain.register import service as chains
from app.chain.register.models import (
    ChainFirm,
    Essentiality,
    IndustryChain,
    InputCoefficient,
    Position,
    Segment,
    SegmentReference,
    SupplyLink,
)
from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import Conflict


def store(chain: IndustryChain, rows: Mapping[str, list[dict[str, Any]]], source: str) -> None:
    """Make the tables of `rows` what they say; rows that stay the same keep their id, source and date."""
    if "segments" in rows:
        _store_segments(chain, rows["segments"], source)
    segments = {code: segment.id for code, segment in chains.segments_by_code(chain.id).items()}
    names = {row["enterprise"]: row["name"] for row in rows.get("positions", ())}
    codes = [row["enterprise"] for row in rows.get("positions", ())]
    codes += [row[side] for row in rows.get("supply", ()) for side in ("supplier", "customer")]
    firms = _firm_ids(codes, names)
    plans: dict[str, tuple[Any, Any, Any]] = {
        "inputs": (
            InputCoefficient,
            lambda r: {"source_id": segments[r["source"]], "target_id": segments[r["target"]]},
            lambda r: {"coefficient": r["coefficient"]},
        ),
        "essentiality": (
            Essentiality,
            lambda r: {"source_id": segments[r["source"]], "target_id": segments[r["target"]]},
            lambda r: {"kind": r["kind"]},
        ),
        "positions": (
            Position,
            lambda r: {"segment_id": segments[r["segment"]], "firm_id": firms[r["enterprise"]]},
            lambda r: {"output_wan": r["output_wan"], "in_park": r["in_park"]},
        ),
        "supply": (
            SupplyLink,
            lambda r: {
                "supplier_id": firms[r["supplier"]],
                "customer_id": firms[r["customer"]],
                "segment_id": segments[r["segment"]],
            },
            lambda r: {"value_wan": r["value_wan"]},
        ),
        "reference": (
            SegmentReference,
            lambda r: {"segment_id": segments[r["segment"]], "region": r["region"]},
            lambda r: {"output_wan": r["output_wan"], "year": r["year"], "source": r["source"] or source},
        ),
    }
    for table, (model, key, values) in plans.items():
        if table in rows:
            _store_table(chain, model, [(key(row), values(row)) for row in rows[table]], source)


def _firm_ids(codes: Iterable[str], names: Mapping[str, str]) -> dict[str, int]:
    """The number of each firm; unknown ones are made, those outside the park get the name the file has for them."""
    session = db.session()
    chains.make_firms(codes, names)
    query = sa.select(ChainFirm.id, ChainFirm.code, ChainFirm.name, ChainFirm.organisation_id)
    rows = session.execute(query).all()
    named = [
        {"id": row.id, "name": names[row.code]}
        for row in rows
        if row.organisation_id is None and names.get(row.code) and names[row.code] != row.name
    ]
    if named:
        session.execute(sa.update(ChainFirm), named)
    return {row.code: row.id for row in rows}


def _store_table(
    chain: IndustryChain, model: Any, wanted: list[tuple[dict[str, Any], dict[str, Any]]], source: str
) -> None:
    """Plain statements for many rows: others wait while a table is stored."""
    session = db.session()
    columns, fields = (list(wanted[0][0]), list(wanted[0][1])) if wanted else ([], [])
    asked = sa.select(model.id, *(getattr(model, name) for name in (*columns, *fields)))
    there = [
        (row[0], tuple(row[1 : 1 + len(columns)]), tuple(row[1 + len(columns) :]))
        for row in session.execute(asked.where(model.chain_id == chain.id))
    ]
    keep = {tuple(key.values()) for key, _values in wanted}
    _drop(model, [number for number, key, _values in there if key not in keep])
    known = {key: (number, values) for number, key, values in there}
    stamp: dict[str, Any] = {"source": source, "updated_at": clock.now()} if hasattr(model, "source") else {}
    if model is InputCoefficient:
        stamp["year"] = None
    fresh, changed = [], []
    for key, values in wanted:
        number, was = known.get(tuple(key.values()), (0, ()))
        if not number:
            fresh.append({"chain_id": chain.id, **stamp, **key, **values})
        elif was != tuple(values.values()):
            changed.append({"id": number, **stamp, **values})
    if fresh:
        session.execute(sa.insert(model), fresh)
    if changed:
        session.execute(sa.update(model), changed)


def stamp_origin(chain: IndustryChain, origin: Mapping[str, Any]) -> None:
    """Every coefficient between the segments that a published table told of has the table's source and year."""
    told = sa.select(Segment.id).where(Segment.chain_id == chain.id, Segment.code.in_(origin["segments"]))
    query = sa.update(InputCoefficient).where(
        InputCoefficient.source_id.in_(told), InputCoefficient.target_id.in_(told)
    )
    values = {"source": origin["source"], "year": origin["year"], "updated_at": clock.now()}
    db.session.execute(query.values(**values).execution_options(synchronize_session=False))


def _drop(model: Any, gone: list[int]) -> None:
    for start in range(0, len(gone), 500):
        part = gone[start : start + 500]
        if model is Position:
            db.session.execute(sa.delete(PositionCorrection).where(PositionCorrection.position_id.in_(part)))
        db.session.execute(sa.delete(model).where(model.id.in_(part)))


def _store_segments(chain: IndustryChain, rows: list[dict[str, Any]], source: str) -> None:
    known = chains.segments_by_code(chain.id)
    wanted = {row["code"] for row in rows}
    gone = [segment.id for code, segment in known.items() if code not in wanted]
    if gone:  # rows of replaced tables that hang on segments that go
        for model, columns in (
            (InputCoefficient, (InputCoefficient.source_id, InputCoefficient.target_id)),
            (Essentiality, (Essentiality.source_id, Essentiality.target_id)),
            (SupplyLink, (SupplyLink.segment_id,)),
            (SegmentReference, (SegmentReference.segment_id,)),
            (Position, (Position.segment_id,)),
        ):
            hanging = sa.select(model.id).where(sa.or_(*(column.in_(gone) for column in columns)))
            if model is Position:
                db.session.execute(
                    sa.delete(PositionCorrection).where(PositionCorrection.position_id.in_(hanging))
                )
            db.session.execute(sa.delete(model).where(model.id.in_(hanging)))
        used = _still_used(gone)
        if used:
            raise Conflict("chain_segments_in_plans", values="、".join(sorted(used)))
        db.session.execute(sa.delete(Segment).where(Segment.id.in_(gone)))
        db.session.expire_all()
        known = chains.segments_by_code(chain.id)
    taken = set(db.session.scalars(sa.select(Segment.key)))
    for row in rows:
        values = {"name_zh": row["name_zh"], "name_en": row["name_en"], "stage": row["stage"]}
        segment = known.get(row["code"])
        if segment is None:
            key = f"{chain.code}:{row['code']}" if row["code"] in taken else row["code"]
            stamp = {"source": source, "updated_at": clock.now()}
            db.session.add(Segment(chain_id=chain.id, code=row["code"], key=key, **stamp, **values))
        elif any(getattr(segment, name) != value for name, value in values.items()):
            for name, value in (values | {"source": source, "updated_at": clock.now()}).items():
                setattr(segment, name, value)
    db.session.flush()


def _still_used(segment_ids: list[int]) -> set[str]:
    """Codes of segments that prospects, actions or match decisions still name."""

    found: set[str] = set()
    for column in (ProspectPosition.segment_id, ChainAction.segment_id, MatchDecision.segment_id):
        query = sa.select(Segment.code).join(sa.inspect(column.class_).local_table, column == Segment.id)
        found |= set(db.session.scalars(query.where(Segment.id.in_(segment_ids))))
    return found


_CONFIRMED = ("source", "updated_at", "confirmed_at", "confirmed_by")
_KEPT: dict[str, tuple[Any, tuple[str, ...], tuple[str, ...]]] = {
    "segments": (Segment, ("code",), ("key", "source", "updated_at")),
    "inputs": (InputCoefficient, ("source_id", "target_id"), ("source", "updated_at", "year")),
    "positions": (Position, ("firm_id", "segment_id"), ("capacity_wan", "products", *_CONFIRMED)),
    "supply": (SupplyLink, ("supplier_id", "customer_id", "segment_id"), _CONFIRMED),
    "reference": (SegmentReference, ("region", "segment_id"), ("source", "updated_at")),
}
_FIRMS = frozenset({"firm_id", "supplier_id", "customer_id"})
_MOMENTS = frozenset({"updated_at", "confirmed_at"})


def remember(chain: IndustryChain, tables: Iterable[str]) -> dict[str, list[list[Any]]]:
    """Per table one list for each row: its key in codes, then what the files do not carry; plain JSON."""
    return {
        table: [
            [*codes, *(_plain(value) for value in values)]
            for _number, codes, values in _keyed_rows(chain, table)
        ]
        for table in sorted(set(tables) & _KEPT.keys())
    }


def restore(chain: IndustryChain, kept: Mapping[str, list[list[Any]]]) -> None:
    """Give the rows that are there again what `remember` kept of them."""
    for table, rows in kept.items():
        model, key, columns = _KEPT[table]
        known = {tuple(row[: len(key)]): row[len(key) :] for row in rows}
        changed = []
        for number, codes, values in _keyed_rows(chain, table):
            now = dict(zip(columns, map(_plain, values), strict=True))
            then = now | dict(zip(columns, known.get(codes, ()), strict=False))
            if then.get("key") != now.get("key") and _key_taken(str(then["key"])):
                then["key"] = now["key"]
            if then != now:
                moments = {name: _moment(then[name]) for name in _MOMENTS & then.keys()}
                changed.append({"id": number, **then, **moments})
        if changed:
            db.session.execute(sa.update(model), changed)


def _keyed_rows(chain: IndustryChain, table: str) -> list[tuple[int, tuple[str, ...], tuple[Any, ...]]]:
    """Number, key in codes, and what the files do not carry, of each row."""
    model, key, columns = _KEPT[table]
    segment = dict(
        db.session.execute(sa.select(Segment.id, Segment.code).where(Segment.chain_id == chain.id)).all()
    )
    firm: dict[int, str] = {}
    if _FIRMS & set(key):
        firm = dict(db.session.execute(sa.select(ChainFirm.id, ChainFirm.code)).all())
    names = [firm if name in _FIRMS else segment if name.endswith("_id") else None for name in key]
    asked = sa.select(model.id, *(getattr(model, name) for name in (*key, *columns)))
    rows = db.session.execute(asked.where(model.chain_id == chain.id).order_by(model.id))
    return [
        (
            row[0],
            tuple(str(one[v] if one is not None else v) for one, v in zip(names, row[1:], strict=False)),
            tuple(row[1 + len(key) :]),
        )
        for row in rows
    ]


def _key_taken(key: str) -> bool:
    return db.session.scalar(sa.select(Segment.id).where(Segment.key == key)) is not None


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, dt.datetime) else value


def _moment(value: str | None) -> dt.datetime | None:
    return dt.datetime.fromisoformat(value) if value else None
