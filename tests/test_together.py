"""Several questions in one statement answer as each of them would alone, on both databases."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.entity_query import Part, RowsTogether
from app.hall.db.transaction import transaction
from app.hall.db.union_query import Together
from app.identity.members.models import Member, MemberRole
from app.identity.organisations.models import FormerName, Organisation
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


def test_rows_of_several_tables_come_as_the_sessions_own_objects(app, park):
    """In one statement, each table in the order of its keys; a key that is not unique alone is found with its other half."""
    first, second = park.firm("E01"), park.firm("E02")
    with app.app_context(), transaction() as session:
        session.add(Holiday(on_day=dt.date(2026, 10, 1), name="国庆"))
    firm = sa.bindparam("firm", type_=sa.Integer)
    mine = sa.select(Member.id).where(Member.organisation_id == firm)
    together = RowsTogether(
        Part(Organisation.id, (Organisation.id >= firm, Organisation.kind == "enterprise")),
        Part(Member.id, (Member.organisation_id == firm,)),
        Part(
            MemberRole.member_id,
            (MemberRole.member_id.in_(mine), MemberRole.role == "enterprise_admin"),
            (MemberRole.role == "enterprise_admin",),
        ),
        Part(FormerName.id, (FormerName.organisation_id == firm,)),
    )
    with app.app_context():
        found = together.ask(firm=first)
        assert [row.code for row in found.of(Organisation)] == ["E01", "E02"]
        [member] = found.of(Member)
        assert (member.login, member.created_at <= clock.now()) == ("e01", True)
        assert [(row.member_id, row.role) for row in found.of(MemberRole)] == [
            (member.id, "enterprise_admin")
        ]
        assert found.of(FormerName) == [] and found.of(Holiday) == []
        assert found.of(Organisation)[0] is db.session.get(Organisation, first)
        [member] = together.ask(firm=second).of(Member)
        assert member.login == "e02"
