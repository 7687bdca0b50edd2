"""The sentences about what is wrong with a table that somebody sent, each with what was found and what is expected."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "sheet_not_a_number": _l("“%(value)s”不是数字，应为如 1,200.5 或 530万 的数字"),
    "sheet_other_unit": _l("“%(value)s”的单位不对，此列以“%(unit)s”计"),
    "sheet_huge_number": _l("%(value)s 太大，不是可用的数字"),
    "sheet_out_of_range": _l("%(value)s 超出范围，应在 %(low)s 到 %(high)s 之间"),
    "sheet_not_whole": _l("%(value)s 应为整数"),
    "sheet_below_a_fen": _l("%(value)s 精确到分以下，金额最多精确到分"),
    "sheet_not_a_day": _l("“%(value)s”不是日期，应为如 2027-03-01、2027/3/1 或 2027年3月1日 的日期"),
    "sheet_not_a_time": _l("“%(value)s”不是时间，应为如 09:00 的时间"),
    "sheet_not_a_moment": _l("“%(value)s”不是时刻，应为如 2027-03-01 09:00 的时刻"),
    "sheet_not_yes_no": _l("“%(value)s”应为 是 或 否"),
    "sheet_rounded": _l("%(value)s 是被表格软件舍入的长编号，后面的数字已丢失：请把该列设为文本后重新录入"),
    "sheet_empty_cell": _l("空白，此列必填"),
    "sheet_long_list": _l("多于 %(most)s 项"),
    "sheet_formula_without_value": _l("公式没有算出的值，请用表格软件打开并保存一次，或粘贴为数值"),
    "sheet_error_value": _l("单元格是错误值（如 #N/A），应为数据"),
    "sheet_not_text": _l("不是 UTF-8、UTF-16 或 GB18030 编码的文字，请另存为 .xlsx 或 CSV"),
    "sheet_nothing_in_it": _l("文件里没有内容"),
    "sheet_other_table": _l("不是这类表：找到的是“%(found)s”，应有列 %(columns)s"),
    "sheet_misspelt": _l("列名“%(found)s”像是“%(near)s”写错了：改好列名再上传，否则这一列会被漏掉"),
    "sheet_too_wide": _l("表头多于 %(most)s 列"),
    "sheet_no_rows": _l("表头下面没有数据行"),
    "sheet_opening": _l("“%(value)s”不是开放时间，应为如 周一至周五 09:00-17:00 的时段"),
    "table_too_wide": _l("工作簿用到的区域超过 %(most)s 个单元格，请删去空行空列后重新保存"),
}
