"""Figures and lists over all firms: states of fits, questions left open, calibration, winners and losers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.identity import door as identity
from app.policy.cases.models import PolicyCase
from app.policy.cases.rules import days_to_money
from app.policy.facts.service import facts_of
from app.policy.fits.models import Fit
from app.policy.fits.service import active_firms, look, look_at
from app.policy.fits.store import rule_file, versions_in_force
from app.policy.pushes.models import Push
from app.policy.rules.answer import fit_answer
from app.policy.rules.calibration import Calibration, Pushed, calibrate
from app.policy.rules.comparison import Change, changes
from app.policy.rules.fits import bind
from app.policy.rules.months import reported_month
from app.policy.rules.situation import FirmFacts, Given
from app.policy.versions.models import Policy, PolicyVersion

ASK_AFTER_DAYS = 14


@dataclass(frozen=True, slots=True)
class PolicyFit:
    """What a policy is for somebody: state, per cent, and the facts that are still unknown."""

    policy: str
    title_zh: str
    title_en: str
    state: str
    fit_percent: float
    possible_percent: float
    missing: tuple[str, ...]


def fits_statement(state: str = "", overdue: bool = False) -> sa.Select[Fit, PolicyVersion, str]:
    """Fits with versions in force; `overdue` only those whose question has been open for 14 days."""
    query = (
        sa.select(Fit, PolicyVersion, Policy.code)
        .join(PolicyVersion, PolicyVersion.id == Fit.policy_version_id)
        .join(Policy, Policy.id == PolicyVersion.policy_id)
        .where(PolicyVersion.state == "in_force")
    )
    if state:
        query = query.where(Fit.state == state)
    if overdue:
        query = query.where(
            Fit.state == "ask", Fit.asked_on <= clock.today() - dt.timedelta(days=ASK_AFTER_DAYS)
        )
    return query


def count_by_state() -> dict[str, int]:
    """Pairs of firm and policy in force, by state; those whose question is overdue as `late`."""
    query = (
        sa.select(
            Fit.state,
            sa.func.count(),
            sa.func.sum(
                sa.case((Fit.asked_on <= clock.today() - dt.timedelta(days=ASK_AFTER_DAYS), 1), else_=0)
            ),
        )
        .join(PolicyVersion, PolicyVersion.id == Fit.policy_version_id)
        .where(PolicyVersion.state == "in_force")
        .group_by(Fit.state)
    )
    found = {state: (int(count), int(late or 0)) for state, count, late in db.session.execute(query)}
    return {state: count for state, (count, _late) in found.items()} | {"late": found.get("ask", (0, 0))[1]}


def count_late_firms() -> int:
    """Firms with a question that has been open for 14 days."""
    query = (
        sa.select(sa.func.count(sa.distinct(Fit.organisation_id)))
        .join(PolicyVersion, PolicyVersion.id == Fit.policy_version_id)
        .where(
            PolicyVersion.state == "in_force",
            Fit.asked_on <= clock.today() - dt.timedelta(days=ASK_AFTER_DAYS),
        )
    )
    return int(db.session.scalar(query) or 0)


def pushed(policy_id: int | None = None) -> list[Pushed]:
    """Every push that went out and the days of its case: one statement."""
    query = (
        sa.select(
            Push.organisation_id,
            Push.sent_at,
            PolicyCase.filed_on,
            PolicyCase.granted_on,
            PolicyCase.paid_on,
        )
        .outerjoin(PolicyCase, PolicyCase.push_id == Push.id)
        .where(Push.sent_at.is_not(None))
        .order_by(Push.id)
    )
    if policy_id is not None:
        query = query.where(Push.policy_id == policy_id)
    return [
        Pushed(str(number), clock.day_of(sent), filed, granted, paid)
        for number, sent, filed, granted, paid in db.session.execute(query)
        if sent is not None
    ]


def calibration(policy_id: int | None = None) -> Calibration:
    """How well pushes foretold money."""
    return calibrate(pushed(policy_id))


def days_from_push_to_money(since: dt.date | None = None) -> list[int]:
    """Whole days from push to money of every case paid since then: the policy dimension's first question."""
    rows = [row for row in pushed() if since is None or (row.paid_on is not None and row.paid_on >= since)]
    found = (days_to_money(row.pushed_on, row.paid_on) for row in rows)
    return sorted(days for days in found if days is not None)


def winners_and_losers(old: PolicyVersion, new: PolicyVersion) -> list[Change]:
    """Firms whose state or fit is another one under the new version, today."""
    day = clock.today()
    before, after = rule_file(old.sha256, old.text), rule_file(new.sha256, new.text)
    judged_on = max(day, new.valid_from)
    known = facts_of(active_firms())
    firms = [known[number] for number in sorted(known)]
    return changes(bind(before, day), bind(after, judged_on), firms, reported_month(day))


def fits_of_firm(firm: identity.OrganisationInfo) -> list[PolicyFit]:
    """What fits a firm of the park now, best first: for the dossier of a visit."""
    seen = look_at(firm)
    return _sorted([_plain(one.version.code, one.version.titles, one.answer) for one in seen])


def fits_of_prospect(known: Mapping[str, str], source: str = "prospect") -> list[PolicyFit]:
    """What would fit a firm that is not here yet, from what is known of it; everything else is unknown.

    Parameters
    ----------
    known : mapping of str to str
        Fact to value, for example ``{"industry": "ai"}``.
    """
    day = clock.today()
    firm = FirmFacts("", {name: Given(value, source) for name, value in known.items()})
    seen = look(firm, versions_in_force(day), day)
    return _sorted(
        [
            _plain(one.version.code, one.version.titles, fit_answer(one.version.bound, one.fit, one.firm))
            for one in seen
        ]
    )


def _plain(code: str, titles: Mapping[str, str], answer: Mapping[str, object]) -> PolicyFit:
    conditions = answer["conditions"]
    assert isinstance(conditions, list)
    missing = dict.fromkeys(
        part["fact"] for one in conditions if one["id"] in _names(answer["ask"]) for part in one["missing"]
    )
    return PolicyFit(
        code,
        titles["zh"],
        titles["en"],
        str(answer["state"]),
        float(str(answer["fit_percent"])),
        float(str(answer["possible_percent"])),
        tuple(missing),
    )


def _names(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else []


ORDER = ("push", "ask", "near", "no", "ineligible")


def _sorted(fits: Sequence[PolicyFit]) -> list[PolicyFit]:
    return sorted(
        fits,
        key=lambda fit: (ORDER.index(fit.state), len(fit.missing), -fit.possible_percent, fit.policy),
    )
