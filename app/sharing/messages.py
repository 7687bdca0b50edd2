"""The sentences of the sharing room: refusals, reasons, notifications, names of states and kinds."""

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
STATE_NAMES = {
    "requested": _l("待审批"),
    "confirmed": _l("已确认"),
    "in_use": _l("使用中"),
    "completed": _l("已完成"),
    "settled": _l("已结算"),
    "rejected": _l("已拒绝"),
    "expired": _l("已失效"),
    "cancelled": _l("已取消"),
    "no_show": _l("未到场"),
    "disputed": _l("有异议"),
    "adjusted": _l("已调整"),
}
STATE_TONES = {
    "requested": "warn",
    "confirmed": "pri",
    "in_use": "pri",
    "completed": "ok",
    "settled": "ok",
    "no_show": "bad",
    "disputed": "bad",
    "rejected": "",
    "expired": "",
    "cancelled": "",
    "adjusted": "warn",
}
WAITLIST_NAMES = {
    "waiting": _l("排队中"),
    "offered": _l("待您确认"),
    "taken": _l("已接受"),
    "lapsed": _l("已结束"),
}
BILLING_NAMES = {
    "booked": _l("按预约时长"),
    "used": _l("按实际使用"),
    "greater": _l("按预约与使用中较长者"),
    "union": _l("预约与使用时段合并计费"),
}
RULE_NAMES = BILLING_NAMES | {
    "late_cancellation": _l("逾期取消"),
    "no_show": _l("未到场"),
    "adjusted": _l("异议调整"),
}
APPROVAL_NAMES = {"automatic": _l("自动确认"), "owner": _l("所有者审批")}
OUTAGE_NAMES = {
    "repair": _l("维修"),
    "maintenance": _l("计划维护"),
    "calibration": _l("校准"),
    "other": _l("其他"),
}
LICENCE_NAMES = {
    "requested": _l("待审批"),
    "granted": _l("有效"),
    "rejected": _l("已拒绝"),
    "expired": _l("已到期"),
    "terminated": _l("已终止"),
}
PLACEMENT_NAMES = {
    "requested": _l("待本人同意"),
    "employee_consented": _l("本人已同意"),
    "agreed": _l("已达成"),
    "active": _l("进行中"),
    "ended": _l("已结束"),
}
BASIS_NAMES = {
    "once": _l("一次性"),
    "yearly": _l("每年"),
    "per_unit": _l("每件产品"),
    "share": _l("收益分成"),
}
REASON_NAMES = {
    "withdrawn": _l("已下架"),
    "closed": _l("未开放"),
    "outage": _l("停机"),
    "taken": _l("已占用"),
    "too_short": _l("过短"),
    "too_long": _l("过长"),
    "too_late": _l("过晚"),
    "too_early": _l("过早"),
    "off_step": _l("不合步长"),
    "not_qualified": _l("无资质"),
    "internal_first": _l("未对外"),
    "quota": _l("超额度"),
    "suspended": _l("被暂停"),
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
    # why a wish cannot be booked (codes of the contract, and three more)
    "booking_refused": _l("该时段无法预约。"),
    "withdrawn": _l("该资源已下架或不可预约。"),
    "closed": _l("%(spans)s 不在开放时间内。"),
    "outage": _l("%(spans)s 设备停机。"),
    "taken": _l("%(spans)s 已被占用（含前后缓冲时间）。"),
    "too_short": _l("预约时长 %(minutes)s 分钟，短于最短 %(shortest)s 分钟。"),
    "too_long": _l("预约时长 %(minutes)s 分钟，超过最长 %(longest)s 分钟。"),
    "too_late": _l("开始时间过近，最早可约 %(earliest)s。"),
    "too_early": _l("开始时间过远，最晚可约 %(latest)s。"),
    "off_step": _l("开始时间与时长须为 %(step)s 分钟的整数倍。"),
    "not_qualified": _l("需要有效的操作资质：%(qualification)s。"),
    "internal_first": _l("该资源自 %(since)s 起对外开放，此前仅供所有者使用。"),
    "quota": _l("本周额度 %(quota)s 小时，已用 %(used)s 小时，剩余 %(left)s 小时。"),
    "suspended": _l("您的预约资格暂停至 %(until)s。"),
    # other refusals
    "interval_empty": _l("结束时间须晚于开始时间。"),
    "booking_span": _l("结束时间须晚于开始时间。"),
    "booking_not_found": _l("没有找到该预约。"),
    "booking_not_yours": _l("只有预约人或其单位管理员可以进行此操作。"),
    "resource_not_found": _l("没有找到该资源。"),
    "resource_not_listed": _l("该资源已下架或不可预约。"),
    "unit_not_found": _l("没有找到该台设备。"),
    "outage_not_found": _l("没有找到该停机记录。"),
    "waitlist_not_found": _l("没有找到该候补记录。"),
    "feed_not_found": _l("没有找到该日历订阅。"),
    "sharing_owner_only": _l("只有资源所有单位的管理员或设备管理员可以进行此操作。"),
    "sharing_park_only": _l("只有园区管理员可以进行此操作。"),
    "sharing_reader_only": _l("审计员只能查看，不能修改。"),
    "sharing_transition": _l("当前状态（%(state)s）不允许此操作。"),
    "request_expired": _l("该申请已超过审批期限。"),
    "offer_lapsed": _l("该候补名额已超过确认期限。"),
    "use_not_now": _l("只能在开始前 15 分钟至结束之间开机使用。"),
    "purpose_too_long": _l("用途说明最多 %(most)s 字。"),
    "usage_span": _l("使用结束时间须晚于开始时间，且不超过 31 天。"),
    "usage_far": _l("使用时段与预约时段相差超过两天，请核对。"),
    "dispute_reason": _l("请写明理由。"),
    "adjust_amount": _l("调整后的金额须在 0 与 %(most)s 之间。"),
    "outage_span": _l("停机结束时间须晚于开始时间，且不超过一年。"),
    "outage_kind": _l("请选择停机类型。"),
    "outage_over": _l("该停机已结束。"),
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
    "patent_number": _l("请填写专利号。"),
    "patent_listed": _l("专利 %(number)s 已在资源池中。"),
    "unit_label_taken": _l("编号“%(label)s”为空或已存在。"),
    "statement_month": _l("月份应写成 2026-11 的形式。"),
    "amount_negative": _l("金额不能为负。"),
    "waitlist_length": _l("候补时长须为 %(step)s 分钟的整数倍，且在 %(shortest)s 至 %(longest)s 分钟之间。"),
    "waitlist_over": _l("候补时段已过。"),
    "waitlist_barred": _l("您目前不能预约该资源（资质、暂停或未对外开放）。"),
    "licence_terms": _l("请填写用途，期限为 1 至 240 个月。"),
    "licence_own": _l("这是本单位自己的资源。"),
    "licence_withdrawn": _l("该专利已从资源池撤回，不再接受新的许可申请；已授予的许可继续有效。"),
    "licence_patent_expired": _l("该专利已到期。"),
    "licence_running": _l("贵单位已有进行中的申请或有效许可。"),
    "licence_exclusive": _l("该专利已独家许可给其他单位。"),
    "licence_not_found": _l("没有找到该许可。"),
    "placement_terms": _l("请填写用途与起止日期，天数须在 1 与总天数之间。"),
    "placement_not_found": _l("没有找到该人才合作，链接可能已失效。"),
    # notifications
    "licence_asked": _l("专利“%(resource)s”收到许可申请。"),
    "licence_granted": _l("专利“%(resource)s”的许可已授予。"),
    "licence_rejected": _l("专利“%(resource)s”的许可申请被拒绝。"),
    "placement_asked": _l("人才“%(resource)s”收到合作申请，请征求本人意见。"),
    "placement_consented": _l("人才“%(resource)s”本人已同意合作。"),
    "placement_declined": _l("人才“%(resource)s”本人未同意合作。"),
    "placement_advanced": _l("人才“%(resource)s”的合作有进展。"),
    "booking_asked": _l("“%(resource)s”有新的预约申请：%(span)s。"),
    "booking_approved": _l("您的预约已获批准：“%(resource)s” %(span)s。"),
    "booking_rejected": _l("您的预约被拒绝：“%(resource)s” %(span)s。%(reason)s"),
    "booking_expired": _l("您的预约申请无人答复，已失效：“%(resource)s” %(span)s。"),
    "booking_cancelled": _l("所有者取消了您的预约（免费）：“%(resource)s” %(span)s。%(reason)s"),
    "booking_hit_by_outage": _l(
        "设备停机，您的预约已免费取消：“%(resource)s” %(span)s。%(reason)s 打开查看可替代的时段。"
    ),
    "booking_charged": _l("使用已结算：“%(resource)s” %(span)s，%(yuan)s。"),
    "booking_disputed": _l("“%(resource)s” %(span)s 的费用有异议，请处理。"),
    "booking_adjusted": _l("费用异议已处理：“%(resource)s” %(span)s，调整为 %(yuan)s。"),
    "booking_no_show": _l("您未按时使用“%(resource)s” %(span)s，已记为未到场。"),
    "waitlist_offered": _l("候补成功：“%(resource)s” %(span)s，请在 %(until)s 前确认。"),
}
