"""The sentences about proposals."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

PROPOSAL_STATES = {
    "proposed": (_l("待复核"), "warn"),
    "approved": (_l("已生效"), "ok"),
    "rejected": (_l("已否决"), "bad"),
}
PROPOSAL_KINDS = {
    "earn_rule": _l("积分规则"),
    "reward": _l("权益"),
    "adjustment": _l("手工调整"),
    "lots": _l("合并转入积分"),
}
MESSAGES: dict[str, Any] = {
    "proposal_not_found": _l("没有找到该提案。"),
    "proposal_decided": _l("该提案已被处理。"),
    "four_eyes": _l("提案人不能复核自己的提案。"),
    "unknown_field": _l("未知字段 %(field)s。"),
    "stock_below_issued": _l("库存不能少于已占用的 %(issued)s 份。"),
    "proposal_note": _l("有一项关于 %(subject)s 的提案等待复核。"),
    "proposal_approved_note": _l("关于 %(subject)s 的提案已生效。"),
    "proposal_rejected_note": _l("关于 %(subject)s 的提案被否决。"),
}
