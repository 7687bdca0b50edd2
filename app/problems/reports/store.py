"""Photographs of problems: taken in raw, written anew after the commit, shown to whom the problem is shown."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import after_commit, transaction
from app.hall.errors import Invalid, NotFound, Reason
from app.hall.files import pictures, uploads
from app.hall.jobs import emit, on_thinking
from app.identity.door import PHOTOGRAPHS, Actor, check_not_withdrawn
from app.problems import limits, sight
from app.problems.reports.models import Problem, ProblemPhoto

KIND = "problems.photo"


def _folder() -> Path:
    return Path(current_app.instance_path) / "problem-photos"


def raw_path(key: str) -> Path:
    return _folder() / "raw" / key[:2] / key


def ready_path(key: str) -> Path:
    return _folder() / "ready" / key[:2] / f"{key}.jpg"


def take(actor: Actor, data: bytes) -> str:
    """Keep a photograph before its report comes; answers the key by which the report names it."""
    check_not_withdrawn(actor, PHOTOGRAPHS)
    pictures.check_picture(data, limits.PHOTO_BYTES, limits.PHOTO_PIXELS)
    key = secrets.token_hex(16)
    uploads.store(raw_path(key), data)
    with transaction() as session:
        session.add(
            ProblemPhoto(key=key, member_id=actor.member_id or None, state="raw", created_at=clock.now())
        )
        emit(KIND, {"key": key})
    return key


def attach(problem: Problem, keys: Sequence[str], actor: Actor, guest: bool) -> None:
    """The report takes its photographs up; a guest's are held back until the service desk has looked."""
    session = db.session()
    for key in dict.fromkeys(keys):
        row = session.scalar(sa.select(ProblemPhoto).where(ProblemPhoto.key == key))
        if row is None or row.problem_id is not None or row.member_id != (actor.member_id or None):
            raise Invalid("problem_report_refused", [Reason("problem_photo_unknown")])
        row.problem_id = problem.id
        # Whoever hides, and whatever a room above hands over: shown after a look.
        row.held_back = guest or problem.visibility == "park_only" or actor.is_system
        row.member_id = None  # a photograph does not tell who took it


@on_thinking(KIND)
def write_anew(payload: dict[str, str]) -> Callable[[], None]:
    """Turn the raw file into one without place and camera, with nothing locked; safe to do twice."""
    key = payload["key"]
    if _state(key) != "raw":
        return _nothing
    try:
        uploads.store(ready_path(key), pictures.written_anew(raw_path(key).read_bytes(), limits.PHOTO_EDGE))
        state = "ready"
    except Invalid:
        state = "refused"

    def note() -> None:
        db.session.execute(sa.update(ProblemPhoto).where(ProblemPhoto.key == key).values(state=state))
        # The original goes last: killed before the commit, the next attempt still finds it.
        after_commit(lambda: raw_path(key).unlink(missing_ok=True))

    return note


def _nothing() -> None:
    pass


def _state(key: str) -> str | None:
    return db.session.scalar(sa.select(ProblemPhoto.state).where(ProblemPhoto.key == key))


def show(problem_id: int) -> None:
    """The service desk has looked: the photographs of this problem may be shown to all who see it."""
    db.session.execute(
        sa.update(ProblemPhoto).where(ProblemPhoto.problem_id == problem_id).values(held_back=False)
    )


def shown(photos: Sequence[ProblemPhoto], sees_held_back: bool) -> list[ProblemPhoto]:
    """Those of a problem's photographs that this reader may see."""
    ready = (one for one in photos if one.state == "ready")
    return [one for one in ready if sees_held_back or not one.held_back]


def of_problems(problem_ids: Sequence[int]) -> dict[int, list[ProblemPhoto]]:
    """All photographs of these problems, for the service desk's look."""
    query = sa.select(ProblemPhoto).where(
        ProblemPhoto.problem_id.in_(problem_ids), ProblemPhoto.state == "ready"
    )
    found: dict[int, list[ProblemPhoto]] = {}
    for row in db.session.scalars(query.order_by(ProblemPhoto.id)):
        if row.problem_id is not None:
            found.setdefault(row.problem_id, []).append(row)
    return found


def read(actor: Actor, key: str) -> bytes:
    """The bytes of a photograph for who may see its problem."""
    row = db.session.scalar(
        sa.select(ProblemPhoto).where(ProblemPhoto.key == key, ProblemPhoto.state == "ready")
    )
    if row is None or row.problem_id is None:
        raise NotFound("problem_photo_not_found")
    reader = sight.reader_of(actor)
    seen = db.session.scalar(sa.select(Problem.id).where(Problem.id == row.problem_id, sight.visible(reader)))
    if seen is None or (row.held_back and not (reader.desk or reader.firm)):
        raise NotFound("problem_photo_not_found")
    with contextlib.suppress(OSError):
        return ready_path(key).read_bytes()
    raise NotFound("problem_photo_not_found")


def forget_unused() -> None:
    """Photographs whose report never came."""
    before = clock.now() - limits.PHOTO_WAITS
    with transaction() as session:
        rows = session.scalars(
            sa.select(ProblemPhoto)
            .where(ProblemPhoto.problem_id.is_(None), ProblemPhoto.created_at < before)
            .limit(limits.CHUNK)
        ).all()
        for row in rows:
            raw_path(row.key).unlink(missing_ok=True)
            ready_path(row.key).unlink(missing_ok=True)
            session.delete(row)
