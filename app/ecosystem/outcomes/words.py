"""The sentences about outcomes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.ecosystem.outcomes.rules import MONEY
from app.hall.text import language, units

MESSAGES = {
    "outcome_not_found": _l("没有找到这项成效。"),
    "outcome_number_too_large": _l("数值过大或不是有效数字。"),
    "beneficiary_outside": _l("受益方须是对接双方之一。"),
    "outcome_answered": _l("这项成效已被确认或提出异议。"),
    "outcome_four_eyes": _l("登记人不能确认自己登记的成效。"),
    "outcome_not_yours": _l("成效由得到它的一方确认。"),
    "outcome_to_confirm": _l("有一项成效等待贵方确认：%(title)s"),
    "outcome_contested": _l("您登记的成效被提出异议：%(title)s"),
}
#: The units the forms propose; what else people write stays as it is.
UNITS = {
    "万元": _l("万元"),
    "元": _l("元"),
    "小时": _l("小时"),
    "天": _l("天"),
    "件": _l("件"),
    "吨": _l("吨"),
}


def amount_text(milli: int, unit: str, sign: bool = False) -> str:
    """Thousandths of a unit as people read them; 万元 are millions of yuan in English."""
    value, digits = milli / 1000, 0 if milli % 1000 == 0 else 2
    if unit == MONEY and language.lang() == "en":
        return ("+" if sign and value > 0 else "") + units.wan(value, "en")
    return f"{units.signed(value, digits) if sign else units.number(value, digits)} {unit_name(unit)}"


def unit_name(unit: str) -> str:
    """Return a unit of outcomes in the reader's language."""
    return str(UNITS.get(unit, unit))
