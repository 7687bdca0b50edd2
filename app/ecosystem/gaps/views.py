"""One page per gap: everything the park has that could fill a weak link."""

from __future__ import annotations

from functools import partial

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.ecosystem import sight
from app.ecosystem.gaps import service, words
from app.ecosystem.pages import bp
from app.ecosystem.signals.sources import origins
from app.hall.web.guards import current_actor, only
from app.identity.door import roles


@bp.get("/gaps")
@only(roles.SEES_GAPS)
def gaps_page() -> ResponseReturnValue:
    return render_template("ecosystem/gaps/gaps.html", rows=service.gaps_today(), **_strength())


@bp.get("/gaps/<segment>")
@only(roles.SEES_GAPS)
def gap(segment: str) -> ResponseReturnValue:
    actor = current_actor()
    view = service.look(actor, segment)
    return render_template(
        "ecosystem/gaps/gap.html",
        v=view,
        can_write=actor.may(roles.MATCHES_PARTIES),
        hint=words.hint_of_gap({kind: len(rows) for kind, rows in view.fillers.items()}, len(view.needs))
        if actor.may(roles.MATCHES_PARTIES)
        else "",
        who=sight.organisations(n.organisation_id for n in view.needs),
        shows=sight.is_matchmaker(actor),
        **_strength(),
        origins=origins(actor, (s.source for s in view.signals)),
    )


def _strength() -> dict[str, object]:
    """What a page needs to show capacities only to those who may know them."""
    return {
        "amounts": partial(sight.reads_strength_of, current_actor()),
        "few": _("涉及不足三家企业，数额仅对招商人员显示"),
    }
