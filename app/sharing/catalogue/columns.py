"""What an instrument, a patent and an expert are in a sheet."""

from __future__ import annotations

from app.hall.files.cells import BadCell, shown
from app.hall.files.sheets.columns import Choice, Column, Table
from app.sharing.calendar.rules import OpeningHours, opening_hours
from app.sharing.calendar.week_text import read_week, week_lines

DEFAULT_OPENING = "1 09:00-17:00; 2 09:00-17:00; 3 09:00-17:00; 4 09:00-17:00; 5 09:00-17:00"


def read_opening(text: str) -> str:
    """Opening hours in the form an export writes; days may be named in Chinese.

    >>> read_opening("周一至周二 9：00-17:00；6 10:00–12:00")
    '1 09:00-17:00; 2 09:00-17:00; 6 10:00-12:00'
    """
    rules = read_week(text)
    if rules is None:
        raise BadCell("sheet_opening", value=shown(text))
    return "; ".join(week_lines(rules))


def opening_of(text: str) -> list[OpeningHours]:
    """The hours that `read_opening` wrote."""
    found = []
    for part in filter(None, (one.strip() for one in text.split(";"))):
        day, _sep, hours = part.partition(" ")
        opens, _sep, closes = hours.partition("-")
        found.append(opening_hours(int(day), opens, closes))
    return found


def _listed(name: str, zh: str, en: str, choices: tuple[Choice, ...], blank: str) -> Column:
    return Column(name, zh, en, "choice", choices=choices, blank=blank)


def _minutes(name: str, zh: str, en: str, low: int, high: int, blank: int) -> Column:
    return Column(name, zh, en, "whole", unit="分钟", low=low, high=high, blank=blank)


OWNER = Column(
    "owner",
    "所属企业",
    "Owner",
    also=("企业", "企业名称", "单位", "所有者", "所属单位", "enterprise"),
    note_zh="企业全称或编号；不填即本单位",
    note_en="name or code of the firm; empty means your own",
)
CATEGORY = Column("category", "类别", "Category", also=("设备类别", "分类", "技术领域"), longest=60, blank="")
DESCRIPTION = Column(
    "description", "说明", "Description", also=("备注说明", "简介"), longest=4000, blank="", width=40
)
# What is stored and taken back in half a second, while every other writer waits (tests/guardian/test_largest_uploads.py).
MOST_INSTRUMENTS = 2_500  # each with hours and units
MOST_OTHERS = 8_000
EQUIPMENT = Table(
    "equipment",
    (
        Column("name", "设备名称", "Name", required=True, also=("名称", "仪器名称"), longest=120),
        Column("model", "型号", "Model", also=("规格型号", "设备型号"), longest=120, blank=""),
        OWNER,
        CATEGORY,
        Column("building", "楼栋", "Building", also=("所在楼栋",), longest=60, blank=""),
        Column("place", "位置", "Place", also=("存放地点", "房间", "所在位置"), longest=60, blank=""),
        Column(
            "price_yuan_per_hour",
            "每小时价格",
            "Price per hour",
            "yuan",
            ("价格", "收费标准", "单价", "price"),
            unit="元",
            low=0,
            high=1e8,
            blank=0,
        ),
        _listed(
            "billing",
            "计费方式",
            "Billing",
            (
                Choice("booked", "按预约时长", "booked time"),
                Choice("used", "按实际使用", "used time"),
                Choice("greater", "按预约与使用中较长者", "the longer of both"),
                Choice("union", "预约与使用时段合并计费", "both together"),
            ),
            "booked",
        ),
        _listed(
            "approval",
            "审批方式",
            "Approval",
            (Choice("automatic", "自动确认", "automatic"), Choice("owner", "所有者审批", "by the owner")),
            "automatic",
        ),
        Column(
            "opening",
            "开放时间",
            "Opening hours",
            longest=1000,
            read=read_opening,
            blank=DEFAULT_OPENING,
            width=36,
            note_zh="如 周一至周五 09:00-17:00；也可写 6 10:00-12:00，多段用“；”分开",
            note_en="such as 1-5 09:00-17:00; several divided by ;",
        ),
        _minutes("step_minutes", "时间步长", "Step", 5, 1440, 30),
        _minutes("min_minutes", "最短时长", "Shortest booking", 5, 44_640, 30),
        _minutes("max_minutes", "最长时长", "Longest booking", 5, 44_640, 480),
        _minutes("buffer_minutes", "使用后缓冲", "Buffer after use", 0, 1440, 0),
        Column(
            "late_cancel_hours",
            "免费取消提前",
            "Free cancellation until",
            "whole",
            unit="小时",
            low=0,
            high=8760,
            blank=24,
        ),
        Column(
            "late_cancel_percent",
            "迟取消收费",
            "Late cancellation fee",
            "whole",
            unit="%",
            low=0,
            high=100,
            blank=0,
        ),
        Column("units", "台号", "Units", "list", ("台", "设备编号"), longest=40, blank=("1",)),
        DESCRIPTION,
    ),
    ("owner", "name", "model"),
    "设备",
    "Equipment",
    most_rows=MOST_INSTRUMENTS,
    examples=(
        {
            "name": "激光粒度仪",
            "model": "LS-13",
            "category": "分析测试",
            "price_yuan_per_hour": 28_000,
            "billing": "booked",
            "approval": "automatic",
            "opening": DEFAULT_OPENING,
            "step_minutes": 30,
            "units": ("1", "2"),
        },
    ),
)
PATENTS = Table(
    "patents",
    (
        Column(
            "number", "专利号", "Patent number", "code", ("专利编号", "授权号", "申请号"), True, longest=60
        ),
        Column("name", "专利名称", "Name", required=True, also=("名称", "发明名称"), longest=120),
        OWNER,
        CATEGORY,
        Column(
            "fee",
            "许可费",
            "Licence fee",
            "number",
            ("费用", "许可费用"),
            low=0,
            high=1e8,
            blank=0,
            note_zh="单位元；收益分成时为百分比",
            note_en="in yuan; per cent where the basis is a share",
        ),
        _listed(
            "fee_basis",
            "计费基础",
            "Fee basis",
            (
                Choice("once", "一次性", "once"),
                Choice("yearly", "每年", "yearly"),
                Choice("per_unit", "每件产品", "per unit"),
                Choice("share", "收益分成", "share of revenue"),
            ),
            "yearly",
        ),
        Column("expires_on", "专利有效至", "Valid until", "day", ("有效期至", "到期日", "届满日")),
        Column("exclusive", "独家许可", "Exclusive", "yes_no", blank=False),
        DESCRIPTION,
    ),
    ("number",),
    "专利",
    "Patents",
    MOST_OTHERS,
    examples=({"number": "ZL202410000001.2", "name": "一种正极材料的制备方法", "fee_basis": "yearly"},),
)
TALENT = Table(
    "talent",
    (
        Column(
            "person_name",
            "姓名",
            "Name of the person",
            required=True,
            also=("专家姓名", "人员姓名"),
            longest=60,
        ),
        Column(
            "name",
            "专长称谓",
            "Listed as",
            required=True,
            also=("称谓", "展示名称", "职称"),
            longest=120,
            note_zh="所有人可见，不能含有姓名",
            note_en="everybody sees it: without the person's name",
        ),
        CATEGORY,
        Column("contact", "联系方式", "Contact", also=("联系电话", "手机", "电话"), blank=""),
        Column("skills", "技能", "Skills", "list", ("专业方向", "擅长领域"), longest=60, blank=()),
        Column(
            "years",
            "从业年限",
            "Years of experience",
            "whole",
            ("工作年限",),
            unit="年",
            low=0,
            high=80,
            blank=0,
        ),
        Column("days_per_month", "每月可用", "Days per month", "whole", unit="天", low=0, high=31, blank=0),
        Column(
            "fee_yuan_per_day",
            "每天费用",
            "Fee per day",
            "yuan",
            ("日薪",),
            unit="元",
            low=0,
            high=1e8,
            blank=0,
        ),
        DESCRIPTION,
    ),
    ("person_name", "name"),
    "人才",
    "Talent",
    MOST_OTHERS,
    examples=({"person_name": "示例", "name": "正极材料工程师", "skills": ("烧结", "包覆"), "years": 8},),
)
