"""Scenarios: what-ifs with a name, kept and shared; the numbers are worked out anew on the day's data."""

from __future__ import annotations

import sqlalchemy as sa

from app.chain.prospects.models import Prospect
from app.chain.register import service as chains
from app.chain.register.models import IndustryChain
from app.chain.scenarios.models import Scenario
from app.chain.what_if.rules import Wish, newcomers
from app.chain.what_if.service import coming
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Invalid, NotAllowed, NotFound
from app.hall.text import language
from app.identity import door as identity
from app.identity.door import roles


def save(
    actor: identity.Actor, chain: IndustryChain, name: str, wish: Wish, note: str = "", shared: bool = False
) -> Scenario:
    name = name.strip()
    if not name:
        raise Invalid("chain_scenario_needs_name")
    coming(chain, wish)
    with transaction():
        row = Scenario(
            chain_id=chain.id,
            name=name[:100],
            note=note.strip()[:500],
            prospects=list(wish.prospects),
            added=[[p.name, p.segment, p.output_wan] for p in wish.positions],
            removed=list(wish.without),
            shared=shared,
            created_by=actor.member_id,
            created_at=clock.now(),
        )
        db.session.add(row)
        db.session.flush()
        identity.audit(actor, "chain.scenario_saved", "chain_scenario", row.id, name=row.name)
        return row


def visible(actor: identity.Actor, chain: IndustryChain) -> list[Scenario]:
    """Own scenarios and shared ones."""
    query = sa.select(Scenario).where(Scenario.chain_id == chain.id).order_by(Scenario.id.desc()).limit(100)
    mine = sa.or_(Scenario.shared, Scenario.created_by == actor.member_id, Scenario.created_by.is_(None))
    return list(db.session.scalars(query.where(mine)))


def get(actor: identity.Actor, chain: IndustryChain, scenario_id: int) -> Scenario:
    row = db.session.get(Scenario, scenario_id)
    mine = row is not None and (row.shared or row.created_by in (None, actor.member_id))
    if row is None or row.chain_id != chain.id or not mine:
        raise NotFound("chain_scenario_not_found")
    return row


def share(actor: identity.Actor, chain: IndustryChain, scenario_id: int, shared: bool) -> Scenario:
    """Its author decides who else sees it."""
    with transaction():
        row = get(actor, chain, scenario_id)
        if row.created_by != actor.member_id:
            raise NotAllowed("chain_scenario_not_yours")
        row.shared = shared
        identity.audit(actor, "chain.scenario_shared", "chain_scenario", row.id, shared=shared)
        return row


def people_of(chain: IndustryChain, row: Scenario) -> tuple[list[str], list[str]]:
    """Who comes and who leaves in a scenario, by name."""
    known = dict(
        db.session.execute(
            sa.select(Prospect.code, Prospect.name_en if language.lang() == "en" else Prospect.name_zh).where(
                Prospect.code.in_(row.prospects)
            )
        ).all()
    )
    firms = chains.chain_facts(chain).firm_names()
    coming = [known.get(code) or code for code in row.prospects] + [name for name, _s, _o in row.added]
    return coming, [firms.get(code, code) for code in row.removed]


def delete(actor: identity.Actor, chain: IndustryChain, scenario_id: int) -> None:
    with transaction():
        row = get(actor, chain, scenario_id)
        if row.created_by not in (None, actor.member_id) and not actor.may(roles.SEES_OTHERS_SCENARIOS):
            raise NotAllowed("chain_scenario_not_yours")
        identity.audit(actor, "chain.scenario_deleted", "chain_scenario", row.id, name=row.name)
        db.session.delete(row)


def wish_of(row: Scenario) -> Wish:
    added = [{"name": name, "segment": segment, "output_wan": output} for name, segment, output in row.added]
    return Wish(newcomers(added), tuple(row.prospects), tuple(row.removed))
