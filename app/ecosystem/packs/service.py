"""Service packs: what a firm that has not arrived yet already gets, by secret link, masked until both said yes."""

from __future__ import annotations

import datetime as dt
import hmac
import secrets

import sqlalchemy as sa

from app.ecosystem import sight, sources
from app.ecosystem.introductions import service as introductions
from app.ecosystem.limits import PACK_DAYS
from app.ecosystem.packs import contents, rules
from app.ecosystem.packs.models import PackItem, ServicePack
from app.ecosystem.packs.queries import URL, introductions_of, items
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound
from app.hall.text import masking
from app.hall.text.numbers import whole
from app.identity import door as identity
from app.identity.door import Actor


def build(actor: Actor, order: rules.Order) -> ServicePack:
    """Prepare a pack for a prospect from what the park has today; the staff may still take things out."""
    sight.must_match(actor)
    expires = order.expires_on or clock.today() + dt.timedelta(days=PACK_DAYS)
    if expires < clock.today():
        raise Invalid("pack_expiry_past")
    newcomer = contents.newcomer(order.enterprise)
    with transaction() as session:
        pack = ServicePack(
            name=order.name.strip(),
            industry=order.industry,
            segment=order.segment or None,
            greeting=order.greeting.strip(),
            prospect_id=order.prospect_id,
            enterprise_id=newcomer or sources.landed_as(order.prospect_id),
            token=secrets.token_urlsafe(24),
            expires_on=expires,
            owner_id=actor.member_id or None,
            created_at=clock.now(),
        )
        session.add(pack)
        session.flush()
        items = contents.of_pack(pack)
        for position, item in enumerate(items, start=1):
            item.pack_id, item.position = pack.id, position
        session.add_all(items)
        session.flush()
        identity.audit(actor, "pack.built", "service_pack", pack.id, items=len(items))
        return pack


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
    """Put something of the staff's own into a pack; whose it is does not stand in its words."""
    if organisation_id is not None:
        names = sight.known_names(organisation_id)
        title, detail = masking.mask(title, names), masking.mask(detail, names)
    with transaction() as session:
        row = _for_staff(actor, pack_id)
        if kind not in rules.KINDS or not title.strip():
            raise Invalid("ecosystem_note_missing")
        if organisation_id is not None:
            identity.get_organisation(organisation_id)
        item = PackItem(
            pack_id=row.id,
            kind=kind,
            title=title.strip(),
            detail=detail.strip(),
            reason={"role": "staff"},
            organisation_id=organisation_id,
            position=len(items(row.id)) + 1,
        )
        session.add(item)
        session.flush()
        return item


def secret_of(row: ServicePack) -> str:
    """What opens a pack: made from the park's key and the pack's number, so the database alone opens nothing."""
    return f"{row.id}-{identity.code_of(f'pack:{row.id}:{row.token}')}"


def by_token(token: str, opened: bool = False) -> ServicePack:
    """Return the shared pack of a secret link."""
    pack_id = whole(token.partition("-")[0])
    row = db.session.get(ServicePack, pack_id) if pack_id else None
    if row is None or not hmac.compare_digest(secret_of(row).encode(), token.encode()):
        raise NotFound("pack_not_found")
    if row.state != "shared" or row.expires_on < clock.today():
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
