"""How a firm comes in: it registers, the park decides; the park's own list of who is here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.paging import part
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound
from app.hall.text.official_numbers import credit_code as official_code
from app.identity.actor import SYSTEM, Actor
from app.identity.arrivals.rules import NewOrganisation
from app.identity.arrivals.service import write_organisation
from app.identity.audit.service import audit
from app.identity.mail.service import mail_member
from app.identity.members.models import Member
from app.identity.members.service import add_member, free_login
from app.identity.notifications.service import notify_organisation, notify_role
from app.identity.organisations.directory import called
from app.identity.organisations.models import Organisation
from app.identity.privacy.service import give
from app.identity.privacy.words import ACCOUNT, MESSAGES
from app.identity.roles import PARK_ADMIN, RUNS_THE_PARK, first_roles
from app.identity.sessions.passwords import check_new_password, hash_password


def register_enterprise(  # noqa: PLR0913 - the fields of the form, by name
    *,
    name_zh: str,
    name_en: str,
    credit_code: str,
    industry: str,
    size: str,
    applicant: str,
    login: str,
    email: str,
    phone: str,
    password: str,
    kind: str = "enterprise",
) -> int:
    """A firm or another organisation asks to join; nobody can sign in for it before the park approves."""
    check_new_password(password, login, applicant, name_zh, name_en)
    hashed = hash_password(password)
    new = NewOrganisation(kind, name_zh, name_en, credit_code=credit_code, industry=industry, size=size)
    reasons = new.reasons(clock.today())
    if reasons:
        raise Invalid("organisation_wrong", reasons=reasons)
    with transaction():
        if _somebody_has(official_code(credit_code)):
            raise Conflict("enterprise_registered")
        firm = write_organisation(SYSTEM, new, status="pending")
        login = free_login(login, firm.code)
        member = add_member(firm.id, login, applicant, "", first_roles(kind), email=email, phone=phone)
        member.password_hash = hashed
        applicant_actor = Actor(member.id, firm.id, applicant, frozenset())
        give(applicant_actor, ACCOUNT, MESSAGES)
        audit(applicant_actor, "enterprise.registered", "organisation", firm.id, code=firm.code)
        notify_role(PARK_ADMIN, "enterprise_registered_note", "/identity/registrations", name=name_zh)
        return firm.id


def _somebody_has(credit_code: str) -> bool:
    """Whether a firm with this code waits already, or has people who can invite the applicant.

    One that the park wrote down and that nobody can sign in for is no obstacle: the park decides whether it is meant.
    """
    people = sa.select(Member.id).where(Member.organisation_id == Organisation.id, Member.status == "active")
    same = sa.select(Organisation.id).where(
        Organisation.credit_code == credit_code,
        sa.or_(
            Organisation.status == "pending",
            sa.and_(Organisation.status.in_(("active", "leaving", "suspended")), people.exists()),
        ),
    )
    return bool(credit_code) and db.session.scalar(same.limit(1)) is not None


def decide_registration(actor: Actor, organisation_id: int, approve: bool, reason: str) -> bool:
    """The park lets a firm in, or says why not; answers whether a letter tells the applicant."""
    if not actor.may(RUNS_THE_PARK):
        raise NotAllowed("only_park_admin")
    if not approve and not reason.strip():
        raise Invalid("reason_required")
    with transaction():
        firm = db.session.scalar(locked(sa.select(Organisation).where(Organisation.id == organisation_id)))
        if firm is None:
            raise NotFound("organisation_not_found")
        if firm.status != "pending":
            raise Conflict("registration_decided")
        firm.status = "active" if approve else "rejected"
        firm.note = reason.strip()
        audit(actor, f"enterprise.{firm.status}", "organisation", firm.id, reason)
        if approve:
            notify_organisation(firm.id, "enterprise_welcome", "/identity/members", name=firm.name_zh)
        return _write_to_applicants(firm, approve)


def _write_to_applicants(firm: Organisation, approve: bool) -> bool:
    """Nobody of the firm can look into the inbox before, and after a refusal never."""
    code = "registration_approved_letter" if approve else "registration_rejected_letter"
    url = "/identity/sign-in" if approve else ""
    people = db.session.scalars(
        sa.select(Member).where(Member.organisation_id == firm.id).order_by(Member.id)
    )
    sent = [
        mail_member(person.id, code, url, name=firm.name_zh, login=person.login, reason=firm.note)
        for person in people
    ]
    return any(sent)


@dataclass(frozen=True)
class Registration:
    """A firm that asked to join, and who asked."""

    organisation: Organisation
    applicant: Member | None


def list_registrations(status: str = "pending") -> list[Registration]:
    query = sa.select(Organisation).where(Organisation.kind != "park", Organisation.status == status)
    firms = list(db.session.scalars(query.order_by(Organisation.created_at, Organisation.id).limit(200)))
    applicants: dict[int, Member] = {}
    members = sa.select(Member).where(Member.organisation_id.in_([firm.id for firm in firms]))
    for member in db.session.scalars(members.order_by(Member.id.desc())):
        applicants[member.organisation_id] = member
    return [Registration(firm, applicants.get(firm.id)) for firm in firms]


def count_registrations() -> int:
    query = sa.select(sa.func.count()).select_from(Organisation).where(Organisation.status == "pending")
    return db.session.scalar(query) or 0


def organisation_statement(q: str = "", kind: str = "", status: str = "", industry: str = "") -> Any:
    """The directory of organisations, in no order yet."""
    statement = sa.select(Organisation)
    for column, wanted in (
        (Organisation.kind, kind),
        (Organisation.status, status),
        (Organisation.industry, industry),
    ):
        if wanted:
            statement = statement.where(column == wanted)
    if q:
        statement = statement.where(called(q))
    return statement


def count_members(organisation_ids: Iterable[int]) -> dict[int, int]:
    """How many active members each of these organisations has."""
    query = (
        sa.select(Member.organisation_id, sa.func.count())
        .where(Member.organisation_id.in_(list(organisation_ids)), Member.status == "active")
        .group_by(Member.organisation_id)
    )
    return {int(organisation_id): int(count) for organisation_id, count in db.session.execute(query)}


def park_figures() -> dict[str, int]:
    """How many firms and members take part."""
    firms = sa.select(sa.func.count()).where(
        Organisation.kind == "enterprise", Organisation.status == "active"
    )
    members = sa.select(sa.func.count()).select_from(Member).where(Member.status == "active")
    return {"firms": db.session.scalar(firms) or 0, "members": db.session.scalar(members) or 0}


def slice_organisations(
    q: str, kind: str, status: str, limit: int, offset: int
) -> tuple[list[Organisation], int]:
    """Organisations by offset (API), by code, and how many there are."""
    return part(organisation_statement(q, kind, status).order_by(Organisation.code), limit, offset)
