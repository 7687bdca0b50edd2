"""Buildings and rooms as the park keeps them and as the other rooms ask for them."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound
from app.hall.text import language
from app.identity.actor import Actor
from app.identity.audit.service import audit
from app.identity.organisations.models import Organisation
from app.identity.places import texts
from app.identity.places.models import Building, Room
from app.identity.roles import RUNS_THE_PARK


@dataclass(frozen=True)
class BuildingInfo:
    id: int
    code: str
    name_zh: str
    name_en: str

    @property
    def name(self) -> str:
        return (self.name_en if language.lang() == "en" else "") or self.name_zh


@dataclass(frozen=True)
class RoomInfo:
    """A room; `path` is what rules of dispatch compare: building/floor/room."""

    id: int
    building: BuildingInfo
    floor: str
    code: str
    name_zh: str
    name_en: str

    @property
    def path(self) -> str:
        return f"{self.building.code}/{self.floor}/{self.code}"

    @property
    def label(self) -> str:
        """Code and name as people say them."""
        name = (self.name_en if language.lang() == "en" else "") or self.name_zh
        return " ".join(dict.fromkeys(filter(None, (self.code, name))))


def list_buildings() -> list[BuildingInfo]:
    columns = (Building.id, Building.code, Building.name_zh, Building.name_en)
    return [BuildingInfo(*row) for row in db.session.execute(sa.select(*columns).order_by(Building.id))]


def list_rooms(building_id: int | None = None) -> list[RoomInfo]:
    """Rooms by building, floor and code."""
    query = sa.select(Room, Building).join(Building, Building.id == Room.building_id)
    if building_id is not None:
        query = query.where(Building.id == building_id)
    rows = db.session.execute(query.order_by(Building.id, Room.floor, Room.code))
    return [
        RoomInfo(
            room.id,
            BuildingInfo(house.id, house.code, house.name_zh, house.name_en),
            room.floor,
            room.code,
            room.name_zh,
            room.name_en,
        )
        for room, house in rows
    ]


def place_names() -> list[str]:
    """Every building, each followed by its rooms, as a meeting names its place."""
    rooms = list_rooms()
    found = []
    for house in list_buildings():
        found.append(house.name)
        found += [f"{house.name} {room.label}" for room in rooms if room.building.id == house.id]
    return found


def add_building(actor: Actor, code: str, name_zh: str, name_en: str = "") -> int:
    _must_run(actor)
    try:
        with transaction() as session:
            row = Building(code=_code(code), name_zh=name_zh.strip(), name_en=name_en.strip())
            session.add(row)
            session.flush()
            audit(actor, "building.added", "building", row.id, code=row.code)
            return row.id
    except IntegrityError:
        raise Conflict("building_code_taken", code=code) from None


def add_room(
    actor: Actor, building_id: int, floor: str, code: str, name_zh: str = "", name_en: str = ""
) -> int:
    _must_run(actor)
    try:
        with transaction() as session:
            if session.get(Building, building_id) is None:
                raise NotFound("building_not_found")
            row = Room(
                building_id=building_id,
                floor=_code(floor),
                code=_code(code),
                name_zh=name_zh.strip(),
                name_en=name_en.strip(),
            )
            session.add(row)
            session.flush()
            audit(actor, "room.added", "building_room", row.id)
            return row.id
    except IntegrityError:
        raise Conflict("room_code_taken", code=code) from None


def missing_rows() -> texts.Missing:
    """Buildings and rooms that only stand as text, in this room and in those above."""
    houses = list_buildings()
    rooms: dict[str, list[str]] = {}
    for room in list_rooms():
        rooms.setdefault(room.building.code, []).extend(filter(None, (room.code, room.name_zh)))
    named = {one.code: (one.name_zh, one.name_en) for one in houses}
    own = sa.select(Organisation.building, Organisation.room).where(Organisation.building != "").distinct()
    pairs = {(building, room or "") for building, room in db.session.execute(own)}
    return texts.missing(sorted(pairs | set(texts.said_pairs())), named, rooms)


def register_texts(actor: Actor) -> int:
    """Every building and room that only stands as text becomes a row; answers how many."""
    _must_run(actor)
    with transaction() as session:
        found = missing_rows()
        for code, name in found.buildings:
            session.add(Building(code=code, name_zh=name))
        session.flush()
        of = {one.code: one.id for one in list_buildings()}
        for code, floor, room in found.rooms:
            session.add(Room(building_id=of[code], floor=floor, code=room))
        session.flush()
        if found.count:
            audit(actor, "building.texts_registered", "building", None, count=found.count)
        return found.count


def _code(text: str) -> str:
    text = text.strip()
    if not 0 < len(text) <= 30 or "/" in text or "*" in text:
        raise Invalid("place_code")
    return text


def _must_run(actor: Actor) -> None:
    if not actor.may(RUNS_THE_PARK):
        raise NotAllowed("only_park_admin")
