"""What the platform does with personal information, purpose by purpose (PIPL articles 13 to 17 and 47)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

ACCOUNT, EXPERTS, PHOTOGRAPHS, MESSAGES = "account", "experts", "photographs", "messages"


@dataclass(frozen=True)
class Purpose:
    """One purpose: its name, what for, which kinds of information, how long, what taking it back means."""

    title: Any
    why: Any
    kinds: Any
    kept: Any
    withdrawn: Any


PURPOSES = {
    ACCOUNT: Purpose(
        _l("账号"),
        _l("让您登录，让同事和园区知道谁做了什么，让另一人能够复核。"),
        _l("姓名、登录名、邮箱、手机、角色；登录的时间、地址和浏览器。"),
        _l("账号存续期间；登录记录至少六个月，之后由系统删除；审批、复核和账本记录随业务保存。"),
        _l("请贵单位管理员或园区停用账号；停用后不能再登录。"),
    ),
    EXPERTS: Purpose(
        _l("专家与人才"),
        _l("把可以借用的人才介绍给需要的企业。"),
        _l("技能说明；姓名与联系方式，只在本人同意某一次合作之后提供给合作双方。"),
        _l("合作结束或撤回为止；一次合作的邀请链接 60 天。"),
        _l("不再被介绍；已经开始的合作请与双方商定。"),
    ),
    PHOTOGRAPHS: Purpose(
        _l("现场照片"),
        _l("让处理的人看清问题。请不要拍到人脸和证件。"),
        _l("照片的画面；拍摄地点和机型在保存时去除，不记录拍摄人。"),
        _l("随问题保存；没有提交的照片一天后删除。"),
        _l("不能再上传照片；已提交的照片请园区删除。"),
    ),
    MESSAGES: Purpose(
        _l("个人消息"),
        _l("把等您处理、会过期的事发到您的邮箱。"),
        _l("邮箱、姓名、消息内容。"),
        _l("邮件发出后不另外保存；站内通知随账号保存。"),
        _l("不再发邮件；密码重置等安全邮件除外，站内通知照常。"),
    ),
}
CHOSEN = (EXPERTS, PHOTOGRAPHS, MESSAGES)  # each can be taken back by itself
MESSAGES_OF_ROOM = {
    "consent_withdrawn": _l("您已撤回对“%(purpose)s”的同意。可在“个人信息”中重新同意。"),
    "purpose_unknown": _l("没有这一项。"),
}
