"""Policies over the API: fits, facts, versions, pushes, cases."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any, cast

import sqlalchemy as sa

from app.hall import clock
from app.hall.api.blueprint import listed, part_of
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.db.base import db
from app.hall.errors import Invalid
from app.hall.text import language
from app.hall.web.guards import current_actor, only
from app.identity import door as identity
from app.identity.door import roles
from app.policy import shapes
from app.policy.cases import service as cases
from app.policy.cases.models import PolicyCase
from app.policy.desk import service as desk
from app.policy.facts import service as facts
from app.policy.facts.models import NO_PERIOD
from app.policy.facts.service import Entry
from app.policy.fits.models import Fit
from app.policy.fits.service import Seen, look, look_at
from app.policy.fits.store import versions_in_force
from app.policy.pages import api
from app.policy.pushes import service as pushes
from app.policy.pushes.models import Push
from app.policy.rules.months import month_name, read_month
from app.policy.schemas import (
    CaseBody,
    CaseQuery,
    DeclineBody,
    FactQuery,
    FactsBody,
    FitQuery,
    IdPath,
    StepBody,
    VersionBody,
    VersionQuery,
)
from app.policy.versions import service as versions
from app.policy.versions.models import PolicyVersion


def _total(statement: sa.Select[*tuple[Any, ...]]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(statement.order_by(None).subquery())) or 0


def _fit(seen: Seen) -> shapes.PolicyFit:
    return {
        **cast("shapes.PolicyAnswer", seen.answer),
        "title": seen.version.title,
        "claim": seen.version.claim,
    }


@api.get("/fits")
@only(roles.SEES_MONTHLY_FACTS)
def list_fits(query: FitQuery) -> Listed[shapes.PolicyFit]:
    """What fits a firm, with reasons and sources (contract 5.3); officers without `enterprise` see all firms."""
    actor = current_actor()
    if not query.enterprise and actor.may(roles.SEES_MONTHLY_FACTS_OF_ALL_FIRMS):
        return _all_fits(query)
    seen = look_at(facts.readable_firm(actor, query.enterprise))
    wanted = [one for one in seen if not query.state or one.fit.state == query.state]
    part = part_of(wanted, query)
    return listed([_fit(one) for one in part], len(wanted))


def _all_fits(query: FitQuery) -> Listed[shapes.PolicyFit]:
    statement = desk.fits_statement(query.state)
    rows = db.session.execute(
        statement.order_by(Fit.organisation_id, Fit.policy_version_id).limit(query.limit).offset(query.offset)
    ).all()
    day = clock.today()
    firms = identity.organisations_by_id({fit.organisation_id for fit, _version, _code in rows})
    known = facts.facts_of({number: firm.code for number, firm in firms.items()})
    counting = {one.id: one for one in versions_in_force(day)}
    items: list[shapes.PolicyFit] = [
        _fit(look(known[fit.organisation_id], [counting[fit.policy_version_id]], day)[0])
        for fit, _version, _code in rows
        if fit.policy_version_id in counting
    ]
    return listed(items, _total(statement))


@api.get("/facts")
@only(roles.SEES_MONTHLY_FACTS)
def list_facts(query: FactQuery) -> Listed[shapes.PolicyFact]:
    """What is known of a firm, with source and who confirmed it."""
    firm = facts.readable_firm(current_actor(), query.enterprise)
    rows = facts.rows_of(firm.id)
    items: list[shapes.PolicyFact] = [
        {
            "enterprise": firm.code,
            "fact": row.kind.code,
            "period": month_name(row.fact.period) if row.fact.period else None,
            "value": row.fact.value,
            "source": row.fact.source,
            "confirmed": row.confirmed,
            "recorded_at": row.fact.recorded_at.isoformat(),
        }
        for row in part_of(rows, query)
    ]
    return listed(items, len(rows))


@api.post("/facts")
@only(roles.REPORTS_FACTS)
@idempotent
def post_facts(body: FactsBody) -> tuple[shapes.FactsRecorded, int]:
    """Report facts, all or none; fits that use them are looked at again."""
    actor = current_actor()
    own = identity.organisation_of(actor)
    named = identity.organisations_by_code(one.enterprise for one in body.facts if one.enterprise)
    entries = []
    for number, one in enumerate(body.facts, 1):
        code = one.enterprise.upper()
        firm = named.get(code) if code else own
        if firm is None or (firm.id != own.id and not actor.may(roles.KEEPS_POLICIES)):
            raise Invalid("policy_no_such_firm", row=number, code=code)
        if firm.kind != "enterprise":
            raise Invalid("policy_no_such_firm", row=number, code=firm.code)
        period = read_month(one.period) if one.period else NO_PERIOD
        entries.append(Entry(firm.id, one.fact, period or NO_PERIOD, _written(one.value), one.source))
    return {"recorded": facts.record(actor, entries)}, 201


def _written(value: str | int | float) -> str:
    """A number of JSON as its shortest decimal text."""
    if isinstance(value, float):
        return format(decimal.Decimal(repr(value)), "f")
    return str(value).strip()


@api.get("/versions")
@only(roles.SEES_POLICIES)
def list_versions(query: VersionQuery) -> Listed[shapes.PolicyVersion]:
    """Versions of policies, newest first."""
    statement = versions.list_versions(query.state)
    rows = db.session.execute(
        statement.order_by(PolicyVersion.id.desc()).limit(query.limit).offset(query.offset)
    ).all()
    return listed([_version(row, code) for row, code in rows], _total(statement))


def _version(row: PolicyVersion, code: str) -> shapes.PolicyVersion:
    return {
        "id": row.id,
        "policy": code,
        "version": row.valid_from.isoformat(),
        "state": row.state,
        "title": {"zh": row.title_zh, "en": row.title_en},
        "valid_to": row.valid_to.isoformat() if row.valid_to else None,
        "claim": row.claim,
        "tests": {"passed": row.tests_passed, "all": row.tests_all},
    }


@api.post("/versions")
@only(roles.KEEPS_POLICIES)
@idempotent
def import_version(body: VersionBody) -> tuple[shapes.PolicyVersionImported, int]:
    """Import a rule file; every fault with line and column, nothing stored then."""
    row = versions.import_version(current_actor(), body.text)
    return {**_version(row, versions.code_of(row)), "open": _open(row)}, 201


def _open(row: PolicyVersion) -> list[shapes.Doubt]:
    """What still keeps it from approval."""
    looked = versions.look_into(row.text)
    return [{"code": one.code, "message": language.message(one.code, one.params)} for one in looked.doubts]


@api.get("/versions/<int:id>")
@only(roles.SEES_POLICIES)
def one_version(path: IdPath) -> shapes.WholePolicyVersion:
    """A version with its text and what keeps it from approval."""
    row = versions.get_version(path.id)
    return {**_version(row, row.policy.code), "text": row.text, "open": _open(row)}


@api.post("/versions/<int:id>/approve")
@only(roles.APPROVES_POLICIES)
@idempotent
def approve_version(path: IdPath) -> shapes.PolicyVersion:
    """A second person approves; 409 with all reasons."""
    row = versions.approve(current_actor(), path.id)
    return _version(row, versions.code_of(row))


@api.get("/pushes")
@only(roles.SEES_MONTHLY_FACTS)
def list_pushes(query: FactQuery) -> Listed[shapes.PolicyPush]:
    """Pushes of a firm, newest first; what is not sent yet is not listed."""
    firm = facts.readable_firm(current_actor(), query.enterprise)
    rows = [row for row in pushes.pushes_of(firm.id) if row.state != "due"]
    return listed([_push(row) for row in part_of(rows, query)], len(rows))


def _push(row: Push) -> shapes.PolicyPush:
    return {
        "id": row.id,
        "policy": row.reasons["policy"],
        "version": row.reasons["version"],
        "state": row.state,
        "fit_percent": row.reasons["fit_percent"],
        "conditions": row.reasons["conditions"],
        "sent_at": row.sent_at.isoformat() if row.sent_at else None,
        "quiet_until": row.quiet_until.isoformat() if row.quiet_until else None,
    }


@api.post("/pushes/<int:id>/decline")
@only(roles.ANSWERS_PUSHES)
@idempotent
def decline_push(path: IdPath, body: DeclineBody) -> shapes.PolicyPush:
    """No, with a reason: quiet for 90 days."""
    return _push(pushes.decline(current_actor(), path.id, body.reason))


@api.get("/cases")
@only(roles.SEES_MONTHLY_FACTS)
def list_cases(query: CaseQuery) -> Listed[shapes.PolicyCase]:
    """Cases one may see, newest first."""
    statement = cases.visible_cases(current_actor(), query.state)
    rows = db.session.execute(
        statement.order_by(PolicyCase.id.desc()).limit(query.limit).offset(query.offset)
    ).all()
    firms = identity.organisations_by_id({row.organisation_id for row, _version in rows})
    return listed([_case(row, firms) for row, _version in rows], _total(statement))


def _case(row: PolicyCase, firms: Any = None) -> shapes.PolicyCase:
    firms = firms or identity.organisations_by_id([row.organisation_id])
    return {
        "id": row.id,
        "enterprise": firms[row.organisation_id].code,
        "policy": row.judged["policy"],
        "version": row.judged["version"],
        "state": row.state,
        "automatic": row.automatic,
        "fit_percent": row.judged["fit_percent"],
        "push": row.push_id,
        "amount_fen": row.amount_fen,
        "started_on": _day(row.started_on),
        "filed_on": _day(row.filed_on),
        "granted_on": _day(row.granted_on),
        "paid_on": _day(row.paid_on),
        "closed_on": _day(row.closed_on),
        "due_on": _day(row.due_on),
    }


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


@api.post("/cases")
@only(roles.ANSWERS_PUSHES)
@idempotent
def start_case(body: CaseBody) -> tuple[shapes.PolicyCase, int]:
    """Begin with a push or a policy; `automatic` with `consent` files at once where every source is confirmed."""
    if body.push is None and not body.policy:
        raise Invalid("policy_push_or_policy")
    row = cases.start(
        current_actor(),
        push_id=body.push,
        policy=body.policy,
        automatic=body.automatic,
        consent=body.consent,
    )
    return _case(row), 201


@api.post("/cases/<int:id>/step")
@only(roles.MOVES_CASES)
@idempotent
def move_case(path: IdPath, body: StepBody) -> shapes.PolicyCase:
    """Note the next step with its day; 409 with all reasons."""
    row = cases.move(
        current_actor(), path.id, body.state, body.on or clock.today(), body.reason, body.amount_fen
    )
    return _case(row)
