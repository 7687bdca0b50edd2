"""Booking terms and holidays that a fresh park can start with."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from app.hall import clock
from app.identity import door as identity
from app.identity.door import Actor, DayRow, Offer, Source, register_starter
from app.sharing.park_terms import days, service
from app.sharing.park_terms.models import SharingTerms

# field, value, unit, zh, en; what is not listed starts with its default
TERMS = (
    (
        "no_show_limit",
        3,
        "times",
        "90 天内三次预约未到场，暂停预约 14 天",
        "Three no-shows within 90 days: no booking for 14 days",
    ),
    (
        "absent_minutes",
        30,
        "minutes",
        "开始 30 分钟仍无人到场，释放余下时段",
        "Nobody there 30 minutes after the start: the rest is free again",
    ),
)


def _festivals() -> Iterator[tuple[str, list[DayRow]]]:
    """Festivals whose days are published and not over, each with its days off and its make-up working days."""
    today = clock.today()
    rows = sorted(
        (row for row in identity.named_rows() if row.day.year >= today.year),
        key=lambda row: (row.day.year, row.name),
    )
    for (year, name), group in groupby(rows, key=lambda row: (row.day.year, row.name)):
        found = list(group)
        if max(row.day for row in found) >= today:
            yield f"holiday:{year}:{name}", found


def offers() -> Sequence[Offer]:
    """The terms, then the festivals in the order of their days."""
    terms = [
        Offer(f"sharing_terms:{field}", "sharing_terms", zh, en, value, unit)
        for field, value, unit, zh, en in TERMS
    ]
    holidays = []
    for key, rows in sorted(_festivals(), key=lambda one: one[1][0].day):
        _kind, year, name = key.split(":", 2)
        off = sum(row.kind == "holiday" for row in rows)
        holidays.append(
            Offer(key, "holiday", f"{year} 年{name}", f"{identity.festival_en(name)} {year}", off, "days")
        )
    return [*terms, *holidays]


def known() -> Collection[str]:
    """Terms the park has set otherwise than the product, and festivals that stand in its calendar."""
    row = service.park_terms()
    default = SharingTerms.__table__.c
    decided = {
        f"sharing_terms:{field}"
        for field, *_rest in TERMS
        if getattr(row, field) != default[field].default.arg
    }
    closed = service.closed_days()
    return decided | {
        key for key, rows in _festivals() if all(r.day in closed for r in rows if r.kind == "holiday")
    }


def take_over(actor: Actor, _by_id: int, key: str) -> None:
    """One line comes into force; the set's own row names both people."""
    kind, _colon, subject = key.partition(":")
    if kind == "sharing_terms":
        service.set_terms(actor, **{subject: next(value for field, value, *_ in TERMS if field == subject)})
    else:
        days.take_over(actor, dict(_festivals())[key], of_the_offices=False)


def register() -> None:
    register_starter("sharing", Source(offers, known, take_over))
