"""Rule files become policies: imported, tested, approved by a second person, in force on their day, ended."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
import sqlalchemy.orm

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.hall.jobs import run_soon
from app.hall.text import language
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.policy.facts.kinds import KNOWN, KindSpec, read_by_month
from app.policy.facts.models import FactKind
from app.policy.fits.service import look_again
from app.policy.fits.store import rule_file
from app.policy.pushes.service import lapse_of_ended
from app.policy.rules.faults import Fault
from app.policy.rules.policy import Policy as RuleFile
from app.policy.rules.reading import read_policy
from app.policy.rules.trial import Trial, run_tests
from app.policy.rules.values import ANY, TEXT
from app.policy.states import VERSION, against, step
from app.policy.versions.models import Policy, PolicyVersion
from app.policy.versions.rules import doubts

PUBLISHED = ("approved", "in_force", "ended")
CHECK_FIRMS = "policy.check_firms"
Told = Callable[[int], None]
_told: list[Told] = []


@dataclass(frozen=True, slots=True)
class Looked:
    """What a text says: the rules or their faults, the tests, and what keeps it from approval."""

    policy: RuleFile | None
    faults: tuple[Fault, ...]
    trials: tuple[Trial, ...] = ()
    doubts: tuple[Reason, ...] = ()


def look_into(text: str) -> Looked:
    """Read a text and run its tests; nothing is stored."""
    policy, faults = read_policy(text.encode())
    if policy is None:
        return Looked(None, faults)
    return Looked(policy, (), tuple(run_tests(policy)), doubts(policy))


def fault_reason(fault: Fault) -> Reason:
    """A fault as one line with its place."""
    words = language.message(fault.code, fault.params)
    return Reason("policy_fault_at", {"line": fault.line, "column": fault.column, "words": words})


def _sound(text: str) -> tuple[str, RuleFile]:
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"
    policy, faults = read_policy(text.encode())
    if policy is None:
        raise Invalid("policy_file_refused", reasons=[fault_reason(fault) for fault in faults])
    return text, policy


def import_version(actor: Actor, text: str) -> PolicyVersion:
    """A rule file becomes a version: `tested` when its tests pass and nothing is missing, else `draft`.

    The same text again answers the same version; another text for a version that is not approved yet replaces it.
    """
    if not actor.may(roles.KEEPS_POLICIES):
        raise NotAllowed("policy_officers_only")
    text, file = _sound(text)
    trials = run_tests(file)
    ready = not doubts(file)
    digest = hashlib.sha256(text.encode()).hexdigest()
    with transaction():
        policy = _policy(file.id)
        row = db.session.scalar(
            sa.select(PolicyVersion).where(
                PolicyVersion.policy_id == policy.id, PolicyVersion.valid_from == file.valid_from
            )
        )
        if row is not None and row.sha256 == digest:
            return row
        _refuse_published(policy, row, file)
        ensure_known_kinds()
        db.session.flush()
        _ensure_kinds(file)
        if row is None:
            row = PolicyVersion(policy_id=policy.id, valid_from=file.valid_from, state="draft")
            db.session.add(row)
        elif row.state == "tested":
            row.state = step(VERSION, row.state, "draft")
        row.text, row.sha256, row.valid_to = text, digest, file.valid_to
        row.title_zh, row.title_en = file.title.zh, file.title.en
        row.authority, row.reference, row.kind, row.claim = (
            file.authority,
            file.reference,
            file.kind,
            file.claim,
        )
        row.imported_by, row.imported_at = actor.member_id, clock.now()
        row.tests_all, row.tests_passed = len(trials), sum(trial.passed for trial in trials)
        if ready:
            row.state = step(VERSION, row.state, "tested")
        db.session.flush()
        identity.audit(actor, "policy_version.imported", "policy_version", row.id, version=file.version)
        return row


def _policy(code: str) -> Policy:
    row = db.session.scalar(locked(sa.select(Policy).where(Policy.code == code)))
    if row is None:
        row = Policy(code=code, created_at=clock.now())
        db.session.add(row)
        db.session.flush()
    return row


def _refuse_published(policy: Policy, row: PolicyVersion | None, file: RuleFile) -> None:
    reasons = []
    if row is not None and row.state in PUBLISHED:
        reasons.append(Reason("policy_version_published", {"version": file.version}))
    latest = db.session.scalar(
        sa.select(sa.func.max(PolicyVersion.valid_from)).where(
            PolicyVersion.policy_id == policy.id, PolicyVersion.state.in_(PUBLISHED)
        )
    )
    if row is None and latest is not None and file.valid_from <= latest:
        reasons.append(Reason("policy_not_later", {"version": file.version, "latest": latest.isoformat()}))
    if reasons:
        raise Conflict("policy_version_refused", reasons=reasons)


def _ensure_kinds(file: RuleFile) -> None:
    """Facts the file names exist afterwards; one that is known as another kind of value is refused."""
    known = {row.code: row for row in db.session.scalars(sa.select(FactKind))}
    monthly = read_by_month(file.conditions)
    reasons = []
    for code in file.facts:
        kind = file.kinds.get(code, ANY)
        row = known.get(code)
        if row is None:
            spec = KNOWN.get(code) or KindSpec(
                code, TEXT if kind == ANY else kind, code, code, by_month=code in monthly
            )
            add_kind(spec)
            row_kind = spec.value_kind
        else:
            row_kind = row.value_kind
        if kind not in (ANY, row_kind):
            reasons.append(Reason("policy_kind_differs", {"name": code, "kind": kind, "other": row_kind}))
    if reasons:
        raise Invalid("policy_file_refused", reasons=reasons)


def add_kind(spec: KindSpec) -> None:
    """A kind of fact by its description; inside the caller's transaction."""
    db.session.add(
        FactKind(
            code=spec.code,
            name_zh=spec.zh,
            name_en=spec.en,
            value_kind=spec.value_kind,
            unit_zh=spec.unit[0],
            unit_en=spec.unit[1],
            by_month=spec.by_month,
            source=spec.source,
            choices=[list(choice) for choice in spec.choices],
            created_at=clock.now(),
        )
    )


def ensure_known_kinds() -> None:
    """The kinds that this product knows by name are there."""
    with transaction():
        known = set(db.session.scalars(sa.select(FactKind.code)))
        for code, spec in KNOWN.items():
            if code not in known:
                add_kind(spec)


def get_version(version_id: int, lock: bool = False) -> PolicyVersion:
    query = (
        sa.select(PolicyVersion)
        .where(PolicyVersion.id == version_id)
        .options(sa.orm.joinedload(PolicyVersion.policy, innerjoin=True))
        .execution_options(populate_existing=True)
    )
    row = db.session.scalar(locked(query) if lock else query)
    if row is None:
        raise NotFound("policy_version_not_found")
    return row


def approval_reasons(actor: Actor, row: PolicyVersion) -> list[Reason]:
    """Everything that keeps this person from approving this version."""
    reasons = list(doubts(rule_file(row.sha256, row.text)))
    if row.state not in ("draft", "tested"):
        reasons += against(VERSION, row.state, "approved")
    if row.imported_by == actor.member_id:
        reasons.append(Reason("policy_own_version"))
    elif not identity.stand_apart(actor.member_id, row.imported_by):
        reasons.append(Reason("second_person_too_close", {"days": 7}))
    if row.valid_to is not None and row.valid_to < clock.today():
        reasons.append(Reason("policy_over_already", {"day": row.valid_to.isoformat()}))
    return reasons


def approve(actor: Actor, version_id: int) -> PolicyVersion:
    """A second person approves; the version counts from its day on, at once where that has come."""
    if not actor.may(roles.APPROVES_POLICIES):
        raise NotAllowed("policy_approvers_only")
    get_version(version_id)
    with transaction():
        row = get_version(version_id, lock=True)
        reasons = approval_reasons(actor, row)
        if [reason.code for reason in reasons] == ["policy_own_version"]:
            raise NotAllowed("policy_own_version")
        if reasons:
            raise Conflict("policy_not_approved", reasons=reasons)
        row.state = step(VERSION, row.state, "approved")
        row.approved_by, row.approved_at = actor.member_id, clock.now()
        identity.audit(
            actor, "policy_version.approved", "policy_version", row.id, version=str(row.valid_from)
        )
        db.session.flush()
        _come_and_go(clock.today())
        return row


def come_and_go() -> int:
    """Versions whose day has come are in force, those that are over end; the nightly run, harmless when repeated."""
    with transaction():
        return _come_and_go(clock.today())


def _come_and_go(day: dt.date) -> int:
    rows = db.session.scalars(
        locked(
            sa.select(PolicyVersion)
            .where(PolicyVersion.state.in_(("approved", "in_force")), PolicyVersion.valid_from <= day)
            .order_by(PolicyVersion.policy_id, PolicyVersion.valid_from.desc(), PolicyVersion.id)
        )
    ).all()
    begun, ended, latest = list[PolicyVersion](), list[int](), set[int]()
    for row in rows:
        over = row.valid_to is not None and row.valid_to < day
        if row.policy_id in latest or over:
            row.state = step(VERSION, row.state, "ended")
            row.ended_at = clock.now()
            ended.append(row.id)
        elif row.state == "approved":
            row.state, row.in_force_at = step(VERSION, row.state, "in_force"), clock.now()
            begun.append(row)
        latest.add(row.policy_id)
    if ended:
        lapse_of_ended(ended)
    if begun or ended:
        for row in begun:
            for told in _told:
                told(row.id)
        look_again()
        run_soon(CHECK_FIRMS, {})
    return len(begun) + len(ended)


def when_in_force(told: Told) -> None:
    """Let a feature above hear of versions that came into force, inside the same transaction."""
    if told not in _told:
        _told.append(told)


def list_versions(state: str = "") -> sa.Select[PolicyVersion, str]:
    """Versions with the code of their policy."""
    query = sa.select(PolicyVersion, Policy.code).join(Policy, Policy.id == PolicyVersion.policy_id)
    return query.where(PolicyVersion.state == state) if state else query


def versions_of(policy_id: int) -> list[PolicyVersion]:
    query = sa.select(PolicyVersion).where(PolicyVersion.policy_id == policy_id)
    return list(db.session.scalars(query.order_by(PolicyVersion.valid_from.desc())))


def in_force_before(row: PolicyVersion) -> PolicyVersion | None:
    """The published version that this one follows."""
    earlier = [
        one
        for one in versions_of(row.policy_id)
        if one.id != row.id and one.state in PUBLISHED and one.valid_from < row.valid_from
    ]
    return earlier[0] if earlier else None


def code_of(row: PolicyVersion) -> str:
    """The id of the policy of a version."""
    return db.session.scalars(sa.select(Policy.code).where(Policy.id == row.policy_id)).one()


def count_by_state() -> dict[str, int]:
    """How many versions are in each state."""
    query = sa.select(PolicyVersion.state, sa.func.count()).group_by(PolicyVersion.state)
    return {state: int(count) for state, count in db.session.execute(query)}


def waiting_for(actor: Actor) -> int:
    """Tested versions of others that this person may approve."""
    if not actor.may(roles.APPROVES_POLICIES):
        return 0
    query = sa.select(sa.func.count()).where(
        PolicyVersion.state == "tested", PolicyVersion.imported_by != actor.member_id
    )
    return int(db.session.scalar(query) or 0)
