"""Pages of gatherings: whom to invite and why, who accepted, who came, what each guest said."""

from __future__ import annotations

import datetime as dt
import uuid

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall import clock
from app.hall.text.language import message
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok
from app.hall.web.guards import current_actor, only
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import roles
from app.voice import forms
from app.voice.feedback import queries as remarks
from app.voice.gatherings import ratings, rules, service
from app.voice.gatherings.models import Gathering
from app.voice.pages import bp

DAYS_AHEAD = 14


@bp.get("/gatherings")
@only(roles.SEES_GATHERINGS)
def gathering_list() -> ResponseReturnValue:
    """Gatherings with invited, came and the share."""
    listing = Listing.from_request({"on": Gathering.held_on}, "on", ("kind",), desc=True)
    query = service.all_gatherings()
    if listing.filters["kind"]:
        query = query.where(Gathering.kind == listing.filters["kind"])
    page = listing.page(query, Gathering.id.desc())
    return render_template(
        "voice/gatherings/list.html",
        listing=listing,
        page=page,
        shares=service.shares(page.items),
        may_invite=current_actor().may(roles.INVITES_FIRMS),
    )


@bp.get("/gatherings/new")
@only(roles.INVITES_FIRMS)
def gathering_new() -> ResponseReturnValue:
    """A proposal before anybody is invited: who, who not and why."""
    day = clock.read_day(request.args.get("on")) or clock.today() + dt.timedelta(days=DAYS_AHEAD)
    seats = min(max(whole(request.args.get("seats", "")) or service.SEATS, 1), 1000)
    table = service.propose(current_actor(), day, seats)
    firms = identity.organisations_by_code(
        [one.enterprise for one in table.selected] + [one.enterprise for one in table.excluded]
    )
    return render_template(
        "voice/gatherings/new.html",
        day=day,
        seats=seats,
        table=table,
        firms=firms,
        industry=identity.industry_name,
        why_not=lambda code: message(f"tea_{code}"),
        kind="activity" if request.args.get("kind") == "activity" else "tea_talk",
    )


@bp.post("/gatherings")
@only(roles.INVITES_FIRMS)
def gathering_form() -> ResponseReturnValue:
    """Prepare it and send the invitations."""
    row = service.prepare(
        current_actor(),
        service.NewGathering(
            kind=forms.text("kind"),
            on=forms.needed_day("on"),
            question=forms.text("question"),
            title=forms.text("title"),
            starts=forms.text("starts")[:5],
            place=forms.text("place"),
            series=forms.text("series"),
            changed=forms.text("changed"),
            seats=forms.number("seats") or service.SEATS,
            enterprises=tuple(request.form.getlist("enterprise")),
            invited=forms.number("invited"),
        ),
    )
    flash_ok(_("邀请已发出。"))
    return redirect(url_for("voice.gathering_page", number=row.id), 303)


@bp.get("/gatherings/<int:number>")
@only(roles.SEES_GATHERINGS)
def gathering_page(number: int) -> ResponseReturnValue:
    """One gathering with its guests and their remarks."""
    actor = current_actor()
    row = service.get(actor, number)
    rows = service.invitations(row.id)
    earlier = service.before(row)
    both = [row, *([earlier] if earlier else [])]
    shares = service.shares(both)
    change = None
    if earlier is not None:
        then, now = shares[earlier.id], shares[row.id]
        change = rules.change((then.came, then.invited), (now.came, now.invited))
    return render_template(
        "voice/gatherings/one.html",
        row=row,
        invitations=rows,
        firms=identity.organisations_by_id(one.organisation_id for one in rows),
        cards=remarks.cards(actor, remarks.of_gathering(actor, row.id)),
        share=shares[row.id],
        earlier=shares[earlier.id] if earlier else None,
        change=change,
        said=ratings.satisfaction(one.id for one in both) if row.kind == ratings.KIND else {},
        may_invite=actor.may(roles.INVITES_FIRMS),
        may_hear=actor.may(roles.HEARS_FIRMS),
        today=clock.today(),
        client_id=str(uuid.uuid4()),
    )


@bp.post("/gatherings/<int:number>/act")
@only(roles.INVITES_FIRMS)
def gathering_act(number: int) -> ResponseReturnValue:
    """An answer taken by telephone; who came."""
    actor, act = current_actor(), forms.text("act")
    if act == "hold":
        attended = request.form.getlist("attended")
        service.hold(actor, number, attended, forms.number("invited"), forms.number("came"))
    else:
        service.answer(actor, number, forms.text("enterprise"), act == "accepted", forms.text("because"))
    flash_ok(_("已更新。"))
    return redirect(url_for("voice.gathering_page", number=number), 303)


@bp.post("/gatherings/<int:number>/note")
@only(roles.HEARS_FIRMS)
def gathering_note(number: int) -> ResponseReturnValue:
    """What one guest said."""
    service.note(current_actor(), number, forms.entry("tea_talk"))
    flash_ok(_("已记录。"))
    return redirect(url_for("voice.gathering_page", number=number), 303)


@bp.post("/gatherings/<int:number>/mine")
@only(roles.SPEAKS_FOR_THE_FIRM)
def gathering_answer(number: int) -> ResponseReturnValue:
    """A firm accepts or declines."""
    actor = current_actor()
    own = identity.organisation_of(actor).code
    service.answer(actor, number, own, forms.text("answer") == "accepted", forms.text("because"))
    flash_ok(_("已更新。"))
    return redirect(url_for("voice.mine"), 303)


@bp.post("/gatherings/<int:number>/rate")
@only(roles.SPEAKS_FOR_THE_FIRM)
def activity_rating(number: int) -> ResponseReturnValue:
    """A guest says whether the activity was of use."""
    ratings.rate(current_actor(), number, forms.text("useful"))
    flash_ok(_("谢谢，已记下。"))
    return redirect(url_for("voice.mine"), 303)


@bp.post("/invitations/out")
@only(roles.SPEAKS_FOR_THE_FIRM)
def opt_out_form() -> ResponseReturnValue:
    """No invitations any more, or again."""
    service.opt_out(current_actor(), forms.text("out") == "1")
    flash_ok(_("已更新。"))
    return redirect(url_for("voice.mine"), 303)
