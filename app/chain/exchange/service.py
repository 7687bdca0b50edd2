"""Bring a chain folder or workbook in: preview what would change, apply it whole, take it back."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, BinaryIO

import sqlalchemy as sa

from app.chain.exchange import graphfile
from app.chain.exchange.friendly import Rows, unwrap
from app.chain.exchange.models import ImportBatch
from app.chain.exchange.reading import read_chain
from app.chain.exchange.rules import FIELDS, KEYS, Change, chain_of, is_same, rows_of, unknown_segments
from app.chain.exchange.store import remember, restore, stamp_origin, store
from app.chain.exchange.tables import BY_NAME, TABLES
from app.chain.limits import MOST_ROWS, MOST_SEGMENTS
from app.chain.register import facts
from app.chain.register import service as chains
from app.chain.register.models import IndustryChain
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.db.written import written
from app.hall.errors import Conflict, Invalid, NotFound
from app.hall.files.archives import Unreadable
from app.hall.files.cells import Problem
from app.identity import door as identity


def read_upload(
    uploads: Mapping[str, BinaryIO | Rows] | BinaryIO, label: str = "", chain: IndustryChain | None = None
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


def read_files(
    files: Sequence[tuple[str, bytes]], chain: IndustryChain | None = None
) -> tuple[facts.Chain, tuple[Problem, ...], list[str]]:
    """Read tables as a park has them: any names, both languages' headings, .xlsx, .xls or CSV."""
    found, problems = unwrap(files)
    if problems:
        return facts.Chain(), tuple(problems), []
    label = f"{files[0][0]}#" if len(files) == 1 and not files[0][0].lower().endswith(".csv") else ""
    return read_upload(found, label, chain)


def preview(
    actor: identity.Actor,
    chain: IndustryChain,
    uploaded: facts.Chain,
    tables: Iterable[str],
    file_name: str,
    origin: Mapping[str, Any] | None = None,
) -> ImportBatch:
    """Keep the rows read, to be looked at before anything changes. A table that came replaces what is there.

    `origin` names the published table that the coefficients are from: its source, year and segments.
    """
    tables = sorted(tables)
    if "segments" not in tables:
        problems = unknown_segments(chains.chain_facts(chain), uploaded)
        if problems:
            raise Invalid("chain_unknown_segments", values="、".join(sorted(problems)[:10]))
    if len(uploaded.segments) > MOST_SEGMENTS:
        raise Invalid("chain_too_many_segments", most=MOST_SEGMENTS)
    if sum(len(getattr(uploaded, FIELDS[table])) for table in tables) > MOST_ROWS:
        raise Invalid("chain_too_many_rows", most=MOST_ROWS)
    kept = {
        "chain_id": chain.id,
        "file_name": file_name[:200],
        "tables": tables,
        "rows": written({table: rows_of(uploaded, table) for table in tables}),
        "before": {},
        "origin": origin,
        "version_before": chain.version,
        "state": "preview",
        "created_by": actor.member_id,
        "created_at": clock.now(),
    }
    with transaction() as session:  # one INSERT of what is written out already
        number = session.scalar(sa.insert(ImportBatch).values(kept).returning(ImportBatch.id))
    return db.session.get_one(ImportBatch, number)


HEAVY = (ImportBatch.rows, ImportBatch.before)


def get_batch(chain: IndustryChain, batch_id: int, lightly: bool = False) -> ImportBatch:
    """A batch of this chain; `lightly` under the lock, when its rows have been read already."""
    query = sa.select(ImportBatch).where(ImportBatch.id == batch_id, ImportBatch.chain_id == chain.id)
    if lightly:
        query = query.options(*(sa.orm.defer(column) for column in HEAVY))
    batch = db.session.scalar(query)
    if batch is None:
        raise NotFound("chain_import_not_found")
    return batch


def list_batches(chain: IndustryChain, limit: int = 20) -> list[ImportBatch]:
    query = sa.select(ImportBatch).where(ImportBatch.chain_id == chain.id).order_by(ImportBatch.id.desc())
    return list(db.session.scalars(query.limit(limit).options(*(sa.orm.defer(column) for column in HEAVY))))


def differences(chain: IndustryChain, batch: ImportBatch) -> list[Change]:
    """New, changed and removed rows of every table of the batch, against the data as they are now."""
    current = chains.chain_facts(chain)
    found = []
    for table in batch.tables:
        key = KEYS[table]
        was = {tuple(row[k] for k in key): row for row in rows_of(current, table)}
        now = {tuple(row[k] for k in key): row for row in batch.rows[table]}
        changed = [(was[k], now[k]) for k in now if k in was and not is_same(was[k], now[k])]
        new = [row for k, row in now.items() if k not in was]
        removed = [row for k, row in was.items() if k not in now]
        found.append(Change(table, new, changed, removed, len(now) - len(new) - len(changed)))
    return found


def as_applied(chain: IndustryChain, batch: ImportBatch) -> facts.Chain | None:
    """The chain as it would be; None where rows that stay name a segment the batch takes away."""
    uploaded = chain_of(batch.rows)
    brought = {FIELDS[table]: getattr(uploaded, FIELDS[table]) for table in batch.tables}
    changed = dataclasses.replace(chains.chain_facts(chain), **brought)
    return None if unknown_segments(changed, changed) else changed


def apply(actor: identity.Actor, batch_id: int, chain: IndustryChain) -> ImportBatch:
    """Store the batch whole or not at all; refused when the data changed since the preview.

    What is there is read and compared before the chain is locked: its version tells whether that still holds.
    """
    batch = get_batch(chain, batch_id)
    rows, replaced = batch.rows, _untouched(batch)
    current = chains.read_facts(chain.id)
    gone = (
        unknown_segments(chain_of(rows), dataclasses.replace(current, **replaced))
        if "segments" in rows
        else set()
    )
    before: dict[str, Any] = {table: rows_of(current, table) for table in batch.tables}
    before |= {"details": remember(chain, batch.tables)}
    with transaction():
        chain = chains.lock_chain(chain.id)
        batch = get_batch(chain, batch_id, lightly=True)
        if batch.state != "preview":
            raise Conflict("chain_import_not_open")
        if batch.version_before != chain.version:
            raise Conflict("chain_import_stale")
        if gone:
            raise Invalid("chain_segments_still_used", values="、".join(sorted(gone)[:10]))
        batch.before = before
        store(chain, rows, batch.file_name)
        if batch.origin:
            stamp_origin(chain, batch.origin)
        chains.changed(chain)
        batch.state, batch.applied_at, batch.version_after = "applied", clock.now(), chain.version
        counts: dict[str, Any] = {table: len(found) for table, found in rows.items()}
        identity.audit(actor, "chain.imported", "import_batch", batch.id, file=batch.file_name, **counts)
        return batch


def _untouched(batch: ImportBatch) -> dict[str, tuple[Any, ...]]:
    """Tables the batch brings are emptied: only rows that stay may still name a segment."""
    return {FIELDS[table]: () for table in batch.tables}


def undo(actor: identity.Actor, batch_id: int, chain: IndustryChain) -> ImportBatch:
    """Bring back what was there before the batch; only while nothing else changed since."""
    before = get_batch(chain, batch_id).before
    with transaction():
        chain = chains.lock_chain(chain.id)
        batch = get_batch(chain, batch_id, lightly=True)
        if batch.state != "applied":
            raise Conflict("chain_import_not_applied")
        if batch.version_after != chain.version:
            raise Conflict("chain_import_overtaken")
        store(chain, before, batch.file_name)
        restore(chain, before["details"])
        chains.changed(chain)
        batch.state = "undone"
        identity.audit(actor, "chain.import_undone", "import_batch", batch.id, file=batch.file_name)
        return batch


def discard(batch_id: int, chain: IndustryChain) -> None:
    with transaction():
        batch = get_batch(chain, batch_id)
        if batch.state != "preview":
            raise Conflict("chain_import_not_open")
        batch.state = "discarded"
