"""The refusals of signing in, and what devices are called."""

from __future__ import annotations

import re

from flask_babel import lazy_gettext as _l

SCOPE_NAMES = {"read": _l("读取"), "write": _l("写入")}
MESSAGES = {
    "password_length": _l("密码长度应为 %(low)s–%(high)s 个字符。"),
    "password_published": _l("这是公开的演示密码，不能在正式环境使用。"),
    "password_common": _l("这个密码太常见，容易被猜到，请换一个。"),
    "password_about_you": _l("密码主要由登录名、姓名或企业名称组成，容易被猜到，请换一个。"),
    "hashing_busy": _l("此刻登录的人很多，请几秒后再试。"),
    "sign_in_too_often": _l(
        "密码多次不正确，请 %(minutes)s 分钟后再试。忘记密码时，可请贵单位管理员发起重置。"
    ),
    "wrong_passwords": _l(
        "有人在 %(address)s 连续 %(count)s 次用错误密码尝试登录您的账号。若不是您本人，请修改密码并告知管理员。"
    ),
    "wrong_passwords_of": _l("有人在 %(address)s 连续 %(count)s 次用错误密码尝试登录%(name)s的账号。"),
    "password_wrong": _l("当前密码不正确。"),
    "sign_in_refused": _l("登录名或密码不正确，或账号尚未启用。"),
    "token_scope_unknown": _l("请至少选择一种令牌权限（读、写）。"),
    "token_limit": _l("最多同时持有 %(limit)s 个有效令牌，请先停用不再需要的。"),
    "token_revoked_note": _l("%(by)s停用了您的令牌“%(name)s”。"),
    "token_not_found": _l("没有找到该令牌。"),
    "idempotency_key_too_long": _l("Idempotency-Key 不能超过 200 个字符。"),
    "idempotency_key_reused": _l("同一个 Idempotency-Key 已用于另一份请求。"),
    "bad_setting": _l("环境变量 %(name)s 的值无效。"),
}
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)
BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)


def device(user_agent: str) -> str:
    """A browser as its owner would call it, from what it says of itself.

    >>> device("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36")
    'Chrome · Windows'
    >>> device("curl/8.5.0"), device("")
    ('curl/8.5.0', '')
    """
    found = [next((name for mark, name in marks if mark in user_agent), "") for marks in (BROWSERS, SYSTEMS)]
    return " · ".join(filter(None, found)) or re.split(r"[ (]", user_agent)[0][:40]
