"""Buildings and their rooms; a spot outside a room is a place of the room `problems`."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.hall.db.base import Base


class Building(Base):
    """A building, or an area outside that has a name."""

    __tablename__ = "building"
    __table_args__ = (sa.UniqueConstraint("code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str]
    name_zh: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")


class Room(Base):
    """A room of a building on one floor."""

    __tablename__ = "building_room"
    __table_args__ = (sa.UniqueConstraint("building_id", "floor", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    building_id: Mapped[int] = mapped_column(sa.ForeignKey("building.id"))
    floor: Mapped[str]
    code: Mapped[str]
    name_zh: Mapped[str] = mapped_column(default="")
    name_en: Mapped[str] = mapped_column(default="")
