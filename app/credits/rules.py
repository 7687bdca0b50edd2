"""When a contribution earns, how much, and how often: versions, validity, caps, and evidence that looks alike."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from app.errors import Reason

_DASHES = re.compile(r"[-‐-―−﹘﹣－_·•・.。/\\|,，、:：;；()（）\[\]【】]")
_PATENT_PREFIX = re.compile(r"^(?:ZL|CN|申请号|专利号|公开号)+(?=\d)")


@dataclass(frozen=True)
class Rule:
    """One version of an earn rule, as far as a decision needs it; `version` counts up per code."""

    id: int
    code: str
    version: int
    credits: int
    evidence_kind: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    lifetime_days: int = 730
    cap_period: str = "none"
    cap_credits: int | None = None
    cap_claims: int | None = None


@dataclass(frozen=True)
class Earned:
    """What an enterprise has already earned by one rule: on which day, how much."""

    occurred_on: dt.date
    credits: int


def normalise_evidence(kind: str, value: str) -> str:
    """The same number written differently becomes the same text.

    Compatibility forms (full-width digits) are folded, spaces, invisible characters, hyphens, dots and brackets dropped,
    letters made upper case; a Chinese patent number loses its ZL or CN.

    >>> normalise_evidence("patent_no", " ＺＬ 2026 1 0123456.7 ")
    '2026101234567'
    >>> normalise_evidence("patent_no", "zl2026-1-0123456.7") == normalise_evidence("patent_no", "CN202610123456.7")
    True
    >>> normalise_evidence("patent_no", "202610123456。7")
    '2026101234567'
    >>> normalise_evidence("event_no", "瀛洲 储能展－2026")
    '瀛洲储能展2026'
    """
    folded = unicodedata.normalize("NFKC", value)
    kept = "".join(one for one in folded if unicodedata.category(one)[0] not in "ZC")
    kept = _DASHES.sub("", unicodedata.normalize("NFKC", kept.upper()))
    return _PATENT_PREFIX.sub("", kept) if kind == "patent_no" else kept


def version_on(versions: Iterable[Rule], day: dt.date) -> Rule | None:
    """The version in force on `day`: the one that started last, the higher version where two started together.

    >>> june = Rule(1, "p", 1, 100, "patent_no", dt.date(2026, 1, 1))
    >>> july = Rule(2, "p", 2, 80, "patent_no", dt.date(2026, 7, 1))
    >>> version_on([july, june], dt.date(2026, 6, 30)).credits, version_on([july, june], dt.date(2026, 7, 1)).credits
    (100, 80)
    """
    started = [one for one in versions if one.valid_from <= day]
    if not started:
        return None
    newest = max(started, key=lambda one: (one.valid_from, one.version))
    return None if newest.valid_to is not None and day > newest.valid_to else newest


def period_of(cap_period: str, day: dt.date) -> tuple[dt.date, dt.date] | None:
    """The period around `day` as [first day, first day of the next); None where nothing is capped.

    >>> period_of("quarter", dt.date(2026, 11, 23))
    (datetime.date(2026, 10, 1), datetime.date(2027, 1, 1))
    """
    months = {"month": 1, "quarter": 3, "year": 12}.get(cap_period)
    if months is None:
        return None
    first = (day.month - 1) // months * months
    start = dt.date(day.year, first + 1, 1)
    end = first + months
    return start, dt.date(day.year + end // 12, end % 12 + 1, 1)


def cap_reasons(rule: Rule, day: dt.date, earned: Iterable[Earned]) -> tuple[Reason, ...]:
    """Every cap that one more earning by `rule` on `day` would break; `earned` is what the same rule code gave before.

    >>> rule = Rule(1, "e", 1, 60, "event_no", dt.date(2026, 1, 1), cap_period="year", cap_credits=100)
    >>> [one.code for one in cap_reasons(rule, dt.date(2026, 5, 1), [Earned(dt.date(2026, 2, 1), 60)])]
    ['cap_credits']
    >>> cap_reasons(rule, dt.date(2026, 5, 1), [Earned(dt.date(2025, 2, 1), 60)])
    ()
    """
    period = period_of(rule.cap_period, day)
    if period is None:
        return ()
    inside = [one.credits for one in earned if period[0] <= one.occurred_on < period[1]]
    reasons = []
    if rule.cap_credits is not None and sum(inside) + rule.credits > rule.cap_credits:
        reasons.append(Reason("cap_credits", {"cap": rule.cap_credits, "earned": sum(inside)}))
    if rule.cap_claims is not None and len(inside) + 1 > rule.cap_claims:
        reasons.append(Reason("cap_claims", {"cap": rule.cap_claims, "claims": len(inside)}))
    return tuple(reasons)


def expires_on(rule: Rule, day: dt.date) -> dt.date:
    """The day on which credits earned on `day` are gone (they can be spent until the end of the day before).

    >>> expires_on(Rule(1, "p", 1, 100, "patent_no", dt.date(2026, 1, 1), lifetime_days=30), dt.date(2026, 1, 1))
    datetime.date(2026, 1, 31)
    """
    return day + dt.timedelta(days=rule.lifetime_days)
