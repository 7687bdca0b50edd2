"""Names of states and causes, and every sentence of the room's pages that has a code."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MACHINE_STATES = {
    "in_service": _l("在用"),
    "down": _l("停机中"),
    "resting": _l("停用中"),
    "retired": _l("已报废"),
}
MACHINE_TONES = {"in_service": "ok", "down": "bad", "resting": "", "retired": ""}
ORDER_STATES = {
    "due": _l("待安排"),
    "planned": _l("已排期"),
    "in_progress": _l("进行中"),
    "done": _l("已完成"),
    "skipped": _l("已跳过"),
}
ORDER_TONES = {"due": "warn", "planned": "pri", "in_progress": "pri", "done": "ok", "skipped": ""}
CAUSES = {
    "days": _l("按天数"),
    "hours": _l("按使用小时"),
    "condition": _l("按状态"),
    "fault": _l("故障"),
    "asked": _l("临时"),
}
CONDITIONS = {
    "alarm": _l("报警"),
    "warning": _l("预警"),
    "watch": _l("关注"),
    "normal": _l("状态正常"),
    "learning": _l("学习中"),
}
CONDITION_TONES = {"alarm": "bad", "warning": "bad", "watch": "warn", "normal": "ok", "learning": ""}
PLANNED = {"working_hours": _l("园区工作时间"), "always": _l("全天")}

MESSAGES = {
    "machine_not_found": _l("没有找到该设备。"),
    "machine_owner_only": _l("只有设备所属单位可以维护它。"),
    "machine_label": _l("这不是本园区的设备标签。"),
    "machine_refused": _l("设备信息有误。"),
    "machine_name": _l("请填写设备名称。"),
    "machine_text_long": _l("最多 %(most)s 个字符。"),
    "machine_planned": _l("请选择计划运行时间。"),
    "machine_code_taken": _l("编号 %(code)s 已有设备使用。"),
    "machine_transition": _l("设备不能从“%(state)s”变为“%(target)s”。"),
    "machine_has_orders": _l("还有 %(count)s 张未完成的工单。"),
    "machines_named": _l("请写出 1 到 %(most)s 台设备，每行一台。"),
    "machine_proposal_over": _l("这台设备已经处理过了。"),
    "part_refused": _l("备件须有名称，数量为不小于 0 的整数。"),
    "meter_refused": _l("表计信息有误。"),
    "meter_code": _l("请填写表计代号，最多 60 个字符。"),
    "meter_kind": _l("请选择表计类型。"),
    "meter_kind_stays": _l("表计类型不能更改，请另设代号。"),
    "meter_limit": _l("限值应为数字。"),
    "upkeep_plan_not_found": _l("没有找到该维保计划。"),
    "upkeep_plan_refused": _l("维保计划有误。"),
    "upkeep_plan_name": _l("请填写名称，最多 %(most)s 个字符。"),
    "upkeep_plan_rhythm": _l("请至少填写天数、使用小时或状态表计之一。"),
    "upkeep_number": _l("应为 %(least)s 到 %(most)s 的整数。"),
    "upkeep_counts_from": _l("按计划日顺延只适用于按天数的计划。"),
    "upkeep_done_in_future": _l("上次完成日不能在将来。"),
    "upkeep_plan_meter": _l("请选择该设备的同类表计。"),
    "upkeep_needs_hours_meter": _l("未共享的设备按小时维保，须有小时表。"),
    "upkeep_checklist": _l("检查项最多 %(most)s 条，每条最多 200 个字符。"),
    "upkeep_checklist_twice": _l("检查项有重复。"),
    "upkeep_signer": _l("签字人须是本单位可签字的成员。"),
    "upkeep_plan_has_order": _l("该计划还有未完成的工单，请先完成或跳过。"),
    "upkeep_plan_ended": _l("该计划已停止。"),
    "order_not_found": _l("没有找到该工单。"),
    "order_refused": _l("工单还不能这样登记。"),
    "order_title": _l("请写明要做什么，最多 %(most)s 个字符。"),
    "order_transition": _l("工单不能从“%(state)s”变为“%(target)s”。"),
    "order_planned_in_past": _l("安排的日期不能早于今天。"),
    "order_assignee": _l("执行人须是本单位的设备维保成员。"),
    "order_unticked": _l("检查项“%(line)s”尚未勾选。"),
    "order_done_in_future": _l("完成日不能在将来。"),
    "order_part_short": _l("备件“%(part)s”库存只有 %(stock)s。"),
    "order_part_unknown": _l("备件或数量有误。"),
    "order_note": _l("说明最多 %(most)s 个字符。"),
    "order_reason": _l("请写明原因。"),
    "order_reported": _l("该工单已报完成，等待签字。"),
    "order_not_reported": _l("该工单还没有报完成。"),
    "order_signer_only": _l("只有指定的签字人可以签字。"),
    "fault_refused": _l("故障信息有误。"),
    "fault_text": _l("请写明故障现象，最多 %(most)s 个字符。"),
    "fault_in_future": _l("故障开始时间不能在将来。"),
    "upkeep_file_refused": _l("请上传 PDF 或图片，文件不超过 %(limit)s MB。"),
    "upkeep_files_many": _l("最多 %(limit)s 个文件。"),
    "upkeep_file_stays": _l("已结束工单的照片不能删除。"),
    "upkeep_file_not_found": _l("没有找到该文件。"),
    "reading_no_meter": _l("没有这台设备的这块表"),
    "reading_no_moment": _l("应为带时区的时刻或日期"),
    "reading_no_number": _l("应为有限的数字"),
    "reading_future": _l("读数不能来自将来"),
    "reading_twice": _l("该时刻已有读数"),
    "reading_backwards": _l("累计表不能倒走"),
    "reading_sheet_rows": _l("一次最多 %(most)s 行读数。"),
    "machines_proposed": _l("服务专员在贵司看到 %(count)s 台设备，请决定是否登记进设备台账。"),
    "upkeep_order_due": _l("“%(machine)s”的维保“%(plan)s”将于 %(day)s 到期。"),
    "upkeep_order_yours": _l("“%(machine)s”的工单“%(order)s”安排给您，%(day)s。"),
    "upkeep_order_to_sign": _l("“%(machine)s”的工单“%(order)s”已报完成，请签字。"),
    "upkeep_order_back": _l("“%(machine)s”的工单“%(order)s”被退回：%(reason)s"),
    "upkeep_fault": _l("“%(machine)s”报故障：%(fault)s"),
    "upkeep_watch": _l("“%(machine)s”的“%(meter)s”需要关注。"),
    "upkeep_warning": _l("“%(machine)s”的“%(meter)s”预警。"),
    "upkeep_alarm": _l("“%(machine)s”的“%(meter)s”达到限值。"),
}
MESSAGES |= {f"order_state_{code}": text for code, text in ORDER_STATES.items()}
MESSAGES |= {f"machine_state_{code}": text for code, text in MACHINE_STATES.items()}
