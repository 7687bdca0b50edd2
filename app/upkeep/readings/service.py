"""Taking readings in: by call, by sheet, by hand – one line per bad reading, the rest kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.jobs import emit
from app.identity.door import Actor, roles
from app.upkeep.machines.models import Machine
from app.upkeep.readings.batch import KnownMeter, Line, Refused, Sound, read_moment, read_value, sort_out
from app.upkeep.readings.models import MICRO, Meter, ReadingRow
from app.upkeep.readings.rules import LEARNT, LINE, Condition, Reading, condition

KIND = "upkeep.condition"


@dataclass(frozen=True)
class Taken:
    """How many readings were kept, and each line that was not."""

    accepted: int
    refused: tuple[Refused, ...]


def take(actor: Actor, lines: Sequence[Line], source: str) -> Taken:
    """Keep what is sound; the condition of the meters is reckoned after the commit."""
    meters = _meters(actor, lines)
    sound, refused = _read(lines, meters)
    if not sound:
        return Taken(0, tuple(refused))
    with transaction() as session:
        ids = sorted({line.meter_id for line in sound})
        rows = {
            row.id: row
            for row in session.scalars(locked(sa.select(Meter).where(Meter.id.in_(ids)).order_by(Meter.id)))
        }
        known = _known(rows, sound)
        kept, more = sort_out(sound, known, clock.now())
        if kept:
            session.execute(
                sa.insert(ReadingRow),
                [
                    {
                        "meter_id": one.meter_id,
                        "at": one.at,
                        "value_micro": one.micro,
                        "source": source,
                        "member_id": actor.member_id or None,
                    }
                    for one in kept
                ],
            )
            for meter_id in sorted({one.meter_id for one in kept}):
                newest = max(one.at for one in kept if one.meter_id == meter_id)
                before = rows[meter_id].last_at
                rows[meter_id].last_at = newest if before is None else max(before, newest)
            emit(KIND, {"meters": sorted({one.meter_id for one in kept})})
    return Taken(len(kept), tuple(sorted([*refused, *more], key=lambda one: one.number)))


def _meters(actor: Actor, lines: Iterable[Line]) -> dict[tuple[object, str], int]:
    """Meters of one's own machines, by number or code of the machine and code of the meter."""
    if not actor.may(roles.KEEPS_MACHINES):
        return {}
    wanted = {one for line in lines if isinstance(one := line.meter, str)}
    rows = db.session.execute(
        sa.select(Machine.id, Machine.code, Meter.code.label("meter"), Meter.id.label("meter_id"))
        .join(Meter, Meter.machine_id == Machine.id)
        .where(Machine.organisation_id == actor.organisation_id, Meter.code.in_(sorted(wanted)[:2000]))
    ).all()
    return {(key, row.meter): row.meter_id for row in rows for key in (row.id, str(row.id), row.code)}


def _read(
    lines: Sequence[Line], meters: Mapping[tuple[object, str], int]
) -> tuple[list[Sound], list[Refused]]:
    sound, refused = [], []
    for line in lines:
        read = _one(line, meters)
        if isinstance(read, Refused):
            refused.append(read)
        else:
            sound.append(read)
    return sound, refused


def _one(line: Line, meters: Mapping[tuple[object, str], int]) -> Sound | Refused:
    machine = line.machine if isinstance(line.machine, int | str) else None
    meter = line.meter if isinstance(line.meter, str) else ""
    meter_id = None if isinstance(machine, bool) else meters.get((machine, meter))
    if meter_id is None:
        return Refused(line.number, "reading_no_meter")
    at, micro = read_moment(line.at, clock.start_of_day), read_value(line.value)
    if at is None or not dt.datetime(2000, 1, 1, tzinfo=dt.UTC) <= at:
        return Refused(line.number, "reading_no_moment")
    return (
        Refused(line.number, "reading_no_number")
        if micro is None
        else Sound(line.number, meter_id, at, micro)
    )


def _known(meters: Mapping[int, Meter], lines: Sequence[Sound]) -> dict[int, KnownMeter]:
    """What each meter reads within the batch's span, and next to it on both sides."""
    found: dict[int, list[tuple[dt.datetime, int]]] = {meter_id: [] for meter_id in meters}
    first, last = min(line.at for line in lines), max(line.at for line in lines)
    cells = (ReadingRow.meter_id, ReadingRow.at, ReadingRow.value_micro)
    inside = sa.select(*cells).where(
        ReadingRow.meter_id.in_(meters), ReadingRow.at >= first, ReadingRow.at <= last
    )
    for row in db.session.execute(inside):
        found[row.meter_id].append((row.at, row.value_micro))
    for meter_id in (key for key, meter in meters.items() if meter.kind == "hours"):
        of_meter = sa.select(*cells).where(ReadingRow.meter_id == meter_id)
        before = of_meter.where(ReadingRow.at < first).order_by(ReadingRow.at.desc()).limit(1)
        after = of_meter.where(ReadingRow.at > last).order_by(ReadingRow.at).limit(1)
        for query in (before, after):
            found[meter_id] += [(row.at, row.value_micro) for row in db.session.execute(query)]
    return {key: KnownMeter(meters[key].kind == "hours", tuple(sorted(rows))) for key, rows in found.items()}


def histories(meters: Sequence[Meter], since: dt.date | None, last: int = LINE) -> dict[int, list[Reading]]:
    """What the rule needs of each meter – the first thirty-three since the overhaul and the last – in one statement.

    Nothing else is read, however long a meter has been read.
    """
    cells = (ReadingRow.meter_id, ReadingRow.at, ReadingRow.value_micro)
    parts = []
    for meter in meters:
        query = sa.select(*cells).where(ReadingRow.meter_id == meter.id)
        first = query if since is None else query.where(ReadingRow.at >= clock.start_of_day(since))
        for one in (
            first.order_by(ReadingRow.at).limit(LEARNT),
            query.order_by(ReadingRow.at.desc()).limit(max(last, LINE)),
        ):
            inner = one.subquery()
            parts.append(sa.select(inner.c.meter_id, inner.c.at, inner.c.value_micro))
    found: dict[int, dict[dt.datetime, int]] = {meter.id: {} for meter in meters}
    if parts:
        for row in db.session.execute(sa.union_all(*parts)):
            found[row.meter_id][row.at] = row.value_micro
    return {key: [reading(at, micro) for at, micro in sorted(rows.items())] for key, rows in found.items()}


def reading(at: dt.datetime, micro: int) -> Reading:
    local = clock.local(at)
    seconds = local.hour * 3600 + local.minute * 60 + local.second
    part = Fraction(seconds * MICRO + local.microsecond, 86_400 * MICRO)
    return Reading(local.date(), Fraction(micro, MICRO), part)


def condition_of(meter: Meter, overhauled_on: dt.date | None) -> Condition:
    """The condition that a meter tells, from its readings of now."""
    history = histories([meter], overhauled_on)[meter.id]
    return condition(history, meter.limit, overhauled_on)
