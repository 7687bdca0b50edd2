"""Several questions in one statement answer as each of them would alone, on both databases."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.transaction import transaction
from app.hall.db.union_query import Together
from app.identity.members.models import Member
from app.identity.organisations.models import Organisation
from app.sharing.calendar.models import Holiday


def test_each_question_gets_its_own_rows(app, park):
    """Of different shapes, with a parameter in common, one of them without an answer."""
    firm, other = park.firm("E01"), park.firm("E02")
    with app.app_context(), transaction() as session:
        session.add(Holiday(on_day=dt.date(2026, 10, 1), name="国庆"))
        session.add(Holiday(on_day=dt.date(2026, 10, 9), name="调休"))
    questions = Together(
        firms=sa.select(Organisation.id, Organisation.code).where(
            Organisation.id.in_(sa.bindparam("ids", expanding=True))
        ),
        days=sa.select(Holiday.on_day).where(Holiday.on_day > sa.bindparam("after")),
        members=sa.select(Member.login, Member.organisation_id, Member.created_at).where(
            Member.organisation_id.in_(sa.bindparam("ids", expanding=True))
        ),
        never_signed_in=sa.select(Member.last_sign_in_at, Member.id).where(Member.login == "nobody"),
    )
    with app.app_context():
        told = questions.ask({"ids": [firm, other], "after": dt.date(2026, 10, 5)})
    assert sorted(told["firms"]) == [(firm, "E01"), (other, "E02")]
    assert told["days"] == [(dt.date(2026, 10, 9),)]
    assert told["never_signed_in"] == []
    assert sorted((login, owner) for login, owner, _ in told["members"]) == [("e01", firm), ("e02", other)]
    assert all(made.tzinfo and made <= clock.now() for _, _, made in told["members"])
