"""My matches: why, masked, yes or no."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.ecosystem.market import queries as market_queries
from app.ecosystem.matches import queries, service, words
from app.ecosystem.matches.models import Match
from app.ecosystem.matches.words import MATCH_STATES
from app.ecosystem.pages import bp
from app.hall.web.answers import flash_ok
from app.hall.web.guards import current_actor, signed_in
from app.hall.web.listing import Listing
from app.identity.door import roles

SORTS = {"score": Match.score_ratio, "created": Match.created_at}


@bp.get("/matches")
@signed_in
def matches_page() -> ResponseReturnValue:
    actor = current_actor()
    listing = Listing.from_request(SORTS, "created", ("state",), desc=True)
    state = listing.filters["state"]
    page = listing.page(queries.query(actor, state), Match.id.desc())
    return render_template(
        "ecosystem/matches/matches.html",
        listing=listing,
        page=page,
        rows=queries.see(actor, page.items),
        states=[("open", _("待答复")), *MATCH_STATES.items()],
        policy=service.policy(),
        can_answer=actor.may(roles.WRITES_POSTS),
    )


@bp.get("/matches/<int:match_id>")
@signed_in
def match(match_id: int) -> ResponseReturnValue:
    actor = current_actor()
    seen = queries.get(actor, match_id)
    return render_template(
        "ecosystem/matches/match.html",
        m=seen,
        hint=words.hint_of_match(
            seen.is_open, seen.side, seen.my_answer, seen.their_answer, bool(seen.introduction_id)
        )
        if actor.may(roles.WRITES_POSTS)
        else "",
        tags=market_queries.tags_of([seen.need.id, seen.offer.id]),
        policy=service.policy(),
        can_answer=actor.may(roles.WRITES_POSTS),
    )


@bp.post("/matches/<int:match_id>/accept")
@signed_in
def accept_match(match_id: int) -> ResponseReturnValue:
    opened = service.accept(current_actor(), match_id)
    if opened is not None:
        flash_ok(_("双方都愿意，对接已建立。"))
        return redirect(url_for("ecosystem.introduction", introduction_id=opened.id), 303)
    flash_ok(_("已表示愿意，对方答复后会通知您。"))
    return redirect(url_for("ecosystem.match", match_id=match_id), 303)


@bp.post("/matches/<int:match_id>/decline")
@signed_in
def decline_match(match_id: int) -> ResponseReturnValue:
    service.decline(current_actor(), match_id, request.form.get("reason", ""))
    flash_ok(_("已选择暂不对接。"))
    return redirect(url_for("ecosystem.matches_page"), 303)
