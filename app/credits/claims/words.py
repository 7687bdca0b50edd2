"""The sentences about claims and their rules."""

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
    "doubted": _l("平台自动记录，交审核员核实"),
    "awarded": _l("平台自动记录，积分入账"),
}
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
CAP_PERIODS = {"none": _l("不限"), "month": _l("每月"), "quarter": _l("每季度"), "year": _l("每年")}
ORIGINS = {"claim": _l("企业申报"), "platform": _l("平台自动")}
MESSAGES: dict[str, Any] = {
    # what the statement says of it; the title is in both languages
    "memo_claim": _l("%(title)s"),
    "claim_not_found": _l("没有找到该申报。"),
    "claim_state": _l("申报目前的状态不允许此操作。"),
    "claim_refused": _l("申报未能受理。"),
    "evidence_used": _l("证明材料 %(value)s 已用于另一项申报，同一材料只计一次。"),
    "evidence_empty": _l("证明材料“%(value)s”中没有可识别的编号。"),
    "evidence_missing": _l("请至少填写一项该规则要求的证明编号。"),
    "claims_no_rule": _l("没有或不止一条叫“%(value)s”的积分规则，应为规则的名称或代码"),
    "claims_used": _l("“%(value)s”已用于申报 %(number)s"),
    "claims_handed_in": _l("申报 %(number)s 已经提交，不能再从表格改动"),
    "claims_stay": _l("导入时提交的草稿已在审核，不能整批撤销：请逐份撤回。"),
    "proof_missing": _l("请上传扫描件，或填写可公开查询的编号或网址：只凭文字不能证明。"),
    "patent_check_letter": _l("专利号 %(value)s 的校验位不对，应为 %(right)s，请核对。"),
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
    "file_not_found": _l("没有找到该文件。"),
    "disk_full": _l("文件未能保存，请稍后再试。"),
    "claim_submitted_note": _l("%(enterprise)s 提交了申报 %(number)s，请审核。"),
    "claim_appealed_note": _l("申报 %(number)s 提出申诉，请另一位审核员处理。"),
    "claim_approved_note": _l("申报 %(number)s 已通过，获得 %(credits)s 积分。"),
    "claim_returned_note": _l("申报 %(number)s 被退回：%(reason)s"),
    "claim_rejected_note": _l("申报 %(number)s 未通过：%(reason)s"),
    "claim_revoked_note": _l("申报 %(number)s 的认定已撤销：%(reason)s"),
    "claim_doubted_note": _l("%(enterprise)s 的平台记录 %(number)s 有疑点，请核实。"),
    "claim_awarded_note": _l("平台记录“%(title)s”，获得 %(credits)s 积分。"),
}
