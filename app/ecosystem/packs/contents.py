"""What goes into a service pack: basics, neighbours, resources, policies, ways to find people, benefits."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from app.ecosystem import sources
from app.ecosystem.gaps import rules as gaps_rules
from app.ecosystem.limits import PACK_BENEFITS, PACK_NEIGHBOURS, PACK_OFFERS, PACK_POLICIES, PACK_RESOURCES
from app.ecosystem.market import queries as market_queries
from app.ecosystem.market import rules as market_rules
from app.ecosystem.market.models import Post
from app.ecosystem.packs import industries
from app.ecosystem.packs.models import PackItem, ServicePack
from app.ecosystem.packs.rules import KINDS, Needs
from app.hall.db.base import db
from app.hall.errors import Invalid
from app.identity import door as identity
from app.policy import door as policy


def newcomer(code: str) -> int | None:
    """Return the firm of the park a pack is for, by its code; None for a pack without one."""
    if not code:
        return None
    found = identity.organisations_by_code([code]).get(code.upper())
    if found is None:
        raise Invalid("pack_enterprise_unknown", code=code)
    return found.id


def of_pack(pack: ServicePack) -> list[PackItem]:
    """Return everything the park has today for this firm, in the order people read it."""
    needs = industries.of_industry(pack.industry)
    found = [
        *_lines(needs),
        *_neighbours(pack),
        *_resources(pack, needs),
        *_offers(needs),
        *_policies(pack),
        *_benefits(),
    ]
    return sorted(found, key=lambda item: KINDS.index(item.kind))


def _lines(needs: Needs) -> list[PackItem]:
    return [
        PackItem(kind=line.kind, title=line.zh, reason={"en": line.en}, due_days=line.due_days)
        for line in needs.lines
    ]


def _policies(pack: ServicePack) -> list[PackItem]:
    """Return the policies that fit or want facts; of a firm that has not arrived only little is known."""
    if pack.enterprise_id is not None:
        fits = policy.fits_of_firm(identity.get_organisation(pack.enterprise_id))
    else:
        fits = policy.fits_of_prospect(_known(pack))
    return [
        PackItem(
            kind="policy",
            title=fit.title_zh,
            reason={
                "en": fit.title_en,
                "policy": fit.policy,
                "state": fit.state,
                "percent": fit.fit_percent,
                "missing": list(fit.missing),
            },
        )
        for fit in fits
        if fit.state in ("push", "ask")
    ][:PACK_POLICIES]


def _known(pack: ServicePack) -> dict[str, str]:
    """Return the facts of a prospect by kind: its industry, and its output where the pipeline states one."""
    known = {"industry": pack.industry} if pack.industry else {}
    adds = [output for p in sources.prospects() if p.id == pack.prospect_id for _segment, output in p.adds]
    if adds:
        known["output_wan"] = f"{sum(adds):.10g}"
    return known


def _neighbours(pack: ServicePack) -> list[PackItem]:
    """Return the firms next to the prospect on the chain: whom it could buy from and sell to."""
    own = _segments(pack)
    sells = {there: segment for segment in reversed(own) for there in sources.neighbours(segment)[1]}
    buys = {there: segment for segment in reversed(own) for there in sources.neighbours(segment)[0]}
    firms = sources.firms_on(set(sells) | set(buys))
    known = identity.organisations_by_code(code for code, _, _ in firms)
    found: list[PackItem] = []
    met: set[str] = set()
    for code, segment, _output in sorted(firms, key=lambda f: (f[1] not in sells, -f[2], f[0])):
        if code.upper() in known and code not in met and len(found) < PACK_NEIGHBOURS:
            met.add(code)
            role, own_segment = (
                ("customer", sells[segment]) if segment in sells else ("supplier", buys[segment])
            )
            found.append(
                PackItem(
                    kind="neighbour",
                    title="",
                    reason={"role": role, "segment": segment, "own": own_segment},
                    organisation_id=known[code.upper()].id,
                )
            )
    return found


def _segments(pack: ServicePack) -> list[str]:
    """Return the segments the prospect would stand on: the one chosen first, then its others."""
    others = [s for p in sources.prospects() if p.id == pack.prospect_id for s, _ in p.adds]
    return list(dict.fromkeys([pack.segment, *others] if pack.segment else others))


def _words(pack: ServicePack, needs: Needs) -> tuple[str, ...]:
    words = list(needs.resources)
    names = sources.segments()
    for segment in _segments(pack):
        if segment in names:
            words += gaps_rules.words_of([names[segment].name_zh])
    return tuple(dict.fromkeys(words))


def _resources(pack: ServicePack, needs: Needs) -> list[PackItem]:
    """Return instruments, patents and talent whose description names what the industry needs."""
    infos = sources.resources_by_id()
    found = gaps_rules.fillers(gaps_rules.Gap("", _words(pack, needs)), sources.resources())
    items = []
    for kinds, item_kind in ((("equipment", "patent"), "resource"), (("talent",), "talent")):
        for f in [f for f in found if f.kind in kinds][:PACK_RESOURCES]:
            info = infos[f.id]
            items.append(
                PackItem(
                    kind=item_kind,
                    title=info.name,
                    detail=info.category,
                    reason={
                        "words": list(f.params.get("words", ())),
                        "resource": f.id,
                        "price_fen": info.price_fen,
                    },
                    organisation_id=info.owner_id,
                )
            )
    return items


def _offers(needs: Needs) -> list[PackItem]:
    """Return published offers with a tag the industry looks for; their owners stay masked."""
    wanted = set(needs.offers)
    query = sa.select(Post).where(
        Post.kind == "offer", Post.state.in_(market_rules.OPEN_STATES), Post.visibility == "park"
    )
    rows: Sequence[Post] = db.session.scalars(query.order_by(Post.id)).all()
    tags = market_queries.tags_of(r.id for r in rows)
    found = [(len(wanted & set(tags[r.id])), r) for r in rows if wanted & set(tags[r.id])]
    found.sort(key=lambda pair: (-pair[0], pair[1].id))
    return [
        PackItem(
            kind="neighbour",
            title=row.shown_title,
            detail=row.shown_description,
            reason={"role": "offer", "tags": sorted(wanted & set(tags[row.id])), "post": row.id},
            organisation_id=row.organisation_id,
        )
        for _n, row in found[:PACK_OFFERS]
    ]


def _benefits() -> list[PackItem]:
    return [
        PackItem(
            kind="benefit",
            title=b.name_zh,
            detail=b.description_zh,
            reason={"credits": b.cost, "en": b.name_en},
        )
        for b in sources.benefits()[:PACK_BENEFITS]
    ]
