"""Bring a chain folder or workbook in: preview what would change, apply it whole, take it back."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

import sqlalchemy as sa

from app import clock
from app.chain import facts
from app.chain.importing import Problem, graphfile, read_chain
from app.chain.importing.tables import BY_NAME, TABLES
from app.chain.importing.workbook import Unreadable
from app.chain.models import (
    ChainFirm,
    Essentiality,
    ImportBatch,
    IndustryChain,
    InputCoefficient,
    Position,
    PositionCorrection,
    Segment,
    SegmentReference,
    SupplyLink,
)
from app.chain.service import chains
from app.chain.service import undo as undoing
from app.db import db, transaction
from app.errors import Conflict, Invalid, NotFound
from app.identity import service as identity

KEYS = {
    "segments": ("code",),
    "inputs": ("source", "target"),
    "positions": ("enterprise", "segment"),
    "supply": ("supplier", "customer", "segment"),
    "essentiality": ("source", "target"),
    "reference": ("region", "segment"),
}
_FIELDS = {
    "segments": "segments",
    "inputs": "inputs",
    "positions": "positions",
    "supply": "supplies",
    "essentiality": "essentiality",
    "reference": "reference",
}
_CLASSES: dict[str, Any] = {
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


def read_upload(
    uploads: Mapping[str, BinaryIO] | BinaryIO, label: str = "", chain: IndustryChain | None = None
) -> tuple[facts.Chain, tuple[Problem, ...], list[str]]:
    """Read what somebody uploaded: CSV streams by table name, one workbook, or one graph file (by its label).

    Rows may name segments of `chain` where no table of segments comes with them.
    """
    if label.lower().endswith(graphfile.SUFFIXES) and not isinstance(uploads, Mapping):
        try:
            uploads, label = graphfile.tables_of(label, uploads), f"{label}/"
        except Unreadable as wrong:
            return facts.Chain(), (Problem(label, 1, "#1", wrong.code, wrong.params),), []
    known = chains.chain_facts(chain).segment_codes if chain else ()
    reading = read_chain(uploads, (), label, wanted=TABLES, known=known)
    problems = reading.problems
    if not reading.present and not problems:
        header = ", ".join(f"{name}.csv" for name in BY_NAME)
        problems = (Problem(label or "upload", 1, "#1", "chain_nothing_to_import", {"columns": header}),)
    return reading.chain, problems, sorted(reading.present)


def _rows(chain: facts.Chain, table: str) -> list[dict[str, Any]]:
    found = [dataclasses.asdict(row) for row in getattr(chain, _FIELDS[table])]
    return sorted(found, key=lambda row: tuple(str(row[key]) for key in KEYS[table]))


def _chain_of(rows: Mapping[str, list[dict[str, Any]]]) -> facts.Chain:
    return facts.Chain(
        **{_FIELDS[table]: tuple(_CLASSES[table](**row) for row in found) for table, found in rows.items()}
    )


def preview(
    actor: identity.Actor, chain: IndustryChain, uploaded: facts.Chain, tables: Iterable[str], file_name: str
) -> ImportBatch:
    """Keep the rows read, to be looked at before anything changes. A table that came replaces what is there."""
    tables = sorted(tables)
    if "segments" not in tables:
        problems = _unknown(chains.chain_facts(chain), uploaded)
        if problems:
            raise Invalid("chain_unknown_segments", values="、".join(sorted(problems)[:10]))
    with transaction():
        batch = ImportBatch(
            chain_id=chain.id,
            file_name=file_name[:200],
            tables=tables,
            rows={table: _rows(uploaded, table) for table in tables},
            before={},
            version_before=chain.version,
            state="preview",
            created_by=actor.member_id,
            created_at=clock.now(),
        )
        db.session.add(batch)
        db.session.flush()
        return batch


def _unknown(known: facts.Chain, uploaded: facts.Chain) -> set[str]:
    used = {row.segment for row in uploaded.positions} | {row.segment for row in uploaded.supplies}
    used |= {code for row in uploaded.inputs for code in (row.source, row.target)}
    used |= {code for row in uploaded.essentiality for code in (row.source, row.target)}
    used |= {row.segment for row in uploaded.reference}
    return used - known.segment_codes


def get_batch(chain: IndustryChain, batch_id: int) -> ImportBatch:
    batch = db.session.get(ImportBatch, batch_id)
    if batch is None or batch.chain_id != chain.id:
        raise NotFound("chain_import_not_found")
    return batch


def list_batches(chain: IndustryChain, limit: int = 20) -> list[ImportBatch]:
    query = sa.select(ImportBatch).where(ImportBatch.chain_id == chain.id).order_by(ImportBatch.id.desc())
    return list(
        db.session.scalars(
            query.limit(limit).options(sa.orm.defer(ImportBatch.rows), sa.orm.defer(ImportBatch.before))
        )
    )


def differences(chain: IndustryChain, batch: ImportBatch) -> list[Change]:
    """New, changed and removed rows of every table of the batch, against the data as they are now."""
    current = chains.chain_facts(chain)
    found = []
    for table in batch.tables:
        key = KEYS[table]
        was = {tuple(row[k] for k in key): row for row in _rows(current, table)}
        now = {tuple(row[k] for k in key): row for row in batch.rows[table]}
        changed = [(was[k], now[k]) for k in now if k in was and not _same(was[k], now[k])]
        new = [row for k, row in now.items() if k not in was]
        removed = [row for k, row in was.items() if k not in now]
        found.append(Change(table, new, changed, removed, len(now) - len(new) - len(changed)))
    return found


def as_applied(chain: IndustryChain, batch: ImportBatch) -> facts.Chain | None:
    """The chain as it would be; None where rows that stay name a segment the batch takes away."""
    uploaded = _chain_of(batch.rows)
    brought = {_FIELDS[table]: getattr(uploaded, _FIELDS[table]) for table in batch.tables}
    changed = dataclasses.replace(chains.chain_facts(chain), **brought)
    return None if _unknown(changed, changed) else changed


def _same(one: dict[str, Any], two: dict[str, Any]) -> bool:
    """Names of firms are not compared: the park's own register knows them better."""
    ignored = {"name"} if "enterprise" in one else set()
    return {k: v for k, v in one.items() if k not in ignored} == {
        k: v for k, v in two.items() if k not in ignored
    }


def apply(actor: identity.Actor, batch_id: int, chain: IndustryChain) -> ImportBatch:
    """Store the batch whole or not at all; refused when the data changed since the preview."""
    with transaction():
        chain = chains.lock_chain(chain.id)
        batch = get_batch(chain, batch_id)
        if batch.state != "preview":
            raise Conflict("chain_import_not_open")
        if batch.version_before != chain.version:
            raise Conflict("chain_import_stale")
        current = chains._read(chain.id)
        uploaded = _chain_of(batch.rows)
        if "segments" in batch.tables:
            gone = _unknown(uploaded, dataclasses.replace(current, **_untouched(batch)))
            if gone:
                raise Invalid("chain_segments_still_used", values="、".join(sorted(gone)[:10]))
        before: dict[str, Any] = {table: _rows(current, table) for table in batch.tables}
        batch.before = before | {"details": undoing.remember(chain, batch.tables)}
        _store(chain, batch.rows, batch.file_name)
        chains.changed(chain)
        batch.state, batch.applied_at, batch.version_after = "applied", clock.now(), chain.version
        counts: dict[str, Any] = {table: len(rows) for table, rows in batch.rows.items()}
        identity.audit(actor, "chain.imported", "import_batch", batch.id, file=batch.file_name, **counts)
        return batch


def _untouched(batch: ImportBatch) -> dict[str, tuple[Any, ...]]:
    """Tables the batch brings are emptied: only rows that stay may still name a segment."""
    return {_FIELDS[table]: () for table in batch.tables}


def undo(actor: identity.Actor, batch_id: int, chain: IndustryChain) -> ImportBatch:
    """Bring back what was there before the batch; only while nothing else changed since."""
    with transaction():
        chain = chains.lock_chain(chain.id)
        batch = get_batch(chain, batch_id)
        if batch.state != "applied":
            raise Conflict("chain_import_not_applied")
        if batch.version_after != chain.version:
            raise Conflict("chain_import_overtaken")
        _store(chain, batch.before, batch.file_name)
        undoing.restore(chain, batch.before["details"])
        chains.changed(chain)
        batch.state = "undone"
        identity.audit(actor, "chain.import_undone", "import_batch", batch.id, file=batch.file_name)
        return batch


def discard(actor: identity.Actor, batch_id: int, chain: IndustryChain) -> None:
    with transaction():
        batch = get_batch(chain, batch_id)
        if batch.state != "preview":
            raise Conflict("chain_import_not_open")
        batch.state = "discarded"


def _store(chain: IndustryChain, rows: Mapping[str, list[dict[str, Any]]], source: str) -> None:
    """Make the tables of `rows` what they say; rows that stay the same keep their id, source and date."""
    if "segments" in rows:
        _store_segments(chain, rows["segments"], source, rows)
    segments = {code: segment.id for code, segment in chains.segments_by_code(chain.id).items()}
    names = {row["enterprise"]: row["name"] for row in rows.get("positions", ())}
    codes = [row["enterprise"] for row in rows.get("positions", ())]
    codes += [row[side] for row in rows.get("supply", ()) for side in ("supplier", "customer")]
    firms = {code: firm.id for code, firm in chains.firms_by_code(codes, names, create=True).items()}
    for firm in db.session.scalars(sa.select(ChainFirm).where(ChainFirm.organisation_id.is_(None))):
        if names.get(firm.code):
            firm.name = names[firm.code]
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


def _store_table(
    chain: IndustryChain, model: Any, wanted: list[tuple[dict[str, Any], dict[str, Any]]], source: str
) -> None:
    columns = list(wanted[0][0]) if wanted else []
    there = db.session.scalars(sa.select(model).where(model.chain_id == chain.id)).all()
    known = {tuple(getattr(row, c) for c in columns): row for row in there} if columns else {}
    keep = {tuple(key.values()) for key, _values in wanted}
    for row in there:
        if not columns or tuple(getattr(row, c) for c in columns) not in keep:
            db.session.delete(row)
    stamp = {"source": source, "updated_at": clock.now()} if hasattr(model, "source") else {}
    for key, values in wanted:
        row = known.get(tuple(key.values()))
        if row is None:
            db.session.add(model(chain_id=chain.id, **stamp | key | values))
        elif any(getattr(row, name) != value for name, value in values.items()):
            for name, value in (stamp | values).items():
                setattr(row, name, value)
    db.session.flush()


def _store_segments(
    chain: IndustryChain, rows: list[dict[str, Any]], source: str, others: Mapping[str, list[dict[str, Any]]]
) -> None:
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
    for row in rows:
        values = {"name_zh": row["name_zh"], "name_en": row["name_en"], "stage": row["stage"]}
        segment = known.get(row["code"])
        if segment is None:
            db.session.add(
                Segment(chain_id=chain.id, code=row["code"], source=source, updated_at=clock.now(), **values)
            )
        elif any(getattr(segment, name) != value for name, value in values.items()):
            for name, value in (values | {"source": source, "updated_at": clock.now()}).items():
                setattr(segment, name, value)
    db.session.flush()


def _still_used(segment_ids: list[int]) -> set[str]:
    """Codes of segments that prospects, actions or match decisions still name."""
    from app.chain.models import ChainAction, MatchDecision, ProspectPosition

    found: set[str] = set()
    for column in (ProspectPosition.segment_id, ChainAction.segment_id, MatchDecision.segment_id):
        query = sa.select(Segment.code).join(sa.inspect(column.class_).local_table, column == Segment.id)
        found |= set(db.session.scalars(query.where(Segment.id.in_(segment_ids))))
    return found
