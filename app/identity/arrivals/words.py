"""The refusals and letters about organisations that come in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

GRADE_NAMES = {
    "same": _l("同一家"),
    "likely": _l("很可能是同一家"),
    "similar": _l("名称相近"),
}
MESSAGES = {
    "organisation_wrong": _l("机构信息有误，请检查。"),
    "organisation_kind": _l("请选择机构类型。"),
    "organisation_needs_name": _l("请填写名称。"),
    "organisation_code_malformed": _l("编号须以大写字母开头，只含大写字母、数字、- 和 _，最多 20 位。"),
    "credit_code_length": _l("统一社会信用代码应为 18 位。"),
    "credit_code_letters": _l("统一社会信用代码只含数字和大写字母，不含 I、O、S、V、Z；第 3–8 位是数字。"),
    "credit_code_area": _l("统一社会信用代码第 3–4 位不是行政区划代码，请核对。"),
    "credit_code_check": _l("统一社会信用代码的校验位不符，请逐位核对。"),
    "organisation_there": _l("系统中已有这家机构。"),
    "organisation_there_same": _l("%(name)s（%(code)s）就是这家机构：请打开它，或为它邀请首位管理员。"),
    "organisation_there_likely": _l(
        "%(name)s（%(code)s）很可能就是这家机构；核对后若确是另一家，请勾选“另一家机构”再提交。"
    ),
    "organisation_not_acting": _l("该机构当前不能使用平台，不能邀请成员。"),
    "organisation_has_members": _l("该机构已有成员，请由其管理员邀请同事。"),
    "belongs_elsewhere": _l("该邮箱已属于%(name)s的成员，请换一个邮箱或先在那边停用。"),
    "first_person_refused": _l("不能邀请首位管理员。"),
    "first_person_needs_name": _l("请填写首位管理员的姓名。"),
    "first_person_letter": _l(
        "%(name)s已在园区平台建立。请在 7 天内通过下面的链接设置登录名和密码，成为首位管理员。"
    ),
}
