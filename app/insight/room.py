"""What the insight room brings to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.ecosystem import door as ecosystem
from app.hall.rooms import NavItem, Room
from app.identity.door import roles
from app.insight import api as calls
from app.insight import demo
from app.insight.alerts import table as alert_table
from app.insight.alerts import views as alert_pages
from app.insight.cli import insight_group
from app.insight.cockpit import views as cockpit_pages
from app.insight.department import views as department_pages
from app.insight.forecast import views as forecast_pages
from app.insight.pages import api, bp
from app.insight.quarter import api as quarter_api
from app.insight.quarter import views as quarter_pages
from app.insight.start import views as start_pages
from app.insight.themes import sources as remarks
from app.insight.themes import views as theme_pages
from app.insight.versions import api as versions_api
from app.insight.versions import views as version_pages
from app.insight.words import MESSAGES

PARTS = (
    calls,
    versions_api,
    forecast_pages,
    cockpit_pages,
    alert_pages,
    theme_pages,
    version_pages,
    quarter_api,
    quarter_pages,
    department_pages,
)  # pages and calls are there with the room


def on_start() -> None:
    remarks.register()
    ecosystem.on_agenda(alert_table.open_alerts)


ROOM = Room(
    name="insight",
    title=_l("洞察"),
    icon="chart-line",
    may_call=frozenset(
        {"identity", "credits", "chain", "sharing", "policy", "ecosystem", "problems", "voice"}
    ),
    blueprints=[bp],
    apis=[api],
    nav=[
        NavItem(
            "insight.cockpit",
            "gauge",
            _l("数据驾驶舱"),
            "insight",
            roles.SEES_FIGURES_OF_GROUPS,
            subject=_l("数据驾驶舱"),
        ),
        NavItem(
            "insight.alert_list",
            "alert-triangle",
            _l("预警与对策"),
            "insight",
            roles.SEES_FIGURES_OF_GROUPS,
            subject=_l("数据驾驶舱"),
        ),
        NavItem(
            "insight.firms",
            "building-community",
            _l("各企业得分"),
            "insight",
            roles.SEES_ONE_FIRMS_SCORES,
            subject=_l("数据驾驶舱"),
        ),
        NavItem(
            "insight.forecast_page",
            "chart-line",
            _l("下月预测"),
            "insight",
            roles.SEES_FIGURES_OF_GROUPS,
            subject=_l("数据驾驶舱"),
        ),
        NavItem(
            "insight.theme_list",
            "message-circle",
            _l("原话与主题"),
            "insight",
            roles.READS_SENTENCES,
            subject=_l("数据驾驶舱"),
        ),
        NavItem(
            "insight.weights_page",
            "scale",
            _l("权重与编码本"),
            "insight",
            roles.SEES_INSIGHT_VERSIONS,
            subject=_l("数据驾驶舱"),
        ),
        NavItem(
            "insight.quarter_page",
            "microscope",
            _l("仪器季度报告"),
            "insight",
            roles.READS_INSTRUMENT_QUARTER,
            subject=_l("成绩单与利用率"),
        ),
        NavItem("insight.mine", "gauge", _l("我们的评价"), "insight", roles.SEES_OWN_SCORES),
    ],
    messages=MESSAGES,
    cli=[insight_group],
    demo=demo.load,
    on_start=on_start,
    block=start_pages.block,
    jobs_module="app.insight.jobs",
)
