"""Days off and make-up working days from a sheet, in ranges: the offices' calendar and the closing of instruments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.hall.db.base import db
from app.hall.files.sheets.columns import Choice, Column, Row, Table
from app.hall.files.sheets.compare import Change, Key
from app.hall.files.sheets.kinds import Fault, Resolved, SheetKind
from app.hall.files.sheets.reading import Line, key_of
from app.identity import door as identity
from app.identity.door import Actor, DayRow, roles
from app.sharing.calendar.models import Holiday
from app.sharing.park_terms.days import LONGEST_RANGE

USUAL = "usual"
DAYS = Table(
    "holidays",
    (
        Column("day", "日期", "Day", "day", ("开始日期", "起始日期", "开始", "放假日期"), required=True),
        Column(
            "until",
            "至",
            "Until",
            "day",
            ("结束日期", "截止日期", "结束", "终止日期"),
            note_zh="连续几天时写最后一天",
            note_en="The last day where it is several in a row",
        ),
        Column(
            "kind",
            "类别",
            "Kind",
            "choice",
            ("安排", "类型"),
            required=True,
            choices=(
                Choice("holiday", "放假", "day off", ("休息", "休", "节假日", "假期")),
                Choice("workday", "补班", "make-up day", ("上班", "调休上班", "班", "工作日")),
                Choice(USUAL, "照常", "as usual", ("照常办公",)),
            ),
            note_zh="办公室放假、补班，或照常",
            note_en="Whether the offices have a day off, work to make up, or work as usual",
        ),
        Column("name", "名称", "Name", also=("节日", "节日名称", "节假日名称"), longest=60),
        Column(
            "closed",
            "仪器停用",
            "Instruments closed",
            "yes_no",
            ("停止预约",),
            note_zh="空着时放假即停用；已有的预约不受影响",
            note_en="Left empty, a day off closes them; bookings that stand are not touched",
        ),
    ),
    ("day",),
    "节假日",
    "Days off",
    1_000,
    ({"day": dt.date(2027, 10, 1), "until": dt.date(2027, 10, 7), "kind": "holiday", "name": "国庆节"},),
)


def current(_actor: Actor) -> dict[Key, Row]:
    """Every day that somebody wrote down, a row each."""
    offices = {row.day: row for row in identity.own_work_days()}
    closed = {row.on_day: row.name for row in db.session.scalars(sa.select(Holiday))}
    found: dict[Key, Row] = {}
    for day in sorted({*offices, *closed}):
        office = offices.get(day)
        row: Row = {
            "day": day,
            "kind": office.kind if office else USUAL,
            "name": (office.name if office else closed[day]) or closed.get(day) or None,
            "closed": day in closed,
        }
        found[key_of(DAYS, row)] = row
    return found


def resolve(_actor: Actor, lines: Sequence[Line]) -> Resolved:
    """A range becomes its days; a day stands in the file once, and every row says something."""
    found: list[Line] = []
    faults: list[Fault] = []
    seen: dict[dt.date, int] = {}
    for line in lines:
        first, last = line.values["day"], line.values.get("until") or line.values["day"]
        assert isinstance(first, dt.date)
        assert isinstance(last, dt.date)
        kind, closed = line.values["kind"], line.values.get("closed")
        closed = kind == "holiday" if closed is None else closed
        if not 0 <= (last - first).days < LONGEST_RANGE:
            faults.append(Fault(line.row, "until", "days_backwards", {"most": LONGEST_RANGE}))
            continue
        if kind == USUAL and not closed:
            faults.append(Fault(line.row, "kind", "days_say_nothing", {}))
            continue
        for day in (first + dt.timedelta(days=n) for n in range((last - first).days + 1)):
            if day in seen:
                faults.append(
                    Fault(line.row, "day", "table_duplicate", {"key": day.isoformat(), "first": seen[day]})
                )
                break
            seen[day] = line.row
            values: Row = {"day": day, "kind": kind, "closed": closed}
            if line.values.get("name"):
                values["name"] = line.values["name"]
            found.append(Line(line.row, values))
    return found, faults


def write(actor: Actor, changes: Sequence[Change], _prepared: object) -> None:
    """The offices' calendar and the closing of instruments, both as the page of notices writes them."""
    office, usual, opened = [], [], []
    for change in changes:
        day, name = change.new["day"], str(change.new.get("name") or "")
        assert isinstance(day, dt.date)
        if change.new["kind"] == USUAL:
            usual.append(day)
        else:
            office.append(DayRow(day, str(change.new["kind"]), name))
        if change.new["closed"]:
            db.session.merge(Holiday(on_day=day, name=name or "—"))
        else:
            opened.append(day)
    _settle(actor, office, usual, opened)


def remove(actor: Actor, keys: Sequence[Key], _found: object) -> None:
    days = [key[0] for key in keys if isinstance(key[0], dt.date)]
    _settle(actor, [], days, days)


def _settle(
    actor: Actor, office: Sequence[DayRow], usual: Sequence[dt.date], opened: Sequence[dt.date]
) -> None:
    if office:
        identity.set_work_days(actor, office)
    if usual:
        identity.drop_work_days(actor, usual)
    if opened:
        db.session.execute(sa.delete(Holiday).where(Holiday.on_day.in_(opened)))
    db.session.flush()


def stamp(actor: Actor) -> object:
    return hash(
        tuple(tuple(sorted(row.items(), key=lambda pair: pair[0])) for row in current(actor).values())
    )


SHEETS = (
    SheetKind(
        table=DAYS,
        title=_l("节假日"),
        purpose=_l("放假与补班的日期，可写起止：办公日历随之改变，仪器放假即停用"),
        icon="calendar",
        may=lambda actor: bool(actor.may(roles.SETS_SHARING_TERMS)),
        current=current,
        resolve=resolve,
        write=write,
        remove=remove,
        stamp=stamp,
        back="sharing.park_terms",
    ),
)
