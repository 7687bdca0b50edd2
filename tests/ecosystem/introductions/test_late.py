"""What the page calls late or silent is what the database finds, counts and reminds of: one rule each."""

from __future__ import annotations

import datetime as dt

from app.ecosystem.introductions import queries
from app.ecosystem.introductions.models import Introduction
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.counting import counted
from app.hall.db.transaction import transaction
from tests.factories import Park

STATES = ("opened", "met", "negotiating", "agreed", "delivering", "verified", "lost")


def test_the_database_and_the_rules_agree_on_every_case(park: Park) -> None:
    park.staff()
    a, b = park.firm("E01"), park.firm("E24")
    with park.app.app_context(), clock.frozen(clock.now()):
        now, today = clock.now(), clock.today()
        with transaction() as session:
            for state in STATES:
                for due in (None, today - dt.timedelta(days=1), today):
                    for noted in (now - dt.timedelta(days=14), now - dt.timedelta(days=14, seconds=1)):
                        session.add(
                            Introduction(
                                origin="staff",
                                title="x",
                                asking_id=a,
                                giving_id=b,
                                state=state,
                                next_due_on=due,
                                next_owner_id=a,
                                opened_at=noted,
                                last_noted_at=noted,
                            )
                        )
        seen = queries.see(list(db.session.scalars(db.select(Introduction))))
        late = set(db.session.scalars(db.select(Introduction.id).where(queries.late())))
        silent = set(db.session.scalars(db.select(Introduction.id).where(queries.silent())))
        assert late == {s.row.id for s in seen if s.overdue} and len(late) == 10
        assert silent == {s.row.id for s in seen if s.state == "stalled"} and len(silent) == 15
        assert counted(queries.overdue(park.actor("e01"))) == (10,)
