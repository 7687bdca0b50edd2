"""The API of playbooks: written, approved by somebody else, taken up and proven."""

from __future__ import annotations

from app.hall.api.blueprint import listed, part_of
from app.hall.api.fields import PartQuery
from app.hall.api.idempotency import idempotent
from app.hall.api.shapes import Listed
from app.hall.web.guards import current_actor, only, signed_in
from app.identity.door import roles
from app.problems import schemas
from app.problems.pages import api
from app.problems.playbooks import service as playbooks
from app.problems.playbooks import shapes
from app.problems.playbooks.models import Playbook
from app.problems.work import service as work


@api.post("/playbooks")
@only(roles.WRITES_PLAYBOOKS)
@idempotent
def write_playbook(body: schemas.PlaybookBody) -> tuple[shapes.PlaybookWritten, int]:
    """The next version of a playbook, as a draft."""
    draft = playbooks.Draft(body.code, body.title, body.category, tuple(body.checklist), body.problem)
    row = playbooks.write(current_actor(), draft)
    return {"id": row.id, "code": row.code, "version": row.version, "state": row.state}, 201


@api.post("/playbooks/<int:playbook_id>/approve")
@only(roles.WRITES_PLAYBOOKS)
@idempotent
def approve_playbook(path: schemas.PlaybookPath) -> shapes.PlaybookApproved:
    """Somebody else approves: in force from now on."""
    row = playbooks.approve(current_actor(), path.playbook_id)
    return {"id": row.id, "code": row.code, "version": row.version, "state": row.state}


@api.get("/playbooks")
@signed_in
def list_playbooks(query: PartQuery) -> Listed[shapes.Playbook]:
    """Playbooks with their checklists and how many really used them."""
    rows = [row for row in playbooks.list_playbooks() if row.state == "in_force"]
    return listed([_playbook_out(row) for row in part_of(rows, query)], len(rows))


def _playbook_out(row: Playbook) -> shapes.Playbook:
    proven, begun = playbooks.counted(row.id)
    return {
        "id": row.id,
        "code": row.code,
        "version": row.version,
        "title": row.title,
        "checklist": row.checklist,
        "adopted": proven,
        "begun": begun,
    }


@api.post("/playbooks/<int:playbook_id>/adoptions")
@signed_in
@idempotent
def adopt(path: schemas.PlaybookPath, body: schemas.AdoptionBody) -> tuple[shapes.PlaybookAdopted, int]:
    """Take a playbook up, and prove it by the whole checklist or by a confirmed problem."""
    actor = current_actor()
    department = work.find_department_ids([body.department])[0] if body.department else None
    row = playbooks.take_up(actor, path.playbook_id, department)
    if body.done:
        row = playbooks.tick(actor, row.id, body.done)
    if body.problem is not None:
        row = playbooks.prove(actor, row.id, body.problem)
    proven, begun = playbooks.counted(path.playbook_id)
    return {"id": row.id, "state": row.state, "done": row.done, "adopted": proven, "begun": begun}, 201
