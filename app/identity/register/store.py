"""Firms of a register written down in one go, changed through the same facts as on their page, and taken back."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import Conflict
from app.hall.files.sheets.columns import Row
from app.hall.files.sheets.compare import Change
from app.identity.actor import Actor
from app.identity.arrivals.rules import NewOrganisation
from app.identity.arrivals.service import FirstPerson, invite_first, send_first
from app.identity.audit.service import audit
from app.identity.facts.rules import FIELDS
from app.identity.facts.service import change_facts
from app.identity.joining.pointers import POINTERS
from app.identity.members.links import open_links
from app.identity.members.models import SecretLink
from app.identity.organisations.models import Enterprise, FormerName, Organisation
from app.identity.register.columns import FIRMS

_SAID = {one.name for one in dataclasses.fields(NewOrganisation)} - {"code"}
FACTS = tuple(column.name for column in FIRMS.columns if column.name in _SAID)
REASON = "sheet"


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return value.isoformat() if isinstance(value, dt.date) else str(value or "").strip()


def _first(row: Row) -> FirstPerson:
    return FirstPerson(_text(row, "first_name"), _text(row, "first_email"))


def add(actor: Actor, rows: Sequence[Row]) -> None:
    """New firms, each with the invitation of its first person; what must be checked was checked. Inside a transaction."""
    made = []
    for row in rows:
        values = {name: _text(row, name) for name in FACTS if name != "registered_on"}
        firm = Enterprise(
            code=_text(row, "code"),
            kind="enterprise",
            status="active",
            created_at=clock.now(),
            registered_on=row.get("registered_on"),
            **values,
        )
        made.append((firm, row))
    db.session.add_all([firm for firm, _row in made])
    db.session.flush()
    for firm, row in made:
        audit(actor, "enterprise.created", "organisation", firm.id, REASON, code=firm.code)
        if _text(row, "first_name"):
            send_first(actor, firm, _first(row))


def change(actor: Actor, changes: Sequence[Change], ids: Mapping[str, int]) -> None:
    """Facts as on the firm's page, with their history; another first person gets a link, and the earlier one ends."""
    for one in changes:
        number = ids[str(one.new["code"])]
        facts = {name: _text(one.new, name) for name in one.fields if name in FIELDS}
        if facts:
            change_facts(actor, number, facts, REASON)
        if {"first_name", "first_email"} & set(one.fields):
            if _text(one.new, "first_name"):
                invite_first(actor, number, _first(one.new))
            else:
                end_links(number)


def end_links(organisation_id: int) -> None:
    for link in open_links(organisation_id):
        link.used_at = clock.now()


def forget_names(changes: Sequence[Change], ids: Mapping[str, int]) -> None:
    """A name that an import brought and its undoing took away again was never a former name, nor is the one that is back."""
    for one in changes:
        if "name_zh" in one.fields and one.old is not None:
            gone = {str(one.old["name_zh"]), str(one.new["name_zh"])}
            db.session.execute(
                sa.delete(FormerName).where(
                    FormerName.organisation_id == ids[str(one.new["code"])], FormerName.name_zh.in_(gone)
                )
            )


def take_back(actor: Actor, ids: Sequence[int]) -> None:
    """Firms that an import brought in go again; refused where something hangs on one. Inside a transaction."""
    rows = {
        row.id: row for row in db.session.scalars(sa.select(Organisation).where(Organisation.id.in_(ids)))
    }
    open_ = sa.and_(SecretLink.organisation_id.in_(ids), SecretLink.kind == "invitation")
    for pointer in POINTERS:
        table = db.metadata.tables[pointer.table]
        column = table.c[pointer.column]
        if pointer.table == "secret_link":
            continue
        found = db.session.scalar(sa.select(column).where(column.in_(ids)).limit(1))
        if found is not None:
            raise Conflict("sheet_in_use", name=rows[int(found)].name_zh)
    db.session.execute(sa.delete(SecretLink).where(open_))
    for row in rows.values():
        audit(actor, "organisation.taken_back", "organisation", row.id, REASON, code=row.code)
    db.session.execute(sa.delete(Organisation).where(Organisation.id.in_(ids)))
    db.session.expire_all()
