"""What proves a deed: a number with its check letter, a scan, or a public link; words alone prove nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.credits.claims.rules import normalise_evidence
from app.hall.errors import Invalid
from app.hall.text.official_numbers import (
    credit_code,
    credit_code_faults,
    patent_check_letter,
    patent_number,
    patent_number_fits,
)

_WITHOUT_LETTER = re.compile(r"(?:19|20)\d{2}[12389]\d{7}")
_PUBLICATION = re.compile(r"[12]\d{6,8}[ABCUYS]\d?")
_LINK = re.compile(r"https?://[^\s/@]{1,200}\.[^\s/@.]{2,40}(?:[/?#]\S{0,2000})?")


def settled_value(kind: str, value: str) -> str:
    """The value as it is kept: a patent number that lacks its check letter gets it, a wrong one is refused.

    Publication numbers have none; what is no Chinese patent number stays as it is.

    >>> settled_value("patent_no", "ZL 2025 1 0345678"), settled_value("patent_no", "CN 115345678 A")
    ('ZL 2025 1 0345678.1', 'CN 115345678 A')
    >>> settled_value("patent_no", "ZL 2025 1 0345678.2")
    Traceback (most recent call last):
    ...
    app.hall.errors.Invalid: patent_check_letter {'value': 'ZL 2025 1 0345678.2', 'right': '1', 'at': 'number'}
    """
    value = value.strip()
    if kind == "patent_no":
        number = patent_number(value)
        if patent_number_fits(value) is False:
            right = patent_check_letter(number[:-1])
            raise Invalid("patent_check_letter", value=value[:80], right=right, at="number")
        if _WITHOUT_LETTER.fullmatch(number):
            return f"{value.rstrip('.。')}.{patent_check_letter(number)}"
    if kind == "company_no" and len(credit_code(value)) == 18 and credit_code_faults(value):
        raise Invalid(credit_code_faults(value)[0], value=value[:80], at="number")
    return value


def is_link(value: str) -> bool:
    """
    >>> is_link("https://example.org/expo"), is_link("见官网"), is_link("https://localhost")
    (True, False, False)
    """
    return bool(_LINK.fullmatch(value.strip()))


def proves(kind: str, value: str) -> bool:
    """Whether this piece can be looked up by somebody else.

    >>> proves("patent_no", "ZL 2025 1 0345678.1"), proves("patent_no", "随便写的"), proves("event_no", "EV-3")
    (True, False, False)
    """
    if is_link(value):
        return True
    if kind == "patent_no":
        number = normalise_evidence(kind, value)
        return bool(patent_number_fits(value)) or bool(_PUBLICATION.fullmatch(number))
    return kind == "company_no" and not credit_code_faults(value)


def is_proven(evidence: Sequence[tuple[str, str]], files: int) -> bool:
    """A scan, or one piece that can be looked up."""
    return files > 0 or any(proves(kind, value) for kind, value in evidence)
