"""Names and sentences of outages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

OUTAGE_NAMES = {
    "repair": _l("维修"),
    "maintenance": _l("计划维护"),
    "calibration": _l("校准"),
    "other": _l("其他"),
}


MESSAGES = {
    "outage_not_found": _l("没有找到该停机记录。"),
    "outage_span": _l("停机结束时间须晚于开始时间，且不超过一年。"),
    "outage_kind": _l("请选择停机类型。"),
    "outage_over": _l("该停机已结束。"),
    "outage_kept_elsewhere": _l("该停机由维保工单登记，完成或跳过工单后自动解除。"),
}
