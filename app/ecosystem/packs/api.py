"""The API of service packs."""

from __future__ import annotations

from app.ecosystem import sight
from app.ecosystem.outcomes import service as outcomes
from app.ecosystem.packs import industries, queries, service, shapes
from app.ecosystem.packs.models import IndustryPack, PackItem, ServicePack
from app.ecosystem.packs.rules import Line, Needs, Order
from app.ecosystem.packs.schemas import IndustryPackBody, PackBody
from app.ecosystem.packs.words import pack_reason, pack_title
from app.ecosystem.pages import api
from app.ecosystem.schemas import IdPath
from app.ecosystem.sources import known_segment
from app.hall.api.blueprint import listed, part_of
from app.hall.api.fields import PageQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.web.guards import current_actor, only, signed_in
from app.identity.door import OrganisationInfo, roles


def _pack_out(row: ServicePack) -> shapes.Pack:
    return {
        "id": row.id,
        "name": row.name,
        "industry": row.industry,
        "segment": row.segment,
        "state": row.state,
        "expires_on": row.expires_on.isoformat(),
        "opened_count": row.opened_count,
        "items": len(queries.items(row.id)),
    }


@api.get("/packs")
@only(roles.SEES_WHOLE_MARKET)
def list_packs(query: PageQuery) -> Listed[shapes.Pack]:
    """Service packs for prospects, newest first; the secret links stay on the pages."""
    rows = queries.all_packs()
    return listed([_pack_out(row) for row in part_of(rows, query)], len(rows))


@api.post("/packs")
@signed_in
@idempotent
def build_pack(body: PackBody) -> tuple[shapes.Pack, int]:
    """Prepare a pack from what the park has today; the staff only."""
    given = body.model_dump(exclude={"segment"})
    return _pack_out(service.build(current_actor(), Order(segment=known_segment(body.segment), **given))), 201


@api.get("/packs/<int:id>")
@only(roles.SEES_WHOLE_MARKET)
def show_pack(path: IdPath) -> shapes.WholePack:
    """One pack with what is in it and what came of it."""
    actor = current_actor()
    row = queries.get(actor, path.id)
    contents = queries.items(row.id)
    shown = (i.organisation_id for i in contents) if sight.is_matchmaker(actor) else ()
    who = sight.organisations(shown)
    return {
        **_pack_out(row),
        "contents": [_item_out(item, who) for item in contents],
        "introductions": [i.id for i in queries.introductions_of([row.id]).get(row.id, [])],
        "confirmed": [
            {"metric": metric, "unit": unit, "change": value}
            for (metric, unit), value in outcomes.pack_totals([row.id])[row.id].items()
        ],
    }


def _item_out(item: PackItem, who: dict[int, OrganisationInfo]) -> shapes.PackItem:
    state = (
        "agreed" if item.agreed_at else "declined" if item.declined_at else "wanted" if item.wanted_at else ""
    )
    return {
        "id": item.id,
        "kind": item.kind,
        "title": pack_title(item),
        "reason": pack_reason(item),
        "organisation": who[item.organisation_id].code if item.organisation_id in who else None,
        "state": state or "offered",
        "due_days": item.due_days,
    }


@api.post("/packs/<int:id>/share")
@only(roles.MATCHES_PARTIES)
@idempotent
def share_pack(path: IdPath) -> shapes.PackShared:
    """Open the secret link and answer its path; whoever has the link can read the pack."""
    row = service.share(current_actor(), path.id)
    return {**_pack_out(row), "path": f"/ecosystem/welcome/{service.secret_of(row)}"}


@api.post("/packs/<int:id>/withdraw")
@only(roles.MATCHES_PARTIES)
@idempotent
def withdraw_pack(path: IdPath) -> shapes.Pack:
    """Close the secret link; introductions go on."""
    return _pack_out(service.withdraw(current_actor(), path.id))


@api.get("/industry-packs")
@only(roles.SEES_WHOLE_MARKET)
def list_industry_packs(query: PageQuery) -> Listed[shapes.IndustryPack]:
    """What firms of each industry usually need first."""
    rows = industries.all_industries()
    return listed([_industry_out(row) for row in part_of(rows, query)], len(rows))


@api.post("/industry-packs")
@only(roles.MATCHES_PARTIES)
@idempotent
def save_industry_pack(body: IndustryPackBody) -> shapes.IndustryPack:
    """Write an industry pack; packs built from now on follow it."""
    lines = tuple(Line(**line.model_dump()) for line in body.lines)
    wanted = Needs(tuple(body.resource_words), tuple(body.offer_tags), lines)
    return _industry_out(industries.save(current_actor(), body.code, body.name_zh, body.name_en, wanted))


def _industry_out(row: IndustryPack) -> shapes.IndustryPack:
    return {
        "code": row.code,
        "name_zh": row.name_zh,
        "name_en": row.name_en,
        "resource_words": row.resource_words,
        "offer_tags": row.offer_tags,
        "lines": row.lines,
    }
