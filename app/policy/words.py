"""What the room calls its things: states, sources, facts with their units, months."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.hall.text import language, units
from app.identity.door import industry_name
from app.policy.facts.kinds import KNOWN
from app.policy.facts.models import FactKind
from app.policy.rules.months import month_name
from app.policy.rules.policy import Words

FIT_STATES = {
    "push": _l("符合"),
    "ask": _l("还缺信息"),
    "near": _l("接近"),
    "no": _l("还差得多"),
    "ineligible": _l("不符合"),
}
FIT_TONES = {"push": "ok", "ask": "pri", "near": "warn", "no": "", "ineligible": ""}
VERSION_STATES = {
    "draft": _l("草稿"),
    "tested": _l("用例通过"),
    "approved": _l("已批准，待生效"),
    "in_force": _l("生效中"),
    "ended": _l("已失效"),
}
VERSION_TONES = {"draft": "warn", "tested": "pri", "approved": "pri", "in_force": "ok", "ended": ""}
PUSH_STATES = {
    "due": _l("待发送"),
    "sent": _l("已发送"),
    "opened": _l("已阅读"),
    "interested": _l("愿意办理"),
    "declined": _l("暂不需要"),
    "lapsed": _l("已过期失效"),
}
CASE_STATES = {
    "started": _l("开始办理"),
    "filed": _l("已申报"),
    "granted": _l("已获批"),
    "paid": _l("已到账"),
    "refused": _l("未获批"),
    "withdrawn": _l("已撤回"),
    "planned": _l("定下期限"),
    "version_changed": _l("政策有新版本"),
}
CASE_TONES = {
    "started": "pri",
    "filed": "pri",
    "granted": "ok",
    "paid": "ok",
    "refused": "bad",
    "withdrawn": "",
}
KINDS = {
    "coaching": _l("辅导"),
    "subsidy": _l("补贴"),
    "loan": _l("贷款"),
    "space": _l("空间"),
    "talent": _l("人才"),
    "tax": _l("税收"),
}
CLAIMS = {"apply": _l("需申请"), "automatic": _l("免申即享")}
SOURCES = {
    "identity": _l("园区登记"),
    "chain": _l("产业链数据"),
    "credits": _l("创新积分"),
    "sharing": _l("共享预约"),
    "upkeep": _l("设备维保"),
    "monthly_report": _l("月报"),
    "document": _l("证明材料"),
    "self_declared": _l("企业自述"),
    "prospect": _l("招商资料"),
}
RESULTS = {"met": _l("满足"), "unmet": _l("不满足"), "unknown": _l("还不知道")}


def source_name(source: str) -> str:
    return str(SOURCES.get(source, source))


def both(text: Words) -> str:
    """A text of a rule file in the reader's language."""
    return (text.en if language.lang() == "en" else "") or text.zh


def kind_name(kind: FactKind | None, code: str) -> str:
    """What a fact is called in the reader's language; its code where nobody named it."""
    if kind is None:
        return code
    return (kind.name_en if language.lang() == "en" else "") or kind.name_zh or code


def fact_title(code: str) -> str:
    """What a fact of the product is called in the reader's language; its code where it is a park's own."""
    known = KNOWN.get(code)
    if known is None:
        return code
    return known.en if language.lang() == "en" else known.zh


def heading(text: str) -> str:
    """A name at the head of a field or row: it begins with a capital letter."""
    return text[:1].upper() + text[1:]


_MONEY_UNIT = _l("万元")


def is_money(kind: FactKind | None) -> bool:
    """Whether a fact is an amount of 万元, which English pages tell and ask in millions of yuan."""
    return kind is not None and kind.value_kind == "number" and kind.unit_zh == "万元"


def unit_name(kind: FactKind | None) -> str:
    if kind is None:
        return ""
    if is_money(kind):
        return str(_MONEY_UNIT)
    return kind.unit_en if language.lang() == "en" else kind.unit_zh


def value_text(kind: FactKind | None, value: Any) -> str:
    """A value for people: ratios as per cent, choices and industries by their name, numbers with their unit."""
    if value is None:
        return "—"
    code = kind.code if kind else ""
    if isinstance(value, str):
        if code == "industry":
            return industry_name(value)
        for choice in kind.choices if kind else ():
            if choice[0] == value:
                return choice[2] if language.lang() == "en" else choice[1]
        return value
    if code.endswith("_ratio"):
        return units.percent(value)
    if is_money(kind) and language.lang() == "en":
        value = float(value) / 100
    text = f"{value:,.4f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
    unit = unit_name(kind)
    return f"{text} {unit}".strip()


def month_text(period: int | str | None) -> str:
    """A month as it stands in sentences; nothing without one."""
    if not period:
        return ""
    return month_name(period) if isinstance(period, int) else period


def percent_text(value: float) -> str:
    """A fit as it is compared: 90.0 is never less than 90."""
    return f"{value:.1f}"


def fact_label(kind: FactKind | None, code: str, period: int | str | None) -> str:
    """`研发费用 · 2026-09`."""
    name, month = kind_name(kind, code), month_text(period)
    return _("%(name)s · %(month)s", name=name, month=month) if month else name


NAMES: Mapping[str, Any] = {
    "fit_states": FIT_STATES,
    "fit_tones": FIT_TONES,
    "version_states": VERSION_STATES,
    "version_tones": VERSION_TONES,
    "push_states": PUSH_STATES,
    "case_states": CASE_STATES,
    "case_tones": CASE_TONES,
    "policy_kinds": KINDS,
    "claims": CLAIMS,
    "results": RESULTS,
    "source_name": source_name,
    "percent_text": percent_text,
    "month_text": month_text,
    "heading": heading,
    "kind_name": kind_name,
    "value_text": value_text,
}
