"""Names and sentences of licences and placements."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

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


MESSAGES = {
    "licence_terms": _l("请填写用途，期限为 1 至 240 个月。"),
    "licence_own": _l("这是本单位自己的资源。"),
    "licence_withdrawn": _l("该专利已从资源池撤回，不再接受新的许可申请；已授予的许可继续有效。"),
    "licence_patent_expired": _l("该专利已到期。"),
    "licence_running": _l("贵单位已有进行中的申请或有效许可。"),
    "licence_exclusive": _l("该专利已独家许可给其他单位。"),
    "licence_not_found": _l("没有找到该许可。"),
    "placement_terms": _l("请填写用途与起止日期，天数须在 1 与总天数之间。"),
    "placement_not_found": _l("没有找到该人才合作，链接可能已失效。"),
    "licence_asked": _l("专利“%(resource)s”收到许可申请。"),
    "licence_granted": _l("专利“%(resource)s”的许可已授予。"),
    "licence_rejected": _l("专利“%(resource)s”的许可申请被拒绝。"),
    "placement_asked": _l("人才“%(resource)s”收到合作申请，请征求本人意见。"),
    "placement_link_by_hand": _l("%(by)s取得了“%(resource)s”本人确认链接：邮件送不到本人，由其转交。"),
    "placement_consented": _l("人才“%(resource)s”本人已同意合作。"),
    "placement_declined": _l("人才“%(resource)s”本人未同意合作。"),
    "placement_advanced": _l("人才“%(resource)s”的合作有进展。"),
}
