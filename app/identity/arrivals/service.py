"""The park brings an organisation in, and names the first person of whoever has none."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.hall.text.official_numbers import credit_code
from app.identity.actor import Actor, OrganisationInfo
from app.identity.arrivals import rules
from app.identity.arrivals.finder import Candidate, codes_elsewhere, find_candidates
from app.identity.arrivals.rules import NewOrganisation
from app.identity.arrivals.shapes import CandidateRow
from app.identity.audit.service import audit
from app.identity.mail.service import mail_outsider
from app.identity.members.links import make_invitation, open_links, salt_of
from app.identity.members.models import Member, SecretLink
from app.identity.organisations.directory import get_organisation
from app.identity.organisations.models import MAY_ACT, Enterprise, Organisation
from app.identity.roles import BRINGS_FIRMS_IN, BRINGS_ORGANISATIONS_IN, first_roles

SURE = ("same", "likely")


@dataclass(frozen=True)
class FirstPerson:
    """Who is to look after an organisation first."""

    name: str
    email: str = ""


@dataclass(frozen=True)
class Invited:
    """The invitation of a first person; its link is made from the park's key whenever it is shown."""

    link_id: int
    name: str
    mailed: bool
    expires_at: dt.datetime


@dataclass(frozen=True)
class Arrived:
    """A new organisation, who was invited to it, and who looks similar."""

    organisation: OrganisationInfo
    invited: Invited | None
    similar: tuple[Candidate, ...]


def may_bring_in(actor: Actor, kind: str) -> bool:
    """The park's administrator brings in everybody, who recruits firms brings in firms."""
    return (
        actor.is_system
        or actor.may(BRINGS_ORGANISATIONS_IN)
        or (kind == "enterprise" and actor.may(BRINGS_FIRMS_IN))
    )


def add_organisation(
    actor: Actor, new: NewOrganisation, first: FirstPerson | None = None, *, another: bool = False
) -> Arrived:
    """Write an organisation down, with an invitation for its first person if one is named.

    Who looks like it is looked for first: the same or a likely one is a conflict that names them, unless the
    person who adds it says that it is `another`; with the same credit code it never is.
    """
    if not may_bring_in(actor, new.kind):
        raise NotAllowed("only_park_admin")
    reasons = new.reasons(clock.today())
    if reasons:
        raise Invalid("organisation_wrong", reasons=reasons)
    with transaction():
        _one_at_a_time()
        candidates = find_candidates([new.name_zh, new.name_en, new.short_name], new.credit_code)
        _must_be_new(new, candidates, another)
        row = write_organisation(actor, new)
        invited = invite_first(actor, row.id, first) if first is not None else None
        return Arrived(row.info(), invited, tuple(one for one in candidates if one.grade == "similar"))


def bring_in(
    actor: Actor, new: NewOrganisation, *, another: bool = False, code: str = ""
) -> OrganisationInfo:
    """A firm lands: as a new row, or as the row with this `code` that is there already and has nobody yet."""
    if not code:
        return add_organisation(actor, new, another=another).organisation
    with transaction():
        found = get_by_code(code)
        row = db.session.scalars(locked(sa.select(Organisation).where(Organisation.id == found.id))).one()
        if row.kind != new.kind or row.status not in MAY_ACT:
            raise Conflict("organisation_not_acting")
        for name in ("credit_code", "contact", "contact_phone", "industry", "name_en"):
            if getattr(new, name) and not getattr(row, name):
                value = getattr(new, name)
                setattr(row, name, credit_code(value) if name == "credit_code" else value)
        db.session.flush()
        return get_organisation(row.id)


def take_back(actor: Actor, organisation_id: int, reason: str) -> None:
    """An organisation that was brought in by mistake goes again; the caller has seen that nothing hangs on it."""
    with transaction():
        row = db.session.scalars(
            locked(sa.select(Organisation).where(Organisation.id == organisation_id))
        ).one()
        for link in open_links(row.id):
            link.used_at = clock.now()
        row.status, row.note = "rejected", reason.strip()[:500]
        audit(actor, "organisation.taken_back", "organisation", row.id, reason)


def _one_at_a_time() -> None:
    """Two officers who bring in the same firm at the same moment see each other's row."""
    query = sa.select(Organisation.id).where(Organisation.kind == "park").order_by(Organisation.id).limit(1)
    db.session.execute(locked(query)).all()


def _must_be_new(new: NewOrganisation, candidates: Iterable[Candidate], another: bool) -> None:
    sure = [one for one in candidates if one.grade in SURE]
    code = credit_code(new.credit_code)
    if code:
        same = db.session.scalars(
            sa.select(Organisation.id).where(
                Organisation.credit_code == code, Organisation.status.not_in(("rejected", "joined"))
            )
        ).all()
        bound = [one for one in sure if one.organisation.id in same]
        if bound:
            raise Conflict("organisation_there", _there(bound), extra=_offered(bound))
    if sure and not another:
        raise Conflict("organisation_there", _there(sure), extra=_offered(sure))


def _there(found: list[Candidate]) -> list[Reason]:
    return [
        Reason(
            f"organisation_there_{one.grade}",
            {"code": one.organisation.code, "name": one.organisation.name_zh},
        )
        for one in found
    ]


def _offered(found: list[Candidate]) -> dict[str, list[CandidateRow]]:
    return {"candidates": [one.as_row() for one in found]}


def write_organisation(actor: Actor, new: NewOrganisation, status: str = "active") -> Organisation:
    """The row itself; the caller has checked what must be checked."""
    values = dataclasses.asdict(new)
    wanted = values.pop("code").strip().upper()
    code = wanted or free_code(new.kind)
    if db.session.scalar(sa.select(Organisation.id).where(Organisation.code == code)) is not None:
        raise Conflict("organisation_code_taken", code=code)
    values["credit_code"] = credit_code(new.credit_code)
    make = Enterprise if new.kind == "enterprise" else Organisation
    row = make(code=code, status=status, created_at=clock.now(), **values)
    db.session.add(row)
    db.session.flush()
    if status == "active":
        audit(actor, f"{new.kind}.created", "organisation", row.id, code=row.code)
    return row


def free_code(kind: str) -> str:
    """The next code of this kind; no code that a firm without an account bears in another room."""
    prefix = rules.PREFIX.get(kind, "E")
    query = (
        sa.select(Organisation.code)
        .where(Organisation.code.like(f"{prefix}%"))
        .order_by(sa.func.length(Organisation.code).desc(), Organisation.code.desc())
        .limit(200)
    )
    return rules.next_code(prefix, [*db.session.scalars(query), *codes_elsewhere()])


def get_by_code(code: str) -> OrganisationInfo:
    """An organisation of any kind but the park itself."""
    found = db.session.execute(
        sa.select(Organisation.id).where(
            Organisation.code == code.strip().upper(), Organisation.kind != "park"
        )
    ).scalar_one_or_none()
    if found is None:
        raise NotFound("organisation_not_found")
    return get_organisation(found)


def invite_first(actor: Actor, organisation_id: int, first: FirstPerson) -> Invited:
    """A link by which the first person comes in; a link that was made before and not used ends."""
    with transaction():
        row = db.session.scalar(locked(sa.select(Organisation).where(Organisation.id == organisation_id)))
        if row is None or row.kind == "park":
            raise NotFound("organisation_not_found")
        if not may_bring_in(actor, row.kind):
            raise NotAllowed("only_park_admin")
        if not first.name.strip():
            raise Invalid("first_person_needs_name", [Reason("first_person_needs_name", {"at": "name"})])
        reasons = rules.reasons_against_inviting(
            row.status, MAY_ACT, has_members(row.id), _belongs_to(first.email, row.id)
        )
        if reasons:
            raise Conflict("first_person_refused", reasons=reasons)
        for old in open_links(row.id):
            old.used_at = clock.now()
        link = send_first(actor, row, first)
        return Invited(link.id, first.name.strip(), bool(link.mailed), link.expires_at)


def send_first(actor: Actor, row: Organisation, first: FirstPerson) -> SecretLink:
    """The link of a first person whom nobody has invited yet, by mail where there is an address; what is checked was checked."""
    link = make_invitation(actor, row.id, first.name, first.email, first_roles(row.kind))
    link.mailed = mail_outsider(
        first.email, "first_person_letter", "/identity/invitation/", salt_of(link), name=row.name_zh
    )
    audit(actor, "organisation.first_person_invited", "organisation", row.id, name=first.name.strip())
    return link


def has_members(organisation_id: int) -> bool:
    """Whether somebody of the organisation may act: then they look after their colleagues themselves."""
    query = sa.select(sa.func.count()).where(
        Member.organisation_id == organisation_id, Member.status == "active"
    )
    return bool(db.session.scalar(query))


def _belongs_to(email: str, organisation_id: int) -> str:
    """Where somebody with this address belongs already, if not here."""
    if "@" not in email:
        return ""
    query = (
        sa.select(Organisation.name_zh)
        .join(Member, Member.organisation_id == Organisation.id)
        .where(
            sa.func.lower(Member.email) == email.strip().lower(),
            Member.status == "active",
            Member.organisation_id != organisation_id,
        )
        .limit(1)
    )
    return db.session.scalar(query) or ""


def waiting_invitation(organisation_id: int) -> SecretLink | None:
    """The link of a first person that nobody has used yet."""
    return next(iter(open_links(organisation_id)), None)
