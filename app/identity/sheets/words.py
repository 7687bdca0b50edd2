"""The sentences about importing lists."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "sheet_kind_not_found": _l("没有这样的列表，或您不能批量导入。"),
    "sheet_batch_not_found": _l("没有这次导入。"),
    "sheet_not_open": _l("这次导入已经处理过。"),
    "sheet_not_applied": _l("这次导入没有生效，不能撤销。"),
    "sheet_stale": _l("预览之后数据又有变化，请重新上传。"),
    "sheet_overtaken": _l("导入之后这些数据又有变化，不能再撤销。"),
    "sheet_not_undone": _l("不能完整恢复原样，什么也没有改变。"),
    "sheet_in_use": _l("“%(name)s”已被使用，不能撤销：请先处理它。"),
    "sheet_no_such_firm": _l("没有或不止一家叫“%(value)s”的企业，应为企业全称或编号"),
    "sheet_not_your_firm": _l("“%(value)s”不是您的单位，只能导入本单位的"),
}
PASSED = {
    "above": _l("表头之上的标题"),
    "sum": _l("合计行"),
    "note": _l("注释行"),
    "again": _l("重复的表头"),
}
STATES = {
    "preview": (_l("待确认"), "warn"),
    "applied": (_l("已生效"), "ok"),
    "undone": (_l("已撤销"), ""),
    "discarded": (_l("已放弃"), ""),
}
