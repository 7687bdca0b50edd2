"""Sentences of the park's own terms."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "days_say_nothing": _l("“照常”而仪器也不停用，这一行什么也没有说：请写放假、补班，或在“仪器停用”填“是”"),
    "days_backwards": _l("结束日期不能早于开始日期，一次最多 %(most)s 天。"),
    "sharing_park_only": _l("只有园区管理员可以进行此操作。"),
    "terms_out_of_range": _l("条款超出允许的范围：%(field)s。"),
    "holiday_name": _l("请填写节假日名称。"),
    "holiday_unknown": _l("没有找到该节假日。"),
    "suspension_unknown": _l("没有找到该暂停，或已解除。"),
    "suspension_lifted": _l("您的预约资格已恢复。"),
}
