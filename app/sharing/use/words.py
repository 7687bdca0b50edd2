"""Names and sentences of use, charges and statements."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.sharing.catalogue.words import BILLING_NAMES

RULE_NAMES = BILLING_NAMES | {
    "late_cancellation": _l("逾期取消"),
    "no_show": _l("未到场"),
    "adjusted": _l("异议调整"),
}


MESSAGES = {
    "usage_needs_hours": _l("请写实际开始和实际结束两个时刻，如 2027-03-01 09:00"),
    "usage_no_booking": _l("没有编号 %(value)s 的预约，或它不是这台仪器、这家单位的"),
    "usage_nothing_booked": _l(
        "“%(value)s”在这个时段没有一年内已开始的预约，请核对仪器名称、单位和时段，或写预约编号"
    ),
    "usage_two_bookings": _l("“%(value)s”在这个时段不止一个预约，请写预约编号"),
    "usage_stays": _l("首次登记的使用已经结算，不能整批撤销：请在各预约的页面更正。"),
    "use_not_now": _l("只能在开始前 15 分钟至结束之间开机使用。"),
    "usage_span": _l("使用结束时间须晚于开始时间，且不超过 31 天。"),
    "usage_ahead": _l("使用尚未发生：结束时间不能晚于现在 %(grace)s 分钟以上。"),
    "usage_far": _l("使用时段与预约时段相差超过两天，请核对。"),
    "dispute_reason": _l("请写明理由。"),
    "adjust_amount": _l("调整后的金额须在 0 与 %(most)s 之间。"),
    "usage_not_found": _l("没有这条使用记录。"),
    "usage_of_booking": _l("这条记录属于预约或已作废；预约的使用请在预约页面更正。"),
    "statement_month": _l("月份应写成 2026-11 的形式。"),
    "payment_reference": _l("请填写转账凭证号，最多 %(most)s 字。"),
    "payments_none": _l("请勾选已到账的款项，一次最多 %(most)s 笔。"),
    "payment_received": _l("预约 %(number)s 的款项已登记到账，或没有要转账的部分。"),
    "payment_open": _l("该款项尚未登记到账。"),
    "payment_not_found": _l("没有找到该款项。"),
    "payments_overdue": _l("有 %(count)s 笔仪器使用费已过付款期限，共 %(yuan)s，请转账。"),
    "amount_negative": _l("金额不能为负。"),
    "award_doubt_applicant": _l("与%(firm)s的申请人相同。"),
    "award_doubt_phone": _l("与%(firm)s的联系电话相同。"),
    "award_doubt_domain": _l("与%(firm)s的邮箱域名相同。"),
    "award_doubt_circle": _l("与%(firm)s互为对方仪器的付费用户。"),
    "booking_charged": _l("使用已结算：“%(resource)s” %(span)s，%(yuan)s。"),
    "booking_disputed": _l("“%(resource)s” %(span)s 的费用有异议，请处理。"),
    "booking_adjusted": _l("费用异议已处理：“%(resource)s” %(span)s，调整为 %(yuan)s。"),
}
