"""The names of firms and people, for the search."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.rooms import Name
from app.identity.members.models import Member
from app.identity.organisations.models import MAY_ACT, Organisation
from app.identity.roles import RUNS_THE_PARK, SEES_ORGANISATIONS


def all_names() -> Iterator[Name]:
    """Firms for those who know them all; people for the park's administrators and for their own colleagues."""
    for row in db.session.scalars(sa.select(Organisation).where(Organisation.status.in_(MAY_ACT))):
        url = f"/identity/organisations/{row.id}"
        yield Name(
            "organisation",
            str(row.id),
            row.name_zh,
            row.code,
            url,
            SEES_ORGANISATIONS,
            None,
            (row.name_en, row.code),
        )
    people = sa.select(
        Member.id, Member.name, Member.login, Organisation.id, Organisation.name_zh, Organisation.kind
    ).join(Organisation, Organisation.id == Member.organisation_id)
    for number, name, login, organisation_id, firm, kind in db.session.execute(
        people.where(Member.status == "active", Organisation.status.in_(MAY_ACT))
    ):
        url = f"/identity/members?q={login}"
        yield Name("member", f"own-{number}", name, firm, url, frozenset({"-"}), organisation_id, (login,))
        if kind == "park":  # colleagues of those who would find them anyway
            continue
        url = f"/identity/organisations/{organisation_id}#{login}"
        yield Name("member", str(number), name, firm, url, RUNS_THE_PARK, None, (login,))
