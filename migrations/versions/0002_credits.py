"""The credits room: a ledger that posts itself, claims that earn, rewards that spend.

An INSERT into `transfer` is the only way to move credits: one AFTER INSERT trigger takes the lots that expire first, writes
the entries with sequence, running balance and hash, and counts. Everything else on the ledger's tables is refused, also to
a person with a SQL prompt. PostgreSQL tells the ledger's own writes by the trigger depth; SQLite has no such thing, there
each write must be backed by the row that the trigger has just written (account ← entry ← newest transfer; lot ← lot_alloc).

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BigInt = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

# Dropped in this order; created in the reverse.
TABLES = (
    "redemption_step", "redemption", "expiry_notice", "reward", "appeal", "claim_step", "evidence_file", "evidence", "claim",
    "earn_rule", "proposal", "lot_alloc", "lot", "entry", "seal", "period", "transfer", "account",
)  # fmt: skip


def _canonical(account: str, new: str) -> str:
    """The text that is hashed: integers as they are, texts behind their length, so that no two rows read alike."""
    numbers = (
        "id", "debit_account_id", "credit_account_id", "amount", "shortfall", "pending_id", "reverses_id", "lot_id",
        "lot_expires_at", "hold_until", "effective_at", "recorded_at",
    )  # fmt: skip
    texts = ("kind", "phase", "idem_key", "request_hash", "actor", "source", "memo")
    parts = ["'pl1'", f"{account}.head", *(f"CAST({value} AS TEXT)" for value in _RESULT[account])]
    parts += [f"coalesce(CAST({new}.{name} AS TEXT), '')" for name in numbers]
    parts += [f"CAST(length({new}.{name}) AS TEXT) || ':' || {new}.{name}" for name in texts]
    return " || '|' || ".join(parts)


# --- SQLite ---------------------------------------------------------------------------------------------------------
# The enterprise's account has the greater id of the two: the park's own are 1 to 4 (a CHECK of `transfer`).
_MEMBER = "MAX(NEW.debit_account_id, NEW.credit_account_id)"
_SPENDS = "NEW.kind IN ('redeem', 'adjust', 'recover') AND NEW.debit_account_id > 4 AND NEW.phase IN ('single', 'pending')"
_MOVED = "CASE WHEN NEW.phase IN ('pending', 'void') THEN 0 WHEN NEW.debit_account_id > 4 THEN -NEW.amount ELSE NEW.amount END"
_HELD = (
    "CASE NEW.phase WHEN 'pending' THEN NEW.amount WHEN 'single' THEN 0"
    " ELSE -(SELECT p.amount FROM transfer p WHERE p.id = NEW.pending_id) END"
)
_RESULT = {
    "a": (
        "a.id", "(a.seq + 1)", f"({_MOVED})", f"({_HELD})", f"(a.credits - a.debits + {_MOVED})", f"(a.held + {_HELD})",
    ),
    "acc": ("acc.id", "(acc.seq + 1)", "moved", "holding", "(acc.credits - acc.debits + moved)", "(acc.held + holding)"),
}  # fmt: skip

SQLITE_POST = f"""
CREATE TRIGGER transfer_posts AFTER INSERT ON transfer BEGIN
  SELECT RAISE(ABORT, 'ledger:period_closed') WHERE NEW.effective_at < (SELECT max(ends_at) FROM period);
  SELECT RAISE(ABORT, 'ledger:account_blocked') FROM account a
   WHERE a.id = {_MEMBER} AND NEW.kind = 'redeem' AND NEW.phase IN ('single', 'pending') AND (a.frozen OR a.owed > 0);
  SELECT RAISE(ABORT, 'ledger:hold_mismatch') WHERE NEW.phase IN ('post', 'void') AND NOT EXISTS (
    SELECT 1 FROM transfer p WHERE p.id = NEW.pending_id AND p.phase = 'pending'
       AND p.debit_account_id = NEW.debit_account_id AND p.credit_account_id = NEW.credit_account_id
       AND (NEW.amount = p.amount OR (NEW.phase = 'post' AND NEW.amount < p.amount)));
  SELECT RAISE(ABORT, 'ledger:hold_expired') FROM transfer p
   WHERE NEW.phase = 'post' AND p.id = NEW.pending_id AND p.hold_until <= NEW.recorded_at;
  SELECT RAISE(ABORT, 'ledger:lot_mismatch') WHERE NEW.kind = 'expire' AND NOT EXISTS (
    SELECT 1 FROM lot l WHERE l.id = NEW.lot_id AND l.account_id = NEW.debit_account_id
       AND l.expires_at <= NEW.effective_at AND NEW.amount <= l.amount - l.used - l.held);
  SELECT RAISE(ABORT, 'ledger:reversal_mismatch') WHERE NEW.kind = 'reverse' AND NOT EXISTS (
    SELECT 1 FROM transfer o LEFT JOIN lot l ON l.id = o.id
     WHERE o.id = NEW.reverses_id AND o.kind IN ('earn', 'redeem', 'adjust') AND o.phase IN ('single', 'post')
       AND o.debit_account_id = NEW.credit_account_id AND o.credit_account_id = NEW.debit_account_id
       AND CASE WHEN o.debit_account_id > 4 THEN NEW.amount = o.amount AND NEW.shortfall = 0
           ELSE NEW.amount = l.amount - l.used - l.held AND NEW.amount + NEW.shortfall = o.amount - coalesce((
             SELECT sum(x.used) FROM lot_alloc x JOIN transfer e ON e.id = x.transfer_id
              WHERE x.lot_id = o.id AND e.kind = 'expire'), 0) END);

  INSERT INTO lot (id, account_id, amount, earned_at, expires_at)
  SELECT NEW.id, NEW.credit_account_id, NEW.amount, NEW.effective_at, NEW.lot_expires_at
   WHERE NEW.lot_expires_at IS NOT NULL;

  INSERT INTO lot_alloc (lot_id, seq, transfer_id, used, held, used_after, held_after)
  SELECT id, seq + 1, NEW.id, part * single, part * (1 - single), used + part * single, held + part * (1 - single)
    FROM (SELECT id, seq, used, held, MIN(amount - used - held, NEW.amount - before) AS part, NEW.phase = 'single' AS single
            FROM (SELECT l.*, sum(l.amount - l.used - l.held) OVER (ORDER BY l.expires_at, l.id)
                         - (l.amount - l.used - l.held) AS before
                    FROM lot l
                   WHERE {_SPENDS} AND l.account_id = NEW.debit_account_id AND l.used + l.held < l.amount
                     AND l.expires_at > NEW.recorded_at)
           WHERE before < NEW.amount);
  SELECT RAISE(ABORT, 'ledger:insufficient_credits') WHERE {_SPENDS} AND NEW.amount >
    (SELECT coalesce(sum(x.used + x.held), 0) FROM lot_alloc x WHERE x.transfer_id = NEW.id);

  INSERT INTO lot_alloc (lot_id, seq, transfer_id, used, held, used_after, held_after)
  SELECT l.id, l.seq + 1, NEW.id, NEW.amount, 0, l.used + NEW.amount, l.held FROM lot l
   WHERE l.id = coalesce(NEW.lot_id, NEW.reverses_id) AND NEW.amount > 0
     AND (NEW.kind = 'expire' OR (NEW.kind = 'reverse' AND NEW.debit_account_id > 4));

  INSERT INTO lot_alloc (lot_id, seq, transfer_id, used, held, used_after, held_after)
  SELECT l.id, l.seq + 1, NEW.id, -x.used, 0, l.used - x.used, l.held
    FROM lot_alloc x JOIN lot l ON l.id = x.lot_id
   WHERE x.transfer_id = NEW.reverses_id AND x.used > 0 AND NEW.kind = 'reverse' AND NEW.credit_account_id > 4;

  INSERT INTO lot_alloc (lot_id, seq, transfer_id, used, held, used_after, held_after)
  SELECT id, seq + 1, NEW.id, part, -holding, used + part, held - holding
    FROM (SELECT id, seq, used, held, holding, MAX(0, MIN(holding, taken - before)) AS part
            FROM (SELECT l.id, l.seq, l.used, l.held, x.held AS holding,
                         CASE NEW.phase WHEN 'post' THEN NEW.amount ELSE 0 END AS taken,
                         sum(x.held) OVER (ORDER BY l.expires_at, l.id) - x.held AS before
                    FROM lot_alloc x JOIN lot l ON l.id = x.lot_id
                   WHERE x.transfer_id = NEW.pending_id));

  INSERT INTO entry (transfer_id, account_id, amount, held)
  SELECT NEW.id, MIN(NEW.debit_account_id, NEW.credit_account_id),
         CASE WHEN NEW.debit_account_id > 4 THEN NEW.amount ELSE -NEW.amount END, 0
   WHERE NEW.phase IN ('single', 'post');
  INSERT INTO entry (transfer_id, account_id, amount, held, seq, balance_after, held_after, hash)
  SELECT NEW.id, a.id, {_MOVED}, {_HELD}, a.seq + 1, a.credits - a.debits + {_MOVED}, a.held + {_HELD},
         ledger_sha256({_canonical("a", "NEW")})
    FROM account a WHERE a.id = {_MEMBER};

  UPDATE account SET
    debits = debits + CASE WHEN NEW.phase IN ('single', 'post') AND NEW.debit_account_id > 4 THEN NEW.amount ELSE 0 END,
    credits = credits + CASE WHEN NEW.credit_account_id > 4 THEN NEW.amount ELSE 0 END,
    held = held + {_HELD},
    owed = owed + NEW.shortfall - CASE NEW.kind WHEN 'recover' THEN NEW.amount ELSE 0 END,
    seq = seq + 1,
    head = (SELECT e.hash FROM entry e WHERE e.transfer_id = NEW.id AND e.account_id = account.id)
  WHERE id = {_MEMBER};
END
"""

SQLITE_GUARDS = (
    # An INSERT OR REPLACE would delete silently where recursive triggers are off.
    """CREATE TRIGGER transfer_not_replaced BEFORE INSERT ON transfer
       WHEN EXISTS (SELECT 1 FROM transfer t WHERE t.id = NEW.id)
       BEGIN SELECT RAISE(ABORT, 'ledger:append_only'); END""",
    """CREATE TRIGGER entry_only_by_transfer BEFORE INSERT ON entry
       WHEN EXISTS (SELECT 1 FROM entry e WHERE e.transfer_id = NEW.transfer_id AND e.account_id = NEW.account_id)
         OR NOT EXISTS (SELECT 1 FROM transfer t WHERE t.id = NEW.transfer_id AND t.id = (SELECT max(id) FROM transfer)
              AND (NEW.account_id = MAX(t.debit_account_id, t.credit_account_id)
                   OR (NEW.account_id = MIN(t.debit_account_id, t.credit_account_id) AND t.phase IN ('single', 'post'))))
       BEGIN SELECT RAISE(ABORT, 'ledger:only_by_transfer'); END""",
    """CREATE TRIGGER account_only_by_entry BEFORE UPDATE ON account
       WHEN NOT (NEW.id = OLD.id AND NEW.code = OLD.code AND NEW.kind = OLD.kind
         AND NEW.organisation_id IS OLD.organisation_id AND (
           (NEW.debits = OLD.debits AND NEW.credits = OLD.credits AND NEW.held = OLD.held AND NEW.owed = OLD.owed
            AND NEW.seq = OLD.seq AND NEW.head = OLD.head)
           OR (NEW.frozen = OLD.frozen AND NEW.debits >= OLD.debits AND NEW.credits >= OLD.credits
               AND NEW.seq = OLD.seq + 1 AND EXISTS (
                 SELECT 1 FROM entry e WHERE e.account_id = OLD.id AND e.seq = NEW.seq AND e.hash = NEW.head
                    AND e.balance_after = NEW.credits - NEW.debits AND e.held_after = NEW.held))))
       BEGIN SELECT RAISE(ABORT, 'ledger:only_by_transfer'); END""",
    """CREATE TRIGGER account_starts_empty BEFORE INSERT ON account
       WHEN NEW.debits <> 0 OR NEW.credits <> 0 OR NEW.held <> 0 OR NEW.owed <> 0 OR NEW.seq <> 0 OR NEW.head <> ''
         OR EXISTS (SELECT 1 FROM account a WHERE a.id = NEW.id)
       BEGIN SELECT RAISE(ABORT, 'ledger:only_by_transfer'); END""",
    """CREATE TRIGGER lot_only_by_transfer BEFORE INSERT ON lot
       WHEN NEW.used <> 0 OR NEW.held <> 0 OR NEW.seq <> 0
         OR EXISTS (SELECT 1 FROM lot l WHERE l.id = NEW.id)
         OR EXISTS (SELECT 1 FROM entry e WHERE e.transfer_id = NEW.id)
         OR NOT EXISTS (SELECT 1 FROM transfer t WHERE t.id = NEW.id AND t.credit_account_id = NEW.account_id
              AND t.amount = NEW.amount AND t.lot_expires_at = NEW.expires_at AND t.effective_at = NEW.earned_at)
       BEGIN SELECT RAISE(ABORT, 'ledger:only_by_transfer'); END""",
    """CREATE TRIGGER lot_only_by_alloc BEFORE UPDATE ON lot
       WHEN NOT (NEW.id = OLD.id AND NEW.account_id = OLD.account_id AND NEW.amount = OLD.amount
         AND NEW.earned_at = OLD.earned_at AND NEW.expires_at = OLD.expires_at AND NEW.seq = OLD.seq + 1
         AND EXISTS (SELECT 1 FROM lot_alloc x WHERE x.lot_id = OLD.id AND x.seq = NEW.seq
                AND x.used_after = NEW.used AND x.held_after = NEW.held))
       BEGIN SELECT RAISE(ABORT, 'ledger:only_by_transfer'); END""",
    """CREATE TRIGGER lot_alloc_only_by_transfer BEFORE INSERT ON lot_alloc
       WHEN NEW.transfer_id <> (SELECT max(id) FROM transfer)
         OR EXISTS (SELECT 1 FROM entry e WHERE e.transfer_id = NEW.transfer_id)
         OR EXISTS (SELECT 1 FROM lot_alloc x WHERE x.lot_id = NEW.lot_id AND x.seq = NEW.seq)
       BEGIN SELECT RAISE(ABORT, 'ledger:only_by_transfer'); END""",
    """CREATE TRIGGER lot_alloc_counts AFTER INSERT ON lot_alloc BEGIN
         UPDATE lot SET used = NEW.used_after, held = NEW.held_after, seq = NEW.seq WHERE id = NEW.lot_id;
       END""",
)

# --- PostgreSQL -----------------------------------------------------------------------------------------------------
POSTGRES_REFUSE = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'ledger:%', TG_ARGV[0] USING HINT = TG_OP || ' on ' || TG_TABLE_NAME;
END $$
"""

POSTGRES_TAKE = """
CREATE FUNCTION ledger_take(the_lot bigint, the_transfer bigint, the_used bigint, the_held bigint) RETURNS void
LANGUAGE sql AS $$
  WITH l AS (
    UPDATE lot SET used = used + the_used, held = held + the_held, seq = seq + 1 WHERE id = the_lot
    RETURNING id, seq, used, held)
  INSERT INTO lot_alloc (lot_id, seq, transfer_id, used, held, used_after, held_after)
  SELECT id, seq, the_transfer, the_used, the_held, used, held FROM l
$$
"""

POSTGRES_POST = f"""
CREATE FUNCTION ledger_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  acc account%ROWTYPE;
  other transfer%ROWTYPE;
  l record;
  part bigint;
  rest bigint := NEW.amount;
  moved bigint := 0;
  holding bigint := 0;
BEGIN
  -- The enterprise's account has the greater id of the two: the park's own are 1 to 4 (a CHECK of `transfer`).
  SELECT * INTO acc FROM account WHERE id = greatest(NEW.debit_account_id, NEW.credit_account_id) FOR NO KEY UPDATE;
  IF NEW.effective_at < (SELECT max(ends_at) FROM period) THEN
    RAISE EXCEPTION 'ledger:period_closed';
  END IF;
  IF NEW.phase IN ('single', 'post') THEN
    moved := CASE WHEN NEW.debit_account_id > 4 THEN -NEW.amount ELSE NEW.amount END;
  END IF;

  IF NEW.phase IN ('post', 'void') THEN
    SELECT * INTO other FROM transfer WHERE id = NEW.pending_id;
    IF other.phase <> 'pending' OR other.debit_account_id <> NEW.debit_account_id
       OR other.credit_account_id <> NEW.credit_account_id
       OR NEW.amount > other.amount OR (NEW.phase = 'void' AND NEW.amount <> other.amount) THEN
      RAISE EXCEPTION 'ledger:hold_mismatch';
    END IF;
    IF NEW.phase = 'void' THEN
      rest := 0;
    ELSIF other.hold_until <= NEW.recorded_at THEN
      RAISE EXCEPTION 'ledger:hold_expired';
    END IF;
    holding := -other.amount;
    FOR l IN SELECT x.lot_id, x.held FROM lot_alloc x JOIN lot ON lot.id = x.lot_id
              WHERE x.transfer_id = NEW.pending_id ORDER BY lot.expires_at, lot.id LOOP
      part := least(l.held, rest);
      PERFORM ledger_take(l.lot_id, NEW.id, part, -l.held);
      rest := rest - part;
    END LOOP;

  ELSIF NEW.lot_expires_at IS NOT NULL THEN
    INSERT INTO lot (id, account_id, amount, earned_at, expires_at)
    VALUES (NEW.id, NEW.credit_account_id, NEW.amount, NEW.effective_at, NEW.lot_expires_at);

  ELSIF NEW.kind = 'reverse' THEN
    SELECT * INTO other FROM transfer WHERE id = NEW.reverses_id;
    IF other.kind NOT IN ('earn', 'redeem', 'adjust') OR other.phase NOT IN ('single', 'post')
       OR other.debit_account_id <> NEW.credit_account_id OR other.credit_account_id <> NEW.debit_account_id THEN
      RAISE EXCEPTION 'ledger:reversal_mismatch';
    END IF;
    IF NEW.credit_account_id > 4 THEN
      IF NEW.amount <> other.amount OR NEW.shortfall <> 0 THEN
        RAISE EXCEPTION 'ledger:reversal_mismatch';
      END IF;
      FOR l IN SELECT x.lot_id, x.used FROM lot_alloc x WHERE x.transfer_id = other.id AND x.used > 0 ORDER BY x.lot_id LOOP
        PERFORM ledger_take(l.lot_id, NEW.id, -l.used, 0);
      END LOOP;
    ELSE
      SELECT amount - used - held INTO part FROM lot WHERE id = other.id;
      IF NEW.amount IS DISTINCT FROM part OR NEW.amount + NEW.shortfall <> other.amount - (
           SELECT coalesce(sum(x.used), 0) FROM lot_alloc x JOIN transfer e ON e.id = x.transfer_id
            WHERE x.lot_id = other.id AND e.kind = 'expire') THEN
        RAISE EXCEPTION 'ledger:reversal_mismatch';
      END IF;
      IF NEW.amount > 0 THEN
        PERFORM ledger_take(other.id, NEW.id, NEW.amount, 0);
      END IF;
    END IF;

  ELSIF NEW.kind = 'expire' THEN
    SELECT amount - used - held INTO part FROM lot
     WHERE id = NEW.lot_id AND account_id = NEW.debit_account_id AND expires_at <= NEW.effective_at;
    IF part IS NULL OR NEW.amount > part THEN
      RAISE EXCEPTION 'ledger:lot_mismatch';
    END IF;
    PERFORM ledger_take(NEW.lot_id, NEW.id, NEW.amount, 0);

  ELSE
    IF NEW.kind = 'redeem' AND (acc.frozen OR acc.owed > 0) THEN
      RAISE EXCEPTION 'ledger:account_blocked';
    END IF;
    FOR l IN SELECT id, amount - used - held AS free FROM lot
              WHERE account_id = acc.id AND used + held < amount AND expires_at > NEW.recorded_at
              ORDER BY expires_at, id LOOP
      part := least(l.free, rest);
      IF NEW.phase = 'pending' THEN
        PERFORM ledger_take(l.id, NEW.id, 0, part);
      ELSE
        PERFORM ledger_take(l.id, NEW.id, part, 0);
      END IF;
      rest := rest - part;
      EXIT WHEN rest = 0;
    END LOOP;
    IF rest > 0 THEN
      RAISE EXCEPTION 'ledger:insufficient_credits';
    END IF;
    IF NEW.phase = 'pending' THEN
      holding := NEW.amount;
    END IF;
  END IF;

  IF NEW.phase IN ('single', 'post') THEN
    INSERT INTO entry (transfer_id, account_id, amount, held)
    VALUES (NEW.id, least(NEW.debit_account_id, NEW.credit_account_id), -moved, 0);
  END IF;
  WITH e AS (
    INSERT INTO entry (transfer_id, account_id, amount, held, seq, balance_after, held_after, hash)
    VALUES (NEW.id, acc.id, moved, holding, acc.seq + 1, acc.credits - acc.debits + moved, acc.held + holding,
            encode(sha256(convert_to({_canonical("acc", "NEW")}, 'UTF8')), 'hex'))
    RETURNING hash)
  UPDATE account SET
    debits = debits + CASE WHEN moved < 0 THEN NEW.amount ELSE 0 END,
    credits = credits + CASE WHEN moved > 0 THEN NEW.amount ELSE 0 END,
    held = account.held + holding,
    owed = owed + NEW.shortfall - CASE NEW.kind WHEN 'recover' THEN NEW.amount ELSE 0 END,
    seq = account.seq + 1,
    head = e.hash
  FROM e WHERE id = acc.id;
  RETURN NULL;
END $$
"""

POSTGRES_GUARDS = (
    "CREATE TRIGGER transfer_posts AFTER INSERT ON transfer FOR EACH ROW EXECUTE FUNCTION ledger_post()",
    *(
        f"CREATE TRIGGER {table}_only_by_transfer BEFORE INSERT ON {table} FOR EACH ROW WHEN (pg_trigger_depth() = 0)"
        " EXECUTE FUNCTION ledger_refuse('only_by_transfer')"
        for table in ("entry", "lot", "lot_alloc")
    ),
    "CREATE TRIGGER lot_only_by_alloc BEFORE UPDATE ON lot FOR EACH ROW WHEN (pg_trigger_depth() = 0)"
    " EXECUTE FUNCTION ledger_refuse('only_by_transfer')",
    """CREATE TRIGGER account_only_by_entry BEFORE UPDATE ON account FOR EACH ROW
       WHEN (pg_trigger_depth() = 0 AND (NEW.id, NEW.code, NEW.kind, NEW.debits, NEW.credits, NEW.held, NEW.owed, NEW.seq,
             NEW.head) IS DISTINCT FROM (OLD.id, OLD.code, OLD.kind, OLD.debits, OLD.credits, OLD.held, OLD.owed, OLD.seq,
             OLD.head) OR NEW.organisation_id IS DISTINCT FROM OLD.organisation_id
             OR NEW.debits < OLD.debits OR NEW.credits < OLD.credits)
       EXECUTE FUNCTION ledger_refuse('only_by_transfer')""",
    """CREATE TRIGGER account_starts_empty BEFORE INSERT ON account FOR EACH ROW
       WHEN (NEW.debits <> 0 OR NEW.credits <> 0 OR NEW.held <> 0 OR NEW.owed <> 0 OR NEW.seq <> 0 OR NEW.head <> '')
       EXECUTE FUNCTION ledger_refuse('only_by_transfer')""",
)

APPEND_ONLY = ("transfer", "entry", "lot_alloc", "seal", "period", "earn_rule")
NEVER_DELETED = ("account", "lot")


def _guard(dialect: str) -> None:
    if dialect == "sqlite":
        op.execute(SQLITE_POST)
        for statement in SQLITE_GUARDS:
            op.execute(statement)
        for table in (*APPEND_ONLY, *NEVER_DELETED):
            for event in ("UPDATE", "DELETE") if table in APPEND_ONLY else ("DELETE",):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table}"
                    " BEGIN SELECT RAISE(ABORT, 'ledger:append_only'); END"
                )
        return
    for statement in (POSTGRES_REFUSE, POSTGRES_TAKE, POSTGRES_POST, *POSTGRES_GUARDS):
        op.execute(statement)
    for table in (*APPEND_ONLY, *NEVER_DELETED):
        for event in ("UPDATE", "DELETE") if table in APPEND_ONLY else ("DELETE",):
            op.execute(
                f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} FOR EACH ROW"
                " EXECUTE FUNCTION ledger_refuse('append_only')"
            )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"
            " EXECUTE FUNCTION ledger_refuse('append_only')"
        )


def upgrade() -> None:
    _tables()
    op.execute(
        "INSERT INTO account (id, code, kind) VALUES (1, 'issuance', 'issuance'), (2, 'redeemed', 'redeemed'),"
        " (3, 'expired', 'expired'), (4, 'adjust', 'adjust')"
    )
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute("ALTER SEQUENCE account_id_seq RESTART WITH 5")
    _guard(dialect)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION ledger_post(); DROP FUNCTION ledger_take(bigint, bigint, bigint, bigint);")
        op.execute("DROP FUNCTION ledger_refuse()")


def _tables() -> None:
    op.create_table(
        "period",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_by", sa.Text(), nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_period_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period")),
        sa.UniqueConstraint("ends_at", name=op.f("uq_period_ends_at")),
        sa.UniqueConstraint("month", name=op.f("uq_period_month")),
    )
    op.create_table(
        "seal",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("up_to_id", BigInt, nullable=False),
        sa.Column("count", BigInt, nullable=False),
        sa.Column("total", BigInt, nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("sealed_at", sa.BigInteger(), nullable=False),
        sa.Column("sealed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seal")),
        sa.UniqueConstraint("up_to_id", name=op.f("uq_seal_up_to_id")),
    )
    op.create_table(
        "account",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("organisation_id", BigInt, nullable=True),
        sa.Column("frozen", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("debits", BigInt, server_default="0", nullable=False),
        sa.Column("credits", BigInt, server_default="0", nullable=False),
        sa.Column("held", BigInt, server_default="0", nullable=False),
        sa.Column("owed", BigInt, server_default="0", nullable=False),
        sa.Column("seq", BigInt, server_default="0", nullable=False),
        sa.Column("head", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "(id <= 4) = (kind <> 'enterprise') AND kind IN ('enterprise', 'issuance', 'redeemed', 'expired', 'adjust')",
            name=op.f("ck_account_kind"),
        ),
        sa.CheckConstraint(
            "(kind = 'enterprise') = (organisation_id IS NOT NULL)", name=op.f("ck_account_owner")
        ),
        sa.CheckConstraint("credits - debits - held >= 0", name=op.f("ck_account_never_negative")),
        sa.CheckConstraint(
            "debits >= 0 AND credits >= 0 AND held >= 0 AND owed >= 0 AND seq >= 0",
            name=op.f("ck_account_counters"),
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_account_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("code", name=op.f("uq_account_code")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_account_organisation_id")),
    )
    op.create_table(
        "earn_rule",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("version", BigInt, nullable=False),
        sa.Column("title_zh", sa.Text(), nullable=False),
        sa.Column("title_en", sa.Text(), nullable=False),
        sa.Column("description_zh", sa.Text(), nullable=False),
        sa.Column("description_en", sa.Text(), nullable=False),
        sa.Column("icon", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("evidence_kind", sa.Text(), nullable=False),
        sa.Column("credits", BigInt, nullable=False),
        sa.Column("lifetime_days", BigInt, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("cap_period", sa.Text(), nullable=False),
        sa.Column("cap_credits", BigInt, nullable=True),
        sa.Column("cap_claims", BigInt, nullable=True),
        sa.Column("proposed_by", BigInt, nullable=False),
        sa.Column("approved_by", BigInt, nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "cap_period IN ('none', 'month', 'quarter', 'year')", name=op.f("ck_earn_rule_cap_period")
        ),
        sa.CheckConstraint("origin IN ('claim', 'platform')", name=op.f("ck_earn_rule_origin")),
        sa.CheckConstraint("approved_by <> proposed_by", name=op.f("ck_earn_rule_four_eyes")),
        sa.CheckConstraint(
            "credits > 0 AND credits <= 1000000 AND lifetime_days BETWEEN 1 AND 3650",
            name=op.f("ck_earn_rule_credits"),
        ),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_earn_rule_validity")),
        sa.ForeignKeyConstraint(["approved_by"], ["member.id"], name=op.f("fk_earn_rule_approved_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["member.id"], name=op.f("fk_earn_rule_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_earn_rule")),
        sa.UniqueConstraint("code", "version", name=op.f("uq_earn_rule_code_version")),
    )
    op.create_table(
        "proposal",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("proposed_by", BigInt, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", BigInt, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("(state = 'proposed') = (decided_by IS NULL)", name=op.f("ck_proposal_decided")),
        sa.CheckConstraint("kind IN ('earn_rule', 'reward', 'adjustment')", name=op.f("ck_proposal_kind")),
        sa.CheckConstraint("state IN ('proposed', 'approved', 'rejected')", name=op.f("ck_proposal_state")),
        sa.CheckConstraint("decided_by <> proposed_by", name=op.f("ck_proposal_four_eyes")),
        sa.ForeignKeyConstraint(["decided_by"], ["member.id"], name=op.f("fk_proposal_decided_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["member.id"], name=op.f("fk_proposal_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    op.create_index(op.f("ix_proposal_state"), "proposal", ["state"], unique=False)
    op.create_table(
        "reward",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("description_zh", sa.Text(), nullable=False),
        sa.Column("description_en", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("icon", sa.Text(), nullable=False),
        sa.Column("cost_credits", BigInt, nullable=False),
        sa.Column("stock", BigInt, nullable=True),
        sa.Column("reserved", BigInt, server_default="0", nullable=False),
        sa.Column("issued", BigInt, server_default="0", nullable=False),
        sa.Column("limit_per_enterprise", BigInt, nullable=True),
        sa.Column("eligible_sizes", sa.JSON(), nullable=False),
        sa.Column("eligible_industries", sa.JSON(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("fulfilment", sa.Text(), nullable=False),
        sa.Column("fulfilment_params", sa.JSON(), nullable=False),
        sa.Column("approved_by", BigInt, nullable=False),
        sa.Column("proposed_by", BigInt, nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("cost_credits > 0 AND cost_credits <= 10000000", name=op.f("ck_reward_cost")),
        sa.CheckConstraint(
            "limit_per_enterprise IS NULL OR limit_per_enterprise > 0", name=op.f("ck_reward_limit")
        ),
        sa.CheckConstraint("reserved >= 0 AND issued >= 0", name=op.f("ck_reward_counters")),
        sa.CheckConstraint("stock IS NULL OR reserved + issued <= stock", name=op.f("ck_reward_stock")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_reward_validity")),
        sa.ForeignKeyConstraint(["approved_by"], ["member.id"], name=op.f("fk_reward_approved_by")),
        sa.ForeignKeyConstraint(["proposed_by"], ["member.id"], name=op.f("fk_reward_proposed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reward")),
        sa.UniqueConstraint("code", name=op.f("uq_reward_code")),
    )
    op.create_index(op.f("ix_reward_category"), "reward", ["category"], unique=False)
    op.create_table(
        "transfer",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("idem_key", sa.Text(), nullable=False),
        sa.Column("request_hash", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("phase", sa.Text(), nullable=False),
        sa.Column("debit_account_id", BigInt, nullable=False),
        sa.Column("credit_account_id", BigInt, nullable=False),
        sa.Column("amount", BigInt, nullable=False),
        sa.Column("shortfall", BigInt, server_default="0", nullable=False),
        sa.Column("pending_id", BigInt, nullable=True),
        sa.Column("reverses_id", BigInt, nullable=True),
        sa.Column("lot_id", BigInt, nullable=True),
        sa.Column("lot_expires_at", sa.BigInteger(), nullable=True),
        sa.Column("hold_until", sa.BigInteger(), nullable=True),
        sa.Column("effective_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("memo", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "(kind = 'earn' AND debit_account_id = 1 AND phase = 'single') OR (kind = 'redeem' AND credit_account_id = 2) OR (kind = 'expire' AND credit_account_id = 3 AND phase = 'single') OR (kind = 'adjust' AND (debit_account_id = 4 OR credit_account_id = 4) AND phase = 'single') OR (kind = 'recover' AND credit_account_id = 1 AND phase = 'single') OR (kind = 'reverse' AND phase = 'single')",
            name=op.f("ck_transfer_legs"),
        ),
        sa.CheckConstraint(
            "(kind = 'earn' OR (kind = 'adjust' AND debit_account_id = 4)) = (lot_expires_at IS NOT NULL)",
            name=op.f("ck_transfer_lot_expires"),
        ),
        sa.CheckConstraint("(kind = 'expire') = (lot_id IS NOT NULL)", name=op.f("ck_transfer_lot")),
        sa.CheckConstraint(
            "(kind = 'reverse') = (reverses_id IS NOT NULL)", name=op.f("ck_transfer_reverses")
        ),
        sa.CheckConstraint(
            "(phase = 'single' AND pending_id IS NULL) OR (kind = 'redeem' AND ((phase = 'pending' AND pending_id IS NULL) OR (phase IN ('post', 'void') AND pending_id IS NOT NULL)))",
            name=op.f("ck_transfer_phase"),
        ),
        sa.CheckConstraint("hold_until IS NULL OR phase = 'pending'", name=op.f("ck_transfer_hold_until")),
        sa.CheckConstraint(
            "shortfall >= 0 AND (amount > 0 OR (amount = 0 AND kind = 'reverse' AND shortfall > 0)) AND (shortfall = 0 OR kind = 'reverse')",
            name=op.f("ck_transfer_amount"),
        ),
        sa.CheckConstraint(
            "(debit_account_id <= 4) <> (credit_account_id <= 4)", name=op.f("ck_transfer_one_member")
        ),
        sa.CheckConstraint("effective_at <= recorded_at", name=op.f("ck_transfer_effective")),
        sa.CheckConstraint(
            "length(idem_key) BETWEEN 1 AND 200 AND length(actor) > 0 AND length(memo) <= 500",
            name=op.f("ck_transfer_texts"),
        ),
        sa.ForeignKeyConstraint(
            ["credit_account_id"], ["account.id"], name=op.f("fk_transfer_credit_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["debit_account_id"], ["account.id"], name=op.f("fk_transfer_debit_account_id")
        ),
        sa.ForeignKeyConstraint(["pending_id"], ["transfer.id"], name=op.f("fk_transfer_pending_id")),
        sa.ForeignKeyConstraint(["reverses_id"], ["transfer.id"], name=op.f("fk_transfer_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sa.UniqueConstraint("idem_key", name=op.f("uq_transfer_idem_key")),
    )
    op.create_index(
        "uq_transfer_pending_id",
        "transfer",
        ["pending_id"],
        unique=True,
        sqlite_where=sa.text("pending_id IS NOT NULL"),
        postgresql_where=sa.text("pending_id IS NOT NULL"),
    )
    op.create_index(
        "uq_transfer_reverses_id",
        "transfer",
        ["reverses_id"],
        unique=True,
        sqlite_where=sa.text("reverses_id IS NOT NULL"),
        postgresql_where=sa.text("reverses_id IS NOT NULL"),
    )
    op.create_table(
        "claim",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("organisation_id", BigInt, nullable=False),
        sa.Column("rule_code", sa.Text(), nullable=False),
        sa.Column("earn_rule_id", BigInt, nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=True),
        sa.Column("credits", BigInt, nullable=True),
        sa.Column("created_by", BigInt, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_by", BigInt, nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", BigInt, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.Column("transfer_id", BigInt, nullable=True),
        sa.Column("reversal_id", BigInt, nullable=True),
        sa.CheckConstraint("(state = 'revoked') = (reversal_id IS NOT NULL)", name=op.f("ck_claim_reversed")),
        sa.CheckConstraint(
            "(state IN ('approved', 'revoked')) = (transfer_id IS NOT NULL)", name=op.f("ck_claim_posted")
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'returned', 'approved', 'rejected', 'appealed', 'revoked', 'withdrawn')",
            name=op.f("ck_claim_state"),
        ),
        sa.CheckConstraint("decided_by <> submitted_by", name=op.f("ck_claim_four_eyes")),
        sa.ForeignKeyConstraint(["created_by"], ["member.id"], name=op.f("fk_claim_created_by")),
        sa.ForeignKeyConstraint(["decided_by"], ["member.id"], name=op.f("fk_claim_decided_by")),
        sa.ForeignKeyConstraint(["earn_rule_id"], ["earn_rule.id"], name=op.f("fk_claim_earn_rule_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_claim_organisation_id")
        ),
        sa.ForeignKeyConstraint(["reversal_id"], ["transfer.id"], name=op.f("fk_claim_reversal_id")),
        sa.ForeignKeyConstraint(["submitted_by"], ["member.id"], name=op.f("fk_claim_submitted_by")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_claim_transfer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("reversal_id", name=op.f("uq_claim_reversal_id")),
        sa.UniqueConstraint("source_key", name=op.f("uq_claim_source_key")),
        sa.UniqueConstraint("transfer_id", name=op.f("uq_claim_transfer_id")),
    )
    op.create_index("ix_claim_organisation_id_state", "claim", ["organisation_id", "state"], unique=False)
    op.create_index("ix_claim_state_submitted_at", "claim", ["state", "submitted_at"], unique=False)
    op.create_table(
        "entry",
        sa.Column("transfer_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("account_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("amount", BigInt, nullable=False),
        sa.Column("held", BigInt, nullable=False),
        sa.Column("seq", BigInt, nullable=True),
        sa.Column("balance_after", BigInt, nullable=True),
        sa.Column("held_after", BigInt, nullable=True),
        sa.Column("hash", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "balance_after >= 0 AND held_after >= 0 AND balance_after >= held_after",
            name=op.f("ck_entry_never_negative"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_entry_account_id")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_entry_transfer_id")),
        sa.PrimaryKeyConstraint("transfer_id", "account_id", name=op.f("pk_entry")),
    )
    op.create_index(
        "uq_entry_account_id_seq",
        "entry",
        ["account_id", "seq"],
        unique=True,
        sqlite_where=sa.text("seq IS NOT NULL"),
        postgresql_where=sa.text("seq IS NOT NULL"),
    )
    op.create_table(
        "lot",
        sa.Column("id", BigInt, autoincrement=False, nullable=False),
        sa.Column("account_id", BigInt, nullable=False),
        sa.Column("amount", BigInt, nullable=False),
        sa.Column("earned_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used", BigInt, server_default="0", nullable=False),
        sa.Column("held", BigInt, server_default="0", nullable=False),
        sa.Column("seq", BigInt, server_default="0", nullable=False),
        sa.CheckConstraint(
            "used >= 0 AND held >= 0 AND used + held <= amount", name=op.f("ck_lot_never_over")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_lot_account_id")),
        sa.ForeignKeyConstraint(["id"], ["transfer.id"], name=op.f("fk_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
    )
    op.create_index("ix_lot_account_id", "lot", ["account_id"], unique=False)
    op.create_index(
        "ix_lot_account_id_expires_at_id",
        "lot",
        ["account_id", "expires_at", "id"],
        unique=False,
        sqlite_where=sa.text("used + held < amount"),
        postgresql_where=sa.text("used + held < amount"),
    )
    op.create_table(
        "redemption",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("organisation_id", BigInt, nullable=False),
        sa.Column("reward_id", BigInt, nullable=False),
        sa.Column("quantity", BigInt, nullable=False),
        sa.Column("cost_credits", BigInt, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("hold_transfer_id", BigInt, nullable=False),
        sa.Column("settle_transfer_id", BigInt, nullable=True),
        sa.Column("requested_by", BigInt, nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", BigInt, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("reference_url", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('requested', 'approved')) = (settle_transfer_id IS NULL)",
            name=op.f("ck_redemption_settled"),
        ),
        sa.CheckConstraint(
            "state IN ('requested', 'approved', 'fulfilled', 'rejected', 'cancelled', 'expired')",
            name=op.f("ck_redemption_state"),
        ),
        sa.CheckConstraint("decided_by <> requested_by", name=op.f("ck_redemption_four_eyes")),
        sa.CheckConstraint("quantity > 0 AND cost_credits > 0", name=op.f("ck_redemption_positive")),
        sa.ForeignKeyConstraint(["decided_by"], ["member.id"], name=op.f("fk_redemption_decided_by")),
        sa.ForeignKeyConstraint(
            ["hold_transfer_id"], ["transfer.id"], name=op.f("fk_redemption_hold_transfer_id")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_redemption_organisation_id")
        ),
        sa.ForeignKeyConstraint(["requested_by"], ["member.id"], name=op.f("fk_redemption_requested_by")),
        sa.ForeignKeyConstraint(["reward_id"], ["reward.id"], name=op.f("fk_redemption_reward_id")),
        sa.ForeignKeyConstraint(
            ["settle_transfer_id"], ["transfer.id"], name=op.f("fk_redemption_settle_transfer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemption")),
        sa.UniqueConstraint("hold_transfer_id", name=op.f("uq_redemption_hold_transfer_id")),
        sa.UniqueConstraint("settle_transfer_id", name=op.f("uq_redemption_settle_transfer_id")),
    )
    op.create_index(
        "ix_redemption_organisation_id_state", "redemption", ["organisation_id", "state"], unique=False
    )
    op.create_index(op.f("ix_redemption_reward_id"), "redemption", ["reward_id"], unique=False)
    op.create_index("ix_redemption_state_expires_at", "redemption", ["state", "expires_at"], unique=False)
    op.create_table(
        "appeal",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("claim_id", BigInt, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rejected_by", BigInt, nullable=False),
        sa.Column("appealed_by", BigInt, nullable=False),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", BigInt, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "decided_by <> rejected_by AND decided_by <> appealed_by", name=op.f("ck_appeal_other_reviewer")
        ),
        sa.ForeignKeyConstraint(["appealed_by"], ["member.id"], name=op.f("fk_appeal_appealed_by")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_appeal_claim_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["member.id"], name=op.f("fk_appeal_decided_by")),
        sa.ForeignKeyConstraint(["rejected_by"], ["member.id"], name=op.f("fk_appeal_rejected_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("claim_id", name=op.f("uq_appeal_claim_id")),
    )
    op.create_table(
        "claim_step",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("claim_id", BigInt, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("member_id", BigInt, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_claim_step_claim_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_claim_step_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim_step")),
    )
    op.create_index("ix_claim_step_claim_id", "claim_step", ["claim_id"], unique=False)
    op.create_table(
        "evidence",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("claim_id", BigInt, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("normal", sa.Text(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.CheckConstraint("length(normal) BETWEEN 1 AND 200", name=op.f("ck_evidence_normal")),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_evidence_claim_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    op.create_index("ix_evidence_claim_id", "evidence", ["claim_id"], unique=False)
    op.create_index(
        "uq_evidence_kind_normal",
        "evidence",
        ["kind", "normal"],
        unique=True,
        sqlite_where=sa.text("live"),
        postgresql_where=sa.text("live"),
    )
    op.create_table(
        "evidence_file",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("claim_id", BigInt, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", BigInt, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("uploaded_by", BigInt, nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["claim_id"], ["claim.id"], name=op.f("fk_evidence_file_claim_id")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["member.id"], name=op.f("fk_evidence_file_uploaded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_file")),
        sa.UniqueConstraint("claim_id", "sha256", name=op.f("uq_evidence_file_claim_id_sha256")),
    )
    op.create_table(
        "expiry_notice",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("lot_id", BigInt, nullable=False),
        sa.Column("days_before", BigInt, nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_expiry_notice_lot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_expiry_notice")),
        sa.UniqueConstraint("lot_id", "days_before", name=op.f("uq_expiry_notice_lot_id_days_before")),
    )
    op.create_table(
        "lot_alloc",
        sa.Column("lot_id", BigInt, autoincrement=False, nullable=False),
        sa.Column("seq", BigInt, autoincrement=False, nullable=False),
        sa.Column("transfer_id", BigInt, nullable=False),
        sa.Column("used", BigInt, nullable=False),
        sa.Column("held", BigInt, nullable=False),
        sa.Column("used_after", BigInt, nullable=False),
        sa.Column("held_after", BigInt, nullable=False),
        sa.CheckConstraint("used_after >= 0 AND held_after >= 0", name=op.f("ck_lot_alloc_never_negative")),
        sa.ForeignKeyConstraint(["lot_id"], ["lot.id"], name=op.f("fk_lot_alloc_lot_id")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_lot_alloc_transfer_id")),
        sa.PrimaryKeyConstraint("lot_id", "seq", name=op.f("pk_lot_alloc")),
        sa.UniqueConstraint("transfer_id", "lot_id", name=op.f("uq_lot_alloc_transfer_id_lot_id")),
    )
    op.create_table(
        "redemption_step",
        sa.Column("id", BigInt, nullable=False),
        sa.Column("redemption_id", BigInt, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("member_id", BigInt, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_redemption_step_member_id")),
        sa.ForeignKeyConstraint(
            ["redemption_id"], ["redemption.id"], name=op.f("fk_redemption_step_redemption_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redemption_step")),
    )
    op.create_index("ix_redemption_step_redemption_id", "redemption_step", ["redemption_id"], unique=False)
