"""The refusals and messages about second factors."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "code_wrong": _l("验证码不正确或已经用过，请等下一个再试。"),
    "passkey_refused": _l("通行密钥未通过验证，请重试。"),
    "passkey_known": _l("这个通行密钥已经登记。"),
    "factor_not_found": _l("没有找到该验证方式。"),
    "factor_last": _l("您的角色必须使用两步验证：请先添加另一种方式，再移除这一种。"),
    "factors_enough": _l("最多登记 %(most)s 种验证方式。"),
    "factors_none": _l("%(name)s没有登记两步验证。"),
    "second_step_over": _l("两步验证已超时，请重新登录。"),
    "loss_not_yourself": _l("自己的验证方式请在“两步验证”中管理，或请另一位管理员发起。"),
    "factor_added": _l(
        "您的账号登记了新的验证方式“%(name)s”，其他设备已退出。若不是您本人，请立即告知管理员。"
    ),
    "factor_removed": _l("您的账号移除了验证方式“%(name)s”。若不是您本人，请立即告知管理员。"),
    "recovery_used": _l("您用一个恢复码登录，还剩 %(left)s 个。"),
    "factor_loss_asked": _l("%(by)s发起了移除%(name)s全部验证方式的流程。"),
    "factor_loss_waits": _l("%(by)s请求移除%(name)s丢失的验证方式，需要另一位管理员确认。"),
    "factor_loss_confirmed": _l("%(by)s确认移除%(name)s的验证方式；下次登录只需密码，请尽快重新登记。"),
}
