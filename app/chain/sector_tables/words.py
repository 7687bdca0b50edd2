"""Every sentence of the sector tables that has a code."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

PROBLEMS = {
    "sector_no_table": _l(
        "没有找到投入产出表：应有一行和一列写着相同的部门代码或名称，或“投入部门、产出部门、系数（流量）”三列"
    ),
    "sector_no_such_sheet": _l("没有名为“%(sheet)s”的工作表"),
    "sector_too_many": _l("部门过多，最多 %(most)s 个"),
    "sector_misspelt": _l("行“%(value)s”与列“%(near)s”只差一个字：改成一致再上传，否则这个部门会被漏掉"),
    "sector_no_pair": _l("这一行缺少投入部门或产出部门"),
    "sector_pair_twice": _l("%(pair)s 出现了两次：文件里若有多个年份或国家，请只留一个"),
}
REFUSALS = {
    "sector_wrong": _l("投入产出表还不能换算成系数"),
    "sector_source": _l("请写明来源"),
    "sector_year": _l("请填写数据年份，如 2020"),
    "sector_least": _l("应为 0 到 1 之间的数字"),
    "sector_nobody": _l("请至少为一个部门选择环节"),
    "sector_no_weights": _l(
        "环节 %(segment)s 由几个部门合并（%(sectors)s），系数表没有各部门的总投入，无法加权：请只留一个部门，或上传流量表"
    ),
    "sector_total_zero": _l("环节 %(segment)s（%(sectors)s）有投入而总投入为零，无法换算"),
    "sector_no_total": _l("这些环节的总投入有空白，无法换算：%(segments)s"),
    "sector_no_total_row": _l("流量表里没有找到“总投入”一行，无法换算成系数；如果表中已是系数，请选择系数"),
    "sector_too_many_rows": _l("共 %(count)s 个系数，一次最多 %(most)s 个：请设最小系数，或少对应一些部门"),
}
MESSAGES = PROBLEMS | REFUSALS
HOLDS = {
    "said": _l("由您指定"),
    "title": _l("标题或文件名里写明"),
    "above_one": _l("有大于 1 的数字"),
    "totals": _l("总投入一行是金额"),
    "shares": _l("数字都不超过 1"),
}
LEFT_OUT = {
    "total_input": _l("总投入：作除数"),
    "subtotal": _l("中间投入合计：只用来核对"),
    "total": _l("合计"),
    "value_added": _l("增加值"),
    "final_use": _l("最终使用"),
    "tax": _l("产品税"),
    "unknown": _l("行和列里没有同时出现"),
}
