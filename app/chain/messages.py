"""Every sentence of the room that has a code: problems in files, reasons of a finding, refusals, notifications."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

PROBLEMS = {
    "chain_no_such_place": _l("文件夹或文件不存在"),
    "chain_no_such_file": _l("缺少这个表，应有列 %(columns)s"),
    "chain_unreadable": _l("无法读取：%(detail)s"),
    "chain_file_too_large": _l("文件超过 %(megabytes)s MB"),
    "chain_not_a_workbook": _l("不是可以读取的 .xlsx 工作簿（可能已损坏或加密）"),
    "chain_not_a_graph": _l("不是可以读取的产业链图（GraphML 或 node-link JSON，节点和边应有 kind 属性）"),
    "chain_workbook_too_large": _l("工作簿解压后超过 %(megabytes)s MB，请改用 CSV"),
    "chain_no_header": _l("没有表头，应有列 %(columns)s"),
    "chain_no_column": _l("缺少列 %(name)s（表头为：%(found)s）"),
    "chain_column_twice": _l("列 %(name)s 出现了两次，应只有一次"),
    "chain_too_many_cells": _l("单元格多于表头的 %(columns)s 列，文字中的逗号应放在引号内"),
    "chain_too_many_rows": _l("超过 %(most)s 行"),
    "chain_more_problems": _l("问题超过 %(most)s 个，其余未列出"),
    "chain_not_utf8": _l("不是 UTF-8 编码（可能是 GBK 或 UTF-16），请另存为 CSV UTF-8"),
    "chain_bad_quotes": _l("引号没有成对，应为有效的 CSV"),
    "chain_control_character": _l("含有控制字符，应为普通文字"),
    "chain_cell_too_large": _l("单元格过长，最多 %(longest)s 个字符"),
    "chain_too_long": _l("文字长 %(length)s 个字符，最多 %(longest)s 个"),
    "chain_empty": _l("不能为空"),
    "chain_empty_number": _l("不能为空，应为数字（没有则填 0）"),
    "chain_not_a_number": _l("“%(value)s”不是数字，应为如 1800 或 0.55 的数字"),
    "chain_too_large": _l("数字 %(value)s 过大，应为有限且不超过 1e18 的数字"),
    "chain_negative": _l("%(value)s 是负数，应为零或正数"),
    "chain_not_whole": _l("“%(value)s”不是整数，应为如 3 的整数"),
    "chain_not_yes_no": _l("“%(value)s”应为 yes 或 no"),
    "chain_not_a_class": _l("“%(value)s”应为 essential、non_essential 或 negligible"),
    "chain_duplicate": _l("重复的键 %(key)s，第 %(first)s 行已有，应只出现一次"),
    "chain_unknown_segment": _l("未知环节“%(value)s”，segments 表中没有"),
    "chain_unknown_segment_near": _l("未知环节“%(value)s”，segments 表中没有，是否为 %(near)s"),
    "chain_formula": _l("这是公式，请粘贴为数值"),
    "chain_cell_error": _l("单元格是错误值 %(value)s"),
    "chain_cell_is_date": _l("%(value)s 是日期，应为文字或数字"),
    "chain_merged_cells": _l("合并单元格，请先取消合并"),
    "chain_unknown_firm": _l("企业“%(value)s”不在 positions 或 supply 表中"),
    "chain_bad_epsilon": _l("epsilon 应为 0 到 1 之间的数字"),
    "chain_cannot_write": _l("无法写入：%(detail)s"),
}

REASONS = {
    "chain_no_demand": _l("园区内没有环节使用它"),
    "chain_shortfall": _l(
        "园区供给 %(supply_wan)s 万元，需求 %(demand_wan)s 万元，覆盖 %(coverage_ratio)s，缺口 %(shortfall_wan)s 万元，占全部缺口 %(total_ratio)s"
    ),
    "chain_covered": _l("园区供给 %(supply_wan)s 万元，足以覆盖需求 %(demand_wan)s 万元"),
    "chain_main_use": _l(
        "最大用户是“%(segment)s”：消耗系数 %(coefficient)s × 产值 %(output_wan)s 万元 = %(demand_wan)s 万元"
    ),
    "chain_missing": _l("园区内没有企业"),
    "chain_single_source": _l("只有一家企业：%(name)s，产值 %(output_wan)s 万元"),
    "chain_concentrated": _l("供给集中：%(name)s 占 %(share_ratio)s，有效供应商不足 2 家"),
    "chain_external": _l("一半以上靠园区外采购，园区内覆盖仅 %(coverage_ratio)s"),
    "chain_halts": _l("%(name)s 若停产，其他企业 %(halted_output_wan)s 万元产值随之停止"),
}

LABELS = {
    "missing": _l("缺失"),
    "single_source": _l("单一来源"),
    "concentrated": _l("供给集中"),
    "external": _l("依赖外部"),
    "strong": _l("优势"),
    "adequate": _l("够用"),
}

MESSAGES = PROBLEMS | REASONS

REFUSALS = {
    "chain_not_found": _l("没有找到产业链 %(code)s"),
    "chain_bad_code": _l("产业链代码应为 1–40 个字母、数字、- 或 _"),
    "chain_code_taken": _l("产业链代码 %(code)s 已被使用"),
    "chain_segment_not_found": _l("没有找到环节 %(code)s"),
    "chain_firm_not_found": _l("没有找到企业 %(code)s，或您无权查看"),
    "chain_nothing_to_import": _l("没有可导入的表，应有 %(columns)s 之一"),
    "chain_unknown_segments": _l("数据中没有这些环节：%(values)s；请同时导入 segments"),
    "chain_import_not_found": _l("没有找到这次导入"),
    "chain_import_not_open": _l("这次导入已经处理过"),
    "chain_import_not_applied": _l("这次导入尚未生效，不能撤销"),
    "chain_import_stale": _l("预览之后数据又有变化，请重新上传"),
    "chain_import_overtaken": _l("导入之后数据又有变化，不能撤销"),
    "chain_segments_still_used": _l("仍有数据使用这些环节：%(values)s；请一并导入相应的表"),
    "chain_segments_in_plans": _l("拟引进企业、行动或撮合仍使用这些环节：%(values)s"),
    "chain_what_if_wrong": _l("推演条件有误"),
    "chain_scenario_needs_name": _l("请给情景起一个名称"),
    "chain_scenario_not_found": _l("没有找到这个情景"),
    "chain_scenario_not_yours": _l("只有创建者或园区管理员可以删除情景"),
    "chain_prospect_not_found": _l("没有找到拟引进企业 %(code)s"),
    "chain_prospect_wrong": _l("拟引进企业填写有误"),
    "chain_prospect_needs_name": _l("请填写企业名称"),
    "chain_prospect_needs_position": _l("请至少填写一个环节和产值"),
    "chain_prospect_code_taken": _l("拟引进企业代码 %(code)s 已被使用"),
    "chain_prospect_closed": _l("这家企业已落地或已放弃"),
    "chain_prospect_refused": _l("不能从“%(state)s”变为“%(target)s”"),
    "chain_bad_side": _l("应为 suppliers 或 customers"),
    "chain_match_not_found": _l("没有找到这条撮合建议"),
    "chain_match_needs_value": _l("请填写大于零的年金额（万元）"),
    "chain_match_decided": _l("这一对企业已有结论"),
    "chain_match_already_asked": _l("已提出意向，等待对方答复"),
    "chain_not_yours": _l("只有企业管理员或招商人员可以这样做"),
    "chain_action_kind": _l("行动类型应为补链、强链或延链"),
    "chain_action_needs_title": _l("请填写行动内容"),
    "chain_action_not_found": _l("没有找到这项行动"),
    "chain_action_refused": _l("不能从“%(state)s”变为“%(target)s”"),
    "chain_what_if_row": _l("“%(name)s”：请填写名称、环节和不小于零的产值"),
    "chain_bad_day": _l("日期应为如 2026-12-31"),
    "chain_correction_open": _l("已有一份更正等待确认"),
    "chain_correction_not_found": _l("没有找到这份更正"),
}

MATCHING = {
    "chain_match_input": _l(
        "“%(target)s”每元产值用“%(segment)s”%(coefficient)s 元：产值 %(output_wan)s 万元，年需 %(need_wan)s 万元"
    ),
    "chain_match_open": _l("还有 %(open_wan)s 万元需求没有着落（园区数据中已采购 %(have_wan)s 万元）"),
    "chain_match_spare": _l("供方尚有 %(spare_wan)s 万元余量"),
    "chain_match_second_source": _l("目前只有一家“%(segment)s”供应商，可作第二来源"),
    "chain_match_no_source": _l("目前没有登记的“%(segment)s”供应商"),
    "chain_match_similar": _l("%(alike)s 家同类企业中有 %(buying)s 家这样采购"),
    "chain_match_served": _l("它已向 %(served)s 家同类企业供应“%(segment)s”"),
    "chain_match_words": _l("产品描述相近：%(words)s"),
    "chain_match_uses": _l("它在“%(target)s”环节，使用“%(segment)s”"),
    "chain_fit_closes": _l(
        "补上“%(segment)s”缺口 %(closed_wan)s 万元，占该缺口 %(shortfall_wan)s 万元的 %(closed_ratio)s"
    ),
    "chain_fit_buyer": _l("园区内“%(segment)s”每年需要 %(demand_wan)s 万元"),
    "chain_fit_asks": _l("会新增“%(segment)s”缺口 %(added_wan)s 万元"),
    "chain_fit_takes": _l("可以利用园区“%(segment)s”环节的产出（年 %(supply_wan)s 万元）"),
    "chain_fit_keeps": _l("每年多留 %(kept_wan)s 万元采购在园区内"),
}

NOTIFICATIONS = {
    "chain_link_appeared": _l("新的薄弱环节：%(segment)s，缺口 %(shortfall_wan)s 万元"),
    "chain_link_worsened": _l("薄弱环节加重：%(segment)s，缺口从 %(before_wan)s 增至 %(shortfall_wan)s 万元"),
    "chain_link_fragile": _l("新的薄弱环节：%(segment)s，供给够用，但只靠一家、过于集中或依赖外部"),
    "chain_link_steady": _l("薄弱环节已缓解：%(segment)s，不再只靠一家"),
    "chain_link_relieved": _l("薄弱环节已缓解：%(segment)s，原缺口 %(before_wan)s 万元"),
    "chain_match_asks_you": _l("有企业希望与贵公司建立供需合作，请查看"),
    "chain_match_agreed": _l("一项供需合作已达成，请查看"),
    "chain_correction_waits": _l("%(name)s 提交了在链位置更正，请确认"),
    "chain_correction_confirmed": _l("贵公司的在链位置更正已确认"),
    "chain_correction_rejected": _l("贵公司的在链位置更正被退回"),
}

MESSAGES |= REFUSALS | MATCHING | NOTIFICATIONS

STATE_WORDS = {
    "identified": _l("已识别"),
    "contacted": _l("已接触"),
    "visited": _l("已考察"),
    "negotiating": _l("洽谈中"),
    "signed": _l("已签约"),
    "landed": _l("已落地"),
    "lost": _l("已放弃"),
    "planned": _l("计划中"),
    "in_progress": _l("进行中"),
    "relieved": _l("已缓解"),
    "dropped": _l("已取消"),
}

KIND_WORDS = {"fill": _l("补链"), "strengthen": _l("强链"), "extend": _l("延链")}
