"""The API of the committee: seats and kinds of firm."""

from __future__ import annotations

from app.ecosystem import sight
from app.ecosystem.committee import service, shapes
from app.ecosystem.committee.schemas import CommitteeBody, LabelBody, SeatBody
from app.ecosystem.pages import api
from app.ecosystem.round_table import queries as round_table_queries
from app.ecosystem.round_table.sight import reader_of
from app.ecosystem.sight import organisation_with
from app.hall import clock
from app.hall.api.idempotency import idempotent
from app.hall.web.guards import current_actor, only, signed_in
from app.identity import door as identity
from app.identity.door import roles


@api.get("/committee")
@signed_in
def show_committee() -> shapes.Committee:
    """Who sits at the table, which kinds are missing, months without a meeting, what the data suggest today."""
    table = round_table_queries.table(service.get_committee(), service.labels())
    who = sight.organisations(s.organisation_id for s in table.seats)
    reader = reader_of(current_actor(), table.seats)
    return {
        "name": table.committee.name,
        "founded_on": table.committee.founded_on.isoformat(),
        "quorum_percent": table.committee.quorum_percent,
        "seats": [
            {"id": s.id, "organisation": who[s.organisation_id].code, "kind": s.kind} for s in table.seats
        ],
        "missing_kinds": list(table.missing),
        "overdue_months": [f"{month:%Y-%m}" for month in table.overdue_months],
        "proposed": [
            {
                "kind": item.kind,
                "title": reader.title(item),
                "note": reader.note(item),
            }
            for item in table.proposed
        ],
    }


@api.post("/committee")
@only(roles.RUNS_COMMITTEE)
@idempotent
def found_committee(body: CommitteeBody) -> tuple[shapes.Committee, int]:
    """Found the committee; a park has one."""
    founded_on = min(body.founded_on or clock.today(), clock.today())
    service.found_committee(current_actor(), body.name, founded_on, body.quorum_percent)
    return show_committee(), 201


@api.post("/committee/labels")
@only(roles.RUNS_COMMITTEE)
@idempotent
def label_firms(body: LabelBody) -> shapes.FirmsLabelled:
    """Say which enterprises are of a kind, e.g. 专精特新, so that the agenda can say "six of eight"."""
    firms = [identity.get_enterprise(code) for code in body.enterprises]
    service.set_label(current_actor(), body.label, [firm.id for firm in firms])
    return {"label": body.label, "enterprises": [firm.code for firm in firms]}


@api.post("/committee/seats")
@only(roles.RUNS_COMMITTEE)
@idempotent
def give_seat(body: SeatBody) -> tuple[shapes.SeatGiven, int]:
    """Give an organisation a seat of its kind."""
    who = organisation_with(body.organisation)
    row = service.seat(current_actor(), who.id, body.person)
    return {"id": row.id, "organisation": who.code, "kind": row.kind}, 201
