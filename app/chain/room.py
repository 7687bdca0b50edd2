"""What the chain room brings to the house."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.chain import demo, desk, ties
from app.chain.actions import views as action_views
from app.chain.agreements import views as agreement_views
from app.chain.alerts import views as alert_views
from app.chain.cli import chain_group
from app.chain.exchange import api as exchange_api
from app.chain.exchange import views as exchange_views
from app.chain.firms import views as firm_views
from app.chain.foreign import views as foreign_views
from app.chain.knock_out import api as knock_out_api
from app.chain.knock_out import views as knock_out_views
from app.chain.makers import api as makers_api
from app.chain.makers import views as makers_views
from app.chain.map import views as map_views
from app.chain.pages import api, bp
from app.chain.partners import api as partner_api
from app.chain.partners import views as partner_views
from app.chain.planner import api as planner_api
from app.chain.planner import views as planner_views
from app.chain.prospects import api as prospect_api
from app.chain.prospects import views as prospect_views
from app.chain.prospects import views_files as prospect_file_views
from app.chain.register import api as register_api
from app.chain.report import views as report_views
from app.chain.risk import api as risk_api
from app.chain.risk import views as risk_views
from app.chain.scenarios import views as scenario_views
from app.chain.sector_tables import views as sector_views
from app.chain.stickiness import views as stickiness_views
from app.chain.strength import api as strength_api
from app.chain.strength import views as strength_views
from app.chain.weak_links import api as weak_link_api
from app.chain.weak_links import views as weak_link_views
from app.chain.weak_links.words import add_label_sentences
from app.chain.what_if import api as what_if_api
from app.chain.what_if import views as what_if_views
from app.chain.wishes import api as wish_api
from app.chain.wishes import service as wish_service
from app.chain.wishes import views as wish_views
from app.chain.words import MESSAGES
from app.hall.rooms import NavItem, Room
from app.identity.door import Actor, roles

# Each of these adds its pages and calls to the one blueprint of `pages.py` when it is imported.
ROUTES = (
    action_views,
    agreement_views,
    alert_views,
    exchange_api,
    exchange_views,
    firm_views,
    foreign_views,
    knock_out_api,
    knock_out_views,
    makers_api,
    makers_views,
    map_views,
    partner_api,
    partner_views,
    planner_api,
    planner_views,
    prospect_api,
    prospect_views,
    prospect_file_views,
    register_api,
    wish_api,
    wish_views,
    report_views,
    risk_api,
    risk_views,
    scenario_views,
    sector_views,
    stickiness_views,
    strength_api,
    strength_views,
    weak_link_api,
    weak_link_views,
    what_if_api,
    what_if_views,
)
STAFF = roles.SEES_CHAINS


def _wish_badge(actor: Actor) -> int:
    return len(wish_service.waiting()) if actor.may(roles.EDITS_CHAINS) else 0


def _on_start() -> None:
    add_label_sentences()
    ties.register()


ROOM = Room(
    name="chain",
    title=_l("产业链"),
    icon="topology-star-3",
    may_call=frozenset({"identity"}),
    blueprints=[bp],
    apis=[api],
    nav=[
        NavItem(
            "chain.index",
            "topology-star-3",
            _l("产业链图谱"),
            "chain",
            subject=_l("图谱与薄弱环节"),
            bottom=True,
            short=_l("图谱"),
        ),
        NavItem(
            "chain.weak_links", "alert-triangle", _l("薄弱环节"), "chain", STAFF, subject=_l("图谱与薄弱环节")
        ),
        NavItem("chain.planner_page", "target", _l("招商规划"), "chain", STAFF, subject=_l("招商规划与推演")),
        NavItem(
            "chain.what_if_page", "adjustments", _l("招商推演"), "chain", STAFF, subject=_l("招商规划与推演")
        ),
        NavItem(
            "chain.prospect_list", "target-arrow", _l("招商储备库"), "firms", STAFF, subject=_l("招商储备库")
        ),
        NavItem(
            "chain.wish_list",
            "topology-star-3",
            _l("入链确认"),
            "firms",
            roles.SEES_WISHES,
            badge=_wish_badge,
            subject=_l("招商储备库"),
        ),
        NavItem("chain.stickiness_list", "link", _l("企业黏性"), "firms", STAFF, subject=_l("招商储备库")),
        NavItem(
            "chain.say_page",
            "pencil",
            _l("登上图谱"),
            "chain",
            roles.MANAGES_OWN_FIRM,
            subject=_l("图谱与薄弱环节"),
        ),
        NavItem("chain.makers_page", "zoom-question", _l("供应能力查询"), "chain", STAFF),
        NavItem(
            "chain.my_matches",
            "arrows-exchange",
            _l("供需撮合"),
            "chain",
            roles.SEES_PARTNERS,
            subject=_l("图谱与薄弱环节"),
        ),
        NavItem("chain.import_page", "file-import", _l("导入与导出"), "chain", STAFF),
    ],
    todos=desk.todos,
    figures=desk.figures,
    search=desk.search,
    messages=MESSAGES,
    cli=[chain_group],
    demo=demo.load,
    on_start=_on_start,
    jobs_module="app.chain.jobs",
)
