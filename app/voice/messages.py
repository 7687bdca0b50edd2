"""Every sentence of the room that has a code: problems in files, what is wrong with a question, reasons of a choice."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.voice.words import REFUSALS, TOLD

PROBLEMS = {
    "voice_never_registered": _l("没有登记日期，也没有上次反馈日期，无法计算沉默天数"),
    "voice_too_many_questions": _l("%(at)s 超过 %(most)s 题"),
    "voice_negative": _l("%(at)s 不能为负数"),
    "voice_best_is_worst": _l("%(at)s 的 best 与 worst 相同，无法换算"),
    "voice_score_outside": _l("%(at)s 应在 0 到 100 之间"),
    "voice_first_after_last": _l("%(at)s 的第一天晚于最后一天"),
    "voice_two_days": _l("%(at)s 应为两个整数：第一天和最后一天"),
    "voice_not_a_day_number": _l("%(at)s：日的编号“%(value)s”应为整数"),
    "voice_not_a_building": _l("%(at)s 应为楼栋的编号或名称"),
    "voice_too_many_items": _l("%(at)s 超过 %(most)s 项"),
    "voice_not_a_number": _l("答案不是数字"),
    "voice_not_yes_no": _l("答案应为 yes 或 no"),
    "voice_more_answers_than_firms": _l("“%(layer)s”一层的答卷多于企业数"),
    "voice_unknown_size": _l("未知的企业规模“%(size)s”"),
    "voice_no_working_day": _l("%(day)s 之前两个月内没有工作日"),
}

LINT = {
    "lint_abstract": _l("没有情景的满意度打分：收到的都是“满意”。请问最近一次发生了什么"),
    "lint_bare_scale": _l("打分没有行为题支撑：同一维度至少要有一道问天数、有无、次数或选项的题"),
    "lint_double_barrelled": _l("一道题里有两个问号：拆成两道，否则不知道答的是哪一个"),
    "lint_double_id": _l("题号在前面已经用过"),
    "lint_never_shown": _l("显示条件要求的答案，前面那道题并不提供，这道题永远不会出现"),
    "lint_no_dimension": _l("有计分方法但没有维度，分数无处可归"),
    "lint_no_unit": _l("数字题没有单位：是天、小时还是次"),
    "lint_personal": _l("索要个人信息而没有写明用途"),
    "lint_show_if_not_earlier": _l("显示条件引用的题不在这道题之前"),
    "lint_leading": _l("题目在引导回答，请用中性的说法"),
    "lint_no_scenario": _l("行为题没有情景：请写明问的是哪一次、什么时候"),
    "lint_too_long": _l("预计需要 %(seconds)s 秒，超过上限 %(limit)s 秒"),
}

TEA = {
    "tea_most_silent": _l("同行业中沉默最久"),
    "tea_seat_left": _l("行业少于席位，余下席位按沉默天数补入"),
    "tea_not_active": _l("不在园"),
    "tea_opted_out": _l("已谢绝邀请"),
    "tea_invited_recently": _l("近期已邀请过"),
}

WEEK = {
    "week_conflict": _l("每一位专员都与该企业有利益关系"),
    "week_window": _l("时间窗内没有可去的专员有空"),
    "week_capacity": _l("时间窗内的名额已被更优先的走访占满"),
}

MESSAGES = {**PROBLEMS, **LINT, **TEA, **WEEK, **REFUSALS, **TOLD}
