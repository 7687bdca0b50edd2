"""What a booking costs and what is owed in the end; integer fen, one rounding at the very end.

**Rounding.** Everything is summed exactly, as fractions of fen; the sum is rounded once, half up, to whole fen.
**Terms.** A settlement is never negative, and never more than the price of all the time that was booked or used.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from app.hall.errors import Invalid, Reason
from app.sharing.calendar.rules import DAY, Interval, clipped, merged, total_minutes, weekday_of, without

Billing = Literal["booked", "used", "greater", "union"]
LONGEST_USE = 31 * DAY
GRACE = 5
"""Minutes by which the clock at the instrument may be ahead of the park's."""
BILLINGS: tuple[Billing, ...] = ("booked", "used", "greater", "union")


@dataclass(frozen=True, slots=True)
class RateRule:
    """A special price per hour for a member group and a time of day; the base price holds where none applies.

    ``group`` is ``None`` for everybody; ``weekdays`` are ISO numbers, empty for all; ``opens`` … ``closes`` are minutes
    after midnight, within one day.
    """

    id: int
    price_per_hour_fen: int
    group: str | None = None
    weekdays: frozenset[int] = frozenset()
    opens: int = 0
    closes: int = DAY


@dataclass(frozen=True, slots=True)
class Tariff:
    """Base price per hour and the special prices."""

    base_per_hour_fen: int
    rules: tuple[RateRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an explanation: so many minutes at that price per hour."""

    start: int
    end: int
    price_per_hour_fen: int

    @property
    def minutes(self) -> int:
        return self.end - self.start


def half_up(value: Fraction) -> int:
    """Round to the nearest whole number, halves upwards.

    >>> half_up(Fraction(5, 2)), half_up(Fraction(1, 3))
    (3, 0)
    """
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def lines(tariff: Tariff, group: str, spans: Iterable[Interval]) -> list[Line]:
    """The spans, cut where the price changes, in order. Of several rules that apply the most specific one counts:
    a group before none, then fewer hours of the week, then the lower id.

    >>> night = RateRule(1, 30_000, opens=1080, closes=1440)
    >>> [(l.minutes, l.price_per_hour_fen) for l in lines(Tariff(50_000, (night,)), "sme", [Interval(1020, 1140)])]
    [(60, 50000), (60, 30000)]
    """
    usable = sorted(
        (r for r in tariff.rules if r.group in (None, group)),
        key=lambda r: (r.group is None, (r.closes - r.opens) * (len(r.weekdays) or 7), r.id),
    )
    edges = sorted({0, DAY} | {r.opens for r in usable} | {r.closes for r in usable})
    found: list[Line] = []
    for span in merged(spans):
        for day in range(span.start // DAY, (span.end - 1) // DAY + 1):
            weekday = weekday_of(day)
            for opens, closes in itertools.pairwise(edges):
                start, end = max(span.start, day * DAY + opens), min(span.end, day * DAY + closes)
                if start >= end:
                    continue
                price = next(
                    (
                        r.price_per_hour_fen
                        for r in usable
                        if r.opens <= opens
                        and closes <= r.closes
                        and (not r.weekdays or weekday in r.weekdays)
                    ),
                    tariff.base_per_hour_fen,
                )
                if found and found[-1].end == start and found[-1].price_per_hour_fen == price:
                    found[-1] = Line(found[-1].start, end, price)
                else:
                    found.append(Line(start, end, price))
    return found


def price(tariff: Tariff, group: str, spans: Iterable[Interval]) -> int:
    """Price of the spans in fen (overlaps count once), rounded once.

    >>> price(Tariff(50_000), "sme", [Interval(0, 90)])
    75000
    """
    return half_up(_exact(tariff, group, spans))


def _exact(tariff: Tariff, group: str, spans: Iterable[Interval]) -> Fraction:
    return Fraction(sum(line.minutes * line.price_per_hour_fen for line in lines(tariff, group, spans)), 60)


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed: minutes charged, amount, the rule that gave it, and the lines it is the sum of."""

    charged_minutes: int
    amount_fen: int
    rule: str
    lines: tuple[Line, ...] = ()
    ratio: float = 1.0


def charge(tariff: Tariff, group: str, billing: Billing, booked: Interval, used: Sequence[Interval]) -> Owed:
    """What a completed booking costs.

    Parameters
    ----------
    billing : {"booked", "used", "greater", "union"}
        *booked*: the booked time, whatever was used. *used*: the time used. *greater*: whichever of the two has more
        minutes, the booked time if they are equal. *union*: every minute that was booked or used, once.
    used : sequence of Interval
        Stretches of use; overlaps count once; may be empty.

    Examples
    --------
    Booked 9–10, used 9:30–10:30 (in minutes of one day):

    >>> hour, use = Interval(540, 600), [Interval(570, 630)]
    >>> charge(Tariff(50_000), "sme", "union", hour, use).charged_minutes
    90
    >>> charge(Tariff(50_000), "sme", "greater", hour, use).charged_minutes
    60
    """
    stretches = merged(used)
    if billing == "booked":
        charged = [booked]
    elif billing == "used":
        charged = stretches
    elif billing == "greater":
        charged = stretches if total_minutes(stretches) > booked.minutes else [booked]
    elif billing == "union":
        charged = merged([booked, *stretches])
    else:
        raise Invalid("billing_unknown", billing=billing)
    parts = tuple(lines(tariff, group, charged))
    return Owed(total_minutes(charged), price(tariff, group, charged), billing, parts)


def against_noting(start: int, end: int, now: int) -> list[Reason]:
    """Everything against noting use from ``start`` to ``end``, in park minutes: only what has happened is noted.

    >>> against_noting(540, 600, now=595)
    []
    >>> [reason.code for reason in against_noting(600, 540, now=0)]
    ['usage_span', 'usage_ahead']
    """
    found = []
    if not 0 < end - start <= LONGEST_USE:
        found.append(Reason("usage_span"))
    if max(start, end) > now + GRACE:
        found.append(Reason("usage_ahead", {"grace": GRACE}))
    return found


def paid_minutes(minutes: int, charged_fen: int, paid_fen: int) -> int:
    """How many of the charged minutes were really paid: all, none, or their share where the charge was reduced.

    >>> paid_minutes(600, 30_000, 30_000), paid_minutes(600, 30_000, 10_000), paid_minutes(4_800, 0, 0)
    (600, 200, 0)
    """
    return minutes * min(paid_fen, charged_fen) // charged_fen if charged_fen > 0 else 0


def is_late(start: int, cancelled: int, free_until_minutes: int) -> bool:
    """True when a cancellation comes less than ``free_until_minutes`` before the start.

    >>> is_late(start=1440, cancelled=840, free_until_minutes=1440), is_late(1440, 0, 1440)
    (True, False)
    """
    return start - cancelled < free_until_minutes


def forfeit(
    tariff: Tariff, group: str, booked: Interval, ratio: float, rule: str, relet: Iterable[Interval] = ()
) -> Owed:
    """What is owed for time that was booked and given up too late, or never used.

    ``ratio`` (0…1, taken to four decimals) of the price of those booked minutes that nobody else has taken since.

    >>> three_hours = Interval(540, 720)
    >>> forfeit(Tariff(50_000), "sme", three_hours, 0.5, "late_cancellation").amount_fen
    75000
    >>> forfeit(Tariff(50_000), "sme", three_hours, 0.5, "late_cancellation", [Interval(540, 660)]).amount_fen
    25000
    """
    share = Fraction(round(ratio * 10_000), 10_000)
    if not 0 <= share <= 1:
        raise Invalid("ratio_out_of_range")
    left = without([booked], clipped(relet, booked))
    exact = share * _exact(tariff, group, left)
    minutes = half_up(share * total_minutes(left))
    return Owed(minutes, half_up(exact), rule, tuple(lines(tariff, group, left)), float(share))


@dataclass(frozen=True, slots=True)
class Voucher:
    """What an instrument voucher still holds; ``co_pay_ratio`` is the share of each use its holder pays itself."""

    id: int
    left_fen: int
    co_pay_ratio: float = 0.0


@dataclass(frozen=True, slots=True)
class Payment:
    """How an amount is paid: vouchers, credits, and the rest in money. The parts sum to the amount."""

    amount_fen: int
    vouchers: tuple[tuple[int, int], ...]
    credits: int
    credits_fen: int
    cash_fen: int

    @property
    def vouchers_fen(self) -> int:
        return sum(fen for _, fen in self.vouchers)


def pay(
    amount_fen: int,
    vouchers: Sequence[Voucher] = (),
    credits_available: int = 0,
    credit_fen: int = 100,
    credit_share: float = 0.3,
) -> Payment:
    """Split an amount: vouchers in the order given, then whole credits up to a share of the rest, then money.

    >>> pay(96_000, credits_available=1000, credit_fen=100, credit_share=0.3)
    Payment(amount_fen=96000, vouchers=(), credits=288, credits_fen=28800, cash_fen=67200)
    """
    if amount_fen < 0:
        raise Invalid("amount_negative")
    rest = amount_fen
    taken: list[tuple[int, int]] = []
    for voucher in vouchers:
        coverable = amount_fen - half_up(Fraction(round(voucher.co_pay_ratio * 10_000), 10_000) * amount_fen)
        fen = min(rest, voucher.left_fen, max(0, coverable - sum(f for _, f in taken)))
        if fen > 0:
            taken.append((voucher.id, fen))
            rest -= fen
    most = int(Fraction(round(credit_share * 10_000), 10_000) * rest) // credit_fen if credit_fen > 0 else 0
    spent = max(0, min(credits_available, most))
    return Payment(amount_fen, tuple(taken), spent, spent * credit_fen, rest - spent * credit_fen)
