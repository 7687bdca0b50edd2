"""The room's share of the home page and of the search across rooms."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from app.chain.agreements.models import MatchDecision
from app.chain.firms import freshness
from app.chain.firms import service as dossiers
from app.chain.orders import service as orders
from app.chain.partners import service as matches
from app.chain.prospects import queries as prospect_queries
from app.chain.prospects.models import Prospect
from app.chain.prospects.rules import OPEN, STALLED_AFTER
from app.chain.register import service as chains
from app.chain.register.models import ChainFirm, Segment
from app.chain.weak_links.service import assessment
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.counting import Question, counted, how_many
from app.hall.rooms import Figure, Hit, Todo
from app.hall.text import language
from app.hall.text.units import wan
from app.identity import door as identity
from app.identity.door import escape_like, roles


def todos(actor: identity.Actor) -> Iterable[Todo]:
    found = []
    if actor.may(roles.EDITS_CHAINS):
        late = clock.now() - STALLED_AFTER
        stalled = db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Prospect)
            .where(Prospect.state.in_(OPEN), Prospect.touched_at < late)
        )
        if stalled:
            found.append(
                Todo(
                    _("%(count)s 家拟引进企业 14 天没有进展", count=stalled),
                    url_for("chain.prospect_list"),
                    stalled,
                    "clock",
                )
            )
        waiting = dossiers.open_corrections()
        if waiting:
            found.append(
                Todo(
                    _("%(count)s 份在链位置更正待确认", count=waiting),
                    url_for("chain.my_matches"),
                    waiting,
                    "edit",
                )
            )
    own = chains.own_firm(actor) if actor.may(roles.MANAGES_OWN_FIRM) else None
    if own is not None:
        *stale_rows, asked = counted(*freshness.due_questions(own), _asked_of(own))
        if stale := sum(stale_rows):
            found.append(
                Todo(
                    _("贵公司在产业链上的 %(count)s 条数据一个季度没有确认：还准确吗？", count=stale),
                    url_for("chain.firm", code=own.code),
                    1,
                    "help-circle",
                )
            )
        if asked:
            found.append(
                Todo(
                    _("%(count)s 项合作意向等待答复", count=asked),
                    url_for("chain.my_matches"),
                    asked,
                    "arrows-exchange",
                )
            )
    return found


def _asked_of(own: ChainFirm) -> Question:
    """How many wishes to cooperate wait for this firm's answer."""
    return how_many(
        MatchDecision.state == "asked",
        sa.or_(MatchDecision.supplier_id == own.id, MatchDecision.customer_id == own.id),
        MatchDecision.asked_by_firm_id != own.id,
    )


def figures(actor: identity.Actor) -> Iterable[Figure]:
    chain = chains.find_chain()
    if chain is None:
        return []
    if actor.may(roles.SEES_CHAINS):
        found = assessment(chain)
        weak = next((row for row in found.findings if row.rank == 1), None)
        names = chains.chain_facts(chain).names(language.lang())
        note = _("首要：%(name)s", name=names.get(weak.segment, weak.segment)) if weak else ""
        return [
            Figure(
                "topology-star-3",
                _("产业链缺口"),
                wan(found.total_shortfall_wan, language.lang()),
                "",
                url_for("chain.weak_links"),
                note,
                "warn" if weak else "ok",
            )
        ]
    own = chains.own_firm(actor)
    if own is None:
        return []
    sold = orders.orders_of(chain, own)
    count = matches.count_matches(chain, own)
    return [
        Figure(
            "arrows-exchange",
            _("园区内可对接企业"),
            str(count),
            _("家"),
            url_for("chain.my_matches"),
            _("年订单 %(orders)s", orders=wan(sold.now_wan, language.lang())),
        )
    ]


def search(actor: identity.Actor, q: str) -> Iterable[Hit]:
    like = f"%{escape_like(q.strip())}%"
    every = {chain.id: chain for chain in chains.list_chains()}
    if not every or not q.strip():
        return []
    staff = actor.may(roles.SEES_CHAINS)
    named = (Segment.name_zh, Segment.name_en, Segment.code)
    segments = db.session.scalars(
        sa.select(Segment)
        .where(sa.or_(*(column.ilike(like, escape="\\") for column in named)))
        .order_by(Segment.id)
        .limit(5)
    )
    hits = [
        Hit(
            _("产业链环节"),
            chains.segment_name(row),
            chains.chain_name(every[row.chain_id]),
            url_for("chain.segment", code=row.code, chain=every[row.chain_id].code)
            if staff
            else url_for("chain.index", segment=row.code, chain=every[row.chain_id].code),
        )
        for row in segments
    ]
    if staff:
        rows = db.session.scalars(
            sa.select(Prospect)
            .where(
                sa.or_(Prospect.name_zh.ilike(like, escape="\\"), Prospect.name_en.ilike(like, escape="\\"))
            )
            .order_by(Prospect.id)
            .limit(5)
        )
        hits += [
            Hit(
                _("拟引进企业"),
                prospect_queries.prospect_name(row),
                row.region,
                url_for("chain.prospect", code=row.code),
            )
            for row in rows
        ]
        firms = db.session.scalars(
            sa.select(ChainFirm)
            .where(sa.or_(ChainFirm.name.ilike(like, escape="\\"), ChainFirm.code.ilike(like, escape="\\")))
            .order_by(ChainFirm.id)
            .limit(5)
        ).all()
        names = chains.firm_names(firms)
        hits += [Hit(_("在链企业"), names[f.id], f.code, url_for("chain.firm", code=f.code)) for f in firms]
    return hits
