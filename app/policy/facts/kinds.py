"""The facts this product knows by name: what they are called, counted in, and which room knows them by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.policy.facts.rules import ratio
from app.policy.rules.expressions import Latest, Streak, Window, fact_name, fact_uses
from app.policy.rules.policy import Condition
from app.policy.rules.situation import FirmFacts, Given
from app.policy.rules.values import as_kind

PLATFORM = ("identity", "chain", "credits", "sharing", "upkeep")  # never typed
TYPED = ("monthly_report", "document", "self_declared")
SOURCES = (*PLATFORM, *TYPED)
RATIO = "rd_ratio"
EXPENSE, REVENUE = "rd_expense_wan", "revenue_wan"


@dataclass(frozen=True, slots=True)
class KindSpec:
    """One kind of fact; `choices` are (value, Chinese, English)."""

    code: str
    value_kind: str
    zh: str
    en: str
    unit: tuple[str, str] = ("", "")
    by_month: bool = False
    source: str = ""
    choices: tuple[tuple[str, str, str], ...] = ()


_WAN = ("万元", "10,000 yuan")  # the pages say millions in English, the API says what it holds
_HEADS = ("人", "people")
_AREA = ("平方米", "m²")
_YES = (("yes", "有", "yes"), ("no", "没有", "no"))
_SIZES = (
    ("micro", "微型", "micro"),
    ("small", "小型", "small"),
    ("medium", "中型", "medium"),
    ("large", "大型", "large"),
)
_GRADES = tuple((grade, f"{grade} 级", f"grade {grade}") for grade in "ABCD")

KNOWN: dict[str, KindSpec] = {
    spec.code: spec
    for spec in (
        KindSpec("registered_on", "day", "注册日期", "day of registration", source="identity"),
        KindSpec("industry", "text", "行业", "industry", source="identity"),
        KindSpec("size", "text", "规模", "size", source="identity", choices=_SIZES),
        KindSpec(
            "registered_in",
            "text",
            "注册地",
            "registered in",
            source="identity",
            choices=(("park", "本园区", "this park"),),
        ),
        KindSpec("output_wan", "number", "链上年产值", "yearly output on the chain", _WAN, source="chain"),
        KindSpec("patents_granted", "number", "授权专利", "granted patents", ("件", ""), source="credits"),
        KindSpec("credits_balance", "number", "可用积分", "credits available", ("分", ""), source="credits"),
        KindSpec(
            "instrument_hours",
            "number",
            "共享仪器机时",
            "hours on shared instruments",
            ("小时", "hours"),
            True,
            "sharing",
        ),
        KindSpec(EXPENSE, "number", "研发费用", "R&D expense", _WAN, True),
        KindSpec(REVENUE, "number", "营业收入", "revenue", _WAN, True),
        KindSpec(RATIO, "number", "研发费用占比", "R&D ratio", by_month=True),
        KindSpec("staff", "number", "从业人数", "staff", _HEADS, True),
        KindSpec("tax_wan", "number", "缴税额", "tax paid", _WAN, True),
        KindSpec("export_wan", "number", "出口额", "export", _WAN, True),
        KindSpec("monthly_output_wan", "number", "月产值", "output of the month", _WAN, True),
        KindSpec("tax_base_wan", "number", "上年缴税额", "tax of the year before", _WAN),
        KindSpec("masters", "number", "硕士以上人数", "masters and above", _HEADS),
        KindSpec("planned_staff", "number", "计划用工", "planned staff", _HEADS),
        KindSpec("flats_held", "number", "已租人才公寓", "flats held", ("套", "flats")),
        KindSpec("area_m2", "number", "租赁面积", "rented area", _AREA),
        KindSpec("idle_m2", "number", "可腾出面积", "area that can be freed", _AREA),
        KindSpec("energy_kwh", "number", "年用电量", "electricity a year", ("千瓦时", "kWh")),
        KindSpec("water_t", "number", "年用水量", "water a year", ("吨", "t")),
        KindSpec("solar_kw", "number", "光伏装机", "solar power", ("千瓦", "kW")),
        KindSpec("power_kva", "number", "用电容量", "power capacity", ("千伏安", "kVA")),
        KindSpec("recycled_ratio", "number", "固废综合利用率", "share of waste recycled"),
        KindSpec("loan_wan", "number", "贷款余额", "loan balance", _WAN),
        KindSpec("valuation_wan", "number", "专利评估值", "valuation of patents", _WAN),
        KindSpec("patents_pledged", "number", "已质押专利", "pledged patents", ("件", "")),
        KindSpec("audited_on", "day", "清洁生产审核日期", "day of the clean production audit"),
        KindSpec("moved_in_on", "day", "入园日期", "day of moving in"),
        KindSpec("contract_until", "day", "租约到期日", "end of the lease"),
        KindSpec("arrears", "text", "欠租", "arrears of rent", choices=_YES),
        KindSpec("grade", "text", "服务等级", "service grade", choices=_GRADES),
        KindSpec("rating", "text", "信用等级", "credit rating", choices=_GRADES),
        KindSpec(
            "seat",
            "text",
            "办公地",
            "office in",
            choices=(
                ("park", "园区主楼", "main buildings"),
                ("annex", "附楼", "annex"),
                ("city", "园外", "outside"),
            ),
        ),
        KindSpec(
            "warehouse",
            "text",
            "海外仓",
            "warehouse abroad",
            choices=(("own", "自有", "own"), ("rented", "租用", "rented"), ("none", "没有", "none")),
        ),
        KindSpec(
            "bank",
            "text",
            "合作银行",
            "bank",
            choices=(
                ("a-bank", "甲银行", "Bank A"),
                ("b-bank", "乙银行", "Bank B"),
                ("other", "其他", "other"),
            ),
        ),
    )
}
MONTHLY_FORM = (EXPENSE, REVENUE, "staff", "tax_wan", "export_wan", "monthly_output_wan")
NEVER_NEGATIVE = frozenset(
    code for code, spec in KNOWN.items() if spec.value_kind == "number" and spec.source == ""
)


def with_ratio(firm: FirmFacts) -> FirmFacts:
    """The firm with its R&D ratio worked out for every month that has both amounts; they win over a typed ratio.

    Revenue 0 leaves the ratio of that month unknown.

    Examples
    --------
    >>> amounts = {"rd_expense_wan": {24320: Given("15.2", "monthly_report")}, "revenue_wan": {24320: Given("100")}}
    >>> str(with_ratio(FirmFacts("A", {}, amounts)).monthly["rd_ratio"][24320].value)
    '19/125'
    """
    expenses, revenues = firm.monthly_or_nothing(EXPENSE), firm.monthly_or_nothing(REVENUE)
    both = expenses.keys() & revenues.keys()
    if not both:
        return firm
    found = dict(firm.monthly_or_nothing(RATIO))
    for month in sorted(both):
        found.pop(month, None)
        expense = as_kind(expenses[month].value, "number")
        revenue = as_kind(revenues[month].value, "number")
        # Ten-thousand yuan with six decimals are whole fen.
        part, whole = (_fen(value) for value in (expense, revenue))
        share = ratio(part, whole)
        if share is not None:
            found[month] = Given(share, expenses[month].source)
    return FirmFacts(firm.enterprise, firm.plain, {**firm.monthly, RATIO: found})


def _fen(wan: object) -> int | None:
    return int(Fraction(wan) * 1_000_000) if isinstance(wan, (int, Fraction)) else None


def read_by_month(conditions: Sequence[Condition]) -> frozenset[str]:
    """Facts that some condition reads month by month."""
    return frozenset(
        fact_name(use)
        for condition in conditions
        for use in fact_uses(condition.expr)
        if isinstance(use, (Latest, Streak, Window))
    )
