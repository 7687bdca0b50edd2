"""The one catalogue: found by words, filtered, and by what is free when."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.paging import part
from app.hall.errors import Invalid
from app.identity.door import Actor
from app.sharing.calendar import stock
from app.sharing.calendar.park_time import interval, minute_of, moment_of
from app.sharing.calendar.rules import DAY, Interval, free_of_opening, open_times, widest
from app.sharing.catalogue import records
from app.sharing.catalogue.models import Patent, Resource, ResourceWord, Talent
from app.sharing.catalogue.tokens import query_words
from app.sharing.catalogue.words import category_rank

MOST_LISTED = 3000
LONGEST_LOOK = dt.timedelta(days=366)


@dataclass(frozen=True)
class Search:
    """What a reader looks for; times need `hours` to mean anything."""

    kind: str = ""
    q: str = ""
    category: str = ""
    building: str = ""
    owner_id: int | None = None
    qualification: str = ""
    price_from_fen: int | None = None
    price_to_fen: int | None = None
    start: dt.datetime | None = None
    end: dt.datetime | None = None
    minutes: int | None = None
    withdrawn: bool = False
    reader: Actor | None = None
    """For whom: what is not open to its organisation yet is left out."""


@dataclass(frozen=True)
class TalentProfile:
    """What everybody may know of an expert."""

    resource_id: int
    skills: list[str]
    years: int
    days_per_month: int
    fee_fen_per_day: int


@dataclass(frozen=True)
class Found:
    resource: Resource
    free: list[Interval] = field(default_factory=list)


def statement(search: Search) -> sa.Select[Resource]:
    """Resources that match everything but the free time, best match first when there are words."""
    query = sa.select(Resource).where(*_who_and_what(search))
    words = query_words(search.q)
    for word in words:
        query = query.where(Resource.id.in_(_having(word)))
    return query.where(sa.false()) if search.q.strip() and not words else query


def _who_and_what(search: Search) -> Iterator[sa.ColumnElement[bool]]:
    if not search.withdrawn:
        yield Resource.status == "listed"
    for column, value in (
        (Resource.kind, search.kind),
        (Resource.category, search.category),
        (Resource.building, search.building),
    ):
        if value:
            yield column == value
    if search.reader is not None:
        yield records.found_by(search.reader)
    if search.owner_id is not None:
        yield Resource.owner_id == search.owner_id
    if search.qualification in ("none", "needed"):
        free = Resource.qualification_id.is_(None)
        yield free if search.qualification == "none" else sa.not_(free)
    if search.price_from_fen is not None:
        yield Resource.price_fen_per_hour >= search.price_from_fen
    if search.price_to_fen is not None:
        yield Resource.price_fen_per_hour <= search.price_to_fen


def _having(word: str) -> sa.Select[int]:
    """Resources with this word; letters and digits match the beginning of a word, a single character any pair."""
    condition: sa.ColumnElement[bool]
    if word.isascii():
        condition = (ResourceWord.word >= word) & (ResourceWord.word < word + "\uffff")
    elif len(word) == 1:
        condition = ResourceWord.word.contains(word, autoescape=True)
    else:
        condition = ResourceWord.word == word
    return sa.select(ResourceWord.resource_id).where(condition)


def order(search: Search) -> list[Any]:
    """Best match first: words in the name or model weigh more; then by name and id."""
    words = query_words(search.q)
    if not words:
        kinds = sa.case({"equipment": 0, "patent": 1}, value=Resource.kind, else_=2)
        return [kinds, Resource.name, Resource.id]
    weight = (
        sa.select(sa.func.coalesce(sa.func.sum(ResourceWord.weight), 0))
        .where(ResourceWord.resource_id == Resource.id, ResourceWord.word.in_(words))
        .scalar_subquery()
    )
    return [weight.desc(), Resource.name, Resource.id]


def find(
    search: Search, limit: int = 50, offset: int = 0, by: list[Any] | None = None
) -> tuple[list[Found], int]:
    """A page of the catalogue; with times only what has that much free time, each with its first free intervals."""
    query = statement(search).order_by(*(by or order(search)))
    if search.start is None or search.end is None or search.end <= search.start:
        listed, total = part(query, limit, offset)
        return [Found(row) for row in listed], total
    # All that match are looked at, so only what the look needs is read; the page itself is read whole.
    rows: list[Any] = list(
        db.session.execute(query.where(Resource.kind == "equipment").with_only_columns(*_LOOK))
    )
    free = free_of(rows, search.start, search.end)
    wanted = search.minutes or 0
    found: list[tuple[int, list[Interval]]] = []
    for row in rows:
        longest = max(wanted, row.min_minutes)
        fitting = [i for i in free[row.id] if i.minutes >= longest]
        if fitting:
            found.append((row.id, fitting[:3]))
    page = found[offset : offset + limit]
    whole = db.session.scalars(sa.select(Resource).where(Resource.id.in_([number for number, _ in page])))
    by_id = {row.id: row for row in whole}
    return [Found(by_id[number], intervals) for number, intervals in page], len(found)


class Listed(NamedTuple):
    """What a list of thousands says of each instrument, and what its calendar depends on."""

    id: int
    name: str
    category: str
    open_on_holidays: bool
    step_minutes: int
    min_minutes: int
    buffer_before_minutes: int
    buffer_minutes: int


_LISTED = [getattr(Resource, name) for name in Listed._fields]


def listed_equipment(reader: Actor, category: str = "", q: str = "") -> list[Listed]:
    """Every instrument that this reader's organisation can book, class by class; not the whole rows, they are many."""
    query = statement(Search(kind="equipment", category=category, q=q, reader=reader))
    query = query.order_by(Resource.name, Resource.id).limit(MOST_LISTED)
    rows = db.session.execute(query.with_only_columns(*_LISTED, maintain_column_froms=True))
    return sorted((Listed(*row) for row in rows), key=lambda r: category_rank(r.category))


_LOOK = (
    Resource.id,
    Resource.open_on_holidays,
    Resource.lead_minutes,
    Resource.horizon_days,
    Resource.min_minutes,
    Resource.max_minutes,
    Resource.buffer_before_minutes,
    Resource.buffer_minutes,
)
"""What `free_of` must know of a resource."""


def free_of(resources: Sequence[Resource], start: dt.datetime, end: dt.datetime) -> dict[int, list[Interval]]:
    """Free time of each resource in [start, end): what can be booked on some unit of it.

    Never before now and the owner's lead, never beyond the owner's horizon.
    """
    if end - start > LONGEST_LOOK:
        raise Invalid("look_too_long", days=LONGEST_LOOK.days)
    earliest = max(start, clock.now())
    if earliest >= end:
        return {r.id: [] for r in resources}
    window = interval(earliest, end)
    if earliest > start and moment_of(window.start) < earliest and window.minutes > 1:
        window = Interval(window.start + 1, window.end)  # the running minute is over
    calendars, states = stock.stock(resources, Interval(window.start - DAY, window.end + DAY))
    now = minute_of(clock.now())
    found: dict[int, list[Interval]] = {}
    opening: dict[Any, list[Interval]] = {}  # most instruments are open at the same hours
    for row in resources:
        first = max(window.start, now + row.lead_minutes if row.lead_minutes else window.start)
        last = window.end
        if row.horizon_days is not None:  # a booking may begin up to then, and last beyond it
            last = min(last, now + row.horizon_days * DAY + row.max_minutes)
        if first >= last:
            found[row.id] = []
            continue
        calendar = calendars[row.id]
        hours = (first, last, calendar.rules, calendar.holidays, tuple(sorted(calendar.exceptions.items())))
        if hours not in opening:
            opening[hours] = open_times(calendar, Interval(first, last))
        gaps: list[Interval] = []
        for unit in states[row.id]:
            gaps += free_of_opening(
                opening[hours], unit.outages, unit.occupied, row.buffer_before_minutes, row.buffer_minutes
            )
        found[row.id] = widest(gaps) if len(states[row.id]) > 1 else gaps
    return found


def facets(kind: str = "") -> dict[str, list[tuple[str, int]]]:
    """Values to filter by, with how many listed resources each has."""
    query = sa.select(Resource.category, Resource.building, sa.func.count())
    query = query.where(Resource.status == "listed").group_by(Resource.category, Resource.building)
    if kind:
        query = query.where(Resource.kind == kind)
    categories: Counter[str] = Counter()
    buildings: Counter[str] = Counter()
    for category, building, number in db.session.execute(query):
        categories[category] += number
        buildings[building] += number
    del categories[""], buildings[""]
    return {
        "category": sorted(categories.items(), key=lambda item: (category_rank(item[0]), item[0])),
        "building": sorted(buildings.items()),
    }


def owners(kind: str = "") -> list[int]:
    """Organisations that share something."""
    query = sa.select(Resource.owner_id).where(Resource.status == "listed").distinct()
    if kind:
        query = query.where(Resource.kind == kind)
    return sorted(db.session.scalars(query))


def details_of(resources: Sequence[Resource]) -> dict[int, Patent | TalentProfile]:
    """The patent, or the masked profile of the expert, behind each resource that is one."""
    found: dict[int, Patent | TalentProfile] = {}
    patents = [r.id for r in resources if r.kind == "patent"]
    experts = [r.id for r in resources if r.kind == "talent"]
    if patents:
        for row in db.session.scalars(sa.select(Patent).where(Patent.resource_id.in_(patents))):
            found[row.resource_id] = row
    if experts:
        # Name and contact are not even read here.
        columns = (
            Talent.resource_id,
            Talent.skills,
            Talent.years,
            Talent.days_per_month,
            Talent.fee_fen_per_day,
        )
        for item in db.session.execute(sa.select(*columns).where(Talent.resource_id.in_(experts))):
            found[item.resource_id] = TalentProfile(*item)
    return found


def listed(most: int = 3000) -> Sequence[Resource]:
    """Everything in the catalogue, instruments first."""
    return db.session.scalars(statement(Search()).order_by(*order(Search())).limit(most)).all()


def listed_names() -> list[Any]:
    """Number, name and model of everything in the catalogue."""
    query = sa.select(Resource.id, Resource.name, Resource.model).where(Resource.status == "listed")
    return list(db.session.execute(query.order_by(Resource.id)))
