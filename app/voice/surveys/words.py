"""What the codes of questionnaires are called, and their sentences."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

STATES = {
    "draft": _l("草稿"),
    "linted": _l("已通过检查"),
    "reviewed": _l("已复核"),
    "open": _l("进行中"),
    "closed": _l("已结束"),
}
TONES = {"draft": "", "linted": "warn", "reviewed": "pri", "open": "ok", "closed": ""}
KINDS = {
    "number": _l("数字"),
    "yes_no": _l("是或否"),
    "choice": _l("单选"),
    "multi": _l("多选"),
    "scale": _l("1 到 5 分"),
    "date": _l("日期"),
    "text": _l("文字"),
}
YES_NO_NAMES = {"yes": _l("是"), "no": _l("否")}
METRICS = {"linear": _l("线性（最好、最差）"), "yes_no": _l("是否（哪个算好）"), "choice": _l("按选项计分")}
LEVELS = {"error": _l("必须改"), "warning": _l("建议改")}
INVITATION_STATES = {"sent": _l("未答"), "used": _l("已答"), "silent": _l("未答，已结束")}
SURVEY_CHANNELS = {"online": _l("线上"), "paper": _l("纸质"), "phone": _l("电话")}
DIMENSIONS = {
    "policy": _l("政策服务"),
    "infrastructure": _l("基础设施"),
    "supply_chain": _l("产业链配套"),
    "talent": _l("人才支持"),
    "finance": _l("融资对接"),
    "activity": _l("园区活动"),
    "approval": _l("政务办理"),
    "living": _l("生活配套"),
}

REFUSALS = {
    "voice_survey_too_large": _l("问卷文件超过 %(kilobytes)s kB"),
    "voice_survey_file_refused": _l("问卷有误，没有保存任何内容。"),
    "voice_survey_no_id": _l("问卷没有编号"),
    "voice_no_text": _l("第 %(number)s 题还没有写题目。"),
    "voice_survey_no_title": _l("问卷没有名称"),
    "voice_analysts_only": _l("只有分析员可以编写、开放和结束问卷。"),
    "voice_reviewers_only": _l("只有分析员、分管副总和园区管理员可以复核问卷。"),
    "voice_survey_frozen": _l("第 %(version)s 版已开放，不能再改；请写新的版本。"),
    "voice_survey_not_later": _l(
        "第 %(version)s 版不晚于已开放的第 %(latest)s 版；新的措辞需要更大的版本号。"
    ),
    "voice_survey_not_found": _l("没有找到该问卷。"),
    "voice_survey_step": _l("当前状态“%(before)s”不能变为“%(after)s”"),
    "voice_survey_wrong_state": _l("当前状态不允许此操作。"),
    "voice_survey_own": _l("不能复核自己写的问卷。"),
    "voice_survey_empty": _l("问卷里还没有题目"),
    "voice_survey_no_options": _l("“%(question)s”没有选项，谁也答不了"),
    "voice_survey_not_reviewed": _l("问卷还不能通过复核。"),
    "voice_survey_not_opened": _l("问卷还不能开放。"),
    "voice_survey_not_closed": _l("问卷不能结束。"),
    "voice_survey_closes_on": _l("截止日应在明天到 %(days)s 天之内"),
    "voice_survey_channel": _l("没有“%(channel)s”这种渠道"),
    "voice_survey_nobody": _l("没有可以邀请的企业"),
    "voice_survey_too_few": _l("匿名问卷至少邀请 %(fewest)s 家企业，否则谈不上匿名"),
    "voice_survey_one_seat": _l("匿名问卷每家企业只有一份"),
    "voice_survey_typed_in": _l("匿名问卷只能由企业自己在线上填：代为录入的人会知道是谁答的"),
    "voice_survey_not_utf8": _l("问卷文件不是 UTF-8 编码"),
    "voice_survey_other_open": _l("第 %(version)s 版还在进行中，请先结束它"),
    "voice_survey_results_later": _l("问卷结束之前不显示任何结果。"),
    "voice_invited_unknown": _l("有的企业不能邀请。"),
    "voice_invited_firm": _l("没有在园企业“%(code)s”"),
    "voice_invitation_not_found": _l("没有找到该邀请。"),
    "voice_token_unknown": _l("没有找到这份问卷，请检查链接是否完整。"),
    "voice_token_used": _l("这份问卷已经交过，链接只能用一次。"),
    "voice_survey_closed": _l("这份问卷已经结束。"),
    "voice_no_draft": _l("匿名问卷不在服务器上保存草稿。"),
    "voice_answers_refused": _l("有的题还需要您看一下。"),
}
ANSWERS = {
    "voice_answer_unknown": _l("问卷里没有“%(question)s”这道题"),
    "voice_answer_missing": _l("第 %(number)s 题必答"),
    "voice_answer_nothing": _l("还一题都没有答"),
    "voice_answer_number": _l("第 %(number)s 题要填数字"),
    "voice_answer_yes_no": _l("第 %(number)s 题请选是或否"),
    "voice_answer_choice": _l("第 %(number)s 题请从选项中选"),
    "voice_answer_scale": _l("第 %(number)s 题请选 1 到 5"),
    "voice_answer_date": _l("第 %(number)s 题要填日期，例如 2026-11-25"),
    "voice_answer_text": _l("第 %(number)s 题要填文字"),
    "voice_answer_long": _l("第 %(number)s 题最多 %(longest)s 字"),
}
NOTICES = {
    "voice_survey_invited": _l("请填写问卷“%(survey)s”，%(day)s 截止，手机上几分钟即可。"),
    "voice_only_if": _l("（第 %(number)s 题答“%(answer)s”时填）"),
    "voice_survey_reminded": _l("问卷“%(survey)s”还没有收到贵单位的答卷，%(day)s 截止。"),
}
MESSAGES = {
    **REFUSALS,
    **ANSWERS,
    **NOTICES,
    **{f"voice_survey_state_{code}": name for code, name in STATES.items()},
}
NAMES = {
    "survey_states": STATES,
    "survey_tones": TONES,
    "survey_kinds": KINDS,
    "yes_no_names": YES_NO_NAMES,
    "survey_metrics": METRICS,
    "lint_levels": LEVELS,
    "invitation_states": INVITATION_STATES,
    "survey_channels": SURVEY_CHANNELS,
}
