"""Holds policies against firms: only what uses a changed fact, or everything once a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.identity import door as identity
from app.policy.facts import service as facts
from app.policy.fits.models import FirmCheck, Fit
from app.policy.fits.store import Known, Version, fits_of, lock_firms, versions_and_check, versions_in_force
from app.policy.platform import service as platform
from app.policy.pushes import service as pushes
from app.policy.pushes.models import Push
from app.policy.rules.answer import fit_answer
from app.policy.rules.fits import Fit as Found
from app.policy.rules.fits import wanted_facts
from app.policy.rules.months import reported_month
from app.policy.rules.situation import FirmFacts, Situation, situation

BATCH = 5  # firms per transaction: some tenths of a second with 200 policies met for the first time


@dataclass(frozen=True, slots=True)
class Seen:
    """One policy as it fits one firm right now."""

    version: Version
    fit: Found
    firm: Situation

    @property
    def answer(self) -> dict[str, object]:
        return fit_answer(self.version.bound, self.fit, self.firm)


def look(firm: FirmFacts, versions: Sequence[Version], day: dt.date) -> list[Seen]:
    """Every version against one firm, in the month that is looked at on this day."""
    known = situation(firm, reported_month(day), wanted_facts(one.bound.policy for one in versions))
    return [Seen(version, version.bound.fit(known), known) for version in versions]


def look_at(organisation: identity.OrganisationInfo) -> list[Seen]:
    """What fits a firm now: two statements; a firm that was not looked at today is read anew.

    Nothing is written, for a page waits for no writer: the clockwork keeps within the hour what is found here.
    """
    day = clock.today()
    versions, checked = versions_and_check(organisation.id, day)
    known = facts.facts_of({organisation.id: organisation.code})[organisation.id]
    if not checked and _is_here(organisation):
        found = platform.read([organisation.id], day, platform.MONTHS_OF_USE)
        known = facts.with_rows(known, [one.row for one in found])
    return look(known, versions, day)


def _is_here(organisation: identity.OrganisationInfo) -> bool:
    return organisation.kind == "enterprise" and organisation.status == "active"


def refit(firms: Mapping[int, str], changed: Collection[str] | None = None, checked: bool = False) -> int:
    """Look again at what uses the changed facts (all without them), keep it, push what crossed 90 %.

    Runs in one transaction that holds the locks of these firms; answers how many fits changed.
    """
    day = clock.today()
    versions = versions_in_force(day)
    if changed is not None:
        names = set(changed)
        versions = [one for one in versions if not names.isdisjoint(one.bound.policy.facts)]
    count = 0
    with transaction():
        lock_firms(list(firms))
        known = facts.facts_of(firms)
        before = fits_of(sorted(firms), [one.id for one in versions])
        for number in sorted(firms):
            count += _keep(number, look(known[number], versions, day), before, day)
        if checked:
            db.session.execute(
                sa.update(FirmCheck)
                .where(FirmCheck.organisation_id.in_(sorted(firms)))
                .values(checked_on=day)
            )
    return count


def _keep(number: int, seen: Sequence[Seen], before: Mapping[tuple[int, int], Known], day: dt.date) -> int:
    count = 0
    pushed: list[Push] | None = None
    for one in seen:
        count += _note(number, one, before.get((number, one.version.id)), day)
        if one.fit.push:
            pushed = pushes.pushes_of(number) if pushed is None else pushed
            if all(push.policy_version_id != one.version.id for push in pushed):
                pushes.announce(one.version, number, one.answer, pushed)
    return count


def _note(number: int, seen: Seen, before: Known | None, day: dt.date) -> bool:
    """Write a fit that is another one than before; the row itself is read only then."""
    fit = seen.fit
    found = Known(before.id if before else 0, fit.state, list(fit.results), list(fit.ask), seen.firm.month)
    if found == before:
        return False
    row = db.session.get(Fit, before.id) if before else None
    if row is None:
        row = Fit(policy_version_id=seen.version.id, organisation_id=number)
        db.session.add(row)
    total = sum(condition.weight for condition in seen.version.bound.policy.conditions)
    row.state, row.results, row.ask, row.month = found.state, found.results, found.ask, found.month
    row.met, row.possible, row.total = int(fit.fit * total), int(fit.possible * total), total
    row.as_of, row.computed_at = day, clock.now()
    row.asked_on = (row.asked_on or day) if fit.state == "ask" else None
    return True


def refit_changed(payload: Mapping[str, object]) -> None:
    """Handler of changed facts."""
    number = int(str(payload["organisation_id"]))
    codes = payload["facts"]
    assert isinstance(codes, list)
    names = {str(code) for code in codes}
    if names & {"rd_expense_wan", "revenue_wan"}:
        names.add("rd_ratio")
    firm = identity.get_organisation(number)
    if not _is_checked(number, clock.today()):
        check_firm(firm)
    elif firm.kind == "enterprise" and firm.status in ("active", "leaving"):
        refit({number: firm.code}, names)


def _is_checked(organisation_id: int, day: dt.date) -> bool:
    query = sa.select(FirmCheck.checked_on).where(FirmCheck.organisation_id == organisation_id)
    return db.session.scalar(query) == day


def check_firm(organisation: identity.OrganisationInfo) -> None:
    """What the platform knows of one firm, then every policy against it."""
    if not _is_here(organisation):
        return
    known = platform.read([organisation.id], clock.today(), platform.MONTHS_OF_USE)
    with transaction():
        facts.keep_platform_facts([one.row for one in known], tell=False)
        refit({organisation.id: organisation.code}, checked=True)


def active_firms() -> dict[int, str]:
    """Every firm of the park that is here, id to code."""
    return {firm.id: firm.code for firm, _since in identity.enterprises_since("active")}


def check_firms() -> int:
    """Hold everything against every firm that was not looked at today; may run late, twice, or be killed between."""
    day = clock.today()
    firms = active_firms()
    done = db.session.scalars(sa.select(FirmCheck.organisation_id).where(FirmCheck.checked_on == day)).all()
    waiting = sorted(firms.keys() - set(done))
    if not waiting:
        return 0
    known = platform.read(waiting, day, platform.MONTHS_OF_USE)
    by_firm: dict[int, list[tuple[int, str, int, str | None, str]]] = {number: [] for number in waiting}
    for one in known:
        by_firm[one.organisation_id].append(one.row)
    versions_in_force(day)  # compiled before anything is locked
    for start in range(0, len(waiting), BATCH):
        part = waiting[start : start + BATCH]
        with transaction():
            facts.keep_platform_facts([row for number in part for row in by_firm[number]], tell=False)
            refit({number: firms[number] for number in part}, checked=True)
    return len(waiting)


def look_again() -> None:
    """Everything has to be held against everybody again: a version came or went."""
    with transaction():
        db.session.execute(sa.update(FirmCheck).values(checked_on=None))


def read_platform() -> int:
    """Note what the other rooms know by now of the firms already known here; what changed is looked at again."""
    firms = sorted(db.session.scalars(sa.select(FirmCheck.organisation_id)).all())
    known = [one.row for one in platform.read(firms, clock.today(), 2)]
    return sum(facts.keep_platform_facts(known[start : start + 2000]) for start in range(0, len(known), 2000))
