"""One page per gap: everything the park has that could fill a weak link."""

from __future__ import annotations

from typing import Any

from flask import render_template

from app.ecosystem.service import gap_page, sight
from app.ecosystem.views import bp, guidance
from app.web import current_actor, roles

READERS = ("investment_staff", "park_admin", "committee_secretary", "auditor")


@bp.get("/gaps")
@roles(*READERS)
def gaps_page() -> Any:
    return render_template("ecosystem/gaps.html", rows=gap_page.gaps_today())


@bp.get("/gaps/<segment>")
@roles(*READERS)
def gap(segment: str) -> Any:
    actor = current_actor()
    view = gap_page.look(actor, segment)
    return render_template(
        "ecosystem/gap.html", v=view, can_write=actor.has(*sight.MATCHMAKERS),
        hint=guidance.of_gap({kind: len(rows) for kind, rows in view.fillers.items()}, len(view.needs))
        if actor.has(*sight.MATCHMAKERS) else "", who=sight.organisations(n.organisation_id for n in view.needs),
        shows=sight.is_matchmaker(actor),
    )  # fmt: skip
