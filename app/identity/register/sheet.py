"""The park's register of firms as one of the lists that come in from a sheet."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.hall import clock
from app.hall.db.base import db
from app.hall.errors import Conflict
from app.hall.files.sheets.columns import Row
from app.hall.files.sheets.compare import Change, Key
from app.hall.files.sheets.kinds import Fault, Resolved, SheetKind
from app.hall.files.sheets.reading import Line, key_of
from app.identity.actor import Actor
from app.identity.arrivals.finder import codes_elsewhere
from app.identity.arrivals.rules import NewOrganisation, next_code
from app.identity.members.links import is_open
from app.identity.members.models import Member, SecretLink
from app.identity.organisations.models import FormerName, Organisation
from app.identity.register import store
from app.identity.register.columns import FIRMS
from app.identity.register.rules import Firm, Meant, Register, Said, twins
from app.identity.roles import RUNS_THE_PARK

LISTED = ("active", "leaving", "suspended")
GONE = ("rejected", "joined")
_HELD = {"likely": "firms_likely", "other_code": "firms_other_code"}


@dataclass(frozen=True)
class There:
    """Everybody who is there: the register, rows that may be changed, people and addresses, codes that are taken."""

    register: Register
    rows: Mapping[str, Organisation]
    peopled: frozenset[int]
    addresses: Mapping[str, str]
    codes: frozenset[str]


def _there() -> There:
    found = list(db.session.scalars(sa.select(Organisation).where(Organisation.kind != "park")))
    earlier: dict[int, list[str]] = {}
    for number, name in db.session.execute(sa.select(FormerName.organisation_id, FormerName.name_zh)):
        earlier.setdefault(number, []).append(name)
    firms = [
        Firm(
            one.id,
            one.code,
            one.name_zh,
            tuple(n for n in (one.name_zh, one.name_en, one.short_name, *earlier.get(one.id, ())) if n),
            one.credit_code,
        )
        for one in found
        if one.status not in GONE
    ]
    people = db.session.execute(
        sa.select(Member.organisation_id, sa.func.lower(Member.email)).where(Member.status == "active")
    ).all()
    names = {one.id: one.name_zh for one in found}
    return There(
        Register(firms),
        {one.code: one for one in found if one.kind == "enterprise" and one.status in LISTED},
        frozenset(number for number, _email in people),
        {email: names.get(number, "") for number, email in people if "@" in email},
        frozenset(db.session.scalars(sa.select(Organisation.code))) | frozenset(codes_elsewhere()),
    )


def current(_actor: Actor) -> dict[Key, Row]:
    """Every firm that is here, with the first person that waits for an answer."""
    query = sa.select(Organisation).where(Organisation.kind == "enterprise", Organisation.status.in_(LISTED))
    links = sa.select(SecretLink).where(is_open())
    peopled = set(db.session.scalars(sa.select(Member.organisation_id).where(Member.status == "active")))
    invited = {
        link.organisation_id: link.detail for link in db.session.scalars(links.order_by(SecretLink.id))
    }
    found: dict[Key, Row] = {}
    for firm in db.session.scalars(query.order_by(Organisation.code)):
        row: Row = {"code": firm.code} | {name: getattr(firm, name) or None for name in store.FACTS}
        said = invited.get(firm.id, {}) if firm.id not in peopled else {}
        row |= {"first_name": said.get("name") or None, "first_email": said.get("email") or None}
        found[key_of(FIRMS, row)] = row
    return found


def _said(values: Row) -> Said:
    def text(name: str) -> str:
        return str(values.get(name) or "").strip()

    names = (text("name_en"), text("short_name"))
    code = text("code").upper()
    return Said(text("name_zh"), names, text("credit_code"), code, values.get("another") is True)


def resolve(_actor: Actor, lines: Sequence[Line]) -> Resolved:
    """Each row gets the code of the firm it means, or the next free one; rows that are in doubt stay out and are told."""
    there = _there()
    said = {line.row: _said(line.values) for line in lines}
    again = twins((line.row, said[line.row]) for line in lines)
    given = {one.code for one in said.values() if one.code}
    first = next_code("E", there.codes | given)
    free = (f"E{number:02d}" for number in itertools.count(int(first[1:])))
    found: list[Line] = []
    faults: list[Fault] = []
    used: dict[str, int] = {}
    for line in lines:
        meant = there.register.meant(said[line.row])
        wrong = _wrong(line, said[line.row], meant, there, again)
        faults += wrong
        if any(one.weight in ("stop", "hold") for one in wrong):
            continue
        known = meant.firm if meant.verdict == "known" else None
        code = known.code if known else said[line.row].code or next(free)
        if code in used:
            faults.append(Fault(line.row, "name_zh", "table_duplicate", {"key": code, "first": used[code]}))
            continue
        used[code] = line.row
        values, notes = _settled(line, code, known, there)
        faults += notes
        found.append(Line(line.row, values))
    return found, faults


def _wrong(
    line: Line, said: Said, meant: Meant, there: There, again: Mapping[int, tuple[int, bool]]
) -> list[Fault]:
    """Why a row is not read, or what it looks like."""
    firm = meant.firm
    at = {"name": firm.name, "code": firm.code} if firm else {}
    found = []
    if line.row in again:
        earlier, sure = again[line.row]
        if sure:
            found.append(Fault(line.row, "name_zh", "table_duplicate", {"key": said.name, "first": earlier}))
        else:
            found.append(
                Fault(line.row, "name_zh", "firms_like_row", {"name": said.name, "row": earlier}, "hold")
            )
    if meant.verdict == "two":
        found.append(Fault(line.row, "code", "firms_two_meant", {**at, "said": said.code}))
    elif meant.verdict in _HELD:
        code = _HELD[meant.verdict]
        found.append(Fault(line.row, "name_zh", code, {**at, "said": said.name}, "hold"))
    elif meant.verdict == "known" and firm and firm.code not in there.rows:
        found.append(Fault(line.row, "name_zh", "firms_not_listed", {**at, "said": said.name}, "hold"))
    elif meant.verdict == "similar":
        found.append(Fault(line.row, "name_zh", "", at, "doubt"))
    return found + _unsound(line, said, meant, there)


def _unsound(line: Line, said: Said, meant: Meant, there: There) -> list[Fault]:
    """What the page of a new organisation would refuse."""
    values = line.values
    new = NewOrganisation("enterprise", said.name, code=said.code, registered_on=values.get("registered_on"))  # type: ignore[arg-type]
    found = [Fault(line.row, str(one.params["at"]), one.code, {}) for one in new.reasons(clock.today())]
    if said.code and said.code in there.codes and said.code not in there.register.by_code:
        found.append(Fault(line.row, "code", "organisation_code_taken", {"code": said.code}))
    email = str(values.get("first_email") or "")
    if email and not values.get("first_name"):
        found.append(Fault(line.row, "first_name", "first_person_needs_name", {}))
    elsewhere = there.addresses.get(email.lower(), "")
    if elsewhere and not (meant.firm and meant.firm.id in there.peopled):
        found.append(Fault(line.row, "first_email", "belongs_elsewhere", {"name": elsewhere}))
    return found


def _settled(line: Line, code: str, known: Firm | None, there: There) -> tuple[Row, list[Fault]]:
    """The row as it is compared: of a firm that is there an empty cell says nothing, and who has members invites alone."""
    values = {name: value for name, value in line.values.items() if name != "another"}
    notes = []
    if known is not None:
        values = {name: value for name, value in values.items() if value not in (None, "")}
        if known.id in there.peopled and values.pop("first_name", None):
            values.pop("first_email", None)
            notes.append(Fault(line.row, "first_name", "firms_has_members", {"name": known.name}, "note"))
    return {**values, "code": code}, notes


def prepare(_actor: Actor, changes: Sequence[Change]) -> Mapping[str, int]:
    """Ids of the firms that change; nothing is written where somebody brought one of the new firms in meanwhile."""
    there = _there()
    for change in changes:
        if change.old is None:
            meant = there.register.meant(_said(change.new))
            if str(change.new["code"]) in there.codes or meant.verdict == "known":
                raise Conflict("sheet_stale")
    return {code: row.id for code, row in there.rows.items()}


def write(actor: Actor, changes: Sequence[Change], ids: Mapping[str, int]) -> None:
    store.add(actor, [change.new for change in changes if change.old is None])
    store.change(actor, [change for change in changes if change.old is not None], ids)


def restore(actor: Actor, changes: Sequence[Change], ids: Mapping[str, int]) -> None:
    store.change(actor, changes, ids)
    store.forget_names(changes, ids)


def find(_actor: Actor, keys: Sequence[Key]) -> list[int]:
    rows = db.session.execute(
        sa.select(Organisation.id, Organisation.code).where(Organisation.kind != "park")
    )
    wanted = set(keys)
    return [number for number, code in rows if key_of(FIRMS, {"code": code}) in wanted]


def remove(actor: Actor, _keys: Sequence[Key], ids: Sequence[int]) -> None:
    if ids:
        store.take_back(actor, ids)


def stamp(_actor: Actor) -> object:
    """All that a row is made of: a few milliseconds for thousands of firms."""
    columns = (Organisation.id, Organisation.code, Organisation.status)
    facts = (getattr(Organisation, name) for name in store.FACTS)
    rows = db.session.execute(sa.select(*columns, *facts).order_by(Organisation.id)).all()
    links = sa.select(sa.func.count(), sa.func.max(SecretLink.id), sa.func.max(SecretLink.used_at))
    people = sa.select(sa.func.count(), sa.func.max(Member.id)).where(Member.status == "active")
    return (
        hash(tuple(tuple(row) for row in rows)),
        *db.session.execute(links).one(),
        *db.session.execute(people).one(),
    )


SHEETS = (
    SheetKind(
        table=FIRMS,
        title=_l("企业名册"),
        purpose=_l("园区的企业和它们的首位管理员；同一家不会建第二份，拿不准的行只列出、不写入"),
        icon="building-community",
        may=lambda actor: bool(actor.may(RUNS_THE_PARK)),
        current=current,
        resolve=resolve,
        prepare=prepare,
        write=write,
        restore=restore,
        find=find,
        remove=remove,
        stamp=stamp,
        at_once=100,  # four milliseconds of the lock each
        back="identity.organisations",
    ),
)
