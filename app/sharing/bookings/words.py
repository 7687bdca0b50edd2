"""Names and sentences of bookings and the waiting list."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

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


MESSAGES = {
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
    "internal_first": _l("该资源自 %(since)s 起对园区以外的单位开放，此前仅供园区企业使用。"),
    "quota": _l("本周额度 %(quota)s 小时，已用 %(used)s 小时，剩余 %(left)s 小时。"),
    "suspended": _l("您的预约资格暂停至 %(until)s。"),
    "interval_empty": _l("结束时间须晚于开始时间。"),
    "booking_span": _l("结束时间须晚于开始时间。"),
    "booking_not_found": _l("没有找到该预约。"),
    "booking_not_yours": _l("只有预约人或其单位管理员可以进行此操作。"),
    "waitlist_not_found": _l("没有找到该候补记录。"),
    "feed_not_found": _l("没有找到该日历订阅。"),
    "sharing_owner_only": _l("只有资源所有单位的管理员或设备管理员可以进行此操作。"),
    "sharing_reader_only": _l("审计员只能查看，不能修改。"),
    "sharing_transition": _l("当前状态（%(state)s）不允许此操作。"),
    "request_expired": _l("该申请已超过审批期限。"),
    "offer_lapsed": _l("该候补名额已超过确认期限。"),
    "purpose_too_long": _l("用途说明最多 %(most)s 字。"),
    "series_length": _l("连续周数须在 2 与 %(most)s 之间。"),
    "series_misfits": _l("%(weeks)s 个日期中有 %(count)s 个不能预约，未预约任何一个。"),
    "waitlist_length": _l("候补时长须为 %(step)s 分钟的整数倍，且在 %(shortest)s 至 %(longest)s 分钟之间。"),
    "waitlist_many": _l("贵单位对该资源已有 %(most)s 项候补，请先取消不再需要的。"),
    "waitlist_over": _l("候补时段已过。"),
    "waitlist_barred": _l("您目前不能预约该资源（资质、暂停或未对外开放）。"),
    "booking_asked": _l("“%(resource)s”有新的预约申请：%(span)s。"),
    "booking_approved": _l("您的预约已获批准：“%(resource)s” %(span)s。"),
    "booking_rejected": _l("您的预约被拒绝：“%(resource)s” %(span)s。%(reason)s"),
    "booking_expired": _l("您的预约申请无人答复，已失效：“%(resource)s” %(span)s。"),
    "booking_cancelled": _l("所有者取消了您的预约（免费）：“%(resource)s” %(span)s。%(reason)s"),
    "booking_hit_by_outage": _l(
        "设备停机，您的预约已免费取消：“%(resource)s” %(span)s。%(reason)s 打开查看可替代的时段。"
    ),
    "booking_no_show": _l("您未按时使用“%(resource)s” %(span)s，已记为未到场。"),
    "booking_absent": _l(
        "“%(resource)s” %(span)s 开始后无人开机，已记为未到场；余下时段已释放，他人使用的部分不向您收费。"
    ),
    "extension_span": _l("新的结束时间须晚于原来的结束时间。"),
    "extension_not_now": _l("只有正在进行的预约可以延长；尚未开始的请改期。"),
    "extension_owner": _l("这台仪器的预约由所有者审批，请联系所有者延长。"),
    "series_rhythm": _l("请选择至少一个重复日，日期总数须在 2 与 %(most)s 之间。"),
    "series_not_found": _l("没有找到该重复预约。"),
    "series_nothing": _l("从这一天起没有可以取消或改期的预约。"),
    "series_move_misfits": _l("%(count)s 个日期不能改到新时间，未改动任何一个。"),
    "waitlist_offered": _l("候补成功：“%(resource)s” %(span)s，请在 %(until)s 前确认。"),
}
