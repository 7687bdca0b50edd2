"""What a new organisation must say, which code it gets, and who of it may be invited first."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from app.hall.errors import Reason
from app.hall.text.official_numbers import credit_code_faults

PREFIX = {
    "enterprise": "E",
    "university": "U",
    "institute": "I",
    "association": "A",
    "bank": "B",
    "government": "G",
    "provider": "S",
}
ADDED = tuple(PREFIX)
_CODE = re.compile(r"[A-Z][A-Z0-9_-]{0,19}")


@dataclass(frozen=True)
class NewOrganisation:
    """What is said of an organisation that comes in; only its kind and one name must be known."""

    kind: str
    name_zh: str
    name_en: str = ""
    short_name: str = ""
    credit_code: str = ""
    industry: str = ""
    industry_code: str = ""
    size: str = ""
    building: str = ""
    room: str = ""
    contact: str = ""
    contact_phone: str = ""
    contact_email: str = ""
    website: str = ""
    tax_title: str = ""
    registered_on: dt.date | None = None
    code: str = ""

    def reasons(self, today: dt.date) -> list[Reason]:
        """Everything that stands in the way of writing it down, each at its field.

        >>> [one.code for one in NewOrganisation("club", " ", credit_code="123").reasons(dt.date(2026, 1, 1))]
        ['organisation_kind', 'organisation_needs_name', 'credit_code_length']
        """
        found = []
        if self.kind not in PREFIX:
            found.append(Reason("organisation_kind", {"at": "kind"}))
        if not self.name_zh.strip():
            found.append(Reason("organisation_needs_name", {"at": "name_zh"}))
        if self.credit_code.strip():
            found += [Reason(one, {"at": "credit_code"}) for one in credit_code_faults(self.credit_code)]
        if self.registered_on is not None and self.registered_on > today:
            found.append(Reason("registered_in_the_future", {"at": "registered_on"}))
        if self.code and not _CODE.fullmatch(self.code.strip().upper()):
            found.append(Reason("organisation_code_malformed", {"at": "code"}))
        return found


def next_code(prefix: str, used: Iterable[str]) -> str:
    """The next free code of this prefix with two digits at least.

    >>> next_code("E", ["E01", "E37", "EX9", "U99"]), next_code("G", [])
    ('E38', 'G01')
    """
    numbers = [int(code[1:]) for code in used if re.fullmatch(rf"{prefix}[0-9]{{1,9}}", code, re.ASCII)]
    return f"{prefix}{max(numbers, default=0) + 1:02d}"


def reasons_against_inviting(
    status: str, may_act: Collection[str], has_members: bool, elsewhere: str
) -> list[Reason]:
    """Why nobody from outside may name the first person of an organisation; `elsewhere` is where they belong already.

    >>> [one.code for one in reasons_against_inviting("left", ("active",), True, "")]
    ['organisation_not_acting', 'organisation_has_members']
    """
    found = []
    if status not in may_act:
        found.append(Reason("organisation_not_acting"))
    if has_members:
        found.append(Reason("organisation_has_members"))
    if elsewhere:
        found.append(Reason("belongs_elsewhere", {"name": elsewhere, "at": "email"}))
    return found
