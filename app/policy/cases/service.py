"""Cases: started with a yes, judged by the version and the day they began with, dated step by step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
import sqlalchemy.orm

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.hall.jobs import emit
from app.hall.text import language
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.policy.cases.deadlines_files import Deadline
from app.policy.cases.models import PolicyCase, PolicyCaseStep
from app.policy.cases.money import PAID
from app.policy.cases.rules import Basis, Days, Wish, against_automatic, against_step
from app.policy.facts import service as facts
from app.policy.fits.service import Seen, look, look_at
from app.policy.fits.store import Version, lock_firms, versions_by_id
from app.policy.pushes import service as pushes
from app.policy.pushes.models import Push
from app.policy.rules.policy import Words
from app.policy.states import RUNNING
from app.policy.versions.models import Policy, PolicyVersion

LARGEST_FEN = 10**15


def start(
    actor: Actor,
    *,
    push_id: int | None = None,
    policy: str = "",
    automatic: bool = False,
    consent: bool = False,
) -> PolicyCase:
    """Begin a case with a push, or with a policy that counts today; an automatic one is filed with its consent."""
    if not actor.may(roles.ANSWERS_PUSHES):
        raise NotAllowed("policy_firms_only")
    today = clock.today()
    with transaction():
        lock_firms([actor.organisation_id])
        push = pushes.take_up(actor, push_id) if push_id is not None else None
        version = _version(push, policy, today)
        if push is None:
            push = _waiting_push(actor, version)
        seen = _seen(actor, version, today)
        _refuse(seen, automatic, consent, actor.organisation_id)
        row = PolicyCase(
            organisation_id=actor.organisation_id,
            policy_version_id=version.id,
            push_id=push.id if push else None,
            state="started",
            automatic=automatic,
            judged=seen.answer,
            as_of=today,
            month=seen.firm.month,
            started_by=actor.member_id,
            started_on=today,
            due_on=version.valid_to,
            consented_by=actor.member_id if automatic else None,
            created_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        _note(row, actor, "started", today, "")
        if automatic:
            row.state, row.filed_on = "filed", today
            _note(row, actor, "filed", today, "")
        identity.notify_role(
            roles.POLICY_OFFICER,
            "policy_case_started_note",
            f"/policy/cases/{row.id}",
            title=version.titles,
            enterprise=identity.get_organisation(row.organisation_id).name_zh,
        )
        return row


def _version(push: Push | None, policy: str, today: dt.date) -> Version:
    if push is not None:
        return versions_by_id([push.policy_version_id], today)[push.policy_version_id]
    version_id = db.session.scalar(
        sa.select(PolicyVersion.id)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .where(Policy.code == policy, PolicyVersion.state == "in_force")
    )
    if version_id is None:
        raise NotFound("policy_not_found")
    return versions_by_id([version_id], today)[version_id]


def _waiting_push(actor: Actor, version: Version) -> Push | None:
    """A case begun from the list answers the push that is on the table."""
    for row in pushes.pushes_of(actor.organisation_id):
        if row.policy_version_id == version.id and row.state in ("sent", "opened"):
            return pushes.take_up(actor, row.id)
    return None


def _seen(actor: Actor, version: Version, today: dt.date) -> Seen:
    own = identity.organisation_of(actor)
    return look(facts.facts_of({own.id: own.code})[own.id], [version], today)[0]


def _refuse(seen: Seen, automatic: bool, consent: bool, organisation_id: int) -> None:
    reasons: list[Reason] = []
    running = db.session.scalar(
        sa.select(PolicyCase.id).where(
            PolicyCase.organisation_id == organisation_id,
            PolicyCase.policy_version_id == seen.version.id,
            PolicyCase.state.in_(RUNNING),
        )
    )
    if running is not None:
        reasons.append(Reason("policy_case_running", {"number": running}))
    if seen.fit.state == "ineligible":
        texts = {c.id: c.text for c in seen.version.bound.policy.conditions if c.mandatory}
        reasons += [
            Reason("policy_condition_unmet", {"condition": in_words(texts[c.id]) or c.id})
            for c, result in zip(seen.version.bound.policy.conditions, seen.fit.results, strict=True)
            if c.mandatory and result is False
        ]
    if automatic:
        reasons += against_automatic(seen.version.claim, consent, basis_of(seen.answer, organisation_id))
    if reasons:
        raise Conflict("policy_case_refused", reasons=reasons)


def in_words(text: Words) -> str:
    """A text of a rule file in the reader's language."""
    return (text.en if language.lang() == "en" else "") or text.zh


def basis_of(answer: dict[str, Any], organisation_id: int) -> list[Basis]:
    """Each condition with the facts it used and whether each came from a confirmed source."""
    used = {use["fact"] for condition in answer["conditions"] for use in condition["uses"]}
    parts = {"rd_expense_wan", "revenue_wan"} if "rd_ratio" in used else set()
    rows = facts.rows_of(organisation_id, used | parts)
    open_facts = {(row.kind.code, row.fact.period) for row in rows if not row.confirmed}
    if parts:
        open_facts |= {("rd_ratio", period) for code, period in open_facts if code in parts}

    def confirmed(use: dict[str, Any]) -> bool:
        month = read_period(use["period"])
        return (use["fact"], month) not in open_facts

    return [
        Basis(
            condition["id"],
            condition["result"],
            {use["fact"]: confirmed(use) for use in sorted(condition["uses"], key=confirmed, reverse=True)},
        )
        for condition in answer["conditions"]
    ]


def read_period(text: str | None) -> int:
    """The number of a month as answers write it; 0 without one."""
    return int(text[:4]) * 12 + int(text[5:7]) - 1 if text else 0


def get_case(actor: Actor, case_id: int, lock: bool = False) -> PolicyCase:
    query = (
        sa.select(PolicyCase)
        .where(PolicyCase.id == case_id)
        .options(sa.orm.selectinload(PolicyCase.steps))
        .execution_options(populate_existing=True)
    )
    row = db.session.scalar(locked(query) if lock else query)
    if row is None or not _may_see(actor, row):
        raise NotFound("policy_case_not_found")
    return row


def _may_see(actor: Actor, row: PolicyCase) -> bool:
    if actor.may(roles.SEES_MONTHLY_FACTS_OF_ALL_FIRMS):
        return True
    return actor.organisation_id == row.organisation_id and actor.may(roles.SEES_MONTHLY_FACTS_OF_OWN_FIRM)


def move(
    actor: Actor, case_id: int, wanted: str, on_day: dt.date, reason: str = "", amount_fen: int | None = None
) -> PolicyCase:
    """Note the next step of a case with its day."""
    with transaction():
        row = get_case(actor, case_id, lock=True)
        officer = actor.may(roles.KEEPS_POLICIES)
        if not officer and not (
            actor.organisation_id == row.organisation_id and actor.may(roles.ANSWERS_PUSHES)
        ):
            raise NotAllowed("policy_not_your_case")
        wish = Wish(row.state, wanted, on_day, reason, by_firm=not officer)
        days = Days(row.started_on, row.filed_on, row.granted_on)
        reasons = against_step(wish, days, clock.today())
        if reasons:
            raise Conflict("policy_wrong_state", reasons=reasons)
        if amount_fen is not None and not 0 <= amount_fen <= LARGEST_FEN:
            raise Invalid("policy_bad_amount")
        row.state = wanted
        if wanted in ("filed", "granted", "paid"):
            setattr(row, f"{wanted}_on", on_day)
        else:
            row.closed_on, row.reason = on_day, reason.strip()[:500]
        if wanted == "paid":
            row.closed_on = on_day
            emit(PAID, {"case": row.id})
        if amount_fen is not None:
            row.amount_fen = amount_fen
        _note(row, actor, wanted, on_day, reason.strip()[:500])
        _tell(row, actor, wanted)
        return row


def plan(actor: Actor, case_id: int, due_on: dt.date | None) -> PolicyCase:
    """The officer's day by which the next step is to be done; it stands in the calendar of the firm."""
    if not actor.may(roles.KEEPS_POLICIES):
        raise NotAllowed("policy_officers_only")
    with transaction():
        row = get_case(actor, case_id, lock=True)
        if row.state not in RUNNING:
            raise Conflict("policy_case_closed")
        if due_on is not None and due_on < clock.today():
            raise Invalid("policy_day_past")
        row.due_on = due_on
        _note(row, actor, "planned", due_on or clock.today(), "")
        _tell(row, actor, "planned")
        return row


def _note(row: PolicyCase, actor: Actor, action: str, on_day: dt.date, note: str) -> None:
    db.session.add(
        PolicyCaseStep(
            case_id=row.id,
            action=action,
            on_day=on_day,
            member_id=actor.member_id or None,
            note=note,
            at=clock.now(),
        )
    )
    identity.audit(actor, f"policy_case.{action}", "policy_case", row.id, note)


def _tell(row: PolicyCase, actor: Actor, action: str) -> None:
    version = versions_by_id([row.policy_version_id], row.as_of)[row.policy_version_id]
    if actor.organisation_id == row.organisation_id:
        identity.notify_role(
            roles.POLICY_OFFICER,
            f"policy_case_{action}_note",
            f"/policy/cases/{row.id}",
            title=version.titles,
        )
        return
    identity.notify_organisation(
        row.organisation_id,
        f"policy_case_{action}_note",
        f"/policy/cases/{row.id}",
        roles=[roles.ENTERPRISE_ADMIN],
        title=version.titles,
    )


def tell_of_new_version(version_id: int) -> None:
    """Firms whose running case the new version would judge otherwise are told what and why; the case keeps its own."""
    today = clock.today()
    new = versions_by_id([version_id], today)[version_id]
    rows = db.session.scalars(
        sa.select(PolicyCase)
        .join(PolicyVersion, PolicyVersion.id == PolicyCase.policy_version_id)
        .where(
            PolicyVersion.policy_id == new.policy_id,
            PolicyVersion.id != new.id,
            PolicyCase.state.in_(("started", "filed")),
        )
        .order_by(PolicyCase.id)
    ).all()
    firms = identity.organisations_by_id({row.organisation_id for row in rows})
    known = facts.facts_of({number: firm.code for number, firm in firms.items()})
    for row in rows:
        after = look(known[row.organisation_id], [new], today)[0].answer
        changed = different(row.judged, after)
        if changed or row.judged["state"] != after["state"]:
            _say_changed(row, new, changed, after)


def different(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Conditions with another result, also those that only one of the two versions has."""
    was = {one["id"]: one["result"] for one in before["conditions"]}
    now = {one["id"]: one["result"] for one in after["conditions"]}
    return [name for name in dict.fromkeys((*was, *now)) if was.get(name) != now.get(name)]


def _say_changed(row: PolicyCase, new: Version, changed: Sequence[str], after: dict[str, Any]) -> None:
    texts = {c.id: c.text for c in new.bound.policy.conditions}
    names = [texts[name].zh or name if name in texts else name for name in changed]
    english = [texts[name].en or name if name in texts else name for name in changed]
    _note(row, identity.SYSTEM, "version_changed", new.valid_from, "、".join(names))
    identity.notify_organisation(
        row.organisation_id,
        "policy_case_version_note",
        f"/policy/cases/{row.id}",
        roles=[roles.ENTERPRISE_ADMIN],
        title=new.titles,
        conditions={"zh": "、".join(names) or "—", "en": ", ".join(english) or "—"},
        before=row.judged["fit_percent"],
        after=after["fit_percent"],
    )


def visible_cases(actor: Actor, state: str = "") -> sa.Select[PolicyCase, PolicyVersion]:
    """One's own firm's cases; officers and auditors see all."""
    query = sa.select(PolicyCase, PolicyVersion).join(
        PolicyVersion, PolicyVersion.id == PolicyCase.policy_version_id
    )
    if not actor.may(roles.SEES_MONTHLY_FACTS_OF_ALL_FIRMS):
        query = query.where(PolicyCase.organisation_id == actor.organisation_id)
    return query.where(PolicyCase.state == state) if state else query


def running_of(organisation_id: int) -> list[PolicyCase]:
    """Running cases of a firm."""
    query = sa.select(PolicyCase).where(
        PolicyCase.organisation_id == organisation_id, PolicyCase.state.in_(RUNNING)
    )
    return list(db.session.scalars(query.order_by(PolicyCase.id)))


def cases_of(organisation_id: int) -> list[PolicyCase]:
    """All cases of a firm, oldest first: the newest of a version stands last."""
    query = sa.select(PolicyCase).where(PolicyCase.organisation_id == organisation_id)
    return list(db.session.scalars(query.order_by(PolicyCase.id).limit(500)))


def case_of_push(push_id: int) -> PolicyCase | None:
    return db.session.scalar(sa.select(PolicyCase).where(PolicyCase.push_id == push_id))


def sent_on(row: PolicyCase) -> dt.date | None:
    """The day of the push a case came from."""
    if row.push_id is None:
        return None
    moment = db.session.scalar(sa.select(Push.sent_at).where(Push.id == row.push_id))
    return clock.day_of(moment) if moment else None


def names_of(row: PolicyCase) -> dict[int, str]:
    """Who noted the steps of a case, by member."""
    park = identity.find_organisation("PARK")
    firms = {row.organisation_id, *([park.id] if park else [])}
    return {member.id: member.name for number in sorted(firms) for member in identity.members_of(number)}


def deadlines_of(actor: Actor) -> list[Deadline]:
    """The days of the firm's running cases, and the last days of what fits it but is not begun."""
    today = clock.today()
    running = running_of(actor.organisation_id)
    versions = versions_by_id({row.policy_version_id for row in running}, today)
    found = [
        Deadline(f"policy-case-{row.id}@parklink", row.due_on, versions[row.policy_version_id].title)
        for row in running
        if row.due_on is not None
    ]
    begun = {row.policy_version_id for row in running}
    for seen in look_at(identity.organisation_of(actor)):
        version = seen.version
        if seen.fit.push and version.valid_to is not None and version.id not in begun:
            found.append(Deadline(f"policy-version-{version.id}@parklink", version.valid_to, version.title))
    return sorted(found, key=lambda one: (one.day, one.uid))
