"""Who is there already: asked before a registration, a landing or an import makes a second row of one firm."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.text.normalise import escape_like
from app.hall.text.official_numbers import credit_code
from app.identity.actor import OrganisationInfo
from app.identity.arrivals.shapes import CandidateRow
from app.identity.organisations.directory import organisations_by_id
from app.identity.organisations.models import FormerName, Organisation
from app.identity.organisations.naming import Known, find_same, name_of, pairs

MOST = 12  # candidates that are shown
MOST_COMPARED = 2000
_PIECES = 8  # pairs of characters of a name that are looked for
_HERE = ("pending", "active", "leaving", "left", "suspended")


@dataclass(frozen=True)
class Candidate:
    """An organisation that is there already, and how sure it is that it is the one meant."""

    grade: str
    organisation: OrganisationInfo

    def as_row(self) -> CandidateRow:
        return {"grade": self.grade, "code": self.organisation.code, "name": self.organisation.name}


@dataclass(frozen=True)
class Elsewhere:
    """A firm without an account that another room knows under a code of its own."""

    code: str
    name: str


_elsewhere: list[Callable[[], Iterable[Elsewhere]]] = []


def register_elsewhere(source: Callable[[], Iterable[Elsewhere]]) -> None:
    """A room that knows firms which have no row here yet says which."""
    if source not in _elsewhere:
        _elsewhere.append(source)


def codes_elsewhere() -> dict[str, str]:
    """Codes that firms without an account bear in other rooms, with their names."""
    return {firm.code: firm.name for source in _elsewhere for firm in source()}


def find_candidates(
    names: Iterable[str], code: str = "", *, but: Iterable[int] = (), states: Iterable[str] = _HERE
) -> list[Candidate]:
    """Organisations that may be the one with these names and this credit code, the surest first."""
    wanted = [one for one in dict.fromkeys(names) if one.strip()]
    known = _compared(wanted, credit_code(code), set(but), tuple(states))
    ranked = find_same(wanted, credit_code(code), known)[:MOST]
    if not ranked:
        return []
    rows = organisations_by_id([firm.id for _grade, firm in ranked])
    return [Candidate(how, rows[firm.id]) for how, firm in ranked if firm.id in rows]


def _compared(names: list[str], code: str, but: set[int], states: tuple[str, ...]) -> list[Known]:
    """Those that share the code, a distinctive part, or a pair of its characters: two statements, however many there are."""
    columns = (
        Organisation.id,
        Organisation.name_zh,
        Organisation.name_en,
        Organisation.short_name,
        Organisation.credit_code,
    )
    asked = sa.select(*columns).where(Organisation.kind != "park", Organisation.status.in_(states))
    former = sa.select(FormerName.organisation_id).where(_like(FormerName, names))
    where = [_like(Organisation, names), Organisation.id.in_(former)]
    if code:
        where.append(Organisation.credit_code == code)
    rows = db.session.execute(asked.where(sa.or_(*where)).limit(MOST_COMPARED)).all()
    earlier = _former_names([row.id for row in rows])
    return [
        Known(
            row.id,
            tuple(one for one in (row.name_zh, row.name_en, row.short_name, *earlier.get(row.id, ())) if one),
            row.credit_code,
        )
        for row in rows
        if row.id not in but
    ]


def candidates_of(rows: Sequence[Organisation]) -> dict[int, list[Candidate]]:
    """For each of these who bears the same distinctive part or credit code already: as many statements for one as for all."""
    keys = {row.name_key for row in rows if row.name_key}
    codes = {row.credit_code for row in rows if row.credit_code}
    if not keys and not codes:
        return {}
    former = sa.select(FormerName.organisation_id).where(FormerName.name_key.in_(keys))
    query = sa.select(Organisation).where(
        Organisation.kind != "park",
        Organisation.status.in_(_HERE),
        sa.or_(
            Organisation.name_key.in_(keys), Organisation.credit_code.in_(codes), Organisation.id.in_(former)
        ),
    )
    there = list(db.session.scalars(query.order_by(Organisation.id).limit(MOST_COMPARED)))
    earlier = _former_names([row.id for row in there])
    known = [
        Known(
            one.id,
            tuple(n for n in (one.name_zh, one.name_en, *earlier.get(one.id, ())) if n),
            one.credit_code,
        )
        for one in there
    ]
    infos = organisations_by_id(one.id for one in there)
    found = {}
    for row in rows:
        names = [one for one in (row.name_zh, row.name_en) if one]
        ranked = find_same(names, row.credit_code, (one for one in known if one.id != row.id))
        found[row.id] = [Candidate(how, infos[firm.id]) for how, firm in ranked[:MOST]]
    return found


def _like(table: type[Organisation] | type[FormerName], names: list[str]) -> sa.ColumnElement[bool]:
    """Rows whose name holds one of the telling pieces of these names."""
    found: list[sa.ColumnElement[bool]] = []
    for name in names:
        core = name_of(name).core
        column = table.name_en if core.isascii() else table.name_key
        pieces = [core[:4]] if core.isascii() else sorted(pairs(core) or {core})[:_PIECES]
        like = (
            column.ilike if core.isascii() else column.like
        )  # the distinctive part is in small letters already
        found += [like(f"%{escape_like(piece)}%", escape="\\") for piece in pieces if piece]
    return sa.or_(sa.false(), *found)


def _former_names(ids: list[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for start in range(0, len(ids), 500):
        query = sa.select(FormerName.organisation_id, FormerName.name_zh, FormerName.name_en).where(
            FormerName.organisation_id.in_(ids[start : start + 500])
        )
        for organisation_id, name_zh, name_en in db.session.execute(query):
            found.setdefault(organisation_id, []).extend(one for one in (name_zh, name_en) if one)
    return found


def fill_missing_keys() -> None:
    """Names that were written before their distinctive part was kept: once after an upgrade."""
    query = sa.select(Organisation).where(Organisation.name_key.is_(None)).limit(MOST_COMPARED)
    for row in db.session.scalars(query):
        row.name_key = name_of(row.name_zh).core[:100]
