"""Saved views of lists and the filters that stay: each member's own, seen by nobody else."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import sqlalchemy as sa
from flask_login import current_user

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotFound
from app.hall.web.answers import safe_next
from app.hall.web.guards import current_actor
from app.hall.web.kept_lists import LONGEST, query_of
from app.identity.actor import Actor
from app.identity.list_views.models import ListView

LAST = ""
MOST_VIEWS = 20
LONGEST_NAME = 40


class LastFilters:
    """Keeps the last filters of the member who is signed in."""

    def last(self, path: str) -> str:
        row = self._row(path)
        return row.query if row else ""

    def remember(self, path: str, query: str) -> None:
        row = self._row(path)
        if (row.query if row else "") == query or not current_user.is_authenticated:
            return
        with transaction() as session:
            write(session, current_actor().member_id, path, LAST, query)

    def _row(self, path: str) -> ListView | None:
        return find(current_actor().member_id, path, LAST) if current_user.is_authenticated else None


def find(member_id: int, path: str, name: str) -> ListView | None:
    row: ListView | None = db.session.scalar(
        sa.select(ListView).where(
            ListView.member_id == member_id, ListView.path == path, ListView.name == name
        )
    )
    return row


def write(session: sa.orm.Session, member_id: int, path: str, name: str, query: str) -> None:
    """Keep one choice of one member, over the one there was."""
    row = find(member_id, path, name)
    if row is None:
        row = ListView(member_id=member_id, path=path, name=name, query=query, saved_at=clock.now())
        try:
            with session.begin_nested():
                session.add(row)
            return
        except sa.exc.IntegrityError:  # two windows of one member at once
            row = find(member_id, path, name)
    if row is not None:
        row.query, row.saved_at = query, clock.now()


def split(address: str) -> tuple[str, str]:
    """Path and filters of an address of this site."""
    parts = urlsplit(safe_next(address))
    query = query_of(parse_qsl(parts.query, keep_blank_values=False))
    if not parts.path or len(parts.path) > LONGEST or len(query) > LONGEST:
        raise Invalid("list_view_address")
    return parts.path, query


def list_views(actor: Actor, path: str) -> list[ListView]:
    """The named views of one list, by name."""
    query = sa.select(ListView).where(
        ListView.member_id == actor.member_id, ListView.path == path, ListView.name != LAST
    )
    return list(db.session.scalars(query.order_by(ListView.name, ListView.id)))


def save(actor: Actor, address: str, name: str) -> ListView:
    """Save what is chosen under a name; the same name again replaces it."""
    path, query = split(address)
    name = name.strip()
    if not 0 < len(name) <= LONGEST_NAME:
        raise Invalid("list_view_name", most=LONGEST_NAME)
    with transaction() as session:
        known = [row.name for row in list_views(actor, path)]
        if name not in known and len(known) >= MOST_VIEWS:
            raise Conflict("list_view_many", most=MOST_VIEWS)
        write(session, actor.member_id, path, name, query)
        session.flush()
        return session.scalars(
            sa.select(ListView).where(
                ListView.member_id == actor.member_id, ListView.path == path, ListView.name == name
            )
        ).one()


def drop(actor: Actor, view_id: int) -> ListView:
    """Take a view away; answers what it was. Somebody else's is not there."""
    with transaction() as session:
        row = session.scalar(
            sa.select(ListView).where(ListView.id == view_id, ListView.member_id == actor.member_id)
        )
        if row is None:
            raise NotFound("list_view_not_found")
        gone = ListView(path=row.path, name=row.name, query=row.query)
        session.delete(row)
        return gone
