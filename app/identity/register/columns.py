"""The columns of a park's register of firms."""

from __future__ import annotations

import re

from app.hall.files.cells import BadCell, shown
from app.hall.files.sheets.columns import Choice, Column, Table, fold
from app.hall.text.official_numbers import credit_code, credit_code_faults
from app.identity.mail.addresses import read_address
from app.identity.organisations.gbt4754 import DIVISIONS, division_name

SIZES = (
    ("micro", "微型", "Micro"),
    ("small", "小型", "Small"),
    ("medium", "中型", "Medium"),
    ("large", "大型", "Large"),
)
INDUSTRIES = (
    ("battery", "新能源电池", "Batteries"),
    ("new_energy", "新能源", "New energy"),
    ("new_material", "新材料", "New materials"),
    ("smart_equipment", "智能装备", "Smart equipment"),
    ("precision", "精密制造", "Precision manufacturing"),
    ("light_ev", "轻型电动车", "Light electric vehicles"),
    ("biotech", "生物医药", "Biotech"),
    ("ai", "人工智能", "Artificial intelligence"),
    ("testing", "检验检测", "Testing and inspection"),
    ("marine", "海洋装备", "Marine equipment"),
    ("agrifood", "农业食品", "Agriculture and food"),
    ("warehouse", "仓储物流", "Warehousing and logistics"),
    ("crossborder", "跨境贸易", "Cross-border trade"),
    ("culture", "文化创意", "Culture and creative"),
    ("other", "其他", "Other"),
)
_DIVISION = re.compile(r"[A-Ta-t]?([0-9]{2})[0-9]{0,2}")


def sound_code(text: str) -> str:
    """A unified social credit code as it is stored, or what is wrong with it."""
    faults = credit_code_faults(text)
    if faults:
        raise BadCell(faults[0])
    return credit_code(text)


def division(text: str) -> str:
    """The two digits of GB/T 4754 that a code or a name means.

    >>> division("C3841"), division("38"), division("电气机械和器材制造业")
    ('38', '38', '38')
    """
    found = _DIVISION.match(text.strip())
    if found and found[1] in DIVISIONS:
        return found[1]
    for code in DIVISIONS:
        if fold(text) in {fold(division_name(code, "zh")), fold(division_name(code, "en"))}:
            return code
    raise BadCell("firms_no_division", value=shown(text))


FIRMS = Table(
    "firms",
    (
        Column(
            "code",
            "编号",
            "Code",
            "code",
            ("企业编号", "园区编号"),
            longest=20,
            exact=True,
            note_zh="园区的编号；新企业可以空着，自动编号",
            note_en="The park's own code; leave empty for a new firm and it gets one",
        ),
        Column(
            "name_zh",
            "企业名称",
            "Name",
            also=("公司名称", "单位名称", "企业全称", "名称", "中文名称"),
            required=True,
            longest=100,
            width=32,
        ),
        Column(
            "credit_code",
            "统一社会信用代码",
            "Unified social credit code",
            "code",
            ("信用代码", "社会信用代码", "统一信用代码", "Credit code"),
            longest=60,
            read=sound_code,
            note_zh="18 位，校验位须相符；相同的永远是同一家",
            note_en="18 characters with a right check digit; the same code is always the same firm",
        ),
        Column("name_en", "英文名称", "English name", also=("英文名",), longest=100),
        Column("short_name", "简称", "Short name", also=("企业简称",), longest=40),
        Column(
            "size",
            "规模",
            "Size",
            "choice",
            ("企业规模",),
            choices=tuple(Choice(code, zh, en, (f"{zh}企业", zh[:1])) for code, zh, en in SIZES),
        ),
        Column(
            "industry",
            "行业",
            "Industry",
            "choice",
            ("所属行业", "产业"),
            choices=tuple(Choice(code, zh, en) for code, zh, en in INDUSTRIES),
        ),
        Column(
            "industry_code",
            "国民经济行业",
            "GB/T 4754 division",
            also=("国民经济行业代码", "行业代码"),
            read=division,
            note_zh="GB/T 4754 的两位代码或名称",
            note_en="Two digits of GB/T 4754, or the division's name",
        ),
        Column("building", "楼宇", "Building", also=("楼栋", "楼号", "所在楼宇"), longest=40),
        Column("room", "房间", "Room", also=("房号", "房间号", "门牌号"), longest=40),
        Column("contact", "联系人", "Contact", also=("企业联系人",), longest=60),
        Column(
            "contact_phone",
            "电话",
            "Phone",
            also=("联系电话", "联系方式", "手机", "手机号", "联系人电话"),
            longest=30,
        ),
        Column(
            "contact_email",
            "联系邮箱",
            "Contact email",
            also=("邮箱", "电子邮箱"),
            longest=120,
            read=read_address,
        ),
        Column("registered_on", "注册日期", "Registered on", "day", ("成立日期", "登记日期", "注册时间")),
        Column(
            "first_name",
            "首位管理员",
            "First administrator",
            also=("首位管理员姓名", "管理员", "管理员姓名"),
            longest=60,
            note_zh="得到一次性的邀请链接，不写密码；只用于还没有成员的企业",
            note_en="Gets an invitation link that works once, never a password; only for firms without members",
        ),
        Column(
            "first_email",
            "首位管理员邮箱",
            "First administrator's email",
            also=("管理员邮箱",),
            longest=120,
            read=read_address,
        ),
        Column(
            "another",
            "确是另一家",
            "Another firm",
            "yes_no",
            ("另一家",),
            note_zh="与现有企业名称很像、核对后确是另一家时填“是”",
            note_en="yes where the name is much like one that is there and it was checked to be another firm",
        ),
    ),
    ("code",),
    "企业名册",
    "Register of firms",
    5_000,
    (
        {
            "name_zh": "苏州示例新材料有限公司",
            "credit_code": "91320500MA00000010",
            "size": "small",
            "industry": "new_material",
            "building": "3号楼",
            "room": "B201",
            "contact": "王敏",
            "contact_phone": "0512-60000001",
            "first_name": "王敏",
            "first_email": "wang@firm.example",
        },
    ),
)
