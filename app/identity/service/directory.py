"""Who is who: organisations and their members, as plain rows for the other rooms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import selectinload

from app import clock
from app.db import Page, db, paginate, transaction
from app.errors import Conflict, NotFound
from app.identity.messages import KIND_NAMES
from app.identity.models import Enterprise, Member, MemberRole, Organisation
from app.identity.service.actor import Actor, OrganisationInfo
from app.identity.service.audit import audit


@dataclass(frozen=True)
class MemberInfo:
    id: int
    organisation_id: int
    login: str
    name: str
    roles: frozenset[str]


def _info(row: Organisation) -> OrganisationInfo:
    return OrganisationInfo(
        row.id, row.code, row.kind, row.name_zh, row.name_en, row.industry, row.size, row.building, row.status
    )


# What an `OrganisationInfo` is made of, in its order.
INFO: tuple[Any, ...] = (
    Organisation.id,
    Organisation.code,
    Organisation.kind,
    Organisation.name_zh,
    Organisation.name_en,
    Organisation.industry,
    Organisation.size,
    Organisation.building,
    Organisation.status,
)

# Asked by every room all the time: made once, and columns instead of objects.
_BY_ID = sa.select(*INFO).where(Organisation.id.in_(sa.bindparam("ids", expanding=True)))


def find_organisation(code: str) -> OrganisationInfo | None:
    row = db.session.scalar(sa.select(Organisation).where(Organisation.code == code.strip().upper()))
    return _info(row) if row else None


def get_organisation(organisation_id: int) -> OrganisationInfo:
    row = db.session.execute(_BY_ID, {"ids": [organisation_id]}).one_or_none()
    if row is None:
        raise NotFound("organisation_not_found")
    return OrganisationInfo(*row)


def get_enterprise(code: str) -> OrganisationInfo:
    found = find_organisation(code)
    if found is None or found.kind != "enterprise":
        raise NotFound("enterprise_not_found", code=code)
    return found


def organisation_of(actor: Actor) -> OrganisationInfo:
    """The actor's own organisation, as the sign-in of this request read it if it did."""
    known = actor.organisation
    if known is not None and known.id == actor.organisation_id:
        return known
    return get_organisation(actor.organisation_id)


def organisations_by_id(ids: Iterable[int], known: Actor | None = None) -> dict[int, OrganisationInfo]:
    """Organisations by id; that of the actor in `known` is not read again."""
    found: dict[int, OrganisationInfo] = {}
    if known is not None and known.organisation is not None:
        found[known.organisation.id] = known.organisation
    wanted = sorted(set(ids) - found.keys())
    for start in range(0, len(wanted), 500):
        for row in db.session.execute(_BY_ID, {"ids": wanted[start : start + 500]}):
            found[row.id] = OrganisationInfo(*row)
    return found


def organisations_by_code(codes: Iterable[str]) -> dict[str, OrganisationInfo]:
    wanted = sorted({code.strip().upper() for code in codes})
    found: dict[str, OrganisationInfo] = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        for row in db.session.scalars(sa.select(Organisation).where(Organisation.code.in_(part))):
            found[row.code] = _info(row)
    return found


def list_organisations(
    kind: str | None = None, q: str = "", status: str | None = "active", page: int = 1, per_page: int = 50
) -> Page:
    """Organisations by code; items are `OrganisationInfo`."""
    query = sa.select(Organisation).order_by(Organisation.code)
    if kind:
        query = query.where(Organisation.kind == kind)
    if status:
        query = query.where(Organisation.status == status)
    if q:
        like = f"%{escape_like(q)}%"
        columns: tuple[Any, ...] = (Organisation.name_zh, Organisation.name_en, Organisation.code)
        query = query.where(sa.or_(*(column.ilike(like, escape="\\") for column in columns)))
    found = paginate(query, page, per_page)
    return Page([_info(row) for row in found.items], found.total, found.page, found.per_page)


def kind_label(kind: str) -> str:
    """What a kind of organisation is called in the reader's language."""
    return str(KIND_NAMES.get(kind, kind))


def escape_like(text: str) -> str:
    """Make `text` match itself in a LIKE pattern with backslash as escape."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def create_enterprise(
    actor: Actor,
    *,
    code: str,
    name_zh: str,
    name_en: str = "",
    industry: str = "",
    size: str = "",
    building: str = "",
    status: str = "active",
) -> OrganisationInfo:
    """A firm arrives in the park (landing of a prospect, demo, registration)."""
    with transaction():
        if find_organisation(code) is not None:
            raise Conflict("organisation_code_taken", code=code)
        row = Enterprise(
            code=code.strip().upper(),
            kind="enterprise",
            name_zh=name_zh,
            name_en=name_en,
            industry=industry,
            size=size,
            building=building,
            status=status,
            created_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        audit(actor, "enterprise.created", "organisation", row.id, code=row.code)
        return _info(row)


def next_enterprise_code(taken: Iterable[str] = ()) -> str:
    """The next free code of the form E00; `taken` are codes that firms without an account bear elsewhere."""
    codes = db.session.scalars(sa.select(Organisation.code).where(Organisation.code.like("E%")))
    used = {int(code[1:]) for code in (*codes, *taken) if code[:1] == "E" and code[1:].isdecimal()}
    return f"E{max(used, default=0) + 1:02d}"


def members_of(organisation_id: int, roles: Iterable[str] | None = None) -> list[MemberInfo]:
    """Active members of an organisation, optionally only those with one of `roles`."""
    query = sa.select(Member).where(Member.organisation_id == organisation_id, Member.status == "active")
    return _members(query, roles)


def members_with_role(role: str) -> list[MemberInfo]:
    query = sa.select(Member).where(Member.status == "active")
    return _members(query, [role])


def _members(query: Any, roles: Iterable[str] | None) -> list[MemberInfo]:
    if roles is not None:
        wanted = sa.select(MemberRole.member_id).where(MemberRole.role.in_(list(roles)))
        query = query.where(Member.id.in_(wanted))
    rows = db.session.scalars(query.options(selectinload(Member.roles)).order_by(Member.id))
    return [
        MemberInfo(row.id, row.organisation_id, row.login, row.name, frozenset(r.role for r in row.roles))
        for row in rows
    ]
