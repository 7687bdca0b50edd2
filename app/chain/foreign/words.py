"""Every sentence of foreign files that has a code."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "foreign_wrong": _l("还不能读成产业链"),
    "foreign_twice": _l("两列都选了“%(meaning)s”，只能有一列"),
    "foreign_not_of_these": _l("“%(meaning)s”与节点的种类不符"),
    "foreign_no_code": _l("请指明哪一列是编号或代码"),
    "foreign_no_segment": _l("没有说明企业所在环节的列：请填写一个环节"),
    "foreign_no_output": _l("没有年产值的列：请填写每家的年产值（万元）"),
    "foreign_unknown": _l("产业链里没有这些环节：%(values)s；请勾选新建，或改列"),
    "foreign_problem": _l("%(line)s"),
}
MEANINGS = {
    "code": _l("编号或代码"),
    "name": _l("名称"),
    "name_en": _l("英文名称"),
    "segment": _l("环节"),
    "output_wan": _l("年产值（万元）"),
    "in_park": _l("是否在园"),
    "stage": _l("级次"),
    "value_wan": _l("供应额（万元）"),
    "coefficient": _l("投入系数"),
}
