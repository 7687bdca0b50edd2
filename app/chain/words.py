"""Every sentence of the room that has a code: problems in files, reasons of a finding, refusals, notifications."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.chain.foreign.words import MESSAGES as FOREIGN
from app.chain.sector_tables.words import MESSAGES as SECTOR_TABLES
from app.chain.weak_links.words import REASONS

PROBLEMS = {
    "chain_no_such_file": _l("缺少这个表，应有列 %(columns)s"),
    "chain_not_a_graph": _l(
        "不是可以读取的产业链图（GraphML、GEXF 或 node-link JSON，节点和边应有 kind 属性）"
    ),
    "chain_empty_number": _l("不能为空，应为数字（没有则填 0）"),
    "chain_not_a_number": _l("“%(value)s”不是数字，应为如 1800 或 0.55 的数字"),
    "chain_too_large": _l("数字 %(value)s 过大，应为有限且不超过 1e18 的数字"),
    "chain_negative": _l("%(value)s 是负数，应为零或正数"),
    "chain_not_whole": _l("“%(value)s”不是整数，应为如 3 的整数"),
    "chain_not_yes_no": _l("“%(value)s”应为 yes 或 no"),
    "chain_not_a_class": _l("“%(value)s”应为 essential、non_essential 或 negligible"),
    "chain_unknown_segment": _l("未知环节“%(value)s”，segments 表中没有"),
    "chain_unknown_segment_near": _l("未知环节“%(value)s”，segments 表中没有，是否为 %(near)s"),
    "chain_unknown_firm": _l("企业“%(value)s”不在 positions 或 supply 表中"),
    "recruit_twice": _l("候选企业“%(value)s”出现了两次"),
    "recruit_nobody": _l("方案里没有企业。"),
    "recruit_plan_name": _l("请为方案起个名称。"),
    "recruit_plan_not_found": _l("没有找到这个方案。"),
    "recruit_infeasible": _l("无解的方案不能保存。"),
    "recruit_no_candidates": _l("没有候选企业：没有一家企业的所有行都在园区外"),
    "recruit_not_candidate": _l("“%(value)s”不是候选企业，候选企业的所有行都应在园区外"),
    "chain_table_twice": _l("%(table)s 表在上传的文件里出现了两次"),
    "chain_not_known_table": _l("没有找到可以导入的表（%(tables)s）：表头里应有这些表的列"),
    "chain_state_refused": _l("“%(name)s”现在的状态不能这样改。"),
    "chain_in_use": _l("“%(name)s”还有 %(count)s 处在用，不能删除，可以归档。"),
    "chain_bad_epsilon": _l("epsilon 应为 0 到 1 之间的数字"),
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
    "chain_no_parquet": _l("这台服务器没有安装写 Parquet 的组件（columns），请用 CSV 或 Excel"),
    "chain_import_not_found": _l("没有找到这次导入"),
    "chain_too_many_rows": _l("一次导入最多 %(most)s 行，请各表分开上传"),
    "chain_too_many_segments": _l("一条链最多 %(most)s 个环节，请另建一条链"),
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
    "chain_note_empty": _l("请写明发生了什么。"),
    "chain_file_none": _l("请选择要上传的文件。"),
    "chain_file_type": _l("仅支持 PNG、JPG、WebP 图片与 PDF 文件，按文件内容判断。"),
    "chain_file_size": _l("文件过大：每个不超过 %(limit)s MB。"),
    "chain_file_many": _l("每家最多 %(limit)s 个文件，请先移除一个。"),
    "chain_file_not_found": _l("没有找到该文件。"),
    "chain_lost_reason": _l("请写明未能引进的原因，供下次参考。"),
    "chain_prospect_closed": _l("这家企业已落地或已放弃"),
    "chain_wish_wrong": _l("请检查填写的内容。"),
    "chain_wish_makes": _l("请说明做什么。"),
    "chain_wish_output": _l("年产值须是 0 到 10 亿万元之间的数。"),
    "chain_wish_partner": _l("图谱中没有企业 %(value)s，请核对编号。"),
    "chain_wish_not_found": _l("没有找到这条申请。"),
    "chain_wish_decided": _l("这条申请已被处理。"),
    "chain_wish_waits": _l("%(name)s 说明了自己做什么，请确认其在链位置。"),
    "chain_wish_asked_back": _l("园区想了解更多：%(question)s"),
    "chain_wish_confirmed": _l("园区已确认，贵企业已登上产业链图谱。"),
    "chain_landing_stands": _l(
        "已有 %(count)s 条业务挂在这家企业上（%(places)s），不能撤回落地；请改用退园或合并。"
    ),
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
    "chain_match_asks_you": _l("有企业希望与贵单位建立供需合作，请查看"),
    "chain_match_agreed": _l("一项供需合作已达成，请查看"),
    "chain_correction_waits": _l("%(name)s 提交了在链位置更正，请确认"),
    "chain_correction_confirmed": _l("贵单位的在链位置更正已确认"),
    "chain_correction_rejected": _l("贵单位的在链位置更正被退回"),
}


MESSAGES |= REFUSALS | MATCHING | NOTIFICATIONS | SECTOR_TABLES | FOREIGN


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
