"""Instruments, patents and experts from a sheet and to one: matched by key, checked before anything is locked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import Conflict, Invalid
from app.hall.files.sheets.columns import Row, Table
from app.hall.files.sheets.compare import Change, Key
from app.hall.files.sheets.kinds import Fault, Resolved
from app.hall.files.sheets.reading import Line, key_of
from app.hall.jobs import emit
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.sharing import access, listeners
from app.sharing.calendar.models import OpeningRule
from app.sharing.calendar.rules import clock_text
from app.sharing.catalogue import columns
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue.models import Patent, Resource, ResourceUnit, ResourceWord, Talent
from app.sharing.catalogue.service import check_talent, defaults, index
from app.sharing.catalogue.store import Prepared, fields_of, hanging, insert, update
from app.sharing.catalogue.words import icon_of

KIND_OF = {"equipment": "equipment", "patents": "patent", "talent": "talent"}
MOST_EXPORTED = 5000
WORDS_CHANGED = "sharing.resources_listed"


def current_of(table: Table) -> Callable[[Actor], Mapping[Key, Row]]:
    """What the sheet of this table may change for an actor: their own, or everybody's for those who run all."""
    return lambda actor: _current(actor, table)


def _mine(actor: Actor, table: Table) -> sa.ColumnElement[bool]:
    mine = [Resource.kind == KIND_OF[table.name]]
    if table.name == "talent" or not actor.may(roles.RUNS_ALL_RESOURCES):
        mine.append(Resource.owner_id == actor.organisation_id)
    return sa.and_(*mine)


def _current(actor: Actor, table: Table) -> dict[Key, Row]:
    found: dict[Key, Row] = {}
    for _id, row in _rows(actor, table):
        found.setdefault(key_of(table, row), row)
    return found


def _rows(actor: Actor, table: Table) -> list[tuple[int, Row]]:
    return _rows_where(_mine(actor, table), table)


def _rows_where(
    where: sa.ColumnElement[bool], table: Table, most: int | None = None
) -> list[tuple[int, Row]]:
    query = sa.select(*Resource.__table__.c).where(where).order_by(Resource.id).limit(most)
    resources = db.session.execute(query).mappings().all()
    owners = identity.codes_by_id({one["owner_id"] for one in resources})
    read = {"equipment": _equipment, "patents": _patents, "talent": _talent}[table.name]
    more = read(where)
    return [(one["id"], {**_common(one, owners, table), **more.get(one["id"], {})}) for one in resources]


def _common(one: Any, owners: Mapping[int, str], table: Table) -> Row:
    row: Row = {"owner": owners.get(one["owner_id"], "")}
    names = ("name", "model", "category", "building", "place", "billing", "approval", "description")
    minutes = ("step_minutes", "min_minutes", "max_minutes", "buffer_minutes", "late_cancel_hours")
    row |= {name: one[name] for name in (*names, *minutes)}
    row["price_yuan_per_hour"] = one["price_fen_per_hour"]
    row["late_cancel_percent"] = round(one["late_cancel_ratio"] * 100)
    wanted = {column.name for column in table.columns}
    return {name: value for name, value in row.items() if name in wanted}


def _equipment(where: sa.ColumnElement[bool]) -> dict[int, Row]:
    ids = sa.select(Resource.id).where(where)
    opening: dict[int, list[str]] = {}
    rules = sa.select(
        OpeningRule.resource_id, OpeningRule.weekday, OpeningRule.opens_minute, OpeningRule.closes_minute
    ).order_by(OpeningRule.resource_id, OpeningRule.weekday, OpeningRule.opens_minute)
    for number, day, opens, closes in db.session.execute(rules.where(OpeningRule.resource_id.in_(ids))):
        opening.setdefault(number, []).append(f"{day} {clock_text(opens)}-{clock_text(closes)}")
    units: dict[int, list[str]] = {}
    labels = sa.select(ResourceUnit.resource_id, ResourceUnit.label).order_by(ResourceUnit.id)
    for number, label in db.session.execute(labels.where(ResourceUnit.resource_id.in_(ids))):
        units.setdefault(number, []).append(label)
    return {
        number: {"opening": "; ".join(opening.get(number, ())), "units": tuple(units.get(number, ()))}
        for number in opening.keys() | units.keys()
    }


def _patents(where: sa.ColumnElement[bool]) -> dict[int, Row]:
    query = sa.select(Patent).join(Resource, Resource.id == Patent.resource_id).where(where)
    return {
        one.resource_id: {
            "number": one.number,
            "fee": Decimal(one.fee_fen) / 100,
            "fee_basis": one.fee_basis,
            "expires_on": one.expires_on,
            "exclusive": one.exclusive,
        }
        for one in db.session.scalars(query)
    }


def _talent(where: sa.ColumnElement[bool]) -> dict[int, Row]:
    query = sa.select(Talent).join(Resource, Resource.id == Talent.resource_id).where(where)
    return {
        one.resource_id: {
            "person_name": one.person_name,
            "contact": one.contact,
            "skills": tuple(one.skills),
            "years": one.years,
            "days_per_month": one.days_per_month,
            "fee_yuan_per_day": one.fee_fen_per_day,
        }
        for one in db.session.scalars(query)
    }


def resolve(actor: Actor, lines: Sequence[Line], table: Table) -> Resolved:
    """Owners by code or name become codes; what the catalogue would refuse is said for each row."""
    faults: list[Fault] = []
    own = identity.organisation_of(actor).code
    named = identity.organisation_codes({str(line.values.get("owner") or "") for line in lines} - {""})
    taken = _taken_numbers(actor) if table.name == "patents" else set()
    found: list[Line] = []
    seen: dict[Key, int] = {}
    for line in lines:
        values = dict(line.values)
        if table.name != "talent":
            word = str(values.get("owner") or "")
            code = named.get(word) if word else own
            if code is None:
                faults.append(Fault(line.row, "owner", "sheet_no_such_firm", {"value": word}))
            elif code != own and not actor.may(roles.RUNS_ALL_RESOURCES):
                faults.append(Fault(line.row, "owner", "sheet_not_your_firm", {"value": word}))
            values["owner"] = code
        faults += _checks(line.row, values, taken)
        key = key_of(table, values)
        if key in seen:
            faults.append(
                Fault(line.row, "name", "table_duplicate", {"key": values["name"], "first": seen[key]})
            )
        seen.setdefault(key, line.row)
        found.append(Line(line.row, values))
    return found, faults


def _taken_numbers(actor: Actor) -> set[str]:
    """Patents of others: their numbers cannot be listed again."""
    query = sa.select(Patent.number).join(Resource, Resource.id == Patent.resource_id)
    return set(db.session.scalars(query.where(sa.not_(_mine(actor, columns.PATENTS)))))


def _checks(row: int, values: Row, taken: set[str]) -> list[Fault]:
    found = []
    step, low, high = (
        int(str(values.get(n) or d))
        for n, d in (("step_minutes", 30), ("min_minutes", 30), ("max_minutes", 480))
    )
    buffer = int(str(values.get("buffer_minutes") or 0))
    if step % 5 or buffer % 5:
        found.append(Fault(row, "step_minutes", "resource_grain", {"minutes": 5}))
    if not 0 < low <= high or -(-low // step) * step > high:
        found.append(Fault(row, "min_minutes", "resource_lengths", {}))
    if "number" in values:
        values["number"] = str(values["number"]).upper()
        if values["number"] in taken:
            found.append(Fault(row, "number", "patent_listed", {"number": values["number"]}))
    if values.get("fee_basis") == "share" and Decimal(str(values.get("fee") or 0)) > 100:
        found.append(Fault(row, "fee", "patent_share", {}))
    fee = Decimal(str(values.get("fee") or 0)) * 100
    if fee != fee.to_integral_value():
        found.append(Fault(row, "fee", "sheet_below_a_fen", {"value": str(values["fee"])}))
    person = str(values.get("person_name") or "")
    skills = values.get("skills") or ()
    shown = (values.get("name"), values.get("description"), *(skills if isinstance(skills, tuple) else ()))
    if person:
        try:
            check_talent(person, *(str(text) for text in shown if text))
        except Invalid as refused:
            found += [Fault(row, "name", reason.code, reason.params) for reason in refused.reasons]
    return found


def prepare(actor: Actor, changes: Sequence[Change], table: Table) -> Prepared:
    """What takes long, before anything is locked: owners, columns, which resource each changed row is."""
    rows = [change.new for change in changes]
    owners = _owner_ids(actor, rows)
    new = [change.new for change in changes if change.old is None]
    known: dict[Key, int] = {}
    if len(new) < len(changes):
        known = {key_of(table, row): number for number, row in reversed(_rows(actor, table))}
    changed = [(known.get(change.key, 0), change.new) for change in changes if change.old is not None]
    now = clock.now()
    kind = KIND_OF[table.name]
    values = [
        {
            **fields_of(row, table),
            "kind": kind,
            "owner_id": owners[str(row.get("owner") or "")],
            "icon": icon_of(kind, str(row.get("category") or "")),
            "created_at": now,
            "updated_at": now,
        }
        for row in new
    ]
    return Prepared(new, _complete(values), changed)


def _complete(values: list[dict[str, Any]]) -> list[dict[str, object]]:
    """The same with every default the model has, so that one plain statement stores them all."""
    usual = defaults()
    return [{**usual, **one} for one in values]


def write(_actor: Actor, _changes: Sequence[Change], prepared: Prepared, table: Table) -> None:
    """Store new and changed rows; the words of the search follow in a job."""
    made = insert(prepared, table)
    if prepared.changed:
        update(prepared.changed, table)
    touched = [*made, *(number for number, _row in prepared.changed)]
    for at in range(0, len(touched), 200):
        emit(WORDS_CHANGED, {"ids": touched[at : at + 200]})


def _owner_ids(actor: Actor, rows: Sequence[Row]) -> dict[str, int]:
    codes = {str(row["owner"]) for row in rows if row.get("owner")}
    found = {code: info.id for code, info in identity.organisations_by_code(codes).items()}
    return {**found, "": actor.organisation_id}


def find(actor: Actor, keys: Sequence[Key], table: Table) -> list[tuple[int, str]]:
    """Number and name of each row that an import made, before anything is locked."""
    if not keys:
        return []
    known = {key_of(table, row): (number, str(row["name"])) for number, row in reversed(_rows(actor, table))}
    return [known[key] for key in keys if key in known]


def remove(_actor: Actor, _keys: Sequence[Key], found: Sequence[tuple[int, str]], table: Table) -> None:
    """Take back rows an import made; refused while something hangs on one of them."""
    if not found:
        return
    ids = [number for number, _name in found]
    units: list[int] = []
    for at in range(0, len(ids), 500):
        query = sa.select(ResourceUnit.id).where(ResourceUnit.resource_id.in_(ids[at : at + 500]))
        units += db.session.scalars(query)
    if table.name == "equipment":
        db.session.flush()
        listeners.equipment_gone(ids)
    if hanging("resource", ids) or hanging("resource_unit", units):
        raise Conflict("sheet_in_use", name=found[0][1])
    for at in range(0, len(ids), 500):
        part = ids[at : at + 500]
        for model in (OpeningRule, ResourceUnit, ResourceWord, Patent, Talent):
            db.session.execute(sa.delete(model).where(model.resource_id.in_(part)))
        db.session.execute(sa.delete(Resource).where(Resource.id.in_(part)))


def stamp(actor: Actor, table: Table) -> object:
    """Changes whenever a row of the list does: how many there are, the last one, the last change."""
    counted = sa.select(sa.func.count(), sa.func.max(Resource.id), sa.func.max(Resource.updated_at))
    return tuple(db.session.execute(counted.where(_mine(actor, table))).one())


def may(actor: Actor) -> bool:
    return access.can_list(actor)


def listed_rows(actor: Actor, mine: bool) -> list[Row]:
    """Instruments for the export of the catalogue: what is listed, or everything the actor's organisation shares."""
    listed = sa.and_(Resource.status == "listed", resource_records.found_by(actor))
    where = Resource.owner_id == actor.organisation_id if mine else listed
    found = _rows_where(sa.and_(Resource.kind == "equipment", where), columns.EQUIPMENT, MOST_EXPORTED)
    return [row for _id, row in found]


def index_words(ids: Sequence[int]) -> None:
    """Write the search words of these resources anew; rooms above hear of new instruments."""
    query = sa.select(Talent.resource_id, Talent.skills).where(Talent.resource_id.in_(ids))
    skills: dict[int, Sequence[str]] = dict(db.session.execute(query).all())
    for row in db.session.scalars(sa.select(Resource).where(Resource.id.in_(ids))):
        index(row, skills.get(row.id, ()))
        if row.kind == "equipment":
            listeners.equipment_listed(row)
