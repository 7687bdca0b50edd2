"""Service packs: what a firm that has not arrived yet already gets, by secret link, masked until both said yes."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from app import clock
from app.db import db, locked, transaction
from app.ecosystem import gap as gaps
from app.ecosystem.models import Introduction, PackItem, Post, ServicePack
from app.ecosystem.service import around, introductions, posts, sight
from app.errors import Conflict, Invalid, NotAllowed, NotFound
from app.identity import service as identity

if TYPE_CHECKING:
    from app.identity.service import Actor

URL = "/ecosystem/packs/{}"
MOST_NEIGHBOURS, MOST_RESOURCES = 8, 6


@dataclass(frozen=True)
class Profile:
    """What firms of one industry usually need first: words that resources and offers must carry."""

    resources: tuple[str, ...]
    offers: tuple[str, ...]


PROFILES: dict[str, Profile] = {
    "battery": Profile(("电池", "正极", "粒度", "光谱", "充放电"), ("检测", "本地配套", "中试")),
    "biotech": Profile(("细胞", "生物", "流式", "培养", "离心"), ("实验室", "细胞", "冷链")),
    "culture": Profile(("版权", "图案", "文创", "工业设计"), ("版权", "专利", "金融")),
    "crossborder": Profile(("仓", "物流", "包装"), ("海外仓", "跨境", "仓储", "冷链")),
    "smart_equipment": Profile(("加工", "测量", "振动", "三坐标"), ("精密加工", "装备改造", "机器人")),
    "new_material": Profile(("粉体", "显微", "光谱", "热分析"), ("中试", "检测", "前驱体")),
}
ANY = Profile(("检测", "测试"), ("检测", "金融"))


def build(
    actor: Actor,
    *,
    name: str,
    industry: str = "",
    segment: str | None = None,
    greeting: str = "",
    prospect_id: int | None = None,
    expires_on: dt.date | None = None,
) -> ServicePack:
    """Prepare a pack for a prospect from what the park has today; the staff may still take things out."""
    sight.must_match(actor)
    expires = expires_on or clock.today() + dt.timedelta(days=90)
    if expires < clock.today():
        raise Invalid("pack_expiry_past")
    with transaction() as session:
        pack = ServicePack(
            name=name.strip(), industry=industry, segment=segment or None, greeting=greeting.strip(),
            prospect_id=prospect_id, enterprise_id=around.landed_as(prospect_id), token=secrets.token_urlsafe(24), expires_on=expires,
            owner_id=actor.member_id or None, created_at=clock.now(),
        )  # fmt: skip
        session.add(pack)
        session.flush()
        items = [*_neighbours(pack), *_resources(pack), *_offers(pack), *_benefits()]
        for position, item in enumerate(items, start=1):
            item.pack_id, item.position = pack.id, position
        session.add_all(items)
        session.flush()
        identity.audit(actor, "pack.built", "service_pack", pack.id, items=len(items))
        return pack


def main_segment(prospect: around.ProspectInfo) -> str:
    """Return the segment on which a prospect would add most."""
    return max(prospect.adds, key=lambda one: (one[1], one[0]))[0] if prospect.adds else ""


def _neighbours(pack: ServicePack) -> list[PackItem]:
    """Return the firms next to the prospect on the chain: whom it could buy from and sell to."""
    own = _segments(pack)
    sells = {there: segment for segment in reversed(own) for there in around.neighbours(segment)[1]}
    buys = {there: segment for segment in reversed(own) for there in around.neighbours(segment)[0]}
    firms = around.firms_on(set(sells) | set(buys))
    known = identity.organisations_by_code(code for code, _, _ in firms)
    found: list[PackItem] = []
    met: set[str] = set()
    for code, segment, _output in sorted(firms, key=lambda f: (f[1] not in sells, -f[2], f[0])):
        if code.upper() in known and code not in met and len(found) < MOST_NEIGHBOURS:
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
    others = [s for p in around.prospects() if p.id == pack.prospect_id for s, _ in p.adds]
    return list(dict.fromkeys([pack.segment, *others] if pack.segment else others))


def _words(pack: ServicePack) -> tuple[str, ...]:
    words = list(PROFILES.get(pack.industry, ANY).resources)
    names = around.segments()
    for segment in _segments(pack):
        if segment in names:
            words += gaps.words_of([names[segment].name_zh])
    return tuple(dict.fromkeys(words))


def _resources(pack: ServicePack) -> list[PackItem]:
    """Return instruments, patents and talent whose description names what the industry needs."""
    infos = around.resources_by_id()
    found = gaps.fillers(gaps.Gap("", _words(pack)), around.resources())
    items = []
    for kinds, item_kind in ((("equipment", "patent"), "resource"), (("talent",), "talent")):
        for f in [f for f in found if f.kind in kinds][:MOST_RESOURCES]:
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


def _offers(pack: ServicePack) -> list[PackItem]:
    """Return published offers with a tag the industry looks for; their owners stay masked."""
    wanted = set(PROFILES.get(pack.industry, ANY).offers)
    query = sa.select(Post).where(
        Post.kind == "offer", Post.state.in_(posts.OPEN_STATES), Post.visibility == "park"
    )
    rows: Sequence[Post] = db.session.scalars(query.order_by(Post.id)).all()
    tags = posts.tags_of(r.id for r in rows)
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
        for _n, row in found[:5]
    ]


def _benefits() -> list[PackItem]:
    return [
        PackItem(
            kind="benefit",
            title=b.name_zh,
            detail=b.description_zh,
            reason={"credits": b.cost, "en": b.name_en},
        )
        for b in around.benefits()[:6]
    ]


# --- looking after a pack --------------------------------------------------------------------------------


def get(actor: Actor, pack_id: int) -> ServicePack:
    if not sight.may_read_all(actor):
        raise NotFound("pack_not_found")
    row = db.session.get(ServicePack, pack_id)
    if row is None:
        raise NotFound("pack_not_found")
    return row


def all_packs() -> list[ServicePack]:
    return list(db.session.scalars(sa.select(ServicePack).order_by(ServicePack.id.desc()).limit(200)))


def items(pack_id: int) -> list[PackItem]:
    query = sa.select(PackItem).where(PackItem.pack_id == pack_id)
    return list(db.session.scalars(query.order_by(PackItem.position, PackItem.id)))


def _for_staff(actor: Actor, pack_id: int) -> ServicePack:
    sight.must_match(actor)
    row = db.session.scalar(locked(sa.select(ServicePack).where(ServicePack.id == pack_id)))
    if row is None:
        raise NotFound("pack_not_found")
    return row


def share(actor: Actor, pack_id: int) -> ServicePack:
    """Open the secret link."""
    with transaction():
        row = _for_staff(actor, pack_id)
        if not items(row.id):
            raise Conflict("pack_nothing")
        row.state = "shared"
        identity.audit(actor, "pack.shared", "service_pack", row.id)
        return row


def withdraw(actor: Actor, pack_id: int) -> ServicePack:
    """Close the secret link; introductions go on. Sharing again makes a new link."""
    with transaction():
        row = _for_staff(actor, pack_id)
        row.state = "withdrawn"
        row.token = secrets.token_urlsafe(24)
        identity.audit(actor, "pack.withdrawn", "service_pack", row.id)
        return row


def drop_item(actor: Actor, pack_id: int, item_id: int) -> None:
    """Take something out of a pack that nobody has asked for yet."""
    with transaction() as session:
        row = _for_staff(actor, pack_id)
        item = session.get(PackItem, item_id)
        if item is None or item.pack_id != row.id:
            raise NotFound("pack_item_not_found")
        if item.wanted_at is not None:
            raise Conflict("pack_already")
        session.delete(item)


def add_item(
    actor: Actor, pack_id: int, kind: str, title: str, detail: str, organisation_id: int | None
) -> PackItem:
    """Put something of the staff's own into a pack."""
    with transaction() as session:
        row = _for_staff(actor, pack_id)
        if kind not in ("neighbour", "resource", "talent", "benefit") or not title.strip():
            raise Invalid("ecosystem_note_missing")
        if organisation_id is not None:
            identity.get_organisation(organisation_id)
        item = PackItem(
            pack_id=row.id, kind=kind, title=title.strip(), detail=detail.strip(), reason={"role": "staff"},
            organisation_id=organisation_id, position=len(items(row.id)) + 1,
        )  # fmt: skip
        session.add(item)
        session.flush()
        return item


# --- the prospect's side (by secret link, nobody signed in) ----------------------------------------------


def by_token(token: str, opened: bool = False) -> ServicePack:
    """Return the shared pack of a secret link."""
    row = db.session.scalar(sa.select(ServicePack).where(ServicePack.token == token))
    if row is None or row.state != "shared" or row.expires_on < clock.today():
        raise NotFound("pack_not_found")
    if opened:
        with transaction() as session:
            session.execute(
                sa.update(ServicePack)
                .where(ServicePack.id == row.id)
                .values(opened_count=ServicePack.opened_count + 1, last_opened_at=clock.now())
            )
        row = db.session.get_one(ServicePack, row.id)
    return row


def want(token: str, item_id: int) -> PackItem:
    """Say yes for the prospect: the neighbour is asked, and learns no name before it says yes too."""
    with transaction() as session:
        pack = by_token(token)
        item = session.scalar(locked(sa.select(PackItem).where(PackItem.id == item_id)))
        if item is None or item.pack_id != pack.id or item.organisation_id is None:
            raise NotFound("pack_item_not_found")
        if item.wanted_at is not None:
            raise Conflict("pack_already")
        item.wanted_at = clock.now()
        identity.audit(identity.SYSTEM, "pack.wanted", "pack_item", item.id)
        identity.notify_organisation(item.organisation_id, "pack_wanted_note", "/ecosystem/requests")
        if pack.owner_id:
            identity.notify_member(pack.owner_id, "pack_wanted", URL.format(pack.id), title=pack.name)
        return item


def requests(actor: Actor) -> list[tuple[PackItem, ServicePack]]:
    """Return the prospects' wishes to meet the actor's organisation, newest first."""
    rows = db.session.execute(
        sa.select(PackItem, ServicePack)
        .join(ServicePack, ServicePack.id == PackItem.pack_id)
        .where(PackItem.organisation_id == actor.organisation_id, PackItem.wanted_at.is_not(None))
        .order_by(PackItem.wanted_at.desc(), PackItem.id.desc())
    )
    return [(item, pack) for item, pack in rows]


def count_requests(actor: Actor) -> int:
    query = sa.select(sa.func.count()).where(
        PackItem.organisation_id == actor.organisation_id,
        PackItem.wanted_at.is_not(None),
        PackItem.agreed_at.is_(None),
        PackItem.declined_at.is_(None),
    )
    return db.session.scalar(query) or 0


def answer(actor: Actor, item_id: int, yes: bool) -> PackItem:
    """Answer a prospect's wish; a yes opens the introduction in the same transaction."""
    sight.must_write(actor)
    with transaction() as session:
        item = session.scalar(locked(sa.select(PackItem).where(PackItem.id == item_id)))
        if item is None or item.wanted_at is None:
            raise NotFound("pack_item_not_found")
        if item.organisation_id != actor.organisation_id:
            if not sight.may_read_all(actor):
                raise NotFound("pack_item_not_found")
            raise NotAllowed("not_your_match")
        if item.agreed_at or item.declined_at:
            raise Conflict("already_answered")
        if not yes:
            item.declined_at = clock.now()
        else:
            item.agreed_at = clock.now()
            session.flush()
            # Locked: whoever lands meanwhile either finds this introduction or is found by it.
            pack = session.scalars(locked(sa.select(ServicePack).where(ServicePack.id == item.pack_id))).one()
            introductions.open_from_pack(actor, pack, item)
        identity.audit(actor, "pack.agreed" if yes else "pack.declined", "pack_item", item.id)
        session.flush()
        return item


def introductions_of(pack_ids: Sequence[int]) -> dict[int, list[Introduction]]:
    found: dict[int, list[Introduction]] = {}
    for row in db.session.scalars(
        sa.select(Introduction).where(Introduction.pack_id.in_(pack_ids)).order_by(Introduction.id)
    ):
        found.setdefault(row.pack_id or 0, []).append(row)
    return found


def take_along(prospect_id: int, organisation_id: int) -> int:
    """Hand the introductions of a prospect's packs to the firm it became; may be told any number of times."""
    with transaction() as session:
        packs = session.scalars(
            locked(sa.select(ServicePack).where(ServicePack.prospect_id == prospect_id))
        ).all()
        moved = 0
        for pack in packs:
            if pack.enterprise_id is None:
                pack.enterprise_id = organisation_id
                identity.audit(
                    identity.SYSTEM, "pack.landed", "service_pack", pack.id, organisation=organisation_id
                )
            for row in introductions_of([pack.id]).get(pack.id, []):
                if row.asking_id is None and row.giving_id != organisation_id:
                    row.asking_id = organisation_id
                    introductions.note_by_system(row, "step", to_state=row.state)
                    moved += 1
        session.flush()
        return moved


def prepared_by() -> str:
    """Return the name of the park, which signs the pack."""
    park = identity.list_organisations(kind="park", per_page=1).items
    return park[0].name if park else ""


def seen_names(rows: Sequence[PackItem]) -> dict[int, Any]:
    """Return who stands behind the items both sides agreed on; nobody else is named."""
    agreed = {row.id: row.organisation_id for row in rows if row.agreed_at and row.organisation_id}
    who = sight.organisations(agreed.values())
    return {id_: who[organisation] for id_, organisation in agreed.items() if organisation in who}
