"""What movements rest on: every column of every proved table, and every file, is named when somebody with full rights changes it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.credits.claims.models import Claim, Evidence
from app.credits.ledger import seals
from app.credits.ledger.audit import run_audit
from app.credits.ledger.grounds import check_grounds
from app.credits.rewards.models import VenueDay
from app.hall import clock
from app.hall.db import proofs
from app.hall.db.base import db, is_sqlite
from app.hall.db.transaction import transaction
from app.identity.audit.models import AuditEvent
from app.sharing.use.models import Settlement
from tests.credits.conftest import PAGE, CreditsPark
from tests.credits.ledger.test_tampering import others, unguarded
from tests.credits.lively import live_a_little

# A claim's number on the page may be counted anew; these the invariants prove by themselves.
COUNTED = {("reward", "reserved"), ("reward", "issued")}
MONEY = {
    "settlement": "INSERT INTO settlement (booking_id, version, rule, charged_minutes, amount_fen, change_fen, ratio, lines, reason,"
    " made_at) VALUES (7, 1, 'hour', 60, 5000, 5000, 1.0, '[]', 'as booked', '2026-05-02 04:00:00')",
    "booking_payment": "INSERT INTO booking_payment (booking_id, amount_fen, voucher_fen, credits, credits_fen, cash_fen, made_at,"
    " reference) VALUES (7, 5000, 0, 0, 0, 5000, '2026-05-02 04:00:00', 'T-1')",
}


def live_fully(park: CreditsPark) -> None:
    """A row in every proved table: also an appeal, a place, a closed month, and money of the other room."""
    live_a_little(park)
    with clock.frozen(dt.datetime(2026, 5, 26, 4, tzinfo=dt.UTC)):
        claim = park.claim("e01", "invention_patent", "CN77").json["id"]
        park.api("reviewer").post(f"/credits/claims/{claim}/reject", {"reason": "看不清"})
        park.api("e01").post(f"/credits/claims/{claim}/appeal", {"reason": "已补扫描件"})
        with park.app.app_context():
            seals.close_month(park.actor("park"), "2026-03")
            with transaction() as session:
                redemption = session.scalar(sa.text("SELECT max(id) FROM redemption"))
                session.add(VenueDay(place="A-1", day=dt.date(2026, 6, 1), redemption_id=redemption))
            _settle()
            seals.take_seal()


def _settle() -> None:
    """A settled and paid booking that is not there: only what is proved of it matters here."""
    with db.engine.connect() as connection:
        if is_sqlite():
            connection.connection.cursor().execute("PRAGMA foreign_keys=OFF")
        for table, insert in MONEY.items():
            if not is_sqlite():
                connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT fk_{table}_booking_id")
            connection.exec_driver_sql(insert)
        connection.commit()
        if is_sqlite():
            connection.connection.cursor().execute("PRAGMA foreign_keys=ON")


def broken() -> dict[str, list[str]]:
    """What the audit finds, apart from the guards that `unguarded` takes away."""
    verdicts = run_audit().verdicts
    return {
        code: [f"{row.subject}: {row.text}" for row in one.findings]
        for code, one in verdicts.items()
        if not one.holds and code != "guards"
    }


@pytest.mark.timeout(300)
def test_every_column_of_every_proved_table_is_named_when_it_is_changed(credits_park: CreditsPark) -> None:
    """By reflection, so that a column added tomorrow must be proved tomorrow."""
    live_fully(credits_park)
    with credits_park.app.app_context():
        assert run_audit().holds
        with unguarded(db.engine) as connection:
            loosen(connection)
            columns = {one.name: _columns(connection, one) for one in proofs.proved_tables()}
            keys = {one.name: _newest_key(connection, one) for one in proofs.proved_tables()}
            connection.rollback()
            for number in range(max(map(len, columns.values()))):  # one column of every table at a time
                outer = connection.begin()
                wrong = {
                    table.name: columns[table.name][number]
                    for table in proofs.proved_tables()
                    if number < len(columns[table.name])
                    and _spoil(connection, table, keys[table.name], *columns[table.name][number])
                }
                lines: list[str] = []
                check_grounds(
                    connection, lambda _code, subject, text, into=lines: into.append(f"{subject}: {text}")
                )
                outer.rollback()
                spoilt = {name for name, of_table in columns.items() if number < len(of_table)}
                assert set(wrong) == spoilt, "a column took none of the wrong values that were tried"
                for table_name, (column, _nullable) in wrong.items():
                    named = any(one.startswith(f"{table_name} ") and keys[table_name] in one for one in lines)
                    assert named or (table_name, column) in COUNTED, (table_name, column)
        assert not broken()


def _columns(connection: sa.Connection, table: proofs.Proved) -> list[tuple[str, bool]]:
    return [(one["name"], one["nullable"]) for one in sa.inspect(connection).get_columns(table.name)]


def _newest_key(connection: sa.Connection, table: proofs.Proved) -> str:
    return str(connection.exec_driver_sql(f"SELECT max({table.key('x')}) FROM {table.name} x").scalar_one())


def _spoil(connection: sa.Connection, table: proofs.Proved, key: str, column: str, nullable: bool) -> bool:
    """Write the first wrong value that the column's type takes."""
    where = f"WHERE {table.key('x')} = :key"
    value = connection.execute(
        sa.text(f"SELECT {column} FROM {table.name} x {where}"), {"key": key}
    ).scalar_one()
    for bad in _wrong(value, nullable):
        point = connection.begin_nested()
        try:
            connection.execute(
                sa.text(f"UPDATE {table.name} AS x SET {column} = :bad {where}"), {"bad": bad, "key": key}
            )
        except sa.exc.DBAPIError:
            point.rollback()
            continue
        point.commit()
        return True
    return False


def loosen(connection: sa.Connection) -> None:
    """Somebody with full rights takes the checks of a table away as well (SQLite ignores them by a pragma)."""
    if is_sqlite():
        return
    for table in proofs.proved_tables():
        checks = "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('c', 'f')"
        for name in connection.exec_driver_sql(checks, (table.name,)).scalars().all():
            connection.exec_driver_sql(f"ALTER TABLE {table.name} DROP CONSTRAINT {name}")
    connection.commit()


def _wrong(value: Any, nullable: bool) -> list[Any]:
    if isinstance(value, dt.datetime | dt.date):
        return [value + dt.timedelta(days=1)]
    if isinstance(value, float):
        return [value / 2]
    if isinstance(value, list | dict):
        return ['{"other": 1}']
    if value is None:
        return ["2026-05-05 00:00:00", "2026-05-05", 7, "7"]
    return [one for one in others(value, nullable) if one != value]


def test_rows_that_vanish_or_appear_are_named(credits_park: CreditsPark) -> None:
    live_fully(credits_park)
    with credits_park.app.app_context(), unguarded(db.engine) as connection:
        loosen(connection)
        for table in proofs.proved_tables():
            outer = connection.begin()
            found: list[str] = []
            newest = f"(SELECT max({table.key('y')}) FROM {table.name} y)"
            key = str(connection.exec_driver_sql(newest[1:-1]).scalar_one())
            connection.execute(
                sa.text(f"DELETE FROM {table.name} AS x WHERE {table.key('x')} = :key"), {"key": key}
            )
            check_grounds(
                connection, lambda _code, subject, text, into=found: into.append(f"{subject}: {text}")
            )
            outer.rollback()
            assert found == [f"{table.name} {key}: was proved and is missing"]
        outer = connection.begin()
        connection.exec_driver_sql(
            "INSERT INTO claim_step (claim_id, action, at, reason) SELECT id, 'approved', created_at, '' FROM claim"
        )
        invented: list[str] = []
        check_grounds(connection, lambda _code, subject, text: invented.append(text))
        outer.rollback()
        assert set(invented) == {"stands in no proof"}


def test_a_file_that_is_another_one_or_gone_is_named(credits_park: CreditsPark) -> None:
    with clock.frozen(dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)):
        credits_park.earn("e01", "invention_patent", "CN1")
    folder = Path(credits_park.app.instance_path) / "evidence"
    (scan,) = (one for one in folder.rglob("*") if one.is_file())
    with credits_park.app.app_context():
        assert not broken()
        scan.write_bytes(PAGE + b" and a word more")
        assert broken() == {"files": ["evidence_file 1: its file is another one now"]}
        scan.unlink()
        assert broken() == {"files": ["evidence_file 1: its file is missing"]}


def test_what_is_settled_stays_even_where_every_trigger_works(credits_park: CreditsPark) -> None:
    """Somebody writes as the application itself could: the change stands in a proof of its own, and is named."""
    live_fully(credits_park)
    with credits_park.app.app_context():
        claim = db.session.scalars(sa.select(Claim.id).where(Claim.state == "approved")).first()
        db.session.rollback()
        for change, subject in (
            (f"UPDATE claim SET occurred_on = '2020-02-02' WHERE id = {claim}", f"claim {claim}"),
            (f"UPDATE evidence SET value = 'CN9' WHERE claim_id = {claim}", "evidence"),
            (f"DELETE FROM evidence_file WHERE claim_id = {claim}", "evidence_file"),
            ("UPDATE proposal SET reason = 'another one'", "proposal"),
        ):
            with db.engine.connect() as connection:
                outer, found = connection.begin(), list[str]()
                connection.exec_driver_sql(change)
                check_grounds(connection, lambda _c, who, text, into=found: into.append(f"{who}: {text}"))
                outer.rollback()
            assert found and all(
                one.startswith(subject) and "after it was settled" in one for one in found
            ), change
        for refused in (
            "UPDATE period SET ends_at = ends_at - 1",
            "UPDATE proof SET stage = 9",
            "DELETE FROM proof",
            "UPDATE audit_event SET action = 'x'",
            "UPDATE settlement SET amount_fen = 1",
        ):
            with pytest.raises(sa.exc.DBAPIError, match="append"), db.engine.begin() as connection:
                connection.exec_driver_sql(refused)


def test_once_words_are_erased_the_proof_still_holds(credits_park: CreditsPark) -> None:
    live_fully(credits_park)
    with credits_park.app.app_context():
        claim = db.session.scalars(sa.select(Claim.id).where(Claim.state == "approved")).first()
        (piece,) = db.session.scalars(sa.select(Evidence.id).where(Evidence.claim_id == claim))
        events = db.session.scalars(
            sa.select(AuditEvent.id).where(AuditEvent.action == "claim.revoked")
        ).all()
        with transaction():
            assert proofs.erase(Evidence, piece)
            assert all(proofs.erase(AuditEvent, one) for one in events)
            assert proofs.erase(Settlement, 1)
        kept = [seals.take_seal().hash]  # type: ignore[union-attr]
        db.session.expire_all()
        assert {db.session.get_one(AuditEvent, one).actor_name for one in events} == {""}
        assert db.session.get_one(Evidence, piece).value == ""
        salts = "SELECT count(*) FROM proof_salt WHERE (about, row_key) IN (('evidence', :piece), ('audit_event', :event))"
        assert db.session.scalar(sa.text(salts), {"piece": str(piece), "event": str(events[0])}) == 0
        report = run_audit(kept)
        assert report.holds, [vars(one) for one in report.verdicts.values() if not one.holds]


def test_a_proof_rewritten_with_its_row_is_found_by_the_seal(credits_park: CreditsPark) -> None:
    """Full rights, every hash worked out anew: nothing inside can tell, but the seal that left the house does."""
    live_fully(credits_park)
    with credits_park.app.app_context():
        kept = seals.list_seals(1)[0].hash
        with unguarded(db.engine) as connection:
            table = next(one for one in proofs.proved_tables() if one.name == "settlement")
            connection.exec_driver_sql("UPDATE settlement SET amount_fen = 1, change_fen = 1")
            text = connection.exec_driver_sql(f"SELECT {table.plain('x')} FROM settlement x").scalar_one()
            digest = proofs.hashlib.sha256(text.encode()).hexdigest()
            old = connection.execute(
                sa.text("SELECT said FROM proof WHERE about = 'settlement'")
            ).scalar_one()
            new = proofs.line_hash("", "settlement:1", "settlement", "1", "insert", 1, digest, old)
            connection.execute(
                sa.text("UPDATE proof SET digest = :d, hash = :h WHERE about = 'settlement'"),
                {"d": digest, "h": new},
            )
            connection.commit()
        assert set(broken()) == {"seals"}
        assert kept in {one.hash for one in seals.list_seals(9)}


def test_what_was_recorded_in_the_future_is_named(credits_park: CreditsPark) -> None:
    with clock.frozen(clock.now() + dt.timedelta(days=3)):
        credits_park.earn("e01", "invention_patent", "CN1")
        with credits_park.app.app_context():
            assert not broken()
    with credits_park.app.app_context():
        assert broken() == {"clock": ["transfer 1: was recorded in the future"]}
