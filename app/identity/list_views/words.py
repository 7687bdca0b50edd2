"""Sentences about saved views."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "pin_unknown": _l("菜单里没有这一页。"),
    "pin_many": _l("最多置顶 %(most)s 页，请先取消一页。"),
    "list_view_address": _l("这个地址不能保存为视图。"),
    "list_view_name": _l("请给视图起个名字，不超过 %(most)s 个字。"),
    "list_view_many": _l("每个列表最多保存 %(most)s 个视图，请先删除一个。"),
    "list_view_not_found": _l("没有找到这个视图。"),
}
