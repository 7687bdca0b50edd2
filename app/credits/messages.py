"""The sentences of the credits room: refusals, notifications, names of states, kinds and invariants."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

CLAIM_STATES = {
    "draft": (_l("草稿"), ""),
    "submitted": (_l("待审核"), "warn"),
    "returned": (_l("退回补充"), "warn"),
    "approved": (_l("已通过"), "ok"),
    "rejected": (_l("未通过"), "bad"),
    "appealed": (_l("申诉中"), "warn"),
    "revoked": (_l("已撤销"), "bad"),
    "withdrawn": (_l("已撤回"), ""),
}

CLAIM_STEPS = {
    "drafted": _l("创建草稿"),
    "submitted": _l("提交申报"),
    "returned": _l("退回补充材料"),
    "approved": _l("审核通过，积分入账"),
    "rejected": _l("审核未通过"),
    "appealed": _l("提出申诉"),
    "revoked": _l("撤销认定，冲正积分"),
    "withdrawn": _l("撤回申报"),
    "awarded": _l("平台自动记录，积分入账"),
}

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

PROPOSAL_STATES = {
    "proposed": (_l("待复核"), "warn"),
    "approved": (_l("已生效"), "ok"),
    "rejected": (_l("已否决"), "bad"),
}
PROPOSAL_KINDS = {"earn_rule": _l("积分规则"), "reward": _l("权益"), "adjustment": _l("手工调整")}

TRANSFER_KINDS = {
    "earn": _l("获得"),
    "redeem": _l("使用"),
    "expire": _l("到期"),
    "reverse": _l("冲正"),
    "adjust": _l("调整"),
    "recover": _l("追回"),
}
TRANSFER_PHASES = {"single": "", "pending": _l("冻结"), "post": _l("扣除"), "void": _l("解冻")}

EVIDENCE_KINDS = {
    "patent_no": _l("专利号"),
    "event_no": _l("活动编号或名称"),
    "company_no": _l("统一社会信用代码"),
    "standard_no": _l("标准号"),
    "contract_no": _l("合同编号"),
    "certificate_no": _l("证书编号"),
    "platform": _l("平台记录"),
    "url": _l("网址"),
    "other": _l("其他"),
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
CAP_PERIODS = {"none": _l("不限"), "month": _l("每月"), "quarter": _l("每季度"), "year": _l("每年")}
ORIGINS = {"claim": _l("企业申报"), "platform": _l("平台自动")}
FULFILMENTS = {
    "manual": _l("人工兑现"),
    "instrument_voucher": _l("仪器机时券"),
    "introduction": _l("高校对接"),
    "venue": _l("场地分配"),
}
SIZES = {"large": _l("大型"), "medium": _l("中型"), "small": _l("小型"), "micro": _l("微型")}

_INVARIANTS = {
    "accounts": _l("每个账户都是它所属的账户，园区账户不记累计数"),
    "zero_sum": _l("每笔转账及全部分录合计为零"),
    "legs": _l("每笔转账的两条分录齐全且一致"),
    "counters": _l("账户累计数等于分录之和"),
    "never_negative": _l("任何时刻没有账户或批次为负"),
    "sequence": _l("分录序号无缺口，余额逐笔连续"),
    "chain": _l("哈希链完整，并止于账户当前链头"),
    "holds": _l("冻结额等于未了结的冻结，每笔冻结只了结一次"),
    "lots_mirror": _l("批次与产生它的转账一致"),
    "lots_balance": _l("批次计数等于分配记录，批次合计等于余额"),
    "lots_explain": _l("每笔支出都能由批次完全解释"),
    "first_to_expire": _l("历史上每一刻都先用先到期的批次"),
    "expiry": _l("没有提前到期，也没有到期后支出"),
    "reversals": _l("冲正与原转账互为镜像，且只冲正一次"),
    "claims": _l("每笔获得都对应唯一一项申报，经办人与审核人不同"),
    "evidence": _l("同一证明材料只计一次"),
    "redemptions": _l("兑换单状态与其冻结、扣除一致"),
    "stock": _l("库存占用等于兑换单之和，且不超过库存"),
    "periods": _l("已关账月份没有被改动"),
    "issued": _l("发放总额 = 在外余额 + 已兑换 + 已到期 + 调整"),
    "seals": _l("封存记录首尾相接并与账目一致"),
    "guards": _l("防篡改触发器、约束与唯一索引齐全且启用"),
}


def invariant_sentence(code: str) -> str:
    return str(_INVARIANTS[code])


MESSAGES: dict[str, Any] = {
    # the ledger's own refusals
    "insufficient_credits": _l("可用积分不足，请先查看余额与到期情况。"),
    "account_blocked": _l("账户暂不能支出：有被撤销的积分尚待补回，或账户已被冻结。"),
    "venue_date": _l("请按 年-月-日 填写启用日期。"),
    "venue_in_the_past": _l("启用日期不能早于今天。"),
    "venue_too_long": _l("场地使用期限过长。"),
    "venue_count": _l("请填写 %(quantity)s 个不同的场地，用顿号分隔；不填则自动编号。"),
    "venue_taken": _l("%(place)s 在 %(day)s 已分配给他人，请换一处或换个日期。"),
    "no_account": _l("该积分账户不存在。"),
    "period_closed": _l("该月份已关账，不能再记入。"),
    "hold_mismatch": _l("该冻结与要处理的内容不一致。"),
    "hold_expired": _l("该冻结已超过时限。"),
    "hold_resolved": _l("该冻结已处理。"),
    "lot_mismatch": _l("该批次不能到期处理。"),
    "reversal_mismatch": _l("冲正与原转账不一致。"),
    "already_reversed": _l("该转账已被冲正。"),
    "nothing_to_reverse": _l("该批积分已全部到期，无可冲正。"),
    "owed_exceeded": _l("追回额超过欠额。"),
    "append_only": _l("账目只能追加，不能修改或删除。"),
    "only_by_transfer": _l("账目只能通过转账产生。"),
    "transfer_not_found": _l("没有找到该笔转账。"),
    "credits_not_positive": _l("积分数须为非零整数，且在允许范围内。"),
    "account_not_yours": _l("您不能查看该企业的积分账户。"),
    # claims
    "claim_not_found": _l("没有找到该申报。"),
    "claim_state": _l("申报目前的状态不允许此操作。"),
    "claim_refused": _l("申报未能受理。"),
    "evidence_used": _l("证明材料 %(value)s 已用于另一项申报，同一材料只计一次。"),
    "evidence_empty": _l("证明材料“%(value)s”中没有可识别的编号。"),
    "evidence_missing": _l("请至少填写一项该规则要求的证明编号。"),
    "cap_credits": _l("超过该规则的周期上限：上限 %(cap)s 积分，本周期已获得 %(earned)s。"),
    "cap_claims": _l("超过该规则的周期次数：上限 %(cap)s 次，本周期已通过 %(claims)s 次。"),
    "rule_not_found": _l("没有找到积分规则 %(code)s。"),
    "rule_not_in_force": _l("积分规则 %(code)s 在 %(day)s 未生效。"),
    "rule_is_automatic": _l("该规则由平台自动记录，无需申报。"),
    "occurred_in_future": _l("发生日期不能晚于今天。"),
    "only_enterprise_admin": _l("仅企业管理员可以为本企业进行此操作。"),
    "only_reviewer": _l("仅积分审核员可以审核申报。"),
    "reviewer_same_organisation": _l("不能审核本单位的申报。"),
    "reviewer_submitted": _l("不能审核自己提交的申报。"),
    "other_reviewer_needed": _l("申诉须由另一位审核员处理。"),
    "appealed_before": _l("该申报已申诉过一次。"),
    "file_empty": _l("文件是空的。"),
    "file_too_big": _l("文件超过 %(limit)s MB。"),
    "file_type_refused": _l("仅支持 PDF、PNG 或 JPG 文件，按文件内容判断。"),
    "too_many_files": _l("每项申报最多 %(limit)s 个文件。"),
    "picture_type_refused": _l("图片仅支持 PNG、JPG 或 WebP，按文件内容判断。"),
    "picture_not_found": _l("没有找到该图片，请重新上传。"),
    "reward_not_possible": _l("该权益按所填内容无法兑现。"),
    "file_not_found": _l("没有找到该文件。"),
    "disk_full": _l("文件未能保存，请稍后再试。"),
    # rewards and redemptions
    "reward_not_found": _l("没有找到权益 %(code)s。"),
    "reward_not_valid": _l("该权益目前不在有效期内。"),
    "sold_out": _l("库存不足，剩余 %(left)s。"),
    "limit_per_enterprise": _l("每家企业限兑 %(limit)s 份，贵司已有 %(taken)s 份。"),
    "enterprises_only": _l("权益仅面向园区企业。"),
    "size_not_eligible": _l("该权益不面向贵司的企业规模。"),
    "industry_not_eligible": _l("该权益不面向贵司所在行业。"),
    "redemption_refused": _l("兑换未能受理。"),
    "redemption_not_found": _l("没有找到该兑换单。"),
    "redemption_state": _l("兑换单目前的状态不允许此操作。"),
    "quantity_out_of_range": _l("数量须在 1 到 1000 之间。"),
    "only_park_staff": _l("仅园区工作人员可以进行此操作。"),
    "not_your_own_redemption": _l("不能处理本单位的兑换。"),
    # four eyes, closing
    "proposal_not_found": _l("没有找到该提案。"),
    "proposal_decided": _l("该提案已被处理。"),
    "four_eyes": _l("提案人不能复核自己的提案。"),
    "unknown_field": _l("未知字段 %(field)s。"),
    "stock_below_issued": _l("库存不能少于已占用的 %(issued)s 份。"),
    "month_malformed": _l("月份格式应为 2026-11。"),
    "month_not_over": _l("该月份尚未结束。"),
    "month_closed": _l("该月份已关账。"),
    # notifications
    "claim_submitted_note": _l("%(enterprise)s 提交了申报 %(number)s，请审核。"),
    "claim_appealed_note": _l("申报 %(number)s 提出申诉，请另一位审核员处理。"),
    "claim_approved_note": _l("申报 %(number)s 已通过，获得 %(credits)s 积分。"),
    "claim_returned_note": _l("申报 %(number)s 被退回：%(reason)s"),
    "claim_rejected_note": _l("申报 %(number)s 未通过：%(reason)s"),
    "claim_revoked_note": _l("申报 %(number)s 的认定已撤销：%(reason)s"),
    "claim_awarded_note": _l("平台记录“%(title)s”，获得 %(credits)s 积分。"),
    "redemption_requested_note": _l("%(enterprise)s 申请兑换“%(reward)s”（%(number)s）。"),
    "redemption_approved_note": _l("兑换 %(number)s 已批准。"),
    "redemption_fulfilled_note": _l("兑换 %(number)s 已兑现。%(reference)s"),
    "redemption_rejected_note": _l("兑换 %(number)s 未获批准：%(reason)s"),
    "redemption_cancelled_note": _l("兑换 %(number)s 已取消，积分已退回。"),
    "redemption_expired_note": _l("兑换 %(number)s 超过时限，积分已退回。"),
    "credits_expire_note": _l("%(credits)s 积分将于 %(on)s 到期，请及时使用。"),
    "proposal_note": _l("有一项关于 %(subject)s 的提案等待复核。"),
    "proposal_approved_note": _l("关于 %(subject)s 的提案已生效。"),
    "proposal_rejected_note": _l("关于 %(subject)s 的提案被否决。"),
}
