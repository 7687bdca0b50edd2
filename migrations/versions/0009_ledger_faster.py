"""PostgreSQL: the same ledger with less work per posting (170 µs of the server before; 110–140 after, measured beside other work).

Measured on the insert of one earning: PostgreSQL parses every CHECK of a table anew for each statement (65 µs in all), each of six
foreign keys is a query of its own that also locks the park's account for everybody (50 µs), and each statement inside the trigger
starts an executor. So, on PostgreSQL only (SQLite pays for none of this and keeps its tables):

* the CHECKs of `transfer` and `account` become one CHECK each, a function whose conditions are compiled once per session; the names of
  the old ones are what it raises;
* the foreign keys of rows that only the posting trigger can write, and of `transfer` to its accounts, become a look-up in that
  trigger: an account is never deleted or renumbered, so a reference that held once holds for ever;
* the trigger locks, reads the balance and the last closed month in one statement, writes both entries and counts in another.

What is stored, hashed and refused stays as it was.

Revision ID: 0009
Revises: 0008
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

# (table, column, target): what the trigger now looks up itself.
FOREIGN_KEYS = (
    ("transfer", "debit_account_id", "account"),
    ("transfer", "credit_account_id", "account"),
    ("entry", "account_id", "account"),
    ("entry", "transfer_id", "transfer"),
    ("lot", "account_id", "account"),
    ("lot", "id", "transfer"),
)

TRANSFER_CHECKS = {
    "amount": "shortfall >= 0 AND (amount > 0 OR (amount = 0 AND kind = 'reverse' AND shortfall > 0))"
    " AND (shortfall = 0 OR kind = 'reverse')",
    "one_member": "(debit_account_id <= 4) <> (credit_account_id <= 4)",
    "legs": "(kind = 'earn' AND debit_account_id = 1 AND phase = 'single')"
    " OR (kind = 'redeem' AND credit_account_id = 2)"
    " OR (kind = 'expire' AND credit_account_id = 3 AND phase = 'single')"
    " OR (kind = 'adjust' AND (debit_account_id = 4 OR credit_account_id = 4) AND phase = 'single')"
    " OR (kind = 'recover' AND credit_account_id = 1 AND phase = 'single')"
    " OR (kind = 'reverse' AND phase = 'single')",
    "phase": "(phase = 'single' AND pending_id IS NULL) OR (kind = 'redeem' AND ("
    "(phase = 'pending' AND pending_id IS NULL) OR (phase IN ('post', 'void') AND pending_id IS NOT NULL)))",
    "reverses": "(kind = 'reverse') = (reverses_id IS NOT NULL)",
    "lot": "(kind = 'expire') = (lot_id IS NOT NULL)",
    "lot_expires": "(kind = 'earn' OR (kind = 'adjust' AND debit_account_id = 4)) = (lot_expires_at IS NOT NULL)",
    "hold_until": "hold_until IS NULL OR phase = 'pending'",
    "effective": "effective_at <= recorded_at",
    "texts": "length(idem_key) BETWEEN 1 AND 200 AND length(actor) > 0 AND length(memo) <= 500",
}
TRANSFER_COLUMNS = (
    ("kind", "text"), ("phase", "text"), ("idem_key", "text"), ("actor", "text"), ("memo", "text"),
    ("debit_account_id", "bigint"), ("credit_account_id", "bigint"), ("amount", "bigint"), ("shortfall", "bigint"),
    ("pending_id", "bigint"), ("reverses_id", "bigint"), ("lot_id", "bigint"), ("lot_expires_at", "bigint"),
    ("hold_until", "bigint"), ("effective_at", "bigint"), ("recorded_at", "bigint"),
)  # fmt: skip
ACCOUNT_CHECKS = {
    "kind": "(id <= 4) = (kind <> 'enterprise')"
    " AND kind IN ('enterprise', 'issuance', 'redeemed', 'expired', 'adjust')",
    "owner": "(kind = 'enterprise') = (organisation_id IS NOT NULL)",
    "never_negative": "credits - debits - held >= 0",
    "counters": "debits >= 0 AND credits >= 0 AND held >= 0 AND owed >= 0 AND seq >= 0",
}
ACCOUNT_COLUMNS = (
    ("id", "bigint"), ("kind", "text"), ("organisation_id", "bigint"), ("debits", "bigint"), ("credits", "bigint"),
    ("held", "bigint"), ("owed", "bigint"), ("seq", "bigint"),
)  # fmt: skip
CHECKED = (("transfer", TRANSFER_CHECKS, TRANSFER_COLUMNS), ("account", ACCOUNT_CHECKS, ACCOUNT_COLUMNS))

# The text that is hashed: migration 0002 has it as a chain of ||, `app.credits.ledger.rules.canonical` in Python.
_NUMBERS = (
    "id", "debit_account_id", "credit_account_id", "amount", "shortfall", "pending_id", "reverses_id", "lot_id", "lot_expires_at",
    "hold_until", "effective_at", "recorded_at",
)  # fmt: skip
_TEXTS = ("kind", "phase", "idem_key", "request_hash", "actor", "source", "memo")
_FORMAT = "|".join(["pl1"] + ["%s"] * (7 + len(_NUMBERS)) + ["%s:%s"] * len(_TEXTS))
_VALUES = ", ".join(
    ["acc.head, member, acc.seq, moved, holding, acc.balance + moved, acc.held + holding"]
    + [f"NEW.{name}" for name in _NUMBERS]
    + [f"length(NEW.{name}), NEW.{name}" for name in _TEXTS]
)

TAKE = """
CREATE OR REPLACE FUNCTION ledger_take(the_lot bigint, the_transfer bigint, the_used bigint, the_held bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  WITH l AS (
    UPDATE lot SET used = used + the_used, held = held + the_held, seq = seq + 1 WHERE id = the_lot
    RETURNING id, seq, used, held)
  INSERT INTO lot_alloc (lot_id, seq, transfer_id, used, held, used_after, held_after)
  SELECT id, seq, the_transfer, the_used, the_held, used, held FROM l;
END $$
"""

POST = f"""
CREATE OR REPLACE FUNCTION ledger_post() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  acc record;
  other transfer%ROWTYPE;
  l record;
  part bigint;
  rest bigint := NEW.amount;
  -- The enterprise's account has the greater id of the two: the park's own are 1 to 4 (a CHECK of `transfer`).
  member bigint := greatest(NEW.debit_account_id, NEW.credit_account_id);
  moved bigint := 0;
  holding bigint := 0;
  sealed text;
BEGIN
  SELECT a.credits - a.debits AS balance, a.held, a.owed, a.seq + 1 AS seq, a.head, a.frozen,
         (SELECT max(ends_at) FROM period) AS open_from
    INTO acc FROM account a WHERE a.id = member FOR NO KEY UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'ledger:no_account';
  END IF;
  IF NEW.effective_at < acc.open_from THEN
    RAISE EXCEPTION 'ledger:period_closed';
  END IF;
  IF NEW.phase IN ('single', 'post') THEN
    moved := CASE WHEN NEW.debit_account_id > 4 THEN -NEW.amount ELSE NEW.amount END;
  END IF;

  IF NEW.lot_expires_at IS NOT NULL THEN
    INSERT INTO lot (id, account_id, amount, earned_at, expires_at)
    VALUES (NEW.id, NEW.credit_account_id, NEW.amount, NEW.effective_at, NEW.lot_expires_at);

  ELSIF NEW.phase IN ('post', 'void') THEN
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
              WHERE account_id = member AND used + held < amount AND expires_at > NEW.recorded_at
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

  sealed := encode(sha256(convert_to(format('{_FORMAT}', {_VALUES}), 'UTF8')), 'hex');
  IF NEW.phase IN ('single', 'post') THEN
    WITH legs AS (
      INSERT INTO entry (transfer_id, account_id, amount, held, seq, balance_after, held_after, hash)
      VALUES (NEW.id, least(NEW.debit_account_id, NEW.credit_account_id), -moved, 0, NULL, NULL, NULL, NULL),
             (NEW.id, member, moved, holding, acc.seq, acc.balance + moved, acc.held + holding, sealed))
    UPDATE account SET
      debits = debits + CASE WHEN moved < 0 THEN NEW.amount ELSE 0 END,
      credits = credits + CASE WHEN moved > 0 THEN NEW.amount ELSE 0 END,
      held = account.held + holding,
      owed = account.owed + NEW.shortfall - CASE NEW.kind WHEN 'recover' THEN NEW.amount ELSE 0 END,
      seq = acc.seq,
      head = sealed
    WHERE id = member;
  ELSE
    WITH leg AS (
      INSERT INTO entry (transfer_id, account_id, amount, held, seq, balance_after, held_after, hash)
      VALUES (NEW.id, member, 0, holding, acc.seq, acc.balance, acc.held + holding, sealed))
    UPDATE account SET held = account.held + holding, seq = acc.seq, head = sealed WHERE id = member;
  END IF;
  RETURN NULL;
END $$
"""

# A trigger's WHEN is parsed for each statement like a CHECK; inside the function it is compiled once. Depth 1 is this trigger itself.
GUARD_ACCOUNT = """
CREATE FUNCTION ledger_guard_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.debits < OLD.debits OR NEW.credits < OLD.credits OR NEW.organisation_id IS DISTINCT FROM OLD.organisation_id
     OR (pg_trigger_depth() = 1 AND (NEW.id, NEW.code, NEW.kind, NEW.debits, NEW.credits, NEW.held, NEW.owed, NEW.seq, NEW.head)
         IS DISTINCT FROM (OLD.id, OLD.code, OLD.kind, OLD.debits, OLD.credits, OLD.held, OLD.owed, OLD.seq, OLD.head)) THEN
    RAISE EXCEPTION 'ledger:only_by_transfer' USING HINT = 'UPDATE on account';
  END IF;
  RETURN NEW;
END $$
"""


def _well_formed(table: str, checks: dict[str, str], columns: tuple[tuple[str, str], ...]) -> str:
    """One function for all conditions of a table: true, or the refusal by the broken one's name."""
    refusals = "\n".join(
        f"  IF NOT ({condition}) THEN\n    RAISE check_violation USING MESSAGE = 'violates check constraint \"ck_{table}_{name}\"',"
        f" TABLE = '{table}', CONSTRAINT = 'ck_{table}_{name}';\n  END IF;"
        for name, condition in checks.items()
    )
    parameters = ", ".join(f"{name} {kind}" for name, kind in columns)
    return (
        f"CREATE FUNCTION ledger_{table}_well_formed({parameters}) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$\n"
        f"BEGIN\n{refusals}\n  RETURN true;\nEND $$"
    )


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table, column, _target in FOREIGN_KEYS:
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT fk_{table}_{column}")
    for table, checks, columns in CHECKED:
        op.execute(_well_formed(table, checks, columns))
        arguments = ", ".join(name for name, _kind in columns)
        op.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_well_formed CHECK (ledger_{table}_well_formed({arguments}))"
        )
        for name in checks:
            op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_{name}")
    op.execute(GUARD_ACCOUNT)
    op.execute("DROP TRIGGER account_only_by_entry ON account")
    op.execute(
        "CREATE TRIGGER account_only_by_entry BEFORE UPDATE ON account FOR EACH ROW EXECUTE FUNCTION ledger_guard_account()"
    )
    _replace(TAKE, POST)


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    first = _migration_0002()
    _replace(first.POSTGRES_TAKE.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"),
             first.POSTGRES_POST.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))  # fmt: skip
    op.execute("DROP TRIGGER account_only_by_entry ON account")
    op.execute(next(one for one in first.POSTGRES_GUARDS if "TRIGGER account_only_by_entry" in one))
    op.execute("DROP FUNCTION ledger_guard_account()")
    for table, checks, _columns in CHECKED:
        for name, condition in checks.items():
            op.execute(f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({condition})")
        op.execute(f"ALTER TABLE {table} DROP CONSTRAINT ck_{table}_well_formed")
        op.execute(f"DROP FUNCTION ledger_{table}_well_formed")
    for table, column, target in FOREIGN_KEYS:
        op.create_foreign_key(f"fk_{table}_{column}", table, target, [column], ["id"])


def _replace(*functions: str) -> None:
    """Replacing a function takes SECURITY DEFINER from it: who gave the application a role of its own keeps that."""
    separated = op.get_bind().scalar(sa.text("SELECT prosecdef FROM pg_proc WHERE proname = 'ledger_post'"))
    for function in functions:
        op.execute(function)
    if separated:
        op.execute("ALTER FUNCTION ledger_post() SECURITY DEFINER SET search_path = public, pg_temp")


def _migration_0002() -> ModuleType:
    path = Path(__file__).with_name("0002_credits.py")
    found = importlib.util.spec_from_file_location("migration_0002", path)
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module
