"""The sentences of upkeep: prices, units, qualifications, and the park's terms."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "rate_unknown": _l("没有找到该分时价格。"),
    "rate_group": _l("未知的会员类别。"),
    "rate_many": _l("一台设备最多设 %(most)s 条分时价格。"),
    "unit_many": _l("一台设备最多设 %(most)s 个台位。"),
    "unit_unknown": _l("没有找到该台位。"),
    "unit_booked": _l("台位“%(label)s”还有 %(count)s 个未结束的预约，请先改期或取消。"),
    "unit_last": _l("至少保留一个可用台位；要停止共享，请下架该设备。"),
    "exception_unknown": _l("没有找到该特别开放时间。"),
    "qualification_unknown": _l("没有找到该资质。"),
    "qualification_code": _l("资质代码为 2 至 30 个字母、数字、连字符或下划线。"),
    "qualification_taken": _l("资质代码“%(code)s”已存在。"),
    "qualification_not_yours": _l("只有设立该资质的单位与园区管理员可以授予或撤销。"),
    "qualification_until": _l("有效期须在今天与十年之内。"),
    "qualification_member": _l("没有找到单位“%(organisation)s”的会员“%(login)s”。"),
    "terms_out_of_range": _l("条款超出允许的范围：%(field)s。"),
    "holiday_name": _l("请填写节假日名称。"),
    "holiday_unknown": _l("没有找到该节假日。"),
    "suspension_unknown": _l("没有找到该暂停，或已解除。"),
    # notifications
    "qualification_granted": _l("您已获得操作资质“%(name)s”。"),
    "qualification_revoked": _l("您的操作资质“%(name)s”已被撤销。"),
    "suspension_lifted": _l("您的预约资格已恢复。"),
}
