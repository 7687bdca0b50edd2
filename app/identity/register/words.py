"""The sentences about a register of firms that comes in from a sheet."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "firms_no_division": _l("“%(value)s”不是 GB/T 4754 的两位代码或名称，应为如 38 的代码"),
    "firms_no_email": _l("“%(value)s”不是邮箱，应为如 name@firm.example 的邮箱"),
    "firms_likely": _l(
        "“%(said)s”很可能就是 %(name)s（%(code)s）：是同一家请填编号 %(code)s，是另一家请在“确是另一家”填“是”"
    ),
    "firms_other_code": _l("编号 %(code)s 是 %(name)s，与“%(said)s”看不出是同一家：请核对编号"),
    "firms_not_listed": _l(
        "“%(said)s”是 %(name)s（%(code)s），它不是在园企业（待审批、已退园或不是企业），请在它的页面处理"
    ),
    "firms_like_row": _l(
        "“%(name)s”很可能与第 %(row)s 行是同一家：请删去一行，是另一家请在“确是另一家”填“是”"
    ),
    "firms_two_meant": _l("编号 %(said)s 和信用代码指的是两家：信用代码属于 %(name)s（%(code)s）"),
    "firms_has_members": _l("%(name)s已有成员，首位管理员一栏没有使用；请由它的管理员邀请同事"),
}
