"""Noted use in bulk: the log beside an instrument against the bookings there are, by the rules of the booking's page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import Conflict
from app.hall.files.cells import shown
from app.hall.files.sheets.columns import Column, Row, Table, fold
from app.hall.files.sheets.compare import Change, Key
from app.hall.files.sheets.kinds import Fault, Resolved, SheetKind
from app.hall.files.sheets.reading import Line, key_of
from app.identity import door as identity
from app.identity.door import Actor, OrganisationInfo, roles
from app.sharing.bookings.models import Booking
from app.sharing.calendar.park_time import minute_of
from app.sharing.catalogue.models import Resource
from app.sharing.use import rules, service
from app.sharing.use.models import Usage

BACK = dt.timedelta(days=366)
STATES = ("confirmed", "in_use", "completed")
USAGE = Table(
    "usage",
    (
        Column(
            "booking",
            "预约编号",
            "Booking",
            "whole",
            ("预约号",),
            low=1,
            note_zh="不知道时写仪器、单位和实际时段，按时段找预约",
            note_en="Where it is not known, the instrument, the firm and the hours find the booking",
        ),
        Column("resource", "仪器", "Instrument", also=("设备", "仪器名称", "设备名称"), width=28),
        Column("firm", "预约单位", "Booked by", also=("单位", "使用单位", "企业", "企业名称"), width=28),
        Column("booked", "预约时段", "Booked hours", width=28, ignored=True),
        Column("start", "实际开始", "Started", "moment", ("开始", "开始时间", "上机时间"), width=18),
        Column("end", "实际结束", "Ended", "moment", ("结束", "结束时间", "下机时间"), width=18),
        Column("note", "备注", "Note", longest=500),
    ),
    ("booking",),
    "使用登记",
    "Noted use",
    500,
)


@dataclass(frozen=True)
class Booked:
    """A booking as a log may mean it."""

    booking: Booking
    resource: str
    firm: OrganisationInfo
    row: Row

    def is_of(self, resource: str, firm: str) -> bool:
        names = {fold(one) for one in (self.firm.name_zh, self.firm.name_en, self.firm.code)}
        return fold(self.resource) == fold(resource) and (not firm or fold(firm) in names)

    def shared(self, start: dt.datetime, end: dt.datetime) -> dt.timedelta:
        return min(end, self.booking.end_at) - max(start, self.booking.start_at)


def _whole_minute(moment: dt.datetime | None) -> dt.datetime | None:
    return moment.replace(second=0, microsecond=0) if moment else None


def _booked(actor: Actor) -> dict[int, Booked]:
    """Bookings of a year of what the actor's organisation shares, begun and not in dispute, with the use that counts."""
    query = (
        sa.select(Booking, Resource.name, Usage)
        .join(Resource, Resource.id == Booking.resource_id)
        .outerjoin(Usage, sa.and_(Usage.booking_id == Booking.id, Usage.voided_at.is_(None)))
        .where(
            Resource.owner_id == actor.organisation_id,
            Booking.state.in_(STATES),
            Booking.start_at.between(clock.now() - BACK, clock.now()),
        )
    )
    rows = db.session.execute(query.order_by(Booking.start_at, Booking.id, Usage.id)).all()
    firms = identity.organisations_by_id({booking.organisation_id for booking, _name, _use in rows})
    found = {}
    for booking, name, use in rows:
        first, last = clock.local(booking.start_at), clock.local(booking.end_at)
        firm = firms[booking.organisation_id]
        row: Row = {
            "booking": booking.id,
            "resource": name,
            "firm": firm.name_zh,
            "booked": f"{first:%Y-%m-%d %H:%M} – {last:%Y-%m-%d %H:%M}",
            "start": _whole_minute(use.start_at) if use else None,
            "end": _whole_minute(use.end_at) if use else None,
            "note": (use.note or None) if use else None,
        }
        found[booking.id] = Booked(booking, name, firm, row)
    return found


def current(actor: Actor) -> dict[Key, Row]:
    return {key_of(USAGE, one.row): one.row for one in _booked(actor).values()}


class _Resolver:
    """One log against the bookings there are."""

    def __init__(self, there: Mapping[int, Booked]) -> None:
        self.there = there
        self.seen: dict[int, int] = {}
        self.faults: list[Fault] = []

    def say(self, line: Line, column: str, code: str, /, **params: object) -> None:
        self.faults.append(Fault(line.row, column, code, params))

    def line(self, line: Line) -> Line | None:
        values = line.values
        start, end = values.get("start"), values.get("end")
        said: Row = {name: value for name, value in values.items() if value not in (None, "")}
        if not isinstance(start, dt.datetime) and not isinstance(end, dt.datetime):
            found = self.there.get(int(str(values.get("booking") or 0)))
            if found is None:
                self.say(line, "start", "usage_needs_hours")
                return None
            return Line(line.row, {"booking": found.booking.id})
        if not isinstance(start, dt.datetime) or not isinstance(end, dt.datetime):
            self.say(line, "end" if start else "start", "usage_needs_hours")
            return None
        found = self._meant(line, said, start, end)
        if found is None or not self._sound(line, found, start, end):
            return None
        kept: Row = {name: said[name] for name in ("start", "end", "note") if name in said}
        return Line(line.row, {"booking": found.booking.id, **kept})

    def _meant(self, line: Line, said: Row, start: dt.datetime, end: dt.datetime) -> Booked | None:
        number = said.get("booking")
        resource, firm = str(said.get("resource") or ""), str(said.get("firm") or "")
        if number is not None:
            found = self.there.get(int(str(number)))
            if found is None or (resource and not found.is_of(resource, firm)):
                self.say(line, "booking", "usage_no_booking", value=str(number))
                return None
            return found
        near = [
            (one.shared(start, end), one)
            for one in self.there.values()
            if one.is_of(resource, firm) and one.shared(start, end) > dt.timedelta()
        ]
        best = max((shared for shared, _one in near), default=None)
        meant = [one for shared, one in near if shared == best]
        if len(meant) != 1:
            code = "usage_two_bookings" if meant else "usage_nothing_booked"
            self.say(line, "resource", code, value=shown(resource or "–"))
            return None
        return meant[0]

    def _sound(self, line: Line, found: Booked, start: dt.datetime, end: dt.datetime) -> bool:
        """What the booking's page would refuse, before anything is written."""
        booking, before = found.booking, len(self.faults)
        for reason in rules.against_noting(minute_of(start), minute_of(end), minute_of(clock.now())):
            self.say(line, "end", reason.code, **reason.params)
        if start < booking.start_at - service.FAR or end > booking.end_at + service.FAR:
            self.say(line, "start", "usage_far")
        if booking.id in self.seen:
            self.say(line, "start", "table_duplicate", key=str(booking.id), first=self.seen[booking.id])
        self.seen.setdefault(booking.id, line.row)
        return len(self.faults) == before


def resolve(actor: Actor, lines: Sequence[Line]) -> Resolved:
    """Each row finds its booking; what is noted already and stands there again changes nothing."""
    judge = _Resolver(_booked(actor))
    found = [settled for line in lines if (settled := judge.line(line)) is not None]
    return found, judge.faults


def write(actor: Actor, changes: Sequence[Change], _prepared: object) -> None:
    """Noted, completed and charged as on the booking's page."""
    for change in changes:
        start, end = change.new["start"], change.new["end"]
        assert isinstance(start, dt.datetime)
        assert isinstance(end, dt.datetime)
        number = int(str(change.new["booking"]))
        service.log_use(actor, number, start, end, str(change.new.get("note") or ""))


def restore(actor: Actor, changes: Sequence[Change], prepared: object) -> None:
    """A corrected use is charged as before; a booking that was completed stays completed."""
    if any(change.new.get("start") is None for change in changes):
        raise Conflict("usage_stays")
    write(actor, changes, prepared)


def remove(_actor: Actor, _keys: Sequence[Key], _found: object) -> None:
    """A log makes no bookings: there is nothing to take back."""


def stamp(actor: Actor) -> object:
    return hash(tuple(tuple(map(str, row.values())) for row in current(actor).values()))


SHEETS = (
    SheetKind(
        table=USAGE,
        title=_l("使用登记"),
        purpose=_l("仪器旁的使用记录：按编号或时段找到预约，登记并结算，与预约页面同样核对"),
        icon="clock",
        may=lambda actor: bool(actor.may(roles.OFFERS_RESOURCES)),
        current=current,
        resolve=resolve,
        write=write,
        restore=restore,
        remove=remove,
        stamp=stamp,
        undoing=_l("改过的登记恢复原样并重新结算；首次登记的使用已经结算，不能整批撤销。"),
        at_once=20,  # each use is charged and settled like one from the page
        back="sharing.desk",
    ),
)
