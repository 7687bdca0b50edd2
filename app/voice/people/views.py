"""Pages of specialists with their training and weeks at firms, and of the channels of a quarter."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall import clock
from app.hall.web.answers import flash_ok
from app.hall.web.guards import current_actor, only
from app.identity.door import roles
from app.voice import forms
from app.voice.channels import service as channels
from app.voice.pages import bp
from app.voice.people import service


@bp.get("/people")
@only(roles.SEES_SPECIALISTS)
def people_page() -> ResponseReturnValue:
    """Who visits: years of service, training plan, who has been where."""
    actor = current_actor()
    found = service.cards()
    return render_template(
        "voice/people/people.html",
        cards=found,
        without=[one for one in found if one.without_a_week],
        may_keep=actor.may(roles.KEEPS_SPECIALISTS),
        my_id=actor.member_id,
        today=clock.today(),
    )


@bp.post("/people")
@only(roles.SEES_SPECIALISTS)
def people_form() -> ResponseReturnValue:
    """Service, training, weeks: one act a form."""
    actor, act = current_actor(), forms.text("act")
    if act == "set":
        service.set_specialist(
            actor,
            forms.text("login"),
            forms.day("employed_since"),
            forms.text("suspended_because"),
            forms.number("visits_a_day") or 0,
        )
    elif act == "training":
        service.plan_training(
            actor,
            forms.text("login"),
            forms.text("title"),
            forms.number("hours") or 0,
            forms.needed_day("due_on"),
        )
    elif act == "training_done":
        service.training_done(actor, forms.number("number") or 0, clock.today())
    elif act == "shadowing":
        service.plan_shadowing(
            actor,
            forms.text("login"),
            forms.text("enterprise"),
            forms.needed_day("from_on"),
            forms.needed_day("until_on"),
        )
    else:
        service.end_shadowing(actor, forms.number("number") or 0, forms.text("seen"))
    flash_ok(_("已更新。"))
    return redirect(url_for("voice.people_page"), 303)


@bp.get("/channels")
@only(roles.SEES_CHANNELS)
def channels_page() -> ResponseReturnValue:
    """The channels of a quarter side by side; dead ones are named."""
    day = clock.read_day(request.args.get("on")) or clock.today()
    found = channels.of_quarter(current_actor(), day)
    return render_template("voice/people/channels.html", found=found)
