"""Records what is known of firms, keeps its history, and says which fits have to be looked at again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.hall.jobs import emit
from app.hall.text import language
from app.identity import door as identity
from app.identity.door import Actor, OrganisationInfo, roles
from app.policy.facts.checks import Kind, against_fact
from app.policy.facts.kinds import PLATFORM, with_ratio
from app.policy.facts.models import NO_PERIOD, Fact, FactHistory, FactKind
from app.policy.fits.store import lock_firms
from app.policy.rules.situation import FirmFacts, Given
from app.policy.rules.values import TEXT, clean_text

Key = TypeVar("Key")
MOST_ENTRIES = 1000
CHANGED = "policy.facts_changed"


@dataclass(frozen=True, slots=True)
class Entry:
    """A value somebody reports; an empty value takes the fact back."""

    organisation_id: int
    kind: str
    period: int
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact as pages show it."""

    fact: Fact
    kind: FactKind

    @property
    def confirmed(self) -> bool:
        return self.fact.source in PLATFORM or self.fact.confirmed_by is not None


def readable_firm(actor: Actor, code: str = "") -> OrganisationInfo:
    """Whose facts the actor may see: their own firm's as its administrator, every firm's as officer or auditor."""
    if code and actor.may(roles.SEES_MONTHLY_FACTS_OF_ALL_FIRMS):
        return identity.get_enterprise(code)
    if actor.may(roles.SEES_MONTHLY_FACTS_OF_OWN_FIRM):
        own = identity.organisation_of(actor)
        if not code or own.code == code.strip().upper():
            return own
    raise NotFound("enterprise_not_found", code=code)


def list_kinds() -> list[FactKind]:
    return list(db.session.scalars(sa.select(FactKind).order_by(FactKind.code)))


def kinds_by_code(codes: Iterable[str]) -> dict[str, FactKind]:
    query = sa.select(FactKind).where(FactKind.code.in_(sorted(set(codes))))
    return {row.code: row for row in db.session.scalars(query)}


def _plain(row: FactKind) -> Kind:
    return Kind(row.code, row.value_kind, row.by_month, row.source)


def doubts(entries: Sequence[Entry], kinds: Mapping[str, FactKind]) -> list[Reason]:
    """Everything wrong with what is reported, each with its row counted from 1."""
    today = clock.today()
    this_month = today.year * 12 + today.month - 1
    seen: set[tuple[int, str, int]] = set()
    found: list[Reason] = []
    for number, entry in enumerate(entries, 1):
        kind = kinds.get(entry.kind)
        if kind is None:
            found.append(_at(number, Reason("policy_fact_unknown", {"name": entry.kind[:64]})))
            continue
        wrong = against_fact(_plain(kind), entry.period, entry.value, entry.source, this_month)
        found.extend(_at(number, reason) for reason in wrong)
        key = (entry.organisation_id, entry.kind, entry.period)
        if key in seen:
            found.append(_at(number, Reason("policy_fact_twice", {"name": entry.kind})))
        seen.add(key)
    return found


def _at(row: int, reason: Reason) -> Reason:
    return Reason("policy_row", {"row": row, "words": language.message(reason.code, reason.params)})


def record(actor: Actor, entries: Sequence[Entry]) -> int:
    """Record what people report, all of it or nothing; answers how many values are new."""
    if not actor.may(roles.REPORTS_FACTS):
        raise NotAllowed("policy_not_your_facts")
    if not actor.may(roles.KEEPS_POLICIES) and any(
        entry.organisation_id != actor.organisation_id for entry in entries
    ):
        raise NotAllowed("policy_not_your_facts")
    if len(entries) > MOST_ENTRIES:
        raise Invalid("policy_too_many_facts", most=MOST_ENTRIES)
    with transaction():
        kinds = kinds_by_code(entry.kind for entry in entries)
        reasons = doubts(entries, kinds)
        if reasons:
            raise Invalid("policy_facts_refused", reasons=reasons)
        clean = [
            (
                entry.organisation_id,
                kinds[entry.kind],
                entry.period,
                (clean_text(entry.value) if kinds[entry.kind].value_kind == TEXT else entry.value) or None,
                entry.source,
            )
            for entry in entries
        ]
        return _write(actor, clean)


def keep_platform_facts(rows: Sequence[tuple[int, str, int, str | None, str]], tell: bool = True) -> int:
    """Note what the platform knows now: (organisation, kind, month, value, room); only what changed is written.

    Without `tell` the caller looks at all fits of these firms itself.
    """
    with transaction():
        kinds = kinds_by_code(row[1] for row in rows)
        wanted = [
            (number, kinds[code], period, value, source)
            for number, code, period, value, source in rows
            if code in kinds
        ]
        return _write(identity.SYSTEM, wanted, tell)


Wanted = tuple[int, FactKind, int, str | None, str]


def _write(actor: Actor, wanted: Sequence[Wanted], tell: bool = True) -> int:
    firms = sorted({row[0] for row in wanted})
    lock_firms(firms)
    known = _known(firms, sorted({row[1].id for row in wanted}))
    changed: dict[int, set[str]] = defaultdict(set)
    count = 0
    for number, kind, period, value, source in wanted:
        fact = known.get((number, kind.id, period))
        if (fact is None and value is None) or (
            fact is not None and (fact.value, fact.source) == (value, source)
        ):
            continue
        if fact is None:
            fact = Fact(organisation_id=number, kind_id=kind.id, period=period)
            db.session.add(fact)
        values = {
            "value": value,
            "source": source,
            "recorded_by": actor.member_id or None,
            "recorded_at": clock.now(),
        }
        for name, new in values.items():
            setattr(fact, name, new)
        fact.confirmed_by = fact.confirmed_at = None
        db.session.add(FactHistory(organisation_id=number, kind_id=kind.id, period=period, **values))
        changed[number].add(kind.code)
        count += 1
    for number, codes in sorted(changed.items()):
        if tell:
            emit(CHANGED, {"organisation_id": number, "facts": sorted(codes)})
        if not actor.is_system:
            identity.audit(actor, "policy_fact.recorded", "organisation", number, facts=sorted(codes))
    return count


def _known(firms: Sequence[int], kinds: Sequence[int]) -> dict[tuple[int, int, int], Fact]:
    found = {}
    for start in range(0, len(firms), 500):
        query = sa.select(Fact).where(
            Fact.organisation_id.in_(firms[start : start + 500]), Fact.kind_id.in_(kinds)
        )
        for row in db.session.scalars(query):
            found[row.organisation_id, row.kind_id, row.period] = row
    return found


def confirm(actor: Actor, fact_id: int) -> None:
    """An officer saw the paper behind a reported value: automatic claims may rest on it."""
    if not actor.may(roles.KEEPS_POLICIES):
        raise NotAllowed("policy_officers_only")
    with transaction():
        row = db.session.get(Fact, fact_id)
        if row is None or row.value is None:
            raise NotFound("policy_fact_not_found")
        if row.recorded_by == actor.member_id:
            raise NotAllowed("policy_own_fact")
        identity.require_second_person(actor, row.recorded_by)
        if row.source in PLATFORM or row.confirmed_by is not None:
            raise Conflict("policy_fact_confirmed_already")
        row.confirmed_by, row.confirmed_at = actor.member_id, clock.now()
        identity.audit(actor, "policy_fact.confirmed", "organisation", row.organisation_id, fact=fact_id)


def facts_of(firms: Mapping[int, str]) -> dict[int, FirmFacts]:
    """What is known of these firms (id to code), with the ratios that follow from it: one statement for 500."""
    plain: dict[int, dict[str, Given]] = {number: {} for number in firms}
    monthly: dict[int, dict[str, dict[int, Given]]] = {number: {} for number in firms}
    ids = sorted(firms)
    for start in range(0, len(ids), 500):
        query = (
            sa.select(Fact.organisation_id, FactKind.code, Fact.period, Fact.value, Fact.source)
            .join(FactKind, FactKind.id == Fact.kind_id)
            .where(Fact.organisation_id.in_(ids[start : start + 500]), Fact.value.is_not(None))
        )
        for number, code, period, value, source in db.session.execute(query):
            assert value is not None
            if period == NO_PERIOD:
                plain[number][code] = Given(value, source)
            else:
                monthly[number].setdefault(code, {})[period] = Given(value, source)
    return {number: with_ratio(FirmFacts(firms[number], plain[number], monthly[number])) for number in ids}


def with_rows(known: FirmFacts, rows: Iterable[tuple[int, str, int, str | None, str]]) -> FirmFacts:
    """A firm as it would be known if these rows (organisation, kind, month, value, source) were kept."""
    plain = dict(known.plain)
    monthly = {code: dict(values) for code, values in known.monthly.items()}
    for _number, code, period, value, source in rows:
        if period == NO_PERIOD:
            _set(plain, code, value, source)
        else:
            _set(monthly.setdefault(code, {}), period, value, source)
    return with_ratio(FirmFacts(known.enterprise, plain, monthly))


def _set(values: dict[Key, Given], key: Key, value: str | None, source: str) -> None:
    if value is None:
        values.pop(key, None)
    else:
        values[key] = Given(value, source)


def rows_of(organisation_id: int, codes: Collection[str] = ()) -> list[FactRow]:
    """The facts of one firm for its page, newest months first."""
    query = (
        sa.select(Fact, FactKind)
        .join(FactKind, FactKind.id == Fact.kind_id)
        .where(Fact.organisation_id == organisation_id, Fact.value.is_not(None))
        .order_by(FactKind.source, FactKind.code, Fact.period.desc())
    )
    if codes:
        query = query.where(FactKind.code.in_(sorted(codes)))
    return [FactRow(fact, kind) for fact, kind in db.session.execute(query)]


def history_of(organisation_id: int, kind: str, period: int) -> list[FactHistory]:
    """Every value there ever was of one fact, newest first."""
    query = (
        sa.select(FactHistory)
        .join(FactKind, FactKind.id == FactHistory.kind_id)
        .where(
            FactHistory.organisation_id == organisation_id,
            FactKind.code == kind,
            FactHistory.period == period,
        )
        .order_by(FactHistory.id.desc())
        .limit(50)
    )
    return list(db.session.scalars(query))
