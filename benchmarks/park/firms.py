"""Firms with one administrator and one account each, what they make and sell, and lines of the trail."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from app.chain.register.models import ChainFirm, IndustryChain, Position, Segment, SupplyLink
from app.credits.ledger.models import Account
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.identity.audit.models import AuditEvent
from app.identity.members.models import Member, MemberRole
from app.identity.organisations.models import Enterprise, Organisation
from benchmarks.park.rows import Firm, Size, dice_for, drawn, next_id, write

SOURCE = "大园区（虚构）"
INDUSTRIES = ("新能源", "生物医药", "装备制造", "新材料", "信息技术")
MADE = ("精工", "新材", "智造", "生物", "能源", "光电", "检测", "软件")


def write_firms(size: Size) -> list[Firm]:
    first, member, now = next_id(Organisation), next_id(Member), clock.now()
    firms = [Firm(first + n, member + n, f"B{n + 1:04d}") for n in range(size.firms)]
    since = now - dt.timedelta(days=700)
    with transaction() as session:  # by the class itself: it keeps the key of the name
        session.add_all(
            Enterprise(
                id=firm.id,
                code=firm.code,
                kind="enterprise",
                name_zh=f"瀛{firm.code}{MADE[firm.id % 8]}有限公司",
                name_en=f"{firm.code} Ltd",
                industry=INDUSTRIES[firm.id % 5],
                building=f"{firm.id % 9 + 1}号楼",
                created_at=since,
            )
            for firm in firms
        )
    write(
        Member,
        (
            {
                "id": firm.member,
                "organisation_id": firm.id,
                "login": firm.code.lower(),
                "name": f"{firm.code} 管理员",
                "email": "",
                "phone": "",
                "password_hash": "",
                "language": "",
                "status": "active",
                "created_at": since,
            }
            for firm in firms
        ),
    )
    write(MemberRole, ({"member_id": firm.member, "role": "enterprise_admin"} for firm in firms))
    account = next_id(Account)
    write(
        Account,
        (
            {"id": account + n, "code": f"org:{firm.id}", "kind": "enterprise", "organisation_id": firm.id}
            for n, firm in enumerate(firms)
        ),
    )
    return firms


def write_chain(size: Size, firms: list[Firm]) -> None:
    """Each firm on two segments of the first chain, and who sells whom how much."""
    dice, now = dice_for("chain"), clock.now()
    chain = db.session.scalars(sa.select(IndustryChain).order_by(IndustryChain.id)).first()
    assert chain is not None
    number = chain.id
    segments = list(
        db.session.scalars(sa.select(Segment.id).where(Segment.chain_id == number).order_by(Segment.id))
    )
    known = next_id(ChainFirm)
    write(
        ChainFirm,
        (
            {"id": known + n, "code": firm.code, "name": firm.code, "organisation_id": firm.id}
            for n, firm in enumerate(firms)
        ),
    )
    stamp: dict[str, Any] = {"chain_id": number, "source": SOURCE, "updated_at": now}
    places = [(known + n, segment) for n in range(len(firms)) for segment in dice.sample(segments, 2)]
    write(
        Position,
        (
            stamp
            | {
                "segment_id": segment,
                "firm_id": firm,
                "output_wan": float(dice.randrange(100, 9_000)),
                "capacity_wan": None,
                "products": "",
                "in_park": True,
                "confirmed_at": now,
            }
            for firm, segment in places
        ),
    )
    triples: dict[tuple[int, int, int], None] = {}
    while len(triples) < size.supply:
        seller, segment = dice.choice(places)
        buyer = known + dice.randrange(len(firms))
        if buyer != seller:
            triples[seller, buyer, segment] = None
        if len(firms) < 50 and len(triples) >= len(firms) * 20:
            break
    write(
        SupplyLink,
        (
            stamp
            | {
                "supplier_id": seller,
                "customer_id": buyer,
                "segment_id": segment,
                "value_wan": float(dice.randrange(1, 900)),
            }
            for seller, buyer, segment in triples
        ),
    )
    with transaction() as session:
        session.execute(
            sa.update(IndustryChain)
            .where(IndustryChain.id == number)
            .values(version=IndustryChain.version + 1, updated_at=now)
        )


def write_trail(size: Size, firms: list[Firm]) -> None:
    """A hundred thousand lines in the whole park."""
    dice, now = dice_for("trail"), clock.now()
    count = size.of(100_000)
    pace = dt.timedelta(days=600) / count

    def lines() -> Any:
        for n in range(count):
            firm = drawn(dice, firms)
            yield {
                "at": now - pace * (count - n),
                "member_id": firm.member,
                "actor_name": f"{firm.code} 管理员",
                "action": "booking.made",
                "subject_kind": "booking",
                "subject_id": str(n + 1),
                "reason": "",
                "detail": {},
                "address": "",
            }

    write(AuditEvent, lines())
