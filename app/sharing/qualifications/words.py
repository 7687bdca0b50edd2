"""Sentences of qualifications."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

MESSAGES = {
    "qualification_unknown": _l("没有找到该资质。"),
    "qualification_code": _l("资质代码为 2 至 30 个字母、数字、连字符或下划线。"),
    "qualification_taken": _l("资质代码“%(code)s”已存在。"),
    "qualification_not_yours": _l("只有设立该资质的单位与园区管理员可以授予或撤销。"),
    "qualification_until": _l("有效期须在今天与十年之内。"),
    "qualification_member": _l("没有找到单位“%(organisation)s”的会员“%(login)s”。"),
    "qualification_asked": _l("%(firm)s的%(member)s申请操作资质“%(name)s”。"),
    "qualification_asked_before": _l("今天已经申请过，请等待答复。"),
    "qualification_granted": _l("您已获得操作资质“%(name)s”。"),
    "qualification_revoked": _l("您的操作资质“%(name)s”已被撤销。"),
}
