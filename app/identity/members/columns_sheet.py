"""The columns of a list of colleagues."""

from __future__ import annotations

from app.hall.files.sheets.columns import Column, Table
from app.identity.mail.addresses import read_address
from app.identity.members.words import named

MEMBERS = Table(
    "members",
    (
        Column(
            "login",
            "登录名",
            "Login",
            "code",
            ("账号", "用户名"),
            longest=150,
            exact=True,
            note_zh="现有成员的登录名；新的同事请空着，由本人设置",
            note_en="The login of somebody who is there; leave empty for a new colleague, who chooses one",
        ),
        Column("name", "姓名", "Name", also=("成员姓名", "员工姓名", "同事"), required=True, longest=60),
        Column(
            "email", "邮箱", "Email", also=("电子邮箱", "邮件", "电子邮件"), longest=120, read=read_address
        ),
        Column(
            "roles",
            "角色",
            "Roles",
            "list",
            ("权限", "身份"),
            longest=40,
            show=named,
            width=24,
            note_zh="多个角色用“；”分开；只能授予您可以授予的角色",
            note_en="Several roles divided by ;, of those you may give",
        ),
        Column(
            "organisation",
            "单位编号",
            "Organisation",
            "code",
            ("企业编号", "机构编号"),
            longest=20,
            exact=True,
            note_zh="空着即本单位；园区管理员可写还没有成员的机构的编号，为它邀请首位管理员",
            note_en="Empty for your own; a park administrator may give the code of an organisation without members"
            " to invite its first administrator",
        ),
    ),
    ("organisation", "login"),
    "同事",
    "Colleagues",
    500,
    ({"name": "李红", "email": "li@firm.example", "roles": ("enterprise_member",)},),
)
