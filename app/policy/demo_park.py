"""Policies of the fictional demo park: thirteen rule files, a quarter of facts, pushes that were answered either way."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from app.hall import clock
from app.identity import door as identity
from app.identity.door import Actor, OrganisationInfo
from app.policy.cases import service as cases
from app.policy.facts import service as facts
from app.policy.facts.models import NO_PERIOD
from app.policy.facts.service import Entry
from app.policy.fits import service as fits
from app.policy.platform import service as platform
from app.policy.pushes import service as pushes
from app.policy.pushes.models import Push
from app.policy.rules.months import reported_month
from app.policy.versions import service as versions

FOLDER = Path(__file__).with_name("demo")
# R&D expense of 100 (10k yuan) revenue, oldest month first; None: the firm did not report that month.
RATIOS: dict[str, tuple[str | None, ...]] = {
    "E01": ("14.8", "15.2", "16.0", "15.1"),
    "E02": ("15.3", "15.2", "15.0", "16.0"),
    "E28": ("16.0", "16.0", None, "16.0"),
    "E20": ("15.6", "15.2", "16.0", None),
    "E24": ("14.9", "15.1", "15.1", "15.1"),
    "E31": ("17.2", "16.4", "16.8", "17.0"),
}
PLAIN: dict[str, dict[str, str]] = {
    "E29": {"seat": "park"},  # one open question decides the green channel for copyrights
    "E25": {"area_m2": "180", "moved_in_on": "2026-06-15", "contract_until": "2028-06-14"},
    "E32": {"area_m2": "240", "arrears": "no"},
    "E26": {"warehouse": "rented"},
    "E36": {"solar_kw": "120", "energy_kwh": "9000", "water_t": "40"},
    "E14": {"patents_pledged": "0", "valuation_wan": "500", "bank": "a-bank"},
}
MONTHLY: dict[str, dict[str, tuple[str, ...]]] = {
    "E25": {"staff": ("10", "11", "12")},
    "E26": {"export_wan": ("80", "95", "120")},
    "E32": {"staff": ("18", "18", "19")},
}


def load() -> None:
    """What stands on the desks today: a case that was paid, one running, a no, open questions, near misses."""
    people, firms = _people()
    today = clock.today()
    with clock.as_of(_working(today - dt.timedelta(days=70))):
        versions.ensure_known_kinds()
        for path in sorted(FOLDER.glob("*.yaml")):
            row = versions.import_version(people["policy"], path.read_text("utf-8"))
            versions.approve(people["park"], row.id)
    with clock.as_of(_working(today - dt.timedelta(days=50))):
        _check(firms)
        for code in ("E01", "E31"):
            _report(people, firms[code])
        _check({code: firms[code] for code in ("E01", "E31")})
    _paid(people, firms["E01"])
    _declined(people, firms["E31"])
    with clock.as_of(_working(today - dt.timedelta(days=20))):
        for code in sorted(RATIOS.keys() | PLAIN.keys() | MONTHLY.keys()):
            _report(people, firms[code], more=True)
        _check(firms)
    _running(people, firms["E24"])
    fits.look_again()
    fits.check_firms()


def _people() -> tuple[dict[str, Actor], dict[str, OrganisationInfo]]:
    people, firms = {}, {}
    for one in identity.list_organisations(per_page=200).items:
        if one.kind == "enterprise":
            firms[one.code] = one
        for member in identity.members_of(one.id):
            people[member.login] = Actor(member.id, one.id, member.name, member.roles)
    return people, firms


def _working(day: dt.date) -> dt.datetime:
    """Ten o'clock of that day, or when people work next."""
    return identity.park_calendar().working_moment(clock.at(day, 10))


def _report(people: dict[str, Actor], firm: OrganisationInfo, more: bool = False) -> None:
    last = reported_month(clock.today())
    entries: list[Entry] = []

    def monthly(code: str, values: tuple[str | None, ...]) -> None:
        for back, value in enumerate(reversed(values)):
            if value is not None:
                entries.append(Entry(firm.id, code, last - back, value, "monthly_report"))

    ratios = RATIOS.get(firm.code, ())
    monthly("rd_expense_wan", ratios)
    monthly("revenue_wan", tuple(None if one is None else "100" for one in ratios))
    if more:
        for code, value in PLAIN.get(firm.code, {}).items():
            entries.append(Entry(firm.id, code, NO_PERIOD, value, "self_declared"))
        for code, values in MONTHLY.get(firm.code, {}).items():
            monthly(code, values)
    facts.record(people[firm.code.lower()], entries)


def _check(firms: dict[str, OrganisationInfo]) -> None:
    """As the nightly run does: what the platform knows, then every fit of these firms."""
    numbers = {firm.id: firm.code for firm in firms.values()}
    known = platform.read(sorted(numbers), clock.today(), platform.MONTHS_OF_USE)
    facts.keep_platform_facts([one.row for one in known], tell=False)
    fits.refit(numbers)


def _first_push(firm: OrganisationInfo, policy: str) -> Push | None:
    rows = [row for row in pushes.pushes_of(firm.id) if row.reasons["policy"] == policy]
    return rows[0] if rows else None


def _paid(people: dict[str, Actor], firm: OrganisationInfo) -> None:
    """From the push to the money in 23 days."""
    push = _first_push(firm, "rd-coaching")
    if push is None or push.sent_at is None:
        return
    actor, officer = people[firm.code.lower()], people["policy"]
    day = clock.day_of(push.sent_at)
    with clock.as_of(clock.at(day + dt.timedelta(days=1), 11)):
        row = cases.start(actor, push_id=push.id)
    for state, after, amount in (("filed", 4, None), ("granted", 16, 5_000_000), ("paid", 23, None)):
        with clock.as_of(clock.at(day + dt.timedelta(days=after), 15)):
            who = actor if state == "filed" else officer
            cases.move(who, row.id, state, clock.today(), "", amount)


def _running(people: dict[str, Actor], firm: OrganisationInfo) -> None:
    """Filed, and the officer said by when the next step is to be done."""
    push = _first_push(firm, "rd-coaching")
    if push is None or push.sent_at is None:
        return
    day = clock.day_of(push.sent_at)
    with clock.as_of(clock.at(day + dt.timedelta(days=2), 14)):
        row = cases.start(people[firm.code.lower()], push_id=push.id)
    with clock.as_of(clock.at(day + dt.timedelta(days=6), 9)):
        cases.move(people[firm.code.lower()], row.id, "filed", clock.today())
        cases.plan(people["policy"], row.id, clock.today() + dt.timedelta(days=30))


def _declined(people: dict[str, Actor], firm: OrganisationInfo) -> None:
    """A no with its reason: quiet for 90 days, whatever the fit."""
    push = _first_push(firm, "rd-coaching")
    if push is None or push.sent_at is None:
        return
    with clock.as_of(push.sent_at + dt.timedelta(days=1)):
        pushes.decline(people[firm.code.lower()], push.id, "今年的精力放在产线搬迁上，明年再申报")
