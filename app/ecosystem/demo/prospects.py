"""A prospect's service pack in the demo park (虚构): three introductions bring 80 + 70 + 50 = 200 万元 of intended orders."""

from __future__ import annotations

from app.ecosystem import sources
from app.ecosystem.demo.people import Cast, ago
from app.ecosystem.introductions import service as introductions
from app.ecosystem.outcomes import service as outcomes
from app.ecosystem.outcomes.rules import Result
from app.ecosystem.packs import queries as packs_queries
from app.ecosystem.packs import rules as packs_rules
from app.ecosystem.packs import service as packs
from app.ecosystem.packs.models import PackItem
from app.ecosystem.packs.rules import Order
from app.hall import clock
from app.identity import door as identity

ORDERS = (80, 70, 50)


def load(cast: Cast) -> None:
    """Build the pack, let three neighbours agree, write down and sign the intended orders."""
    investment = cast.staff("investment_staff")
    prospects = {p.code: p for p in sources.prospects()}
    # One prospect has been worked with, another pack is only prepared.
    first = prospects.get("P03") or next(iter(prospects.values()), None)
    with ago(24, 10):
        pack = packs.build(
            investment,
            Order(
                name=first.name if first else "循岛电池回收",
                industry="battery",
                segment=packs_rules.main_segment(first.adds) if first else None,
                greeting="感谢来园考察。这里是我们为贵单位准备的第一批资源，邻居身份在双方都愿意之后可见。",
                prospect_id=first.id if first else None,
            ),
        )
        packs.share(investment, pack.id)
    neighbours = [i for i in packs_queries.items(pack.id) if i.kind == "neighbour"]
    seen: set[int] = set()
    chosen: list[PackItem] = []
    for item in neighbours:
        if item.organisation_id and item.organisation_id not in seen and len(chosen) < len(ORDERS):
            seen.add(item.organisation_id)
            chosen.append(item)
    for n, (item, amount) in enumerate(zip(chosen, ORDERS, strict=False)):
        assert item.organisation_id is not None
        neighbour = cast.of(identity.get_organisation(item.organisation_id).code)
        with ago(20 - n, 11):
            packs.by_token(packs.secret_of(pack), opened=True)
            packs.want(packs.secret_of(pack), item.id)
        with ago(18 - n, 15):
            packs.answer(neighbour, item.id, True)
        row = packs_queries.introductions_of([pack.id])[pack.id][-1]
        for days, step in ((14, "met"), (10, "negotiating"), (7, "agreed"), (5, "delivering")):
            with ago(days - n, 14):
                introductions.move(
                    investment, row.id, step, "与邻居企业推进意向。" if step == "negotiating" else ""
                )
        with ago(3, 9):
            outcome = outcomes.record(
                investment,
                row.id,
                Result(
                    metric="意向订单",
                    baseline=0,
                    actual=amount,
                    unit="万元",
                    period=f"{clock.today().year} 年",
                ),
            )
        with ago(2, 10):
            outcomes.confirm(neighbour, outcome.id)
    waiting = [i for i in neighbours if i.organisation_id and i.organisation_id not in seen][:2]
    for item in waiting:
        with ago(1, 10):
            packs.want(packs.secret_of(pack), item.id)
    second = prospects.get("P01")
    if second:
        with ago(6, 10):
            packs.build(
                investment,
                Order(
                    name=second.name,
                    industry="battery",
                    segment=packs_rules.main_segment(second.adds),
                    prospect_id=second.id,
                ),
            )
    with ago(12, 10):
        culture = packs.build(
            investment,
            Order(name="拾浪版权工坊（虚构）", industry="culture", greeting="欢迎了解园区的版权与金融服务。"),
        )
        packs.share(investment, culture.id)
