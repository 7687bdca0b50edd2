"""How the trail and the lists name things: actions, subjects, devices."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

SUBJECTS = {
    "account": _l("积分账户"),
    "api_token": _l("API 令牌"),
    "appeal": _l("申诉"),
    "booking": _l("预约"),
    "chain": _l("产业链"),
    "chain_action": _l("链上行动"),
    "claim": _l("积分申报"),
    "committee": _l("委员会"),
    "credit": _l("积分"),
    "credits": _l("积分"),
    "earn_rule": _l("积分规则"),
    "ecosystem": _l("生态协同"),
    "enterprise": _l("企业"),
    "introduction": _l("对接"),
    "invitation": _l("邀请"),
    "licence": _l("专利许可"),
    "match": _l("撮合"),
    "meeting": _l("圆桌会议"),
    "member": _l("成员"),
    "need": _l("需求"),
    "offer": _l("供给"),
    "organisation": _l("机构"),
    "outage": _l("停机"),
    "outcome": _l("成效"),
    "password": _l("密码"),
    "placement": _l("人才派驻"),
    "policy": _l("规则"),
    "position": _l("企业在链位置"),
    "post": _l("需求与供给"),
    "project": _l("转化项目"),
    "prospect": _l("拟引进企业"),
    "redemption": _l("兑换"),
    "reset": _l("重置链接"),
    "resolution": _l("决议"),
    "resource": _l("共享资源"),
    "reward": _l("权益"),
    "rule": _l("规则"),
    "schedule": _l("排期"),
    "schedule_run": _l("排期"),
    "secret_link": _l("一次性链接"),
    "segment": _l("产业链环节"),
    "service_pack": _l("服务包"),
    "session": _l("登录会话"),
    "settlement": _l("结算"),
    "sign_in": _l("登录"),
    "sign_out": _l("退出"),
    "signal": _l("信号"),
    "supply": _l("供货关系"),
    "supply_link": _l("供货关系"),
    "token": _l("令牌"),
    "transfer": _l("积分转账"),
    "transfer_project": _l("转化项目"),
    "usage": _l("使用记录"),
    "waitlist": _l("候补"),
}

VERBS = {
    "accepted": _l("接受"),
    "activated": _l("恢复"),
    "active": _l("获准入驻"),
    "adjusted": _l("调整"),
    "agreed": _l("达成一致"),
    "appealed": _l("申诉"),
    "approved": _l("批准"),
    "cancelled": _l("取消"),
    "changed": _l("修改"),
    "confirmed": _l("确认"),
    "contacted": _l("已联系"),
    "created": _l("建立"),
    "deactivated": _l("停用"),
    "declared": _l("登记"),
    "declined": _l("婉拒"),
    "deleted": _l("删除"),
    "delivering": _l("执行中"),
    "discarded": _l("作废"),
    "disputed": _l("提出异议"),
    "done": _l("完成"),
    "dropped": _l("放弃"),
    "everywhere": _l("全部设备"),
    "exception": _l("例外"),
    "expired": _l("过期"),
    "fulfilled": _l("兑现"),
    "granted": _l("授予"),
    "imported": _l("导入"),
    "landed": _l("落地"),
    "listed": _l("上架"),
    "logged": _l("登记"),
    "lost": _l("未成"),
    "met": _l("已会面"),
    "moved": _l("改期"),
    "negotiating": _l("洽谈中"),
    "opened": _l("开启"),
    "other": _l("其他设备"),
    "overridden": _l("越权放行"),
    "policy_set": _l("设定规则"),
    "proposed": _l("提议"),
    "published": _l("发布"),
    "recorded": _l("记录"),
    "refused": _l("失败"),
    "registered": _l("登记"),
    "rejected": _l("拒绝"),
    "reset": _l("重置"),
    "returned": _l("退回"),
    "revoked": _l("撤销"),
    "roles": _l("调整角色"),
    "satisfied": _l("已满足"),
    "settled": _l("结清"),
    "signed": _l("已签约"),
    "stalled": _l("停滞"),
    "submitted": _l("提交"),
    "terminated": _l("终止"),
    "updated": _l("更新"),
    "verified": _l("核实"),
    "visited": _l("已走访"),
    "withdrawn": _l("撤回"),
}

SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
    ("Windows", "Windows"), ("Mac OS X", "macOS"), ("Linux", "Linux"),
)  # fmt: skip
BROWSERS = (
    ("MicroMessenger", "WeChat"), ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip


def subject_name(kind: str) -> str:
    """The kind of thing an event is about; unknown kinds keep their code."""
    return str(SUBJECTS.get(kind, kind))


def action_name(action: str) -> str:
    """`booking.approved` as 预约 · 批准; what has no name yet keeps its code."""
    subject, _dot, verb = action.partition(".")
    if not verb:
        return subject_name(subject)
    return _("%(subject)s · %(verb)s", subject=subject_name(subject), verb=str(VERBS.get(verb, verb)))


def device(user_agent: str) -> str:
    """A browser as its owner would call it, from what it says of itself.

    >>> device("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36")
    'Chrome · Windows'
    >>> device("curl/8.5.0"), device("")
    ('curl/8.5.0', '')
    """
    found = [next((name for mark, name in marks if mark in user_agent), "") for marks in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, found)) or re.split(r"[ (]", user_agent)[0][:40]
