"""Every sentence of the room that has a code: problems in files, reasons of a finding, refusals, notifications."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

PROBLEMS = {
    "chain_no_such_place": _l("文件夹或文件不存在"),
    "chain_no_such_file": _l("缺少这个表，应有列 %(columns)s"),
    "chain_unreadable": _l("无法读取：%(detail)s"),
    "chain_file_too_large": _l("文件超过 %(megabytes)s MB"),
    "chain_not_a_workbook": _l("不是可以读取的 .xlsx 工作簿（可能已损坏或加密）"),
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
    "chain_already_there": _l("%(key)s 已在园区数据中，应只列新增企业"),
    "chain_unknown_segment": _l("未知环节“%(value)s”，应为 segments 表中的环节 %(near)s"),
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

MESSAGES = {**PROBLEMS, **REASONS}
