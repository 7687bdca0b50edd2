"""What a seat has said itself is kept by the database, and so is the second person of a reward, a reset and lost factors.

Until now the service alone refused to overwrite a seat's own vote, to vote after a resolution, to decide one subject twice or
to change the text of a resolution. What is there stays as it is: nothing is written here, only later writing is refused.

Revision ID: 0052
Revises: 0051
"""

from __future__ import annotations

from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

OWN_WORD = "a seat's own vote is never overwritten"
CLOSED = "a resolution closes its subject"
ROLL = "the seats of the day of the vote stay"
KEPT = "a resolution keeps its words"
TWO = "four eyes: one person signs once"

ITEM_RESOLVED = "EXISTS (SELECT 1 FROM resolution r WHERE r.agenda_item_id = {row}.agenda_item_id)"
BY_ANOTHER = (
    "NEW.entered = {false} AND EXISTS (SELECT 1 FROM member m, committee_seat s WHERE m.id = NEW.member_id AND s.id = NEW.seat_id"
    " AND m.organisation_id <> s.organisation_id)"
)
ON_ROLL = {
    "sqlite": "(SELECT 1 FROM agenda_item i, json_each(i.roll) e WHERE i.id = NEW.agenda_item_id AND e.value = NEW.seat_id)",
    "postgresql": "(SELECT 1 FROM agenda_item i, json_array_elements_text(i.roll) e(value) WHERE i.id = NEW.agenda_item_id"
    " AND CAST(e.value AS bigint) = NEW.seat_id)",
}
# Name, table, what is done to it, when it is refused, what is said.
GUARDS = (
    (
        "vote_own_word",
        "vote",
        "UPDATE",
        "NEW.agenda_item_id <> OLD.agenda_item_id OR NEW.seat_id <> OLD.seat_id"
        " OR (OLD.entered = {false} AND NEW.entered = {true} AND NEW.choice <> OLD.choice)",
        OWN_WORD,
    ),
    ("vote_stays", "vote", "DELETE", "1 = 1", OWN_WORD),
    ("vote_marked_insert", "vote", "INSERT", BY_ANOTHER, "a vote that another wrote down is marked"),
    ("vote_marked_update", "vote", "UPDATE", BY_ANOTHER, "a vote that another wrote down is marked"),
    (
        "vote_on_roll",
        "vote",
        "INSERT",
        "NOT EXISTS {on_roll}",
        "this seat was not there on the day of the vote",
    ),
    ("vote_open_insert", "vote", "INSERT", ITEM_RESOLVED.format(row="NEW"), CLOSED),
    ("vote_open_update", "vote", "UPDATE", ITEM_RESOLVED.format(row="OLD"), CLOSED),
    (
        "agenda_item_roll",
        "agenda_item",
        "UPDATE",
        "OLD.roll IS NOT NULL AND (CAST(NEW.roll AS text) IS {distinct} CAST(OLD.roll AS text)"
        " OR NEW.voted_on IS {distinct} OLD.voted_on OR NEW.quorum_percent IS {distinct} OLD.quorum_percent)",
        ROLL,
    ),
    ("resolution_once", "resolution", "INSERT", ITEM_RESOLVED.format(row="NEW"), CLOSED),
    (
        "resolution_in_time",
        "resolution",
        "INSERT",
        "EXISTS (SELECT 1 FROM agenda_item i JOIN committee_meeting m ON m.id = i.meeting_id"
        " WHERE i.id = NEW.agenda_item_id AND m.state <> 'planned')",
        "a meeting that is over never changes",
    ),
    (
        "resolution_words",
        "resolution",
        "UPDATE",
        "OLD.agenda_item_id IS NOT NULL AND (NEW.agenda_item_id IS {distinct} OLD.agenda_item_id OR NEW.text <> OLD.text"
        " OR NEW.due_on <> OLD.due_on OR NEW.committee_id <> OLD.committee_id)",
        KEPT,
    ),
    ("resolution_stays", "resolution", "DELETE", "OLD.agenda_item_id IS NOT NULL", KEPT),
    ("committee_seat_stays", "committee_seat", "DELETE", "1 = 1", "a seat ends, it does not vanish"),
    *(
        (f"{table}_two_{action.lower()}", table, action, same, TWO)
        for table, same in (
            ("reward", "NEW.approved_by = NEW.proposed_by"),
            ("secret_link", "NEW.confirmed_by_id IN (NEW.created_by_id, NEW.member_id)"),
            ("factor_loss", "NEW.confirmed_by_id IN (NEW.created_by_id, NEW.member_id)"),
        )
        for action in ("INSERT", "UPDATE")
    ),
)
WORDS = {
    "sqlite": {"true": "1", "false": "0", "distinct": "NOT", "on_roll": ON_ROLL["sqlite"]},
    "postgresql": {
        "true": "true",
        "false": "false",
        "distinct": "DISTINCT FROM",
        "on_roll": ON_ROLL["postgresql"],
    },
}


def upgrade() -> None:
    dialect = op.get_bind().dialect.name
    for name, table, action, when, said in GUARDS:
        refused = when.format(**WORDS[dialect])
        said = said.replace("'", "''")
        if dialect == "sqlite":
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {action} ON {table} WHEN {refused}"
                f" BEGIN SELECT RAISE(ABORT, '{said}'); END"
            )
            continue
        answer = "OLD" if action == "DELETE" else "NEW"
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {refused} THEN"
            f" RAISE EXCEPTION '{said}' USING ERRCODE = 'check_violation'; END IF; RETURN {answer}; END $$"
        )
        op.execute(f"CREATE TRIGGER {name} BEFORE {action} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def downgrade() -> None:
    for name, table, *_more in GUARDS:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER {name}")
        else:
            op.execute(f"DROP TRIGGER {name} ON {table}")
            op.execute(f"DROP FUNCTION {name}()")
