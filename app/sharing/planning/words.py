"""The sentences of flexible wishes and planning rounds."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

REQUEST_NAMES = {"open": _l("等待排期"), "placed": _l("已安排"), "withdrawn": _l("已撤回")}
REQUEST_TONES = {"open": "warn", "placed": "ok", "withdrawn": ""}
RUN_NAMES = {
    "draft": _l("排期中"),
    "solved": _l("待发布"),
    "published": _l("已发布"),
    "discarded": _l("已放弃"),
}
RUN_TONES = {"draft": "warn", "solved": "pri", "published": "ok", "discarded": ""}
OUTCOME_NAMES = {
    "optimal": _l("已证明最优"),
    "feasible": _l("可行，未证明最优"),
    "infeasible": _l("无可行方案"),
}
PRIORITY_NAMES = {1: _l("很低"), 2: _l("较低"), 3: _l("普通"), 4: _l("较高"), 5: _l("紧急")}

MESSAGES = {
    "slot_request_refused": _l("这份弹性申请还不能提交。"),
    "slot_request_resources": _l("请选择 1–%(most)s 台仪器。"),
    "slot_request_unknown": _l("所选仪器中有已下架或不存在的。"),
    "slot_request_windows": _l("请给出 1–%(most)s 个可用时间窗。"),
    "slot_request_window": _l("时间窗须在未来 %(days)s 天之内，且结束晚于开始。"),
    "slot_request_overlap": _l("时间窗之间不能重叠。"),
    "slot_request_too_short": _l("没有一个时间窗容得下所需时长。"),
    "slot_request_minutes": _l("所需时长须为 5 分钟的整数倍。"),
    "slot_request_length": _l("所选仪器都不接受这个时长，请按仪器的最短、最长与步长调整。"),
    "slot_request_unusable": _l("所选仪器在这些时间内您都不能使用。"),
    "slot_request_preferred": _l("希望的开始时间须落在时间窗内。"),
    "slot_request_purpose": _l("用途不能超过 500 字。"),
    "slot_request_not_found": _l("没有找到这份弹性申请。"),
    "slot_requests_most": _l("贵单位已有 %(most)s 份弹性申请在等待，请先撤回不再需要的。"),
    "slot_request_placed": _l("弹性申请已安排：%(resource)s，%(span)s。"),
    "schedule_span": _l("排期范围须在未来，且不超过 %(days)s 天。"),
    "schedule_no_wishes": _l("这段时间内没有等待排期的弹性申请。"),
    "schedule_round_at_work": _l("第 %(run)s 轮排期还在计算，请等它算完或让它停下，再开始别的日期。"),
    "schedule_run_not_found": _l("没有找到这轮排期。"),
    "schedule_solved": _l("排期已算好：%(placed)s 份申请有了位置，请查看并发布。"),
    "schedule_published": _l("已发布：安排 %(booked)s 份，%(lost)s 份因时段已被占用而保留为待排期。"),
    "schedule_edit_refused": _l("改动后的方案不成立，未保存。"),
    "schedule_off_grain": _l("开始时间须落在 %(minutes)s 分钟的格子上。"),
    "schedule_not_eligible": _l("申请 %(wish)s 没有选择 %(resource)s。"),
    "schedule_length": _l("申请 %(wish)s 在 %(resource)s（%(at)s 起）的时长与所需不符。"),
    "schedule_window": _l("申请 %(wish)s：%(at)s 起不在其时间窗内（%(resource)s）。"),
    "schedule_closed": _l("申请 %(wish)s：%(resource)s 在 %(at)s 不开放或停机。"),
    "schedule_busy": _l("申请 %(wish)s：%(resource)s 在 %(at)s 已有预约（含缓冲）。"),
    "schedule_taken": _l("申请 %(wish)s：%(resource)s 在 %(at)s 已排给申请 %(other)s（含缓冲）。"),
    "schedule_cap": _l("同一单位在本轮所得超过上限。"),
    "schedule_quota": _l("同一单位在 %(at)s 起的额度期内所得超过额度。"),
    "schedule_problem": _l("规则检查：%(text)s"),
    "no_free_start": _l("在所给时间窗内，合适的仪器没有空档。"),
    "displaced": _l("同一时段让给了价值更高的申请 %(by)s（合计 %(against)s，本申请 %(worth)s）。"),
    "free_place": _l("现在 %(resource)s 在 %(start)s 有空位。"),
    "change_shorter": _l("少 %(slots)s 小时即可安排：%(resource)s，%(start)s 起。"),
    "change_instrument": _l("加选 %(resource)s 即可安排：%(start)s 起。"),
    "change_window": _l("时间窗%(later)s %(shift_slots)s 小时即可安排：%(resource)s，%(start)s 起。"),
    "shift_later": _l("延后"),
    "shift_earlier": _l("提前"),
    "schedule_extended": _l("已纳入 %(added)s 份新申请，安排上 %(placed)s 份，移动 %(moved)s 份。"),
    "cap": _l("每家单位本轮上限 %(cap)s 小时，已用 %(used)s 小时，本申请需 %(slots)s 小时。"),
    "over_quota": _l(
        "%(from)s 至 %(to)s 的额度为 %(cap)s 小时，已用 %(used)s 小时，本申请需 %(slots)s 小时。"
    ),
    "not_worthwhile": _l("可行的位置代价过高（等待过久或价格过高）。"),
    "no_fitting_instrument": _l("所选仪器不在本轮之内，或不接受这个时长。"),
    "wish_barred": _l("申请人对所选仪器没有到本轮最晚开始时仍有效的资质，或预约资格已暂停。"),
    "window_elsewhere": _l("时间窗不在本轮范围内。"),
    "taken_out": _l("由排期人移出本轮方案。"),
    "wish_withdrawn": _l("申请人已撤回。"),
    "wish_placed": _l("已在另一轮排期中安排。"),
}
PHASE_NAMES = {
    "placements": _l("列出可行位置"),
    "relaxation": _l("线性松弛"),
    "whole numbers": _l("整数求解"),
    "search": _l("邻域搜索"),
    "prices": _l("调整价格"),
}
