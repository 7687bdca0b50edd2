"""What a movement of credits rests on is proved: every version of every row leaves a digest that the next seal covers.

`proof` is a log that triggers write: one line per version of a row of the tables below, with the digest of its columns, chained within
the *ground* it belongs to (a claim with its evidence, files and steps is one ground). What names or quotes a person is digested
with a salt of its own (`proof_salt`): once text and salt are deleted the line still holds and tells nothing. A movement carries the line
its ground ended in when it was posted (`transfer.ground`), and its hash covers that (`pl2`). A seal covers the lines as well.

What stood before is taken in *as found*, under one seal of this day; movements posted before keep the hash they have (`pl1`).

Revision ID: 0048
Revises: 0047
"""

from __future__ import annotations

import hashlib
import importlib.util
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
UPGRADE = "upgrade"

# The columns in the clear; @ a moment, # a day (PostgreSQL writes both as its session likes).
PLAIN = {
    "earn_rule": "approved_at@ approved_by cap_claims cap_credits cap_period code credits description_en description_zh"
    " evidence_kind icon id lifetime_days origin proposed_by title_en title_zh valid_from# valid_to# version",
    "claim": "created_at@ created_by credits decided_at@ decided_by earn_rule_id id occurred_on# organisation_id reversal_id"
    " rule_code source_key state submitted_at@ submitted_by transfer_id",
    "evidence": "claim_id id kind live normal open_for",
    "evidence_file": "claim_id id media_type sha256 size_bytes uploaded_at@ uploaded_by",
    "claim_step": "action at@ claim_id id member_id",
    "appeal": "appealed_at@ appealed_by claim_id decided_at@ decided_by decision id rejected_by",
    "reward": "approved_by category code cost_credits description_en description_zh eligible_industries eligible_sizes fulfilment"
    " fulfilment_params icon id limit_per_enterprise name_en name_zh picture picture_en picture_zh proposed_by stock updated_at@"
    " valid_from# valid_to#",
    "redemption": "closed_at@ cost_credits decided_at@ decided_by expires_at@ hold_transfer_id id organisation_id quantity"
    " reference_url requested_at@ requested_by reward_id settle_transfer_id state",
    "redemption_step": "action at@ id member_id redemption_id",
    "venue_day": "day# place redemption_id",
    "proposal": "decided_at@ decided_by id kind payload proposed_at@ proposed_by state subject",
    "period": "closed_at closed_by ends_at id month starts_at",
    "settlement": "amount_fen booking_id change_fen charged_minutes id lines made_at@ made_by ratio rule version",
    "booking_payment": "amount_fen booking_id cash_fen credits credits_fen due_on# id made_at@ received_at@ received_by reminded_at@"
    " voucher_fen",
    "audit_event": "action at@ id member_id organisation_id subject_id subject_kind",
}
# What may name or quote a person.
SAID = {
    "claim": "decision_reason note",
    "evidence": "value",
    "evidence_file": "name",
    "claim_step": "reason",
    "appeal": "reason",
    "redemption": "note reason reference",
    "redemption_step": "reason",
    "proposal": "decision_reason reason",
    "settlement": "reason",
    "booking_payment": "reference",
    "audit_event": "actor_name address detail reason",
}
# The row whose ground a row belongs to; by itself it is a ground of its own.
PARENT = {
    "evidence": "claim",
    "evidence_file": "claim",
    "claim_step": "claim",
    "appeal": "claim",
    "redemption_step": "redemption",
    "venue_day": "redemption",
}
# From stage 1 on a row is settled: what follows must be a later stage, or the deletion of its text.
LOGS = "('sign_in', 'sign_in.refused', 'sign_out', 'sign_out.everywhere', 'sign_out.other', 'factor.refused')"
STAGE = {
    "claim": "CASE {r}.state WHEN 'approved' THEN 1 WHEN 'revoked' THEN 2 ELSE 0 END",
    "evidence": "0",
    "evidence_file": "0",
    "appeal": "CASE WHEN {r}.decided_at IS NULL THEN 0 ELSE 1 END",
    "reward": "0",
    "redemption": "CASE WHEN {r}.state IN ('requested', 'approved') THEN 0 ELSE 1 END",
    "proposal": "CASE {r}.state WHEN 'proposed' THEN 0 ELSE 1 END",
    "booking_payment": "0",
    "audit_event": "CASE WHEN {r}.action IN " + LOGS + " THEN 0 ELSE 1 END",
}
# Counters that the invariants prove by themselves.
NOT_WATCHED = {"reward": ("reserved", "issued")}


def _value(column: str, r: str, sqlite: bool) -> str:
    name = f"{r}.{column.rstrip('@#')}"
    if sqlite:
        return f"CAST({name} AS TEXT)"
    if column.endswith("@"):
        return f"CAST(CAST(extract(epoch FROM {name}) * 1000000 AS bigint) AS text)"
    return f"to_char({name}, 'YYYY-MM-DD')" if column.endswith("#") else f"CAST({name} AS text)"


def _joined(columns: str, r: str, sqlite: bool) -> str:
    """Each value behind its length, so that no two rows read alike; nothing is a dash."""
    values = (_value(one, r, sqlite) for one in columns.split())
    return " || '|' || ".join(f"coalesce(CAST(length({one}) AS text) || ':' || {one}, '-')" for one in values)


def _says(table: str, r: str, sqlite: bool) -> str:
    """The texts of a row; nothing where all of them are empty."""
    if table not in SAID:
        return "''"
    blank = " AND ".join(
        f"coalesce({_value(one, r, sqlite)}, '') IN ('', '{{}}')" for one in SAID[table].split()
    )
    return f"CASE WHEN {blank} THEN '' ELSE {_joined(SAID[table], r, sqlite)} END"


def _key(table: str, r: str, sqlite: bool) -> str:
    if table == "venue_day":
        return f"{r}.place || '|' || {_value('day#', r, sqlite)}"
    return f"CAST({r}.id AS text)"


def _ground(table: str, r: str) -> str:
    parent = PARENT.get(table)
    return f"'{parent or table}:' || CAST({r}.{parent + '_id' if parent else 'id'} AS text)"


def _stage(table: str, r: str) -> str:
    return STAGE.get(table, "1").format(r=r)


# --- SQLite ---------------------------------------------------------------------------------------------------------
def _sqlite_triggers(table: str) -> Iterator[str]:
    watched = ""
    if table in NOT_WATCHED:
        watched = f" OF {', '.join(one.rstrip('@#') for one in PLAIN[table].split())}"
    for event, r in (("insert", "NEW"), ("update", "NEW"), ("delete", "OLD")):
        says, key = _says(table, r, True), _key(table, r, True)
        salt = said = ""
        digest = "''"
        if event != "delete":
            digest = f"ledger_sha256({_joined(PLAIN[table], r, True)})"
            said = "''"
        if event != "delete" and table in SAID:
            salt = (
                f"INSERT OR IGNORE INTO proof_salt (about, row_key, salt) SELECT '{table}', {key},"
                f" lower(hex(randomblob(16))) WHERE {says} <> '';\n  "
            )
            said = (
                f"coalesce((SELECT ledger_sha256(s.salt || '|' || {_joined(SAID[table], r, True)}) FROM proof_salt s"
                f" WHERE s.about = '{table}' AND s.row_key = {key} AND {says} <> ''), '')"
            )
        yield (
            f"CREATE TRIGGER {table}_proof_{event} AFTER {event.upper()}{watched if event == 'update' else ''} ON {table} BEGIN\n"
            f"  {salt}INSERT INTO proof (ground, about, row_key, op, stage, digest, said, hash)\n"
            "  SELECT g, a, k, o, st, d, s, ledger_sha256('pr1|' || coalesce((SELECT p.hash FROM proof p WHERE p.ground = g"
            " ORDER BY p.id DESC LIMIT 1), '') || '|' || length(g) || ':' || g || '|' || a || '|' || length(k) || ':' || k"
            " || '|' || o || '|' || st || '|' || d || '|' || s)\n"
            f"    FROM (SELECT DISTINCT {_ground(table, r)} AS g, '{table}' AS a, {key} AS k, '{event}' AS o,"
            f" {_stage(table, r) if event != 'delete' else '0'} AS st, {digest} AS d, {said or chr(39) * 2} AS s);\nEND"
        )


def _append_only(table: str) -> Iterator[str]:
    for event in ("UPDATE", "DELETE"):
        yield (
            f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table}"
            " BEGIN SELECT RAISE(ABORT, 'ledger:append_only'); END"
        )


# --- PostgreSQL -----------------------------------------------------------------------------------------------------
PROOF_ADD = """
CREATE FUNCTION proof_add(g text, a text, k text, o text, st bigint, plain text, says text) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  d text := '';
  s text := '';
  last text;
BEGIN
  IF o <> 'delete' THEN
    d := encode(sha256(convert_to(plain, 'UTF8')), 'hex');
    IF says <> '' THEN
      INSERT INTO proof_salt (about, row_key, salt) VALUES (a, k, replace(CAST(gen_random_uuid() AS text), '-', ''))
      ON CONFLICT DO NOTHING;
      SELECT encode(sha256(convert_to(p.salt || '|' || says, 'UTF8')), 'hex') INTO s
        FROM proof_salt p WHERE p.about = a AND p.row_key = k;
    END IF;
  END IF;
  SELECT p.hash INTO last FROM proof p WHERE p.ground = g ORDER BY p.id DESC LIMIT 1;
  INSERT INTO proof (ground, about, row_key, op, stage, digest, said, hash)
  VALUES (g, a, k, o, st, d, s, encode(sha256(convert_to('pr1|' || coalesce(last, '') || '|' || length(g) || ':' || g || '|' || a
    || '|' || length(k) || ':' || k || '|' || o || '|' || st || '|' || d || '|' || s, 'UTF8')), 'hex'));
END $$
"""


def _postgres_trigger(table: str) -> Iterator[str]:
    parent = PARENT.get(table)
    # Two lines of one ground wait for each other; who decides on it holds this lock already.
    lock = f"PERFORM 1 FROM {parent} x WHERE x.id = r.{parent}_id FOR NO KEY UPDATE;" if parent else ""
    yield (
        f"CREATE FUNCTION proof_of_{table}() RETURNS trigger LANGUAGE plpgsql AS $$\nDECLARE\n  r {table}%ROWTYPE;\nBEGIN\n"
        f"  IF TG_OP = 'DELETE' THEN\n    r := OLD;\n  ELSE\n    r := NEW;\n  END IF;\n  {lock}\n"
        f"  PERFORM proof_add({_ground(table, 'r')}, '{table}', {_key(table, 'r', False)}, lower(TG_OP),\n"
        f"    CASE TG_OP WHEN 'DELETE' THEN 0 ELSE {_stage(table, 'r')} END,\n"
        f"    {_joined(PLAIN[table], 'r', False)},\n    {_says(table, 'r', False)});\n  RETURN NULL;\nEND $$"
    )
    watched = ""
    if table in NOT_WATCHED:
        watched = f" OF {', '.join(one.rstrip('@#') for one in PLAIN[table].split())}"
    yield (
        f"CREATE TRIGGER {table}_proof AFTER INSERT OR DELETE OR UPDATE{watched} ON {table} FOR EACH ROW"
        f" EXECUTE FUNCTION proof_of_{table}()"
    )


def _postgres_append_only(table: str) -> Iterator[str]:
    for event, each in (("UPDATE", "ROW"), ("DELETE", "ROW"), ("TRUNCATE", "STATEMENT")):
        yield (
            f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} FOR EACH {each}"
            " EXECUTE FUNCTION ledger_refuse('append_only')"
        )


# --- the ledger's own hash -------------------------------------------------------------------------------------------
def _load(name: str) -> ModuleType:
    found = importlib.util.spec_from_file_location(f"migration_{name[:4]}", Path(__file__).with_name(name))
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def _sqlite_post(second: bool) -> str:
    first = _load("0002_credits.py")
    old = first._canonical("a", "NEW")
    if not second:
        return str(first.SQLITE_POST)
    ground = "coalesce(CAST(length(NEW.ground) AS TEXT) || ':' || NEW.ground, '')"
    new = old.replace("'pl1'", "'pl2'") + f" || '|' || {ground}"
    return str(first.SQLITE_POST.replace(old, new))


def _postgres_post(second: bool) -> str:
    nine = _load("0009_ledger_faster.py")
    if not second:
        return str(nine.POST)
    values = f"{nine._VALUES}, CAST(length(NEW.ground) AS text) || ':' || NEW.ground"
    return str(
        nine.POST.replace(nine._FORMAT, nine._FORMAT.replace("pl1", "pl2") + "|%s").replace(
            nine._VALUES, values
        )
    )


def _repost(second: bool) -> None:
    if _is_sqlite():
        op.execute("DROP TRIGGER transfer_posts")
        op.execute(_sqlite_post(second))
        return
    separated = op.get_bind().scalar(sa.text("SELECT prosecdef FROM pg_proc WHERE proname = 'ledger_post'"))
    op.execute(_postgres_post(second))
    if separated:
        op.execute("ALTER FUNCTION ledger_post() SECURITY DEFINER SET search_path = public, pg_temp")


def _is_sqlite() -> bool:
    return bool(op.get_bind().dialect.name == "sqlite")


def upgrade() -> None:
    op.add_column("transfer", sa.Column("ground", sa.Text(), nullable=True))
    _proof_tables()
    _seal_table(second=True)
    _repost(second=True)
    if not _is_sqlite():
        op.execute(PROOF_ADD)
    for table in PLAIN:
        for statement in _sqlite_triggers(table) if _is_sqlite() else _postgres_trigger(table):
            op.execute(sa.text(statement.replace(":", "\\:")))
    for statement in _append_only("proof") if _is_sqlite() else _postgres_append_only("proof"):
        op.execute(statement)
    _let_text_be_deleted()
    last = _take_in_as_found()
    _seal_as_found(last)


def _proof_tables() -> None:
    op.create_table(
        "proof",
        sa.Column("id", BIG, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("ground", "about", "row_key", "op")),
        sa.Column("stage", BIG, nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("digest", "said", "hash")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof")),
    )
    op.create_index("ix_proof_ground_id", "proof", ["ground", "id"])
    op.create_table(
        "proof_salt",
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("about", "row_key", "salt")),
        sa.PrimaryKeyConstraint("about", "row_key", name=op.f("pk_proof_salt")),
    )


def _seal_table(second: bool) -> None:
    """A seal may cover new proofs where no credits moved: its end is both."""
    if _is_sqlite():
        for event in ("update", "delete"):
            op.execute(f"DROP TRIGGER seal_no_{event}")
    else:
        for event in ("update", "delete", "truncate"):
            op.execute(f"ALTER TABLE seal DISABLE TRIGGER seal_no_{event}")
    with op.batch_alter_table("seal") as batch:
        if second:
            batch.add_column(sa.Column("proofs_up_to", BIG, nullable=True))
            batch.add_column(sa.Column("proofs", BIG, nullable=True))
            batch.drop_constraint("uq_seal_up_to_id", type_="unique")
            batch.create_unique_constraint("uq_seal_up_to_id_proofs_up_to", ["up_to_id", "proofs_up_to"])
        else:
            batch.drop_constraint("uq_seal_up_to_id_proofs_up_to", type_="unique")
            batch.drop_column("proofs_up_to")
            batch.drop_column("proofs")
            batch.create_unique_constraint("uq_seal_up_to_id", ["up_to_id"])
    if _is_sqlite():
        for statement in _append_only("seal"):
            op.execute(statement)
    else:
        for event in ("update", "delete", "truncate"):
            op.execute(f"ALTER TABLE seal ENABLE TRIGGER seal_no_{event}")


def _let_text_be_deleted() -> None:
    """A line of the trail stays what it is; only the texts that name somebody may be emptied, all of them at once."""
    for table in ("audit_event", "settlement"):
        same = " AND ".join(
            f"NEW.{one.rstrip('@#')} IS {'' if _is_sqlite() else 'NOT DISTINCT FROM '}OLD.{one.rstrip('@#')}"
            for one in PLAIN[table].split()
            if one != "lines"  # PostgreSQL compares no JSON
        )
        if table == "settlement":
            same += " AND CAST(NEW.lines AS text) = CAST(OLD.lines AS text)"
        emptied = " AND ".join(f"CAST(NEW.{one} AS text) IN ('', '{{}}')" for one in SAID[table].split())
        _refuse_updates(table, f"NOT ({same} AND {emptied})")


def _refuse_updates(table: str, unless: str = "") -> None:
    if _is_sqlite():
        op.execute(f"DROP TRIGGER {table}_no_update")
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {f'WHEN {unless} ' if unless else ''}"
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
        return
    op.execute(f"DROP TRIGGER {table}_no_change ON {table}")
    # Deleting a settlement is refused as ever; the trail has had a trigger of its own for it since migration 0029.
    deletes = " OR DELETE" if table == "settlement" and not unless else ""
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE{deletes} ON {table} FOR EACH ROW {f'WHEN ({unless}) ' if unless else ''}"
        "EXECUTE FUNCTION refuse_change()"
    )
    if table == "settlement" and unless:
        op.execute(
            "CREATE TRIGGER settlement_no_delete BEFORE DELETE ON settlement FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )


# --- what is there --------------------------------------------------------------------------------------------------
def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _take_in_as_found() -> dict[str, str]:
    """One line for every row there is, in the order of tables and keys."""
    bind = op.get_bind()
    salt = (
        "lower(hex(randomblob(16)))" if _is_sqlite() else "replace(CAST(gen_random_uuid() AS text), '-', '')"
    )
    last: dict[str, str] = {}
    for table in PLAIN:
        key, says = _key(table, "x", _is_sqlite()), _says(table, "x", _is_sqlite())
        if table in SAID:
            bind.exec_driver_sql(
                f"INSERT INTO proof_salt (about, row_key, salt) SELECT '{table}', {key}, {salt} FROM {table} x WHERE {says} <> ''"
            )
        rows = bind.exec_driver_sql(
            f"SELECT {_ground(table, 'x')}, {key}, {_stage(table, 'x')}, {_joined(PLAIN[table], 'x', _is_sqlite())}, {says},"
            f" (SELECT s.salt FROM proof_salt s WHERE s.about = '{table}' AND s.row_key = {key}) FROM {table} x ORDER BY 1, 2"
        ).all()
        lines = []
        for ground, row_key, stage, plain, said, own_salt in rows:
            digest, quoted = _sha(plain), _sha(f"{own_salt}|{said}") if said else ""
            hash_ = _sha(
                f"pr1|{last.get(ground, '')}|{len(ground)}:{ground}|{table}|{len(row_key)}:{row_key}|found|{stage}|{digest}|{quoted}"
            )
            last[ground] = hash_
            lines.append(
                {
                    "ground": ground,
                    "about": table,
                    "row_key": row_key,
                    "op": "found",
                    "stage": stage,
                    "digest": digest,
                    "said": quoted,
                    "hash": hash_,
                }
            )
        for start in range(0, len(lines), 5_000):
            bind.execute(
                sa.text(
                    "INSERT INTO proof (ground, about, row_key, op, stage, digest, said, hash) VALUES (:ground, :about, :row_key,"
                    " :op, :stage, :digest, :said, :hash)"
                ),
                lines[start : start + 5_000],
            )
    return last


def _seal_as_found(last: dict[str, str]) -> None:
    """One seal over everything that was there before: what it covers was not watched until this day, and it says so."""
    bind = op.get_bind()
    seal = bind.exec_driver_sql("SELECT up_to_id, hash FROM seal ORDER BY id DESC LIMIT 1").one_or_none()
    after, previous = seal if seal is not None else (0, "")
    up_to = bind.exec_driver_sql("SELECT coalesce(max(id), 0) FROM transfer").scalar_one()
    if not last and not up_to:
        return
    count, total = bind.execute(
        sa.text("SELECT count(*), coalesce(sum(amount), 0) FROM transfer WHERE id > :after"), {"after": after}
    ).one()
    proofs, proofs_up_to = bind.exec_driver_sql("SELECT count(*), coalesce(max(id), 0) FROM proof").one()
    now = time.time_ns() // 1000
    state = hashlib.sha256(
        f"seal2|{previous}|{up_to}|{count}|{int(total)}|{now}|{len(UPGRADE)}:{UPGRADE}|{proofs_up_to}|{proofs}".encode()
    )
    entries = bind.execute(
        sa.text(
            "SELECT transfer_id, hash FROM entry WHERE seq IS NOT NULL AND transfer_id > :after ORDER BY transfer_id, account_id"
        ),
        {"after": after},
    )
    for number, hash_ in entries:
        state.update(f"|{number}:{hash_}".encode())
    for number, hash_ in bind.exec_driver_sql("SELECT id, hash FROM proof ORDER BY id"):
        state.update(f"|p{number}:{hash_}".encode())
    bind.execute(
        sa.text(
            "INSERT INTO seal (up_to_id, count, total, hash, previous, sealed_at, sealed_by, proofs_up_to, proofs)"
            " VALUES (:up_to, :count, :total, :hash, :previous, :now, :by, :proofs_up_to, :proofs)"
        ),
        {
            "up_to": up_to,
            "count": count,
            "total": int(total),
            "hash": state.hexdigest(),
            "previous": previous,
            "now": now,
            "by": UPGRADE,
            "proofs_up_to": proofs_up_to,
            "proofs": proofs,
        },
    )


def downgrade() -> None:
    """Movements hashed with their grounds, and seals over them, mean nothing to the older program: it must find none."""
    newer = (
        op.get_bind().exec_driver_sql("SELECT count(*) FROM transfer WHERE ground IS NOT NULL").scalar_one()
    )
    if newer:
        raise RuntimeError(
            f"{newer} transfers rest on their grounds: restore the copy made before the upgrade"
        )
    _repost(second=False)
    for table in PLAIN:
        if _is_sqlite():
            for event in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER {table}_proof_{event}")
        else:
            op.execute(f"DROP TRIGGER {table}_proof ON {table}")
            op.execute(f"DROP FUNCTION proof_of_{table}()")
    for table in ("audit_event", "settlement"):
        _refuse_updates(table)
    if _is_sqlite():
        op.execute("DROP TRIGGER seal_no_delete")
        op.execute("DELETE FROM seal WHERE proofs_up_to IS NOT NULL")
        op.execute(list(_append_only("seal"))[1])
    else:
        op.execute("DROP TRIGGER settlement_no_delete ON settlement")
        op.execute("DROP FUNCTION proof_add(text, text, text, text, bigint, text, text)")
        op.execute("ALTER TABLE seal DISABLE TRIGGER seal_no_delete")
        op.execute("DELETE FROM seal WHERE proofs_up_to IS NOT NULL")
        op.execute("ALTER TABLE seal ENABLE TRIGGER seal_no_delete")
    _seal_table(second=False)
    op.drop_table("proof_salt")
    op.drop_table("proof")
    op.drop_column("transfer", "ground")
