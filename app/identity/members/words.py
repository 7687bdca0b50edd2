"""What roles are called, and the refusals about members."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from app.hall.files.sheets.columns import fold
from app.hall.rooms import declared_roles

MESSAGES = {
    "member_not_found": _l("没有找到成员 %(login)s。"),
    "login_malformed": _l("登录名须为 2–80 位小写字母、数字或 . _ @ + -，并以字母或数字开头。"),
    "login_taken": _l("登录名 %(login)s 已被使用，请换一个。"),
    "only_park_admin": _l("仅园区管理员可以进行此操作。"),
    "reason_required": _l("请填写理由。"),
    "role_unknown": _l("没有角色 %(role)s。"),
    "roles_not_yours_to_give": _l("您不能授予所选角色。"),
    "link_ended": _l("该链接已使用或已过期，请重新索取。"),
    "last_administrator": _l("这是最后一位管理员，请先指定另一位。"),
    "reset_not_yourself": _l("自己的密码请在“密码与设备”中修改。"),
    "reset_needs_another": _l(
        "需要另一位管理员确认：不能是发起人、本人，也不能是七天内由发起人授予角色或密码的人。"
    ),
    "second_person_too_close": _l("七天内由对方授予角色或密码的人，不能作为第二人复核。"),
    "reset_asked": _l("%(by)s发起了重置%(name)s密码的流程。"),
    "reset_confirmed": _l("%(by)s确认了重置%(name)s的密码。"),
    "reset_waits": _l("%(by)s请求重置%(name)s的密码，需要另一位管理员确认。"),
    "password_replaced": _l("%(name)s的密码已经重置，原有登录和链接全部失效。"),
    "employed_in_the_future": _l("入职日期不能晚于今天。"),
    "members_no_role": _l("没有角色“%(value)s”，应为 %(allowed)s"),
    "members_needs_role": _l("请至少写一个角色，应为 %(allowed)s"),
    "members_login_unknown": _l("本单位没有登录名 %(login)s 的成员；新的同事请空着，由本人设置"),
    "members_have_admin": _l("%(name)s已有成员，没有读入；请由它的管理员邀请同事"),
    "members_first_only": _l("%(name)s的第一位成员即其管理员，角色一栏没有使用"),
    "colleague_letter": _l("%(name)s邀请您加入园区平台。请在 7 天内通过下面的链接设置登录名和密码。"),
    "not_yourself": _l("不能停用自己的账号。"),
}


def role_names() -> dict[str, object]:
    """The name of every role a room declares, by code, in the reader's language."""
    return {code: role.label for code, role in declared_roles().items()}


def role_label(held: Collection[str]) -> str:
    """The most telling of somebody's roles, in the reader's language."""
    return next((str(name) for role, name in role_names().items() if role in held), "")


def named(codes: Any) -> str:
    """Roles as one cell of a sheet."""
    names = role_names()
    return "；".join(str(names.get(code, code)) for code in codes)


def role_words() -> dict[str, str]:
    """Every word a role goes by, folded, and its code."""
    found: dict[str, str] = {}
    for lang in ("en", "zh"):
        with force_locale(lang):
            found |= {fold(str(name)): code for code, name in role_names().items()}
    return found | {fold(code): code for code in role_names()}
