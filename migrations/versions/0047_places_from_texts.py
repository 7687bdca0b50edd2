"""Buildings and rooms that stood as text at instruments and firms become rows.

Revision ID: 0047
Revises: 0046
"""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None

_HOUSE = re.compile(r"(\d{1,3})\s?(?:号楼|栋|幢)", re.ASCII)
_FLOOR = re.compile(r"(\d{1,2})\s?(?:[fF]|层|楼)", re.ASCII)
_NUMBERED = re.compile(r"([A-Za-z]?)(\d{1,2}?)(\d{2})(?!\d)", re.ASCII)


def _floor(room: str) -> str:
    said, numbered = _FLOOR.match(room), _NUMBERED.match(room)
    return said[1] if said else numbered[2] if numbered and numbered[2] else "-"


def _code(name: str, taken: set[str]) -> str:
    numbered = _HOUSE.fullmatch(name)
    plain = re.sub(r"[/*]", "-", name)[:26]
    wishes = ([f"B{numbered[1]}"] if numbered else []) + [plain]
    wishes += [f"{plain} {n}" for n in range(2, len(taken) + 3)]
    return next(one for one in wishes if one not in taken)


def upgrade() -> None:
    bind = op.get_bind()
    pairs = set()
    for statement in (
        "SELECT DISTINCT building, place FROM resource WHERE building <> ''",
        "SELECT DISTINCT building, room FROM organisation WHERE building <> ''",
    ):
        pairs |= {(a.strip(), (b or "").strip()) for a, b in bind.execute(sa.text(statement)) if a.strip()}
    ids: dict[str, int] = {}
    codes: set[str] = set()
    for number, code, *names in bind.execute(sa.text("SELECT id, code, name_zh, name_en FROM building")):
        codes.add(code)
        ids |= {name: number for name in (code, *names) if name}
    known = set()
    for house, code, name in bind.execute(sa.text("SELECT building_id, code, name_zh FROM building_room")):
        known |= {(house, code), (house, name)}
    for building, room in sorted(pairs):
        if building not in ids:
            code = _code(building, codes)
            codes.add(code)
            bind.execute(
                sa.text("INSERT INTO building (code, name_zh, name_en) VALUES (:code, :name, '')"),
                {"code": code, "name": building},
            )
            ids[building] = bind.execute(
                sa.text("SELECT id FROM building WHERE code = :code"), {"code": code}
            ).scalar_one()
        plain = re.sub(r"[/*]", "-", room)[:30]
        if plain and (ids[building], plain) not in known:
            known.add((ids[building], plain))
            bind.execute(
                sa.text(
                    "INSERT INTO building_room (building_id, floor, code, name_zh, name_en)"
                    " VALUES (:house, :floor, :code, '', '')"
                ),
                {"house": ids[building], "floor": _floor(plain), "code": plain},
            )


def downgrade() -> None:
    """Rows stay: the texts they came from are still there."""
