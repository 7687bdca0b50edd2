"""Every sentence of the room that has a code: faults of the file of machines."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "upkeep_not_json": _l("不是有效的 JSON"),
    "upkeep_too_large": _l("文件超过 %(megabytes)s MB"),
    "upkeep_missing": _l("缺少 %(name)s"),
    "upkeep_wants_list": _l("应为列表"),
    "upkeep_wants_object": _l("应为键和值"),
    "upkeep_key_twice": _l("同一个键出现了两次"),
    "upkeep_unknown_key": _l("未知的键，应为 %(known)s 之一"),
    "upkeep_bad_id": _l("编号应为文字，最多 %(most)s 个字符"),
    "upkeep_twice": _l("%(name)s 出现了两次"),
    "upkeep_not_a_day": _l("应为如 2026-09-30 的日期"),
    "upkeep_not_a_number": _l("应为有限的数字，小时数不能为负"),
    "upkeep_not_days": _l("天数应为 %(least)s 到 %(most)s 的整数"),
    "upkeep_zero_hours": _l("小时间隔应大于 0"),
    "upkeep_needed_for": _l("有 %(beside)s 时必须填写 %(name)s"),
    "upkeep_not_a_reading": _l("读数应为 [日期, 数值]"),
    "upkeep_future": _l("%(day)s 在将来，读数不能来自将来"),
}
