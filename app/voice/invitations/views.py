"""Who was asked: the list behind a survey, sheets for paper, and the quarter by layer."""

from __future__ import annotations

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from app.hall import clock
from app.hall.errors import Conflict
from app.hall.text import language
from app.hall.web.answers import download
from app.hall.web.guards import current_actor, only
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import roles
from app.voice import words as room_words
from app.voice.invitations import service
from app.voice.invitations.paper import draw
from app.voice.invitations.rules import by_layer, quarter_end
from app.voice.pages import bp
from app.voice.responses.models import SurveyInvitation
from app.voice.surveys import queries, words
from app.voice.surveys.service import get_version, survey_of
from app.voice.surveys.states import CHANNELS, SENT

SHOWN_FIRMS = 30


@bp.get("/surveys/<int:survey_id>/invitations")
@only(roles.ENTERS_ANSWERS)
def survey_invitations(survey_id: int) -> ResponseReturnValue:
    """Everybody who was asked, and whether a sheet came back; what was answered stands nowhere here."""
    row = get_version(survey_id)
    sorts = {"layer": SurveyInvitation.layer, "channel": SurveyInvitation.channel}
    listing = Listing.from_request(sorts, "layer", ("state", "channel"), per_page=50)
    state = listing.filters["state"] if listing.filters["state"] in words.INVITATION_STATES else ""
    channel = listing.filters["channel"] if listing.filters["channel"] in CHANNELS else ""
    page = listing.page(queries.invitations(row.id, state, channel), SurveyInvitation.id)
    return render_template(
        "voice/surveys/invitations.html",
        row=row,
        listing=listing,
        page=page,
        firms=identity.organisations_by_id({one.organisation_id for one in page.items}),
        layers=room_words.LAYERS,
        may_type=row.state == "open" and not row.anonymous,
        **words.NAMES,
    )


@bp.get("/surveys/sheets/<int:invitation_id>.pdf")
@only(roles.ENTERS_ANSWERS)
def paper_sheet(invitation_id: int) -> ResponseReturnValue:
    """The sheet of one firm for paper, with the code that opens its form."""
    token = service.token_of(current_actor(), invitation_id)
    asked = service.get_invitation(invitation_id)
    row = get_version(asked.version_id)
    if asked.state != SENT or row.closes_on is None:
        raise Conflict("voice_token_used")
    firm = identity.get_organisation(asked.organisation_id)
    title = (row.title_en if language.lang() == "en" else "") or row.title_zh or row.survey.code
    address = f"{current_app.config['SETTINGS'].site}/s/{token}"
    pdf = draw(survey_of(row), title, firm.name, address, row.closes_on.isoformat())
    return download(pdf, f"{row.survey.code}-{firm.code}.pdf", "application/pdf")


@bp.get("/surveys/plan")
@only(roles.SEES_SURVEYS)
def survey_plan() -> ResponseReturnValue:
    """The quarter by layer: who is due to be asked, by the contact plan."""
    day = clock.today()
    plan = service.quarter()
    end = quarter_end(day)
    due = sorted(
        (one for one in plan if one.due_on is not None and one.due_on <= end),
        key=lambda one: (one.due_on or end, one.firm.code),
    )
    return render_template(
        "voice/surveys/plan.html",
        rows=by_layer(plan, day, [name for name in room_words.LAYERS if name]),
        due=due[:SHOWN_FIRMS],
        more=max(0, len(due) - SHOWN_FIRMS),
        end=end,
        today=day,
        layers=room_words.LAYERS,
    )
