"""How the trail and the lists name things: actions, subjects, devices."""

from __future__ import annotations

import re

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

SUBJECTS = {
    "account": _l("积分账户"),
    "api_token": _l("API 令牌"),
    "appeal": _l("申诉"),
    "base": _l("联合基地"),
    "booking": _l("预约"),
    "chain": _l("产业链"),
    "chain_action": _l("链上行动"),
    "claim": _l("积分申报"),
    "committee": _l("委员会"),
    "committee_meeting": _l("圆桌会议"),
    "committee_seat": _l("委员席位"),
    "credit": _l("积分"),
    "credits": _l("积分"),
    "earn_rule": _l("积分规则"),
    "ecosystem": _l("生态协同"),
    "enterprise": _l("企业"),
    "industry_chain": _l("产业链"),
    "introduction": _l("对接"),
    "invitation": _l("邀请"),
    "joint_base": _l("联合基地"),
    "ledger": _l("积分账本"),
    "licence": _l("专利许可"),
    "maintenance": _l("维护计划"),
    "match": _l("撮合"),
    "meeting": _l("圆桌会议"),
    "member": _l("成员账号"),
    "need": _l("需求"),
    "offer": _l("供给"),
    "organisation": _l("机构"),
    "outage": _l("停机"),
    "outcome": _l("成效"),
    "pack": _l("服务包"),
    "pack_item": _l("服务包内容"),
    "park": _l("园区"),
    "password": _l("密码"),
    "period": _l("会计期间"),
    "placement": _l("人才派驻"),
    "policy": _l("规则"),
    "position": _l("企业在链位置"),
    "post": _l("需求与供给"),
    "project": _l("转化项目"),
    "proposal": _l("积分提案"),
    "prospect": _l("拟引进企业"),
    "redemption": _l("兑换"),
    "reset": _l("重置链接"),
    "resolution": _l("决议"),
    "resource": _l("共享资源"),
    "reward": _l("权益"),
    "rule": _l("规则"),
    "schedule": _l("排期"),
    "schedule_run": _l("排期"),
    "seal": _l("账本封存"),
    "secret_link": _l("一次性链接"),
    "segment": _l("产业链环节"),
    "service_pack": _l("服务包"),
    "session": _l("登录会话"),
    "settlement": _l("结算"),
    "sharing": _l("资源共享"),
    "sign_in": _l("登录"),
    "sign_out": _l("退出"),
    "signal": _l("信号"),
    "supply": _l("供货关系"),
    "supply_link": _l("供货关系"),
    "token": _l("令牌"),
    "transfer": _l("积分转账"),
    "transfer_project": _l("转化项目"),
    "usage": _l("使用记录"),
    "vote": _l("表决"),
    "waitlist": _l("候补"),
}

VERBS = {
    "accepted": _l("已接受"),
    "action_created": _l("建立行动"),
    "action_moved": _l("推进行动"),
    "action_relieved": _l("缓解短板"),
    "activated": _l("已恢复"),
    "active": _l("已获准入驻"),
    "adjusted": _l("已调整"),
    "adjustment": _l("人工调整"),
    "agreed": _l("达成一致"),
    "answered": _l("已答复"),
    "appealed": _l("已申诉"),
    "approved": _l("已批准"),
    "asked_person": _l("已征求本人意见"),
    "awarded": _l("已发放"),
    "built": _l("已编制"),
    "called": _l("已召集"),
    "cancelled": _l("已取消"),
    "cast": _l("已投票"),
    "changed": _l("已修改"),
    "confirmed": _l("已确认"),
    "contacted": _l("已联系"),
    "correction_proposed": _l("提出更正"),
    "created": _l("已建立"),
    "deactivated": _l("已停用"),
    "declared": _l("已登记"),
    "declined": _l("已婉拒"),
    "deleted": _l("已删除"),
    "delivering": _l("执行中"),
    "discarded": _l("已作废"),
    "disputed": _l("提出异议"),
    "done": _l("已完成"),
    "drafted": _l("已起草"),
    "dropped": _l("已放弃"),
    "earn_rule": _l("积分规则"),
    "ended": _l("已结束"),
    "everywhere": _l("全部设备"),
    "exception": _l("例外放行"),
    "expired": _l("已过期"),
    "file_attached": _l("附加材料"),
    "founded": _l("已成立"),
    "fulfilled": _l("已兑现"),
    "granted": _l("已授予"),
    "held": _l("已召开"),
    "import_undone": _l("撤销导入"),
    "imported": _l("已导入"),
    "landed": _l("已落地"),
    "listed": _l("已上架"),
    "logged": _l("已登记"),
    "lost": _l("未成"),
    "made": _l("已形成"),
    "match": _l("撮合"),
    "match_agreed": _l("供需达成一致"),
    "match_asked": _l("发出撮合邀请"),
    "match_declined": _l("婉拒撮合"),
    "met": _l("已会面"),
    "month_closed": _l("月结"),
    "moved": _l("已改期"),
    "negotiating": _l("洽谈中"),
    "opened": _l("已开启"),
    "other": _l("其他设备"),
    "overridden": _l("越权放行"),
    "pilot": _l("进入中试"),
    "plan": _l("排期方案"),
    "planned": _l("已计划"),
    "policy_set": _l("设定规则"),
    "production": _l("进入量产"),
    "proposed": _l("已提议"),
    "prospect_created": _l("登记拟引进企业"),
    "prospect_moved": _l("推进拟引进企业"),
    "prospect_planned": _l("规划拟引进企业"),
    "published": _l("已发布"),
    "recorded": _l("已记录"),
    "refused": _l("失败"),
    "registered": _l("申请入驻"),
    "rejected": _l("已拒绝"),
    "requested": _l("已申请"),
    "research": _l("进入研究"),
    "reset": _l("已重置"),
    "returned": _l("已退回"),
    "revoked": _l("已撤销"),
    "reward": _l("权益"),
    "roles": _l("调整角色"),
    "satisfied": _l("已满足"),
    "scenario_deleted": _l("删除情景"),
    "scenario_saved": _l("保存情景"),
    "sealed": _l("已封存"),
    "seated": _l("就任"),
    "settled": _l("已结清"),
    "shared": _l("已共享"),
    "signed": _l("已签约"),
    "stalled": _l("停滞"),
    "started": _l("已启动"),
    "submitted": _l("已提交"),
    "suspended": _l("已暂停"),
    "terminated": _l("已终止"),
    "unseated": _l("离任"),
    "updated": _l("已更新"),
    "verified": _l("已核实"),
    "visited": _l("已走访"),
    "wanted": _l("表达意向"),
    "withdrawn": _l("已撤回"),
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
