"""Names and sentences of the catalogue: kinds, classes, prices, sheets."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

KIND_NAMES = {"equipment": _l("设备"), "patent": _l("专利"), "talent": _l("人才")}


CATEGORY_NAMES = {
    "分析测试": _l("分析测试"),
    "电池测试": _l("电池测试"),
    "环境可靠性": _l("环境可靠性"),
    "加工制造": _l("加工制造"),
    "生物实验": _l("生物实验"),
}


BILLING_NAMES = {
    "booked": _l("按预约时长"),
    "used": _l("按实际使用"),
    "greater": _l("按预约与使用中较长者"),
    "union": _l("预约与使用时段合并计费"),
}


APPROVAL_NAMES = {"automatic": _l("自动确认"), "owner": _l("所有者审批")}


BASIS_NAMES = {
    "once": _l("一次性"),
    "yearly": _l("每年"),
    "per_unit": _l("每件产品"),
    "share": _l("收益分成"),
}


GROUP_NAMES = {
    "university": _l("高校与科研院所"),
    "small": _l("小微企业"),
    "enterprise": _l("其他企业"),
}


WEEKDAY_NAMES = {
    1: _l("周一"),
    2: _l("周二"),
    3: _l("周三"),
    4: _l("周四"),
    5: _l("周五"),
    6: _l("周六"),
    7: _l("周日"),
}


MESSAGES = {
    "look_too_long": _l("一次最多查询 %(days)s 天。"),
    "resource_not_found": _l("没有找到该资源。"),
    "resource_file_none": _l("请选择要上传的文件。"),
    "resource_file_many": _l("一次最多上传 %(limit)s 个文件。"),
    "resource_file_type": _l("仅支持 PNG、JPG、WebP 图片与 PDF 文件，按文件内容判断。"),
    "resource_file_size": _l("文件过大：此类文件每个不超过 %(limit)s MB。"),
    "resource_file_many_picture": _l("每项资源最多 %(limit)s 张图片，请先移除一张。"),
    "resource_file_many_document": _l("每项资源最多 %(limit)s 个 PDF 文件，请先移除一个。"),
    "resource_file_talent": _l("人才资料不接受图片与文件：其中可能含有本人姓名。"),
    "resource_file_not_found": _l("没有找到该文件。"),
    "resource_not_listed": _l("该资源已下架或不可预约。"),
    "unit_not_found": _l("没有找到该台设备。"),
    "opening_weekday": _l("星期须为 1 至 7。"),
    "opening_hours": _l("开放时间有误：开始与结束不能相同，且须在一天之内。"),
    "opening_grain": _l("开放时间 %(text)s 须为 %(minutes)s 分钟的整数倍。"),
    "clock_time": _l("时间“%(text)s”有误，请写成 09:00 的形式。"),
    "resource_kind": _l("请选择资源类型。"),
    "resource_name": _l("请填写名称。"),
    "resource_details": _l("资源信息不完整或有误。"),
    "resource_field": _l("未知字段：%(field)s。"),
    "resource_grain": _l("时间步长与缓冲须为 %(minutes)s 分钟的整数倍。"),
    "resource_lengths": _l("最短时长须大于 0 且不超过最长时长，并能容纳一个时间步长。"),
    "ratio_out_of_range": _l("比例须在 0 与 1 之间。"),
    "billing_unknown": _l("未知的计费方式：%(billing)s。"),
    "rate_hours": _l("分时价格的时段有误。"),
    "talent_contact_shown": _l("名称、说明或专长中有电话、微信、邮箱或网址；同意之前不能公开，请改写。"),
    "talent_name_shown": _l("名称、说明或专长中出现了本人姓名；同意之前不能公开，请改写。"),
    "patent_number": _l("请填写专利号。"),
    "patent_share": _l("收入分成不能超过全部收入。"),
    "patent_listed": _l("专利 %(number)s 已在资源池中。"),
    "unit_label_taken": _l("编号“%(label)s”为空或已存在。"),
    "sheet_unreadable": _l("无法读取该文件，请上传 .xlsx 工作簿。"),
    "sheet_column": _l("缺少列：%(column)s。"),
    "sheet_rows": _l("一次最多导入 %(most)s 行。"),
    "sheet_empty": _l("工作表中没有数据。"),
    "sheet_problems": _l("共有 %(count)s 处问题，未导入任何一行。"),
    "sheet_cell": _l("第 %(row)s 行 %(column)s：应为 %(expected)s。"),
    "sheet_row": _l("第 %(row)s 行："),
    "rate_unknown": _l("没有找到该分时价格。"),
    "rate_group": _l("未知的会员类别。"),
    "rate_many": _l("一台设备最多设 %(most)s 条分时价格。"),
    "unit_many": _l("一台设备最多设 %(most)s 个台位。"),
    "unit_unknown": _l("没有找到该台位。"),
    "unit_booked": _l("台位“%(label)s”还有 %(count)s 个未结束的预约，请先改期或取消。"),
    "unit_last": _l("至少保留一个可用台位；要停止共享，请下架该设备。"),
    "exception_unknown": _l("没有找到该特别开放时间。"),
}


KINDS = ("equipment", "patent", "talent")


CATEGORIES = ("分析测试", "电池测试", "环境可靠性", "加工制造", "生物实验")


ICONS = {
    "分析测试": "microscope",
    "电池测试": "battery-charging",
    "环境可靠性": "temperature",
    "加工制造": "tool",
    "生物实验": "dna-2",
}


def icon_of(kind: str, category: str) -> str:
    """The picture of a resource that has none of its own."""
    return ICONS.get(category, {"patent": "certificate", "talent": "user"}.get(kind, "tool"))


def category_rank(category: str) -> tuple[int, str]:
    """The park's own categories in their order, then the owners' own words."""
    return (CATEGORIES.index(category) if category in CATEGORIES else len(CATEGORIES), category)


def category_name(category: str) -> str:
    """A class of instruments in the reader's language; the owners' own words as they are."""
    return str(CATEGORY_NAMES.get(category, category))
