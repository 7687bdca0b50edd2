"""What facts, changes, joinings and leavings are called, and the refusals about them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

FIELD_NAMES = {
    "name_zh": _l("名称"),
    "name_en": _l("英文名称"),
    "short_name": _l("简称"),
    "credit_code": _l("统一社会信用代码"),
    "industry": _l("所属行业"),
    "industry_code": _l("国民经济行业（GB/T 4754）"),
    "size": _l("企业规模"),
    "building": _l("楼栋"),
    "room": _l("房间"),
    "contact": _l("联系人"),
    "contact_phone": _l("联系电话"),
    "contact_email": _l("联系邮箱"),
    "website": _l("网址"),
    "tax_title": _l("开票抬头"),
    "registered_on": _l("注册日期"),
    "leaves_on": _l("退园日期"),
}
STATE_NAMES = {
    "waits": _l("待园区确认"),
    "in_force": _l("已生效"),
    "refused": _l("已退回"),
    "withdrawn": _l("已被新的修改取代"),
}
WHY_NAMES = {
    "ledger": _l("积分账本不改写：账户冻结，剩余积分经两人复核转入"),
    "audit": _l("审计记录不改写"),
    "signed": _l("已确认的成效不改写"),
    "room": _l("由产业链合并两家的位置与供货关系"),
    "derived": _l("由系统重新计算"),
    "history": _l("历史留在原处"),
    "state": _l("已有结论的留在原处"),
    "twin": _l("对方已有相同的一条，留在原处"),
}
MESSAGES = {
    "facts_wrong": _l("有信息需要修改，请检查。"),
    "fact_unknown": _l("没有这一项信息。"),
    "fact_too_long": _l("内容太长，请缩短。"),
    "fact_not_in_list": _l("请从列表中选择。"),
    "fact_website": _l("网址须以 http:// 或 https:// 开头。"),
    "fact_not_a_day": _l("日期格式应为 2026-01-31。"),
    "credit_code_elsewhere": _l("该统一社会信用代码属于%(name)s（%(code)s），若是同一家请合并。"),
    "change_not_found": _l("没有找到这项修改。"),
    "change_decided": _l("这项修改已被处理。"),
    "fact_change_waits": _l("%(name)s 修改了名称、规模或行业等信息，请确认。"),
    "fact_change_in_force": _l("园区已确认贵单位的信息修改。"),
    "fact_change_refused": _l("园区退回了贵单位的信息修改：%(reason)s"),
    "join_refused": _l("这两家机构不能合并。"),
    "join_itself": _l("不能与自己合并。"),
    "join_kinds": _l("只有同一类型的机构可以合并，园区不能合并。"),
    "join_source": _l("该机构已合并、被拒绝或正在退园，不能再并入别家。"),
    "join_target": _l("并入的机构须是正常使用的机构。"),
    "join_two_codes": _l("两家的统一社会信用代码不同，不是同一家。"),
    "join_not_found": _l("没有找到这次合并。"),
    "join_undone_already": _l("这次合并已经撤销。"),
    "leaving_refused": _l("退园申请需要修改。"),
    "leaving_day": _l("最后一天须在明天之后、两年之内。"),
    "leaving_not_here": _l("该机构不在园，无需退园。"),
    "leaving_not_leaving": _l("该机构没有在退园。"),
    "leaving_asked": _l("%(name)s 申请于 %(day)s 退园，请确认。"),
    "leaving_agreed": _l("园区已同意：贵单位的最后一天是 %(day)s。"),
    "leaving_done": _l("%(name)s 已退园，其在链位置今天结束。"),
}
