"""My matches: why, masked, yes or no."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.ecosystem.messages import MATCH_STATES
from app.ecosystem.models import Match
from app.ecosystem.service import matches, posts, sight
from app.ecosystem.views import bp, guidance
from app.web import Listing, current_actor, flash_ok, signed_in

SORTS = {"score": Match.score_ratio, "created": Match.created_at}


@bp.get("/matches")
@signed_in
def matches_page() -> Any:
    actor = current_actor()
    listing = Listing.from_request(SORTS, "created", ("state",), desc=True)
    state = listing.filters["state"]
    page = listing.page(matches.query(actor, state), Match.id.desc())
    return render_template(
        "ecosystem/matches.html",
        listing=listing,
        page=page,
        rows=matches.see(actor, page.items),
        states=[("open", _("待答复")), *MATCH_STATES.items()],
        policy=posts.policy(),
        can_answer=actor.has(*sight.WRITERS),
    )


@bp.get("/matches/<int:match_id>")
@signed_in
def match(match_id: int) -> Any:
    actor = current_actor()
    seen = matches.get(actor, match_id)
    return render_template(
        "ecosystem/match.html",
        m=seen,
        hint=guidance.of_match(
            seen.is_open, seen.side, seen.my_answer, seen.their_answer, bool(seen.introduction_id)
        )
        if actor.has(*sight.WRITERS)
        else "",
        tags=posts.tags_of([seen.need.id, seen.offer.id]),
        policy=posts.policy(),
        can_answer=actor.has(*sight.WRITERS),
    )


@bp.post("/matches/<int:match_id>/accept")
@signed_in
def accept_match(match_id: int) -> Any:
    actor = current_actor()
    matches.accept(actor, match_id)
    seen = matches.get(actor, match_id)
    if seen.introduction_id:
        flash_ok(_("双方都愿意，对接已建立。"))
        return redirect(url_for("ecosystem.introduction", introduction_id=seen.introduction_id), 303)
    flash_ok(_("已表示愿意，对方答复后会通知您。"))
    return redirect(url_for("ecosystem.match", match_id=match_id), 303)


@bp.post("/matches/<int:match_id>/decline")
@signed_in
def decline_match(match_id: int) -> Any:
    matches.decline(current_actor(), match_id, request.form.get("reason", ""))
    flash_ok(_("已选择暂不对接。"))
    return redirect(url_for("ecosystem.matches_page"), 303)
