"""This room's lines of the side navigation."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.ecosystem.service import matches, packs
from app.rooms import NavItem

STAFF = frozenset({"investment_staff", "committee_secretary", "park_admin", "auditor"})
SECRETARIES = frozenset({"committee_secretary", "park_admin"})
FIRMS = frozenset({"enterprise_admin", "enterprise_member", "university_office", "steward"})
GROUP = "ecosystem"

NAV = [
    NavItem("ecosystem.market", "building-store", _l("供需大厅"), GROUP),
    NavItem(
        "ecosystem.matches_page",
        "arrows-right-left",
        _l("撮合建议"),
        GROUP,
        badge=matches.count_to_answer,
    ),
    NavItem("ecosystem.introductions_page", "heart-handshake", _l("对接进展"), GROUP),
    NavItem(
        "ecosystem.pack_requests", "building-plus", _l("拟引进意向"), GROUP, FIRMS, badge=packs.count_requests
    ),
    NavItem("ecosystem.committee_page", "users-group", _l("圆桌会议"), GROUP),
    NavItem("ecosystem.projects_page", "school", _l("高校项目"), GROUP),
    NavItem("ecosystem.signals_page", "message-report", _l("信号"), GROUP),
    NavItem("ecosystem.review", "file-check", _l("供需审核"), GROUP, SECRETARIES),
    NavItem("ecosystem.packs_page", "package", _l("服务包"), GROUP, STAFF),
    NavItem("ecosystem.gaps_page", "puzzle", _l("补链一览"), GROUP, STAFF),
    NavItem("ecosystem.scorecard_page", "report-analytics", _l("生态成绩单"), GROUP, STAFF),
]
