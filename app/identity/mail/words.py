"""The sentences of letters that stand nowhere else."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "reset_letter": _l(
        "请在 %(hours)s 小时内通过下面的链接设置新密码，链接只能使用一次。如果您没有要求重置密码，请立即告知管理员。"
    ),
    "placement_consent_letter": _l(
        "%(asking)s希望与您合作，所属单位把决定权交给您本人。请通过下面的链接查看内容并表示同意或不同意。"
    ),
    "registration_approved_letter": _l(
        "%(name)s已获准入驻园区。您的登录名是 %(login)s，密码是您申请时设置的密码。"
    ),
    "registration_rejected_letter": _l("%(name)s的入驻申请未获批准。理由：%(reason)s"),
}
