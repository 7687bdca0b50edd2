"""The sentences of the identity room: refusals, notifications, names of roles and kinds."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l

ROLE_NAMES = {
    "park_admin": _l("园区管理员"),
    "investment_staff": _l("招商专员"),
    "credit_reviewer": _l("积分审核员"),
    "committee_secretary": _l("委员会秘书"),
    "auditor": _l("审计员"),
    "university_office": _l("高校合作办"),
    "enterprise_admin": _l("企业管理员"),
    "steward": _l("设备管理员"),
    "enterprise_member": _l("企业成员"),
}

KIND_NAMES = {
    "enterprise": _l("企业"),
    "university": _l("高校"),
    "institute": _l("科研院所"),
    "association": _l("行业协会"),
    "bank": _l("金融机构"),
    "park": _l("园区"),
}

INDUSTRY_NAMES = {
    "battery": _l("新能源电池"),
    "new_energy": _l("新能源"),
    "new_material": _l("新材料"),
    "smart_equipment": _l("智能装备"),
    "precision": _l("精密制造"),
    "light_ev": _l("轻型电动车"),
    "biotech": _l("生物医药"),
    "ai": _l("人工智能"),
    "testing": _l("检验检测"),
    "marine": _l("海洋装备"),
    "agrifood": _l("农业食品"),
    "warehouse": _l("仓储物流"),
    "crossborder": _l("跨境贸易"),
    "culture": _l("文化创意"),
    "other": _l("其他"),
}

SIZE_NAMES = {
    "micro": _l("微型"),
    "small": _l("小型"),
    "medium": _l("中型"),
    "large": _l("大型"),
}

STATUS_NAMES = {
    "pending": _l("待审批"),
    "active": _l("正常"),
    "rejected": _l("已拒绝"),
    "suspended": _l("已暂停"),
    "deactivated": _l("已停用"),
}

SCOPE_NAMES = {"read": _l("读取"), "write": _l("写入")}

MESSAGES = {
    "organisation_not_found": _l("没有找到该机构。"),
    "enterprise_not_found": _l("没有找到企业 %(code)s。"),
    "organisation_code_taken": _l("机构编号 %(code)s 已被使用。"),
    "member_not_found": _l("没有找到成员 %(login)s。"),
    "notification_not_found": _l("没有找到这条通知。"),
    "password_length": _l("密码长度应为 %(low)s–%(high)s 个字符。"),
    "password_published": _l("这是公开的演示密码，不能在正式环境使用。"),
    "password_wrong": _l("当前密码不正确。"),
    "sign_in_refused": _l("登录名或密码不正确，或账号尚未启用。"),
    "token_scope_unknown": _l("请至少选择一种令牌权限（读、写）。"),
    "token_limit": _l("最多同时持有 %(limit)s 个有效令牌，请先停用不再需要的。"),
    "token_not_found": _l("没有找到该令牌。"),
    "login_malformed": _l("登录名须为 2–80 位小写字母、数字或 . _ @ + -，并以字母或数字开头。"),
    "login_taken": _l("登录名 %(login)s 已被使用，请换一个。"),
    "enterprise_registered": _l("该统一社会信用代码的企业已登记，请联系贵司管理员邀请您加入。"),
    "enterprise_registered_note": _l("%(name)s 申请入驻平台，请审批。"),
    "enterprise_welcome": _l("%(name)s 已获准入驻，欢迎。现在可以邀请同事、浏览共享资源了。"),
    "only_park_admin": _l("仅园区管理员可以进行此操作。"),
    "reason_required": _l("请填写理由。"),
    "registration_decided": _l("该申请已被处理。"),
    "roles_not_yours_to_give": _l("您不能授予所选角色。"),
    "link_ended": _l("该链接已使用或已过期，请重新索取。"),
    "last_administrator": _l("这是最后一位管理员，请先指定另一位。"),
    "not_yourself": _l("不能停用自己的账号。"),
    "idempotency_key_too_long": _l("Idempotency-Key 不能超过 200 个字符。"),
    "idempotency_key_reused": _l("同一个 Idempotency-Key 已用于另一份请求。"),
    "park_founded_already": _l("数据库中已有园区，无需再次创建。"),
    "bad_setting": _l("环境变量 %(name)s 的值无效。"),
}


def role_label(roles: Iterable[str]) -> str:
    """The most telling of somebody's roles, in the reader's language."""
    held = set(roles)
    return next((str(name) for role, name in ROLE_NAMES.items() if role in held), "")
