"""Playbooks: written from a solved problem, approved by a second person, taken up, proven – never edited in force."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound, Reason
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.problems import limits, sight
from app.problems.closing.rules import Proof, adopted
from app.problems.playbooks.models import Adoption, Playbook
from app.problems.reports.categories import CATEGORIES
from app.problems.reports.models import Problem

MOST_LINES = 30
PROVING = ("confirmed", "reviewed", "closed")


@dataclass(frozen=True)
class Draft:
    """A playbook as it is written."""

    code: str
    title: str
    category: str
    checklist: tuple[str, ...]
    problem_id: int | None = None


def write(actor: Actor, draft: Draft) -> Playbook:
    """The next version of a playbook; in force only once somebody else has approved it."""
    if not actor.may(roles.WRITES_PLAYBOOKS):
        raise NotAllowed("problem_not_yours")
    wrong = _reasons(draft)
    if wrong:
        raise Invalid("playbook_refused", wrong)
    if draft.problem_id is not None:
        _visible(actor, draft.problem_id)
    with transaction() as session:
        code = draft.code.strip().lower()
        newest = session.scalar(sa.select(sa.func.max(Playbook.version)).where(Playbook.code == code)) or 0
        row = Playbook(
            code=code,
            version=newest + 1,
            title=draft.title.strip(),
            category=draft.category,
            checklist=[line.strip() for line in draft.checklist],
            state="draft",
            source_problem_id=draft.problem_id,
            made_by_id=actor.member_id,
            made_at=clock.now(),
        )
        session.add(row)
        session.flush()
        identity.audit(actor, "playbook.written", "playbook", row.id, code=code, version=row.version)
        return row


def _reasons(draft: Draft) -> list[Reason]:
    found = []
    code = draft.code.strip()
    if not (0 < len(code) <= 40 and code.isascii() and code.replace("-", "").replace("_", "").isalnum()):
        found.append(Reason("playbook_code"))
    if not draft.title.strip() or len(draft.title) > 120:
        found.append(Reason("playbook_title"))
    if draft.category not in CATEGORIES:
        found.append(Reason("problem_category_unknown"))
    lines = draft.checklist
    if not 1 <= len(lines) <= MOST_LINES or any(not one.strip() or len(one) > 300 for one in lines):
        found.append(Reason("playbook_checklist", {"limit": MOST_LINES}))
    if len({one.strip() for one in lines}) != len(lines):
        found.append(Reason("playbook_line_twice"))
    return found


def approve(actor: Actor, playbook_id: int) -> Playbook:
    """Somebody else approves: in force from now on, the version before superseded."""
    if not actor.may(roles.WRITES_PLAYBOOKS):
        raise NotAllowed("problem_not_yours")
    with transaction() as session:
        row = _get(playbook_id)
        if row.state != "draft":
            raise Conflict("playbook_not_a_draft")
        if row.made_by_id == actor.member_id:
            raise Conflict("playbook_four_eyes")
        identity.require_second_person(actor, row.made_by_id)
        session.execute(
            sa.update(Playbook)
            .where(Playbook.code == row.code, Playbook.state == "in_force")
            .values(state="superseded")
        )
        row.approved_by_id, row.approved_at, row.state = actor.member_id, clock.now(), "in_force"
        session.flush()
        identity.audit(actor, "playbook.approved", "playbook", row.id)
        return row


def take_up(actor: Actor, playbook_id: int, department_id: int | None = None) -> Adoption:
    """A firm for itself, a department for itself: begun, proven later."""
    with transaction() as session:
        row = _get(playbook_id)
        if row.state != "in_force":
            raise Conflict("playbook_not_in_force")
        reader = sight.reader_of(actor)
        if department_id is not None and department_id not in reader.departments:
            raise NotAllowed("problem_not_yours")
        if department_id is None and not reader.firm:
            raise Invalid("playbook_adopter")
        organisation_id = actor.organisation_id if department_id is None else None
        known = session.scalar(
            sa.select(Adoption).where(
                Adoption.playbook_id == playbook_id,
                Adoption.organisation_id == organisation_id
                if organisation_id
                else Adoption.department_id == department_id,
            )
        )
        if known is not None:
            return known
        made = Adoption(
            playbook_id=playbook_id,
            organisation_id=organisation_id,
            department_id=department_id,
            state="begun",
            done=[],
            begun_at=clock.now(),
        )
        session.add(made)
        session.flush()
        identity.audit(actor, "playbook.taken_up", "playbook", playbook_id)
        return made


def tick(actor: Actor, adoption_id: int, lines: Sequence[str]) -> Adoption:
    """What of the checklist is done; the whole of it proves the adoption."""
    with transaction():
        row = _adoption(actor, adoption_id)
        book = _get(row.playbook_id)
        unknown = set(lines) - set(book.checklist)
        if unknown:
            raise Invalid("playbook_line_unknown")
        row.done = [line for line in book.checklist if line in set(lines)]
        row.checklist_complete = len(row.done) == len(book.checklist)
        _prove(row)
        return row


def prove(actor: Actor, adoption_id: int, problem_id: int) -> Adoption:
    """A confirmed problem solved with it proves the adoption; the problem names the version."""
    with transaction() as session:
        row = _adoption(actor, adoption_id)
        problem = _visible(actor, problem_id)
        if problem.state not in PROVING:
            raise Conflict("playbook_proof_not_confirmed")
        stored = session.get(Problem, problem_id)
        assert stored is not None
        stored.playbook_id = row.playbook_id
        row.problem_id = problem_id
        _prove(row)
        return row


def _prove(row: Adoption) -> None:
    proven = row.checklist_complete or row.problem_id is not None
    row.state = "proven" if proven else "begun"
    row.proven_at = (row.proven_at or clock.now()) if proven else None
    db.session.flush()


def counted(playbook_id: int) -> tuple[int, int]:
    """Distinct adopters with a proof, and all who took it up."""
    rows = db.session.scalars(sa.select(Adoption).where(Adoption.playbook_id == playbook_id)).all()
    proofs = [
        Proof(
            f"{row.organisation_id}/{row.department_id}", row.problem_id is not None, row.checklist_complete
        )
        for row in rows
    ]
    return len(adopted(proofs)), len({one.adopter for one in proofs})


def list_playbooks() -> list[Playbook]:
    order = (Playbook.code, Playbook.version.desc())
    return list(db.session.scalars(sa.select(Playbook).order_by(*order).limit(limits.CHUNK)))


def adoptions_of(actor: Actor) -> dict[int, Adoption]:
    """This firm's own adoptions, by playbook."""
    rows = db.session.scalars(sa.select(Adoption).where(Adoption.organisation_id == actor.organisation_id))
    return {row.playbook_id: row for row in rows}


def _get(playbook_id: int) -> Playbook:
    row: Playbook | None = db.session.scalar(locked(sa.select(Playbook).where(Playbook.id == playbook_id)))
    if row is None:
        raise NotFound("playbook_not_found")
    return row


def _adoption(actor: Actor, adoption_id: int) -> Adoption:
    row = db.session.get(Adoption, adoption_id)
    reader = sight.reader_of(actor)
    mine = row is not None and (
        (reader.firm and row.organisation_id == actor.organisation_id)
        or row.department_id in reader.departments
    )
    if row is None or not mine:
        raise NotFound("playbook_not_found")
    return row


def _visible(actor: Actor, problem_id: int) -> Problem:
    row = db.session.scalar(
        sa.select(Problem).where(Problem.id == problem_id, sight.visible(sight.reader_of(actor)))
    )
    if row is None:
        raise NotFound("problem_not_found")
    return row
