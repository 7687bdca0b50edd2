"""What kinds, industries, sizes and states of organisations are called."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

KIND_NAMES = {
    "enterprise": _l("企业"),
    "university": _l("高校"),
    "institute": _l("科研院所"),
    "association": _l("行业协会"),
    "bank": _l("金融机构"),
    "government": _l("政府部门"),
    "provider": _l("服务机构"),
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
    "leaving": _l("退园中"),
    "left": _l("已退园"),
    "joined": _l("已合并"),
    "deactivated": _l("已停用"),
}
MESSAGES = {
    "organisation_not_found": _l("没有找到该机构。"),
    "enterprise_not_found": _l("没有找到企业 %(code)s。"),
    "registered_in_the_future": _l("注册日期不能晚于今天。"),
    "organisation_code_taken": _l("机构编号 %(code)s 已被使用。"),
    "enterprise_registered": _l("该统一社会信用代码的企业已登记，请联系贵单位管理员邀请您加入。"),
    "enterprise_registered_note": _l("%(name)s 申请入驻平台，请审批。"),
    "enterprise_welcome": _l("%(name)s 已获准入驻，欢迎。现在可以邀请同事、浏览共享资源了。"),
    "registration_decided": _l("该申请已被处理。"),
    "park_founded_already": _l("数据库中已有园区，无需再次创建。"),
}
