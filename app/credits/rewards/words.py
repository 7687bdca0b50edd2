"""The sentences about rewards and redemptions."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

REDEMPTION_STATES = {
    "requested": (_l("待审批"), "warn"),
    "approved": (_l("待兑现"), "pri"),
    "fulfilled": (_l("已兑现"), "ok"),
    "rejected": (_l("未批准"), "bad"),
    "cancelled": (_l("已取消"), ""),
    "expired": (_l("已超时"), "bad"),
}
REDEMPTION_STEPS = {
    "requested": _l("提交兑换，积分与库存已冻结"),
    "approved": _l("批准兑换"),
    "fulfilled": _l("完成兑现，积分已扣除"),
    "rejected": _l("未批准，积分已退回"),
    "cancelled": _l("取消兑换，积分已退回"),
    "expired": _l("超过时限，积分已退回"),
}
CATEGORIES = {
    "space": _l("空间与场地"),
    "university": _l("高校与专家"),
    "testing": _l("检测认证"),
    "digital": _l("数字资源"),
    "market": _l("市场拓展"),
    "policy": _l("政策服务"),
    "talent": _l("人才服务"),
}
SIZES = {"large": _l("大型"), "medium": _l("中型"), "small": _l("小型"), "micro": _l("微型")}
MESSAGES: dict[str, Any] = {
    # what the statement says of it; the title is in both languages
    "memo_reward": _l("%(title)s"),
    "reward_kind_unknown": _l("没有「%(kind)s」这种兑现方式。"),
    "venue_date": _l("请按 年-月-日 填写启用日期。"),
    "venue_in_the_past": _l("启用日期不能早于今天。"),
    "venue_too_long": _l("场地使用期限过长。"),
    "venue_count": _l("请填写 %(quantity)s 个不同的场地，用顿号分隔；不填则自动编号。"),
    "venue_taken": _l("%(place)s 在 %(day)s 已分配给他人，请换一处或换个日期。"),
    "picture_type_refused": _l("图片仅支持 PNG、JPG 或 WebP，按文件内容判断。"),
    "picture_not_found": _l("没有找到该图片，请重新上传。"),
    "reward_not_possible": _l("该权益按所填内容无法兑现。"),
    "reward_not_found": _l("没有找到权益 %(code)s。"),
    "reward_not_valid": _l("该权益目前不在有效期内。"),
    "sold_out": _l("库存不足，剩余 %(left)s。"),
    "limit_per_enterprise": _l("每家企业限兑 %(limit)s 份，贵单位已有 %(taken)s 份。"),
    "enterprises_only": _l("权益仅面向园区企业。"),
    "size_not_eligible": _l("该权益不面向贵单位的企业规模。"),
    "industry_not_eligible": _l("该权益不面向贵单位所在行业。"),
    "redemption_refused": _l("兑换未能受理。"),
    "redemption_not_found": _l("没有找到该兑换单。"),
    "redemption_state": _l("兑换单目前的状态不允许此操作。"),
    "quantity_out_of_range": _l("数量须在 1 到 1000 之间。"),
    "only_park_staff": _l("仅园区工作人员可以进行此操作。"),
    "not_your_own_redemption": _l("不能处理本单位的兑换。"),
    "redemption_requested_note": _l("%(enterprise)s 申请兑换“%(reward)s”（%(number)s）。"),
    "redemption_approved_note": _l("兑换 %(number)s 已批准。"),
    "redemption_fulfilled_note": _l("兑换 %(number)s 已兑现。%(reference)s"),
    "redemption_rejected_note": _l("兑换 %(number)s 未获批准：%(reason)s"),
    "redemption_cancelled_note": _l("兑换 %(number)s 已取消，积分已退回。"),
    "redemption_expired_note": _l("兑换 %(number)s 超过时限，积分已退回。"),
}
