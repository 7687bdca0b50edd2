"""The words of starter sets and first days."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

KIND_NAMES = {
    "earn_rule": _l("积分规则"),
    "reward": _l("权益"),
    "sharing_terms": _l("预约条款"),
    "holiday": _l("节假日"),
    "committee": _l("委员会"),
    "committee_seat": _l("委员席位"),
}
UNIT_NAMES = {"credits": _l("积分"), "times": _l("次"), "minutes": _l("分钟"), "days": _l("天")}


def line_note(line: dict[str, object]) -> str:
    """What kind of line it is, and its value where it has one."""
    kind = str(KIND_NAMES.get(str(line["kind"]), line["kind"]))
    unit = UNIT_NAMES[str(line.get("unit", "credits"))]
    return f"{kind} · {line['value']} {unit}" if line["value"] else kind


STATE_NAMES = {"proposed": _l("待复核"), "in_force": _l("已接管"), "refused": _l("已拒绝")}
STEP_NAMES = {
    "facts": _l("补全信用代码和联系人"),
    "colleagues": _l("邀请同事"),
    "position": _l("说明做什么，登上产业链图谱"),
    "equipment": _l("共享一台闲置设备"),
    "claim": _l("提交第一次积分申报"),
    "staff": _l("邀请园区同事，至少两人才能互相复核"),
    "starter": _l("接管起步清单"),
    "departments": _l("设立部门和负责人"),
    "partners": _l("添加高校、院所、协会或金融机构"),
    "firms": _l("添加园区企业"),
}
MESSAGES = {
    "starter_empty": _l("没有可以接管的内容：全部已划去或已生效。"),
    "starter_waits": _l("已有一份起步清单等待复核。"),
    "starter_not_found": _l("没有找到这份起步清单。"),
    "starter_decided": _l("这份起步清单已被处理。"),
    "starter_second_person": _l("起步清单须由另一位管理员复核。"),
    "starter_proposed": _l("一份起步清单等待另一位管理员复核。"),
    "starter_in_force": _l("起步清单已接管，所留各项已生效。"),
    "starter_refused": _l("起步清单未获同意。"),
}
