"""The sentences of the ledger: kinds of transfers, invariants, refusals."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

TRANSFER_KINDS = {
    "earn": _l("获得"),
    "redeem": _l("使用"),
    "expire": _l("到期"),
    "reverse": _l("冲正"),
    "adjust": _l("调整"),
    "recover": _l("追回"),
}
TRANSFER_PHASES = {"single": "", "pending": _l("冻结"), "post": _l("扣除"), "void": _l("解冻")}
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
    "kept_months": _l("按月合计等于分录之和"),
    "grounds": _l("规则、申报、证明、权益、兑换、提案、结算与操作日志均与其存证一致，每笔转账都有依据"),
    "files": _l("证明材料与图片文件的内容与登记的摘要一致"),
    "clock": _l("没有记在未来的转账"),
    "seals": _l("封存记录首尾相接并与账目一致"),
    "guards": _l("防篡改触发器与函数内容未变，约束与唯一索引齐全且启用"),
}


def invariant_sentence(code: str) -> str:
    return str(_INVARIANTS[code])


MESSAGES: dict[str, Any] = {
    # what other rooms pay with credits, as the statement says it
    "memo_booking": _l("仪器预约 %(number)s"),
    "reference_introduction": _l("对接 #%(number)s"),
    "insufficient_credits": _l("可用积分不足，请先查看余额与到期情况。"),
    "account_blocked": _l("账户暂不能支出：有被撤销的积分尚待补回，或账户已被冻结。"),
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
    "month_malformed": _l("月份格式应为 2026-11。"),
    "month_not_over": _l("该月份尚未结束。"),
    "month_closed": _l("该月份已关账。"),
    "seal_not_found": _l("没有找到该封存记录。"),
    "seal_not_read": _l("“%(kept)s”不是封存哈希，也不是含有封存哈希的文件。"),
    "seal_letter": _l(
        "账本已封存（第 %(number)s 次）：转账至 %(transfers)s 号，存证至 %(proofs)s 号。封存哈希：%(hash)s。请保存这封信，审计时用它核对。"
    ),
    "credits_expire_note": _l("%(credits)s 积分将于 %(on)s 到期，请及时使用。"),
}
