"""Whether a value may be kept as a fact of its kind: every reason why not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from app.hall.errors import Reason
from app.policy.facts.kinds import NEVER_NEGATIVE, PLATFORM, TYPED
from app.policy.rules.months import month_name
from app.policy.rules.values import DAY, NUMBER, TEXT, as_kind, clean_text, is_not_a_number

LARGEST = 10**15


@dataclass(frozen=True, slots=True)
class Kind:
    """What a value is held against."""

    code: str
    value_kind: str
    by_month: bool = False
    source: str = ""


#: What a value that cannot be read is told, by the kind of its fact.
UNREADABLE = {NUMBER: "policy_not_a_number", DAY: "policy_not_a_day"}


def against_value(kind: Kind, value: str) -> Reason | None:
    """Why this text is no value of the kind; an empty one takes the fact back.

    >>> staff = Kind("staff", "number", True)
    >>> against_value(staff, "12"), against_value(staff, "")
    (None, None)
    >>> [against_value(staff, text).code for text in ("NaN", "²", "-1", "1e30")]
    ['policy_not_a_number', 'policy_not_a_number', 'policy_negative', 'policy_too_large']
    """
    if not value:
        return None
    if is_not_a_number(value) and kind.value_kind == NUMBER:
        return Reason(UNREADABLE[NUMBER], {"value": value[:40]})
    if kind.value_kind == TEXT:
        return None if clean_text(value) else Reason("policy_bad_text")
    read = as_kind(value, kind.value_kind)
    if read is None:
        return Reason(UNREADABLE[kind.value_kind], {"value": value[:40]})
    return _against_number(kind, read) if isinstance(read, (int, Fraction)) else None


def _against_number(kind: Kind, number: int | Fraction) -> Reason | None:
    if Fraction(number) < 0 and kind.code in NEVER_NEGATIVE:
        return Reason("policy_negative", {"name": kind.code})
    if abs(Fraction(number)) > LARGEST:
        return Reason("policy_too_large", {"name": kind.code})
    return None


def against_fact(kind: Kind, period: int, value: str, source: str, this_month: int) -> Iterator[Reason]:
    """Every reason why people may not record this: what the platform knows is never typed.

    >>> patents = Kind("patents_granted", "number", source="credits")
    >>> [one.code for one in against_fact(patents, 0, "3", "document", 24320)]
    ['policy_fact_is_read']
    >>> [one.code for one in against_fact(Kind("staff", "number", True), 0, "3", "credits", 24320)]
    ['policy_source_not_yours', 'policy_month_needed']
    """
    if kind.source in PLATFORM:
        yield Reason("policy_fact_is_read", {"name": kind.code, "room": kind.source})
    if source not in TYPED:
        yield Reason("policy_source_not_yours", {"source": source[:40], "known": ", ".join(TYPED)})
    if kind.by_month and not period:
        yield Reason("policy_month_needed", {"name": kind.code})
    if period and not kind.by_month:
        yield Reason("policy_month_not_wanted", {"name": kind.code})
    if period > this_month:
        yield Reason("policy_month_ahead", {"month": month_name(period)})
    wrong = against_value(kind, value)
    if wrong is not None:
        yield wrong
