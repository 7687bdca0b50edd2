"""Labels of places: the code on them is made from the park's own secret, and only its hash is kept."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence

import sqlalchemy as sa
from flask import current_app

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound
from app.hall.text import language
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.problems.reports.models import Place

CODE_LETTERS = 22


def code_of(place: Place) -> str:
    """The code on the label: the same whenever it is printed, another one after it was changed."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    digest = hmac.new(key, f"place:{place.id}:{place.label_version}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode()[:CODE_LETTERS]


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def add(actor: Actor, building_id: int, room_id: int | None, spot: str, name_en: str = "") -> Place:
    """A place below a building: the building itself, a room of it, or a spot with a name."""
    _must(actor)
    houses = {one.id: one for one in identity.list_buildings()}
    house = houses.get(building_id)
    if house is None:
        raise NotFound("problem_place_unknown")
    rooms = {one.id: one for one in identity.list_rooms(building_id)}
    room = rooms.get(room_id) if room_id is not None else None
    if room_id is not None and room is None:
        raise NotFound("problem_place_unknown")
    spot = spot.strip()
    if len(spot) > 60 or "/" in spot or "*" in spot:
        raise Invalid("problem_spot_wrong")
    parts = [room.path if room else house.code] + ([spot] if spot else [])
    names = [house.name_zh] + ([room.name_zh or room.code] if room else []) + ([spot] if spot else [])
    english = [house.name_en or house.name_zh] + ([room.name_en or room.code] if room else [])
    english += [name_en.strip() or spot] if spot else []
    path = "/".join(parts)
    with transaction() as session:
        if session.scalar(sa.select(Place.id).where(Place.path == path, Place.retired_at.is_(None))):
            raise Conflict("problem_place_known")
        row = Place(
            building_id=building_id,
            room_id=room_id,
            path=path,
            name_zh=" ".join(names),
            name_en=" ".join(english),
            token_hash=f"new:{path}:{clock.now().isoformat()}",
            created_at=clock.now(),
        )
        session.add(row)
        session.flush()
        row.token_hash = _hash(code_of(row))
        identity.audit(actor, "place.added", "place", row.id, path=path)
        return row


def renew(actor: Actor, place_id: int) -> Place:
    """Another code: the label on the wall no longer opens anything."""
    _must(actor)
    with transaction() as session:
        row = session.get(Place, place_id)
        if row is None or row.retired_at is not None:
            raise NotFound("problem_place_unknown")
        row.label_version += 1
        row.token_hash = _hash(code_of(row))
        identity.audit(actor, "place.renewed", "place", row.id)
        return row


def find_by_code(code: str) -> Place:
    """The place of a label; a code of another park or an old label opens nothing."""
    row = db.session.scalar(
        sa.select(Place).where(Place.token_hash == _hash(code), Place.retired_at.is_(None))
    )
    if row is None:
        raise NotFound("problem_place_unknown")
    return row


def list_places(building_id: int | None = None) -> list[Place]:
    query = sa.select(Place).where(Place.retired_at.is_(None))
    if building_id is not None:
        query = query.where(Place.building_id == building_id)
    return list(db.session.scalars(query.order_by(Place.path, Place.id).limit(2000)))


def name_of(place: Place) -> str:
    return (place.name_en if language.lang() == "en" else "") or place.name_zh


def names(ids: Sequence[int]) -> dict[int, str]:
    rows = db.session.scalars(sa.select(Place).where(Place.id.in_(sorted(set(ids)))))
    return {row.id: name_of(row) for row in rows}


def _must(actor: Actor) -> None:
    if not actor.may(roles.PRINTS_PLACE_LABELS):
        raise NotAllowed("problem_not_yours")
