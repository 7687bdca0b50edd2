"""Which facts an organisation changes alone and which the park agrees to, and what a value must look like."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.hall.errors import Reason
from app.hall.text.official_numbers import credit_code, credit_code_faults

AGREED = ("name_zh", "name_en", "credit_code", "industry", "industry_code", "size", "building", "room")
FREE = (
    "short_name",
    "contact",
    "contact_phone",
    "contact_email",
    "website",
    "tax_title",
    "registered_on",
)
FIELDS = (*AGREED, *FREE)
LEAVES_ON = "leaves_on"  # decided like a fact, but on a page of its own
_LONGEST = 200
_WEB = re.compile(r"https?://[^\s/]{1,190}(/\S*)?")


@dataclass(frozen=True)
class Lists:
    """The values that may be chosen."""

    industries: Collection[str]
    divisions: Collection[str]
    sizes: Collection[str]


def tidy(field: str, value: str) -> str:
    """A value as it is stored.

    >>> tidy("credit_code", " 9135 0100m000100y43 "), tidy("name_zh", " 甲  公司 ")
    ('91350100M000100Y43', '甲 公司')
    """
    return credit_code(value) if field == "credit_code" else " ".join(value.split())


def faults(values: Mapping[str, str], lists: Lists, today: dt.date) -> list[Reason]:
    """Everything that is wrong with these values, each at its field.

    >>> lists = Lists(["ai"], ["38"], ["small"])
    >>> [one.code for one in faults({"name_zh": "", "size": "huge", "website": "x"}, lists, dt.date(2026, 1, 1))]
    ['organisation_needs_name', 'fact_not_in_list', 'fact_website']
    """
    found = []
    for field, value in values.items():
        code = _fault(field, value, lists, today)
        if code:
            found.append(Reason(code, {"at": field}))
    return found


def _fault(field: str, value: str, lists: Lists, today: dt.date) -> str:
    chosen = {"industry": lists.industries, "industry_code": lists.divisions, "size": lists.sizes}
    if field not in FIELDS:
        return "fact_unknown"
    if field == "name_zh" and not value:
        return "organisation_needs_name"
    if len(value) > _LONGEST:
        return "fact_too_long"
    if not value:
        return ""
    if field in chosen and value not in chosen[field]:
        return "fact_not_in_list"
    if field == "credit_code":
        return next(iter(credit_code_faults(value)), "")
    if field == "website" and not _WEB.fullmatch(value):
        return "fact_website"
    if field == "registered_on":
        return _day_fault(value, today)
    return ""


def _day_fault(value: str, today: dt.date) -> str:
    try:
        day = dt.date.fromisoformat(value)
    except ValueError:
        return "fact_not_a_day"
    return "registered_in_the_future" if day > today else ""


def needs_agreement(field: str, runs_the_park: bool) -> bool:
    """Whether a change waits for the park.

    >>> needs_agreement("size", False), needs_agreement("contact", False), needs_agreement("size", True)
    (True, False, False)
    """
    return field in (*AGREED, LEAVES_ON) and not runs_the_park
