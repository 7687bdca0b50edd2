"""The battery chain of the fictional demo park 瀛洲生态产业园（虚构）: every firm, number and contract is made up."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.chain.actions.models import ChainAction
from app.chain.actions.rules import kind_for_firm
from app.chain.alerts import service as alerts
from app.chain.prospects import service as prospects
from app.chain.prospects.models import Prospect
from app.chain.prospects.rules import ORDER, NewProspect
from app.chain.register import service as chains
from app.chain.register.models import (
    ChainFirm,
    IndustryChain,
    InputCoefficient,
    Position,
    Segment,
    SegmentReference,
    SupplyLink,
)
from app.chain.scenarios.models import Scenario
from app.chain.weak_links.service import assessment
from app.hall import clock
from app.hall.db.base import db
from app.identity import door as identity
from app.identity.door import member_query, person_of
from app.identity.members.models import Member

SOURCE = "2026 年园区企业调查（虚构）"


def load() -> None:
    data = json.loads(Path(__file__).with_name("demo.json").read_text("utf-8"))
    today = clock.today()
    actor = _actor("investment")
    with clock.as_of(clock.at(today - dt.timedelta(days=120), 10)):
        chain = chains.create_chain(actor, "battery", "新能源电池", "New-energy batteries")
        chain.stages = data["stages"]
        _segments(chain, data)
    arrivals = data["arrivals"]
    for days in sorted({1, *arrivals.values()}, reverse=True):
        with clock.as_of(clock.at(today - dt.timedelta(days=days), 8)):
            _firms(
                chain,
                data,
                [row for row in data["positions"] if arrivals.get(row[0], max(arrivals.values())) == days],
            )
            if days == 1:
                _supply(chain, data, today)
                _region(chain, data)
            chain.version += 1
            chain.updated_at = clock.now()
            db.session.flush()
            alerts.take_snapshot(chain)
    _prospects(chain, data, actor, today)
    _plans(chain, data, actor, today)


def _actor(login: str) -> identity.Actor:
    return person_of(db.session.scalars(member_query().where(Member.login == login)).one()).actor


def _segments(chain: IndustryChain, data: dict[str, Any]) -> None:
    now = clock.now()
    for code, zh, en, stage in data["segments"]:
        db.session.add(
            Segment(
                chain_id=chain.id,
                code=code,
                name_zh=zh,
                name_en=en,
                stage=stage,
                source=SOURCE,
                updated_at=now,
            )
        )
    db.session.flush()
    ids = {code: row.id for code, row in chains.segments_by_code(chain.id).items()}
    for source, target, coefficient in data["inputs"]:
        db.session.add(
            InputCoefficient(
                chain_id=chain.id,
                source_id=ids[source],
                target_id=ids[target],
                coefficient=coefficient,
                source=SOURCE,
                updated_at=now,
            )
        )


def _firms(chain: IndustryChain, data: dict[str, Any], positions: list[tuple[Any, ...]]) -> None:
    now = clock.now()
    ids = {code: row.id for code, row in chains.segments_by_code(chain.id).items()}
    firms = chains.firms_by_code([row[0] for row in positions], create=True)
    for code, segment, output, capacity, products in positions:
        db.session.add(
            Position(
                chain_id=chain.id,
                segment_id=ids[segment],
                firm_id=firms[code].id,
                output_wan=output,
                capacity_wan=capacity,
                products=products,
                in_park=True,
                source=SOURCE,
                updated_at=now,
                confirmed_at=now,
            )
        )
    outside = chains.firms_by_code([row[0] for row in data["outside"]], dict(data["outside"]), create=True)
    db.session.flush()
    assert all(firm.organisation_id is None for firm in outside.values())


def _supply(chain: IndustryChain, data: dict[str, Any], today: dt.date) -> None:
    """Who sells to whom; a fifth number says how many days ago both sides confirmed it here."""
    now = clock.now()
    ids = {code: row.id for code, row in chains.segments_by_code(chain.id).items()}
    firms = {row.code: row.id for row in db.session.scalars(sa.select(ChainFirm))}
    for supplier, customer, segment, value, *days in data["supply"]:
        db.session.add(
            SupplyLink(
                chain_id=chain.id,
                supplier_id=firms[supplier],
                customer_id=firms[customer],
                segment_id=ids[segment],
                value_wan=value,
                source=SOURCE,
                confirmed_at=clock.at(today - dt.timedelta(days=days[0]), 14) if days else None,
                updated_at=now,
            )
        )


def _region(chain: IndustryChain, data: dict[str, Any]) -> None:
    """What the surrounding region makes a year, for the location quotients."""
    now = clock.now()
    ids = {code: row.id for code, row in chains.segments_by_code(chain.id).items()}
    for code, output in data["reference"].items():
        db.session.add(
            SegmentReference(
                chain_id=chain.id,
                segment_id=ids[code],
                region="瀛洲周边三省（虚构）",
                output_wan=output,
                year=2025,
                source="区域统计年鉴（虚构）",
                updated_at=now,
            )
        )


def _prospects(chain: IndustryChain, data: dict[str, Any], actor: identity.Actor, today: dt.date) -> None:
    for row in data["prospects"]:
        with clock.as_of(clock.at(today - dt.timedelta(days=row["days"][0]), 10)):
            made = prospects.create_prospect(
                actor,
                chain,
                NewProspect(
                    code=row["code"],
                    name_zh=row["zh"],
                    name_en=row["en"],
                    region=row["region"],
                    products=row["products"],
                    adds=row["adds"],
                    takes=row.get("takes", ()),
                    brings=row.get("brings") or {},
                    source="行业协会推荐（虚构）",
                ),
            )
        for days, state, note in zip(row["days"][1:], ORDER[1:], row["notes"], strict=False):
            with clock.as_of(clock.at(today - dt.timedelta(days=days), 15)):
                prospects.move(actor, made.code, state, note)
        made.next_step = row["next"]
        made.cost_wan = row["cost"]
        made.due_on = today + dt.timedelta(days=row["due"])
        db.session.flush()


def _kind(chain: IndustryChain, data: dict[str, Any], row: dict[str, Any]) -> str:
    """An action that brings a firm is of the kind of what the firm does for the chain."""
    firm = next((one for one in data["prospects"] if one["code"] == row.get("prospect")), None)
    if firm is None:
        return str(row["kind"])
    brings = [segment[0] for segment in firm.get("brings", {}).get("segments", ())]
    return kind_for_firm(chains.chain_facts(chain), assessment(chain), [*firm["adds"], *brings], brings)


def _plans(chain: IndustryChain, data: dict[str, Any], actor: identity.Actor, today: dt.date) -> None:
    ids = {code: row.id for code, row in chains.segments_by_code(chain.id).items()}
    known = dict(db.session.execute(sa.select(Prospect.code, Prospect.id)).all())
    for row in data["actions"]:
        at = clock.at(today - dt.timedelta(days=row["age"]), 11)
        db.session.add(
            ChainAction(
                chain_id=chain.id,
                segment_id=ids[row["segment"]],
                prospect_id=known.get(row.get("prospect", "")),
                kind=_kind(chain, data, row),
                title=row["title"],
                note=row["note"],
                state=row["state"],
                owner_id=actor.member_id,
                due_on=today + dt.timedelta(days=row["due"]),
                shortfall_wan=row["shortfall"],
                created_at=at,
                updated_at=at,
            )
        )
    for n, row in enumerate(data["scenarios"]):
        db.session.add(
            Scenario(
                chain_id=chain.id,
                name=row["name"],
                note=row["note"],
                prospects=row["prospects"],
                added=row["added"],
                removed=row["removed"],
                shared=True,
                created_by=actor.member_id,
                created_at=clock.at(today - dt.timedelta(days=20 - n), 16),
            )
        )
