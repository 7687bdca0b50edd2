"""When a contribution earns, how much, and how often: versions, validity, caps, and evidence that looks alike."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.hall.clock import months_later
from app.hall.errors import Conflict, Invalid, NotAllowed, Reason
from app.hall.text.official_numbers import patent_number

_DASHES = re.compile(r"[-‐-―−﹘﹣－_·•・.。/\\|,，、:：;；()（）\[\]【】]")


@dataclass(frozen=True)
class Rule:
    """One version of an earn rule, as far as a decision needs it; `version` counts up per code."""

    id: int
    code: str
    version: int
    credits: int
    evidence_kind: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    lifetime_days: int = 730
    cap_period: str = "none"
    cap_credits: int | None = None
    cap_claims: int | None = None
    title_zh: str = ""
    title_en: str = ""


@dataclass(frozen=True)
class Earned:
    """What an enterprise has already earned by one rule: on which day, how much."""

    occurred_on: dt.date
    credits: int


def normalise_evidence(kind: str, value: str) -> str:
    """The same number written differently becomes the same text.

    Compatibility forms (full-width digits) are folded, spaces, invisible characters, hyphens, dots and brackets dropped,
    letters made upper case; a Chinese patent number loses its ZL or CN.

    >>> normalise_evidence("patent_no", " ＺＬ 2026 1 0123456.7 ")
    '2026101234567'
    >>> normalise_evidence("patent_no", "zl2026-1-0123456.7") == normalise_evidence("patent_no", "CN202610123456.7")
    True
    >>> normalise_evidence("patent_no", "202610123456。7")
    '2026101234567'
    >>> normalise_evidence("event_no", "瀛洲 储能展－2026")
    '瀛洲储能展2026'
    """
    if kind == "patent_no":
        return patent_number(value)
    folded = unicodedata.normalize("NFKC", value)
    kept = "".join(one for one in folded if unicodedata.category(one)[0] not in "ZC")
    return _DASHES.sub("", unicodedata.normalize("NFKC", kept.upper()))


def version_on(versions: Iterable[Rule], day: dt.date) -> Rule | None:
    """The version in force on `day`: the one that started last, the higher version where two started together.

    >>> june = Rule(1, "p", 1, 100, "patent_no", dt.date(2026, 1, 1))
    >>> july = Rule(2, "p", 2, 80, "patent_no", dt.date(2026, 7, 1))
    >>> version_on([july, june], dt.date(2026, 6, 30)).credits, version_on([july, june], dt.date(2026, 7, 1)).credits
    (100, 80)
    """
    started = [one for one in versions if one.valid_from <= day]
    if not started:
        return None
    newest = max(started, key=lambda one: (one.valid_from, one.version))
    return None if newest.valid_to is not None and day > newest.valid_to else newest


def period_of(cap_period: str, day: dt.date) -> tuple[dt.date, dt.date] | None:
    """The period around `day` as [first day, first day of the next); None where nothing is capped.

    >>> period_of("quarter", dt.date(2026, 11, 23))
    (datetime.date(2026, 10, 1), datetime.date(2027, 1, 1))
    """
    months = {"month": 1, "quarter": 3, "year": 12}.get(cap_period)
    if months is None:
        return None
    first = (day.month - 1) // months * months
    start = dt.date(day.year, first + 1, 1)
    return start, months_later(start, months)


def cap_reasons(rule: Rule, day: dt.date, earned: Iterable[Earned]) -> tuple[Reason, ...]:
    """Every cap that one more earning by `rule` on `day` would break; `earned` is what the same rule code gave before.

    >>> rule = Rule(1, "e", 1, 60, "event_no", dt.date(2026, 1, 1), cap_period="year", cap_credits=100)
    >>> [one.code for one in cap_reasons(rule, dt.date(2026, 5, 1), [Earned(dt.date(2026, 2, 1), 60)])]
    ['cap_credits']
    >>> cap_reasons(rule, dt.date(2026, 5, 1), [Earned(dt.date(2025, 2, 1), 60)])
    ()
    """
    period = period_of(rule.cap_period, day)
    if period is None:
        return ()
    inside = [one.credits for one in earned if period[0] <= one.occurred_on < period[1]]
    reasons = []
    if rule.cap_credits is not None and sum(inside) + rule.credits > rule.cap_credits:
        reasons.append(Reason("cap_credits", {"cap": rule.cap_credits, "earned": sum(inside)}))
    if rule.cap_claims is not None and len(inside) + 1 > rule.cap_claims:
        reasons.append(Reason("cap_claims", {"cap": rule.cap_claims, "claims": len(inside)}))
    return tuple(reasons)


def expires_on(rule: Rule, day: dt.date) -> dt.date:
    """The day on which credits earned on `day` are gone (they can be spent until the end of the day before).

    >>> expires_on(Rule(1, "p", 1, 100, "patent_no", dt.date(2026, 1, 1), lifetime_days=30), dt.date(2026, 1, 1))
    datetime.date(2026, 1, 31)
    """
    return day + dt.timedelta(days=rule.lifetime_days)


# Which decisions a claim in a state is open for.
DECISIONS = {
    "submitted": frozenset({"approve", "return", "reject"}),
    "appealed": frozenset({"approve", "reject"}),
    "approved": frozenset({"revoke"}),
}


@dataclass(frozen=True)
class Reviewer:
    """Who wants to decide, as far as the decision needs it."""

    member_id: int
    organisation_id: int
    may_review: bool


@dataclass(frozen=True)
class Case:
    """A claim as it lies on the reviewer's desk; `rejected_by` is whose rejection it appeals against."""

    id: int
    state: str
    organisation_id: int
    rule_code: str
    occurred_on: dt.date
    created_on: dt.date
    involved: frozenset[int] = frozenset()
    rejected_by: int | None = None


@dataclass(frozen=True)
class Approval:
    """What an approval grants: the credits of this version of the rule, under the number of the claim."""

    rule: Rule
    number: str


def claim_number(claim_id: int, created_on: dt.date) -> str:
    """What people call a claim by.

    >>> claim_number(7, dt.date(2026, 11, 23))
    'CL-20261123-00007'
    """
    return f"CL-{created_on:%Y%m%d}-{claim_id:05d}"


def objections(case: Case, reviewer: Reviewer) -> tuple[Reason, ...]:
    """Everything that forbids this person to decide this claim: nobody decides in a cause of their own.

    >>> case = Case(1, "submitted", 2, "p", dt.date(2026, 1, 1), dt.date(2026, 1, 2), frozenset({5}))
    >>> [one.code for one in objections(case, Reviewer(5, 2, may_review=False))]
    ['only_reviewer', 'reviewer_same_organisation', 'reviewer_submitted']
    >>> objections(case, Reviewer(6, 1, may_review=True))
    ()
    """
    found = []
    if not reviewer.may_review:
        found.append(Reason("only_reviewer"))
    if case.organisation_id == reviewer.organisation_id:
        found.append(Reason("reviewer_same_organisation"))
    if reviewer.member_id in case.involved:
        found.append(Reason("reviewer_submitted"))
    if case.state == "appealed" and case.rejected_by == reviewer.member_id:
        found.append(Reason("other_reviewer_needed"))
    return tuple(found)


def open_decisions(case: Case, reviewer: Reviewer) -> frozenset[str]:
    """The decisions this reviewer may take now: what the page offers and what `check_decision` lets through.

    >>> case = Case(1, "appealed", 2, "p", dt.date(2026, 1, 1), dt.date(2026, 1, 2), rejected_by=6)
    >>> sorted(open_decisions(case, Reviewer(6, 1, True))), sorted(open_decisions(case, Reviewer(7, 1, True)))
    ([], ['approve', 'reject'])
    """
    return frozenset() if objections(case, reviewer) else DECISIONS.get(case.state, frozenset())


def needs_other_reviewer(case: Case, reviewer: Reviewer) -> bool:
    """Whether nothing but the rejection that is appealed against stands between this reviewer and the claim."""
    return [one.code for one in objections(case, reviewer)] == ["other_reviewer_needed"]


def check_decision(case: Case, reviewer: Reviewer, decision: str) -> str:
    """Refuse what may not be decided, with every reason; answers the claim's number.

    Raises
    ------
    NotAllowed
        With all that is against this reviewer; named by the first.
    Conflict
        ``claim_state`` where the claim is not open for this decision.
    """
    against = objections(case, reviewer)
    if against:
        raise NotAllowed(against[0].code, reasons=against)
    if decision not in open_decisions(case, reviewer):
        raise Conflict("claim_state", state=case.state)
    return claim_number(case.id, case.created_on)


def evidence_reasons(used: Iterable[str]) -> tuple[Reason, ...]:
    """One reason per piece of evidence that counts elsewhere already."""
    return tuple(Reason("evidence_used", {"value": value}) for value in sorted(set(used)))


def used_evidence(values: Sequence[str]) -> Conflict:
    """The refusal of evidence that counts elsewhere already.

    >>> used_evidence(["ZL2", "ZL1"]).code
    'evidence_used'
    """
    return Conflict("evidence_used", reasons=evidence_reasons(values), value="、".join(values))


def decide_approval(
    case: Case,
    reviewer: Reviewer,
    versions: Iterable[Rule],
    earned: Iterable[Earned],
    used: Iterable[str] = (),
) -> Approval:
    """What an approval by this reviewer grants: the version of the day of the deed, if nothing is in the way.

    `used` is the evidence that a claim rests on which was granted before.

    Raises
    ------
    NotAllowed, Conflict
        As `check_decision`; and ``claim_refused`` with every cap that would break and all evidence that counted before.
    Invalid
        ``rule_not_in_force`` where no version covers the day of the deed.
    """
    number = check_decision(case, reviewer, "approve")
    rule = version_on(versions, case.occurred_on)
    if rule is None:
        raise Invalid("rule_not_in_force", code=case.rule_code, day=case.occurred_on.isoformat())
    over = (*cap_reasons(rule, case.occurred_on, earned), *evidence_reasons(used))
    if over:
        raise Conflict("claim_refused", reasons=over)
    return Approval(rule, number)
