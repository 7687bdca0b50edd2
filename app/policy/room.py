"""What the policy room brings to the house."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.credits import door as credits
from app.hall.db.base import db
from app.hall.rooms import Figure, Hit, Line, NavItem, Room, Section, Todo
from app.hall.text import language
from app.identity import door as identity
from app.identity.door import roles
from app.policy import api as calls  # noqa: F401  (adds its calls to the blueprint)
from app.policy import demo_park
from app.policy.cases import views as case_pages  # noqa: F401
from app.policy.cases.service import tell_of_new_version
from app.policy.cli import policy_group
from app.policy.desk import service as desk
from app.policy.desk import views as desk_pages  # noqa: F401
from app.policy.facts import views as fact_pages  # noqa: F401
from app.policy.fits import views as fit_pages  # noqa: F401
from app.policy.messages import MESSAGES
from app.policy.pages import api, bp
from app.policy.pushes import views as push_pages  # noqa: F401
from app.policy.pushes.service import count_open
from app.policy.rewards.service import doubts, eligible, hand_over
from app.policy.versions import service as versions
from app.policy.versions import views as version_pages  # noqa: F401
from app.policy.versions.models import PolicyVersion
from app.policy.words import fact_title

MOST = 3  # of anything on a firm's own page


def _open_pushes(actor: Any) -> int:
    return count_open(actor.organisation_id) if actor.may(roles.ANSWERS_PUSHES) else 0


def _todos(actor: Any) -> Iterator[Todo]:
    waiting = _open_pushes(actor)
    if waiting:
        yield Todo(_("政策符合，等您答复"), url_for("policy.mine"), waiting, "certificate")
    waiting = versions.waiting_for(actor)
    if waiting:
        url = url_for("policy.version_list", state="tested")
        yield Todo(_("政策版本等您批准"), url, waiting, "certificate")
    if actor.may(roles.KEEPS_POLICIES):
        late = desk.count_late_firms()
        if late:
            yield Todo(_("企业的问题开了 14 天"), url_for("policy.desk"), late, "help-circle")


def _sections(actor: Any) -> Iterator[Section]:
    """What fits the firm now, and what is one fact short, the question with it."""
    if not actor.may(roles.SEES_MONTHLY_FACTS_OF_OWN_FIRM):
        return
    lines = []
    for one in desk.fits_of_firm(identity.organisation_of(actor)):
        title = (one.title_en if language.lang() == "en" else "") or one.title_zh
        if one.state == "push":
            note, tone = _("条件都有依据，可以办理"), "ok"
        elif one.state == "ask":
            names = _("和").join(fact_title(code) for code in one.missing)
            note, tone = _("还差：%(names)s", names=names), "warn"
        else:
            continue
        lines.append(Line(title, note, url_for("policy.mine"), f"{one.fit_percent:.1f}%", tone))
    yield Section(
        _("给我的政策"), url_for("policy.mine"), "certificate", lines[:MOST], _("现在没有符合的政策。"), 3
    )


def _figures(actor: Any) -> Iterator[Figure]:
    if actor.may(roles.KEEPS_POLICIES):
        found = desk.calibration()
        note = _("到账 %(paid)s", paid=found.paid)
        yield Figure("certificate", _("政策推送"), f"{found.pushed:,}", _("次"), url_for("policy.desk"), note)


def _search(actor: Any, q: str) -> Iterator[Hit]:
    if not actor.may(roles.SEES_POLICIES):
        return
    like = f"%{identity.escape_like(q)}%"
    columns = (PolicyVersion.title_zh, PolicyVersion.title_en)
    query = sa.select(PolicyVersion).where(
        PolicyVersion.state == "in_force", sa.or_(*(column.ilike(like, escape="\\") for column in columns))
    )
    for row in db.session.scalars(query.order_by(PolicyVersion.id).limit(8)):
        title = (row.title_en if language.lang() == "en" else "") or row.title_zh
        yield Hit(_("政策"), title, row.authority, url_for("policy.version", version_id=row.id))


def _on_start() -> None:
    versions.when_in_force(tell_of_new_version)
    credits.register_fulfilment("policy", _l("政策资格"), hand_over, doubts, eligible)


ROOM = Room(
    name="policy",
    title=_l("政策"),
    icon="certificate",
    may_call=frozenset({"identity", "credits", "chain", "sharing"}),
    blueprints=[bp],
    apis=[api],
    nav=[
        NavItem(
            "policy.mine",
            "certificate",
            _l("适合我的政策"),
            "services",
            roles.SEES_MONTHLY_FACTS_OF_OWN_FIRM,
            badge=_open_pushes,
            subject=_l("政策"),
        ),
        NavItem(
            "policy.desk",
            "certificate",
            _l("政策工作台"),
            "services",
            roles.SEES_POLICIES,
            subject=_l("政策"),
        ),
    ],
    todos=_todos,
    sections=_sections,
    figures=_figures,
    search=_search,
    messages=MESSAGES,
    cli=[policy_group],
    demo=demo_park.load,
    jobs_module="app.policy.jobs",
    on_start=_on_start,
)
