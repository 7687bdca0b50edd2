"""What the room's codes are called, and its sentences."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

REFUSALS = {
    "visit_refused": _l("这次走访不能这样安排。"),
    "visit_not_found": _l("没有找到该走访。"),
    "visit_not_yours": _l("只有企业服务专员或民意保管员可以这样做；记录和结束走访须由该专员本人。"),
    "visit_no_specialist": _l("请选择企业服务专员。"),
    "visit_tenure": _l("专员从事企业服务未满三年。"),
    "visit_conflict_of_interest": _l("专员持有该企业股份，或两年内曾在该企业工作。"),
    "visit_suspended": _l("专员的走访资格已暂停。"),
    "visit_probe_missing": _l("企业有所犹豫，尚未追问。"),
    "visit_remark_open": _l("还有反馈未归类，也未写明不处理的理由。"),
    "visit_promise_open": _l("还有承诺未转为问题或需求。"),
    "visit_priority_wrong": _l("优先级应为 1 到 3。"),
    "visit_time_wrong": _l("时间应为 09:30 这样的写法。"),
    "voice_number_wrong": _l("请填写整数。"),
    "visit_day_wrong": _l("请选择日期。"),
    "visit_step_unknown": _l("没有这一步。"),
    "visit_reason_missing": _l("请写明理由。"),
    "visit_not_in_this_state": _l("走访处于“%(state)s”，不能改为“%(target)s”。"),
    "visit_closed_meanwhile": _l("走访已经结束，这条未实名的反馈仍在您的手机上，请另记一条。"),
    "visit_not_yet": _l("走访日期未到。"),
    "promise_not_found": _l("没有找到该承诺。"),
    "promise_needs_category": _l("请选择问题的类别，或已有的问题。"),
    "feedback_refused": _l("这条反馈不能这样处理。"),
    "feedback_sheet_refused": _l("表格中有误，一行也没有读入。"),
    "feedback_sheet_line": _l("第 %(line)s 行“%(column)s”：%(words)s"),
    "voice_cell_unknown": _l("“%(value)s”不在可用的值里：%(allowed)s"),
    "feedback_not_found": _l("没有找到该反馈。"),
    "feedback_not_yours": _l("您的角色不能这样做。"),
    "feedback_no_firm": _l("请写明是哪家企业。"),
    "feedback_says_nothing": _l("请写一句话。"),
    "feedback_too_long": _l("最多 %(limit)s 个字。"),
    "feedback_channel_unknown": _l("没有这个渠道。"),
    "feedback_visibility_unknown": _l("可见范围不存在。"),
    "feedback_photos_many": _l("一条反馈最多 %(limit)s 张照片。"),
    "feedback_photo_unknown": _l("没有找到照片，请重新上传。"),
    "feedback_photo_not_found": _l("没有找到该照片。"),
    "feedback_photo_stays": _l("已有答复的反馈，照片不再删除。"),
    "feedback_in_future": _l("听到的日期在将来。"),
    "feedback_client_id_reused": _l("同一个 client_id 已用于另一份内容。"),
    "feedback_words_missing": _l("请写一句话。"),
    "feedback_reason_missing": _l("请写明不处理的理由。"),
    "feedback_resource_unknown": _l("没有找到该资源。"),
    "feedback_kind_unknown": _l("反馈不能转为这一类。"),
    "feedback_classified_before": _l("这条反馈已经归类。"),
    "feedback_acknowledged_before": _l("这条反馈已经回过话。"),
    "feedback_not_linked": _l("请先归类，再写答复。"),
    "feedback_register_needs_name": _l("设备台账属于企业自己，未实名的反馈不能转为设备台账。"),
    "feedback_need_needs_name": _l("市场上的需求须有署名的企业，未实名的反馈不能转为需求。"),
    "feedback_without_author": _l("这条反馈没有留下姓名。"),
    "feedback_author_hidden": _l("是谁说的，只有听到的专员和民意保管员可以查看。"),
    "feedback_look_needs_reason": _l("查看是谁说的须写明理由，企业会看到。"),
    "gathering_refused": _l("这次活动不能这样安排。"),
    "gathering_not_found": _l("没有找到该活动。"),
    "gathering_not_yours": _l("您的角色不能安排活动。"),
    "gathering_kind_unknown": _l("活动只有下午茶和活动两种。"),
    "gathering_one_question": _l("下午茶只问一个问题。"),
    "gathering_in_the_past": _l("日期已过。"),
    "gathering_seats_wrong": _l("席位应为 1 到 1000。"),
    "gathering_title_missing": _l("请写明活动名称。"),
    "gathering_over": _l("活动已结束。"),
    "gathering_not_yet": _l("活动日期未到。"),
    "gathering_seat_given_away": _l("您谢绝后席位已给了另一家企业。"),
    "gathering_not_invited": _l("%(code)s 不在邀请名单上。"),
    "gathering_useful_unknown": _l("请选择能用、部分能用或用不上。"),
    "gathering_not_attended": _l("只有到场的企业可以评价已举办的活动。"),
    "gathering_rating_late": _l("活动已过 30 天，不再评价。"),
    "gathering_counts_wrong": _l("请写明邀请人数与到场人数，到场不多于邀请。"),
    "specialist_refused": _l("无法保存。"),
    "specialist_not_found": _l("没有找到该企业服务专员。"),
    "specialist_not_yours": _l("只有民意保管员和园区管理员可以这样做。"),
    "specialist_in_future": _l("日期在将来。"),
    "specialist_too_many_visits": _l("每天 0 到 20 次走访。"),
    "training_title_missing": _l("请写明培训内容。"),
    "training_hours_wrong": _l("学时应为 1 到 400。"),
    "training_not_found": _l("没有找到该培训。"),
    "shadowing_backwards": _l("结束早于开始。"),
    "shadowing_not_found": _l("没有找到该跟岗。"),
    "shadowing_over": _l("该跟岗已结束。"),
    "shadowing_not_yet": _l("跟岗尚未结束。"),
    "shadowing_says_nothing": _l("请写明看到了什么。"),
    "onboarding_refused": _l("里程碑不能这样改。"),
    "onboarding_not_found": _l("没有找到该里程碑。"),
    "onboarding_over": _l("该里程碑已结束。"),
    "voice_plan_refused": _l("分层计划无法保存。"),
    "voice_plan_not_yours": _l("只有民意保管员和园区管理员可以修改分层计划。"),
    "voice_layer_unknown": _l("没有这一层。"),
    "voice_method_twice": _l("一种方式只能写一行。"),
    "voice_interval_wrong": _l("请写每多少天一次，或入园后第几天一次，二者取一。"),
}
TOLD = {
    "feedback_waits": _l("有一条反馈已过一个工作日还没有回话。"),
    "feedback_acknowledged_you": _l("您的反馈已有人回话。"),
    "feedback_linked_you": _l("您的反馈已转办，进展见“我说过的话”。"),
    "feedback_answered_you": _l("您的反馈有了答复。"),
    "feedback_no_action_you": _l("您的反馈未转办，理由见“我说过的话”。"),
    "gathering_rate_us": _l("“%(what)s”带回了马上能用的东西吗？请用一次点击告诉我们。"),
    "gathering_invited_you": _l("诚邀您参加 %(on)s 的座谈：%(what)s"),
}

LAYERS = {
    "new": _l("新入园"),
    "large": _l("大型"),
    "medium": _l("中型"),
    "small_micro": _l("小微"),
    "": _l("规模未知"),
}
CHANNELS = {
    "visit": _l("走访"),
    "phone": _l("电话"),
    "online": _l("线上"),
    "paper": _l("纸质"),
    "tea_talk": _l("下午茶"),
    "activity": _l("活动"),
    "app": _l("手机端"),
    "interview": _l("深度访谈"),
    "shadowing": _l("跟岗"),
    "walk_in": _l("上门"),
}
METHODS = {**CHANNELS, "study": _l("专题调研")}
VISIBILITIES = {
    "named": _l("实名"),
    "park_only": _l("仅专员与保管员知道"),
    "anonymous": _l("不留姓名"),
}
FEEDBACK_STATES = {
    "heard": _l("待回话"),
    "acknowledged": _l("待归类"),
    "linked": _l("已转办"),
    "no_action": _l("不处理"),
    "answered": _l("已答复"),
}
FEEDBACK_TONES = {
    "heard": "warn",
    "acknowledged": "warn",
    "linked": "pri",
    "no_action": "",
    "answered": "ok",
}
KINDS = {
    "problem": _l("问题"),
    "need": _l("需求"),
    "signal": _l("企业诉求"),
    "correction": _l("产业链更正"),
    "praise": _l("表扬"),
    "register": _l("设备台账"),
}
VISIT_STATES = {
    "planned": _l("已计划"),
    "confirmed": _l("已约定"),
    "in_progress": _l("走访中"),
    "recorded": _l("已记录"),
    "closed": _l("已结束"),
    "moved": _l("已改期"),
    "missed": _l("未成行"),
    "declined": _l("企业谢绝"),
}
VISIT_TONES = {"planned": "", "confirmed": "pri", "in_progress": "pri", "recorded": "warn", "closed": "ok"}
MISSING = {
    "probe_missing": _l("有犹豫未追问"),
    "remark_open": _l("有反馈未归类"),
    "promise_open": _l("有承诺未落实"),
}
DUE_REASONS = {
    "first_visit": _l("入园 30 天回访"),
    "interval": _l("按计划"),
    "milestone": _l("入园里程碑"),
    "no_answer": _l("线上未答"),
    "low_score": _l("评分低于 60"),
}
LEFT_OVER = {
    "conflict": _l("每一位专员都与该企业有利益关系或被暂停"),
    "tenure": _l("没有从事企业服务满三年的专员"),
    "window": _l("时间窗内没有可去的专员有空"),
    "capacity": _l("名额已被更优先的走访占满"),
}
USEFUL = {"yes": _l("能用"), "partly": _l("部分能用"), "no": _l("用不上")}
GATHERING_KINDS = {"tea_talk": _l("下午茶"), "activity": _l("活动")}
GATHERING_STATES = {"planned": _l("已计划"), "held": _l("已举办"), "cancelled": _l("已取消")}
INVITATION_STATES = {
    "sent": _l("已邀请"),
    "accepted": _l("已接受"),
    "declined": _l("已谢绝"),
    "silent": _l("未答复"),
    "attended": _l("已到场"),
    "absent": _l("缺席"),
}
INVITED_BECAUSE = {
    "most_silent": _l("同行业中沉默最久"),
    "seat_left": _l("余下席位按沉默天数补入"),
    "named": _l("点名邀请"),
}
QUESTIONS = {
    "capacity": _l("产能未填"),
    "unconfirmed": _l("位置未经核实"),
    "no_supplier": _l("园内没有供应商"),
    "one_supplier": _l("只有一家供应商"),
    "no_customer": _l("园内没有客户"),
}
