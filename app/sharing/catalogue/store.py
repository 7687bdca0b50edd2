"""How rows of a sheet are stored: plain statements for many rows, details, hours and units after them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import Conflict
from app.hall.files.sheets.columns import Row, Table
from app.sharing.calendar.models import OpeningRule
from app.sharing.catalogue import columns
from app.sharing.catalogue.models import Patent, Resource, ResourceUnit, Talent


@dataclass(frozen=True, slots=True)
class Prepared:
    """Rows ready to be stored: new ones with all columns of `resource`, changed ones with their ids."""

    new: Sequence[Row]
    values: list[dict[str, Any]]
    changed: Sequence[tuple[int, Row]]


def _store(model: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.connection().execute(model.__table__.insert(), rows)


def fields_of(row: Row, table: Table) -> dict[str, object]:
    """The columns of `resource` a row says something of; nothing said of a new one gets the column's blank."""
    given = {column.name: row.get(column.name, column.blank) for column in table.columns}
    names = {column.name for column in table.columns} & set(Resource.__table__.c.keys())
    fields: dict[str, Any] = {name: given[name] for name in names}
    fields = {name: "" if value is None else value for name, value in fields.items()}
    if table.name == "equipment":
        fields["price_fen_per_hour"] = given["price_yuan_per_hour"]
        fields["late_cancel_ratio"] = float(Decimal(str(given["late_cancel_percent"])) / 100)
    return fields


def insert(prepared: Prepared, table: Table) -> list[int]:
    if not prepared.values:
        return []
    db.session.flush()
    last = db.session.scalar(sa.select(sa.func.max(Resource.id))) or 0
    _store(Resource, prepared.values)
    made = sa.select(Resource.id, Resource.owner_id, Resource.name, Resource.model, Resource.description)
    made = made.where(Resource.id > last, Resource.created_at == prepared.values[0]["created_at"])
    ids: dict[tuple[object, ...], list[int]] = {}
    for number, *named in db.session.execute(made.order_by(Resource.id)):
        ids.setdefault(tuple(named), []).append(number)
    names = ("owner_id", "name", "model", "description")
    found = [ids[tuple(one[name] for name in names)].pop(0) for one in prepared.values]
    _details(list(zip(found, prepared.new, strict=True)), table)
    return found


def _details(rows: Sequence[tuple[int, Row]], table: Table) -> None:
    if table.name == "equipment":
        _opening_and_units(rows, table)
    else:
        model = Patent if table.name == "patents" else Talent
        _store(model, [{"resource_id": n, **_detail(row, table)} for n, row in rows])


def _detail(row: Row, table: Table) -> dict[str, object]:
    given = {column.name: row.get(column.name, column.blank) for column in table.columns}
    if table.name == "patents":
        fee = int(Decimal(str(given["fee"] or 0)) * 100)
        names = ("number", "fee_basis", "expires_on", "exclusive")
        return {**{name: given[name] for name in names}, "fee_fen": fee}
    names = ("person_name", "contact", "years", "days_per_month")
    return {
        **{name: given[name] for name in names},
        "skills": list(row.get("skills") or ()),  # type: ignore[arg-type]
        "fee_fen_per_day": given["fee_yuan_per_day"],
    }


def _opening_and_units(rows: Sequence[tuple[int, Row]], table: Table) -> None:
    units = [{"resource_id": n, "label": label, "active": True} for n, row in rows for label in _labels(row)]
    _store(OpeningRule, _rules(rows, table))
    _store(ResourceUnit, units)


def _labels(row: Row) -> Sequence[str]:
    return row.get("units") or ("1",)  # type: ignore[return-value]


def _rules(rows: Sequence[tuple[int, Row]], table: Table) -> list[dict[str, Any]]:
    """Opening hours of many rows; what is written alike is read once."""
    blank = table.column("opening").blank
    texts = {number: str(row.get("opening") or blank) for number, row in rows}
    parsed = {text: columns.opening_of(text) for text in set(texts.values())}
    return [
        {"resource_id": n, "weekday": o.weekday, "opens_minute": o.opens, "closes_minute": o.closes}
        for n, text in texts.items()
        for o in parsed[text]
    ]


def update(rows: Sequence[tuple[int, Row]], table: Table) -> None:
    now = clock.now()
    values = [{"id": n, **fields_of(row, table), "updated_at": now} for n, row in rows]
    db.session.execute(sa.update(Resource), values)
    if table.name != "equipment":
        model = Patent if table.name == "patents" else Talent
        db.session.execute(sa.update(model), [{"resource_id": n, **_detail(row, table)} for n, row in rows])
        return
    _replace_opening(rows, table)


def _replace_opening(rows: Sequence[tuple[int, Row]], table: Table) -> None:
    """Hours are replaced; units that are gone must not be booked, those that stay keep their bookings."""
    ids = [number for number, _row in rows]
    for at in range(0, len(ids), 500):
        part = ids[at : at + 500]
        db.session.execute(sa.delete(OpeningRule).where(OpeningRule.resource_id.in_(part)))
    there: dict[int, dict[str, int]] = {}
    for at in range(0, len(ids), 500):
        units = sa.select(ResourceUnit.resource_id, ResourceUnit.label, ResourceUnit.id)
        for number, label, unit in db.session.execute(
            units.where(ResourceUnit.resource_id.in_(ids[at : at + 500]))
        ):
            there.setdefault(number, {})[label] = unit
    gone: dict[int, str] = {}
    more = []
    for number, row in rows:
        wanted, known = dict.fromkeys(_labels(row)), there.get(number, {})
        gone |= {unit: f"{row['name']} {label}" for label, unit in known.items() if label not in wanted}
        more += [
            {"resource_id": number, "label": label, "active": True} for label in wanted if label not in known
        ]
    _drop_units(gone)
    _store(OpeningRule, _rules(rows, table))
    _store(ResourceUnit, more)


def _drop_units(named: Mapping[int, str]) -> None:
    """Units that are gone, all in a few statements; refused where one is booked, by its name."""
    ids = list(named)
    if booked := hanging("resource_unit", ids):
        raise Conflict("sheet_in_use", name=named[booked])
    for at in range(0, len(ids), 500):
        db.session.execute(sa.delete(ResourceUnit).where(ResourceUnit.id.in_(ids[at : at + 500])))


OWN = {"opening_rule", "resource_unit", "resource_word", "patent", "talent"}


def hanging(table: str, ids: Sequence[int]) -> int:
    """One of these that a row of any table but the resource's own details names; 0 if none is."""
    for other in db.metadata.sorted_tables:
        if table == "resource" and other.name in OWN:
            continue
        for key in other.foreign_keys:
            if key.column.table.name != table:
                continue
            for at in range(0, len(ids), 500):
                query = sa.select(key.parent).where(key.parent.in_(ids[at : at + 500])).limit(1)
                if found := db.session.scalar(query):
                    return int(found)
    return 0
