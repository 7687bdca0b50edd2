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
        _l("请贵单位管理员或园区停用账号；停用后不能再登录，园区可由两位管理员删除您写下的文字。"),
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
    "erasure_not_found": _l("没有这项删除请求。"),
    "erasure_no_such_login": _l("没有登录名为%(login)s的已停用账号。"),
    "erasure_still_active": _l("%(login)s的账号仍在使用，请先停用。"),
    "erasure_not_oneself": _l("自己写下的文字须由两位同事删除。"),
    "erasure_standing": _l("此人的删除请求已在处理或已完成。"),
    "erasure_decided": _l("这项删除请求已有决定。"),
    "erasure_second_person": _l("删除须由另一位管理员决定，不能是发起人或本人。"),
    "erasure_asked": _l("一项删除个人文字的请求等待另一位管理员决定。"),
    "erasure_done": _l("删除请求 %(number)s 已完成：%(rows)s 条记录的文字已删除。"),
    "erasure_refused": _l("删除请求 %(number)s 未获同意。"),
    "consent_withdrawn": _l("您已撤回对“%(purpose)s”的同意。可在“个人信息”中重新同意。"),
    "purpose_unknown": _l("没有这一项。"),
}

STATES = {
    "asked": (_l("等待另一位管理员"), "warn"),
    "agreed": (_l("正在删除"), "warn"),
    "done": (_l("已完成"), "ok"),
    "refused": (_l("已拒绝"), ""),
}
GOES = (
    _l("姓名、登录名、邮箱、手机、密码、验证方式、令牌、站内通知。"),
    _l("审计日志中此人留下的和以此人为对象的记录：姓名、理由、内容、网络地址。"),
    _l(
        "此人写下的申报说明、申诉、兑换备注、提案与决定的理由、结算理由、到账凭证号，以及上传文件的文件名；同一条记录中他人写的理由一并删除。"
    ),
)
STAYS = (
    (_l("谁在何时做了什么：成员编号、时间、动作、数字"), _l("积分与金额由此可以复核，法律要求保存。")),
    (_l("申报材料的编号和文件"), _l("一个编号只能奖励一次，须能核对；文件属于企业。")),
    (_l("每一版记录的摘要"), _l("摘要加盐，盐已删除：证明仍然成立，但再也看不出写过什么。")),
    (_l("别人收到的消息、别处提到此人的文字、企业的诉求和供需"), _l("属于别人或企业，可在各处更正或撤回。")),
)
