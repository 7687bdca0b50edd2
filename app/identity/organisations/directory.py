"""Who is who: organisations and their members, as plain rows for the other rooms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from app.hall import clock
from app.hall.db.base import db, is_sqlite
from app.hall.db.paging import Page, paginate
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotFound
from app.hall.text.normalise import escape_like
from app.hall.text.numbers import whole
from app.identity.actor import Actor, OrganisationInfo
from app.identity.audit.service import audit
from app.identity.members.models import Member, MemberRole
from app.identity.organisations.models import Enterprise, FormerName, Organisation
from app.identity.organisations.words import INDUSTRY_NAMES, KIND_NAMES
from app.identity.roles import PARK_ADMIN


@dataclass(frozen=True)
class MemberInfo:
    id: int
    organisation_id: int
    login: str
    name: str
    roles: frozenset[str]
    phone: str = ""


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
    Organisation.registered_on,
)


# Asked by every room all the time: made once, and columns instead of objects.
_BY_ID = sa.select(*INFO).where(Organisation.id.in_(sa.bindparam("ids", expanding=True)))


def park_itself() -> Actor:
    """The park as its own clockwork acts for it: nobody in particular, with an administrator's rights."""
    park = db.session.scalar(sa.select(Organisation.id).where(Organisation.kind == "park").limit(1))
    return Actor(0, park or 0, "system", frozenset({PARK_ADMIN}))


def find_organisation(code: str) -> OrganisationInfo | None:
    row = db.session.scalar(sa.select(Organisation).where(Organisation.code == code.strip().upper()))
    return row.info() if row else None


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
            found[row.code] = row.info()
    return found


def active_organisations(*kinds: str, most: int = 1000) -> list[OrganisationInfo]:
    """Active organisations of these kinds (of all where none is named) by code, as choices of a form."""
    query = sa.select(Organisation).where(Organisation.status == "active").order_by(Organisation.code)
    if kinds:
        query = query.where(Organisation.kind.in_(kinds))
    return [row.info() for row in db.session.scalars(query.limit(most))]


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
        query = query.where(called(q))
    found = paginate(query, page, per_page)
    return Page([row.info() for row in found.items], found.total, found.page, found.per_page)


def first_called(q: str, most: int) -> list[OrganisationInfo]:
    """The first of all organisations by code that are, or were, called so."""
    query = sa.select(*INFO).where(called(q)).order_by(Organisation.code).limit(most)
    return [OrganisationInfo(*row) for row in db.session.execute(query)]


def called(q: str) -> sa.ColumnElement[bool]:
    """Organisations that are, or were, called so: names in both languages, short and former ones, code, credit code."""
    earlier = _held((FormerName.name_zh, FormerName.name_en), q)
    former = sa.select(FormerName.organisation_id).where(earlier)
    names = (Organisation.name_zh, Organisation.name_en, Organisation.short_name)
    return sa.or_(
        _held((*names, Organisation.code, Organisation.credit_code), q), Organisation.id.in_(former)
    )


def _held(columns: Sequence[Any], q: str) -> sa.ColumnElement[bool]:
    """Whether a column holds `q`, in either case: among 50,000 firms, folding each name takes most of the time.

    SQLite's LIKE tells no cases apart by itself, and a text of Chinese characters or digits has none.
    """
    like = f"%{escape_like(q.lower())}%"
    if is_sqlite() or q.lower() == q.upper():
        return sa.or_(*(column.like(like, escape="\\") for column in columns))
    whole = columns[0]
    for column in columns[1:]:
        whole = whole + "\n" + column
    return sa.func.lower(whole).like(like, escape="\\")


def enterprises_since(status: str | None = None) -> list[tuple[OrganisationInfo, dt.date]]:
    """Every firm by its code, with the day since when it counts as one of the park's.

    The day of its registration; where nobody has said that, the day it came onto the platform.
    """
    query = sa.select(*INFO, Organisation.created_at).where(Organisation.kind == "enterprise")
    if status:
        query = query.where(Organisation.status == status)
    found = []
    for row in db.session.execute(query.order_by(Organisation.code)):
        firm = OrganisationInfo(*row[:-1])
        found.append((firm, firm.registered_on or clock.day_of(row[-1])))
    return found


def employed_since(member_ids: Iterable[int]) -> dict[int, dt.date]:
    """Since when these members have served in their work; who never said is left out."""
    query = sa.select(Member.id, Member.employed_since).where(
        Member.id.in_(sorted(set(member_ids))), Member.employed_since.is_not(None)
    )
    return {number: day for number, day in db.session.execute(query) if day is not None}


def kind_label(kind: str) -> str:
    """What a kind of organisation is called in the reader's language."""
    return str(KIND_NAMES.get(kind, kind))


def industry_name(code: str) -> str:
    """What an industry is called in the reader's language; an unknown one keeps its code."""
    return str(INDUSTRY_NAMES.get(code, code))


def create_enterprise(  # noqa: PLR0913 - the columns of a firm, by name
    actor: Actor,
    *,
    code: str,
    name_zh: str,
    name_en: str = "",
    industry: str = "",
    size: str = "",
    building: str = "",
    status: str = "active",
    registered_on: dt.date | None = None,
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
            registered_on=registered_on,
            created_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        audit(actor, "enterprise.created", "organisation", row.id, code=row.code)
        return row.info()


def next_enterprise_code(taken: Iterable[str] = ()) -> str:
    """The next free code of the form E00; `taken` are codes that firms without an account bear elsewhere."""
    codes = db.session.scalars(sa.select(Organisation.code).where(Organisation.code.like("E%")))
    used = {whole(code[1:]) or 0 for code in (*codes, *taken) if code[:1] == "E"}
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
    rows = db.session.scalars(query.options(joinedload(Member.roles)).order_by(Member.id)).unique()
    return [
        MemberInfo(
            row.id, row.organisation_id, row.login, row.name, frozenset(r.role for r in row.roles), row.phone
        )
        for row in rows
    ]


def set_registered_on(actor: Actor, organisation_id: int, day: dt.date | None) -> None:
    """Note the day of a firm's registration, or that it is not known."""
    with transaction():
        row = db.session.get(Enterprise, organisation_id)
        if row is None:
            raise NotFound("organisation_not_found")
        if day is not None and day > clock.today():
            raise Invalid("registered_in_the_future")
        before, row.registered_on = row.registered_on, day
        audit(
            actor,
            "organisation.registered_on",
            "organisation",
            organisation_id,
            before=before.isoformat() if before else None,
            after=day.isoformat() if day else None,
        )
