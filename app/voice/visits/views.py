"""Pages of who visits: the day on a phone, one visit with its dossier, who is heard next, the week."""

from __future__ import annotations

import uuid
from dataclasses import replace

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall import clock
from app.hall.errors import Conflict, Invalid, Reason
from app.hall.text.numbers import whole
from app.hall.web.answers import download, flash_ok, redirect_back
from app.hall.web.guards import current_actor, only, signed_in
from app.hall.web.listing import Listing
from app.hall.web.offline.service import Entry as Sent
from app.hall.web.offline.service import on_entry
from app.identity import door as identity
from app.identity.door import roles
from app.problems import door as problems
from app.voice import forms
from app.voice.feedback import photos
from app.voice.feedback import queries as remarks
from app.voice.feedback import service as feedback
from app.voice.onboarding import service as onboarding
from app.voice.onboarding.rules import overdue_days
from app.voice.pages import bp
from app.voice.people import service as people
from app.voice.visits import paper, planning, plans, revisits, rules, service, states, today
from app.voice.visits.rows import of_visit
from app.voice.visits.sheet import next_workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/")
@signed_in
def front() -> ResponseReturnValue:
    """The room's own address leads to what this reader does here."""
    actor = current_actor()
    doors = (
        (roles.PLANS_VISITS, "voice.today_page"),
        (roles.SEES_REMARKS, "voice.feedback_list"),
        (roles.SPEAKS_FOR_THE_FIRM, "voice.mine"),
        (roles.SEES_SPECIALISTS, "voice.people_page"),
    )
    found = next((endpoint for allowed, endpoint in doors if actor.may(allowed)), "identity.home")
    return redirect(url_for(found), 303)


@bp.get("/today")
@only(roles.PLANS_VISITS)
def today_page() -> ResponseReturnValue:
    """The day in walking order with the one open promise each; newcomers' milestones that are overdue."""
    actor = current_actor()
    day = clock.read_day(request.args.get("on")) or clock.today()
    visits = today.visits_of(actor.member_id, day)
    firms = identity.organisations_by_id(one.organisation_id for one in visits)
    return render_template(
        "voice/visits/today.html",
        day=day,
        visits=visits,
        firms=firms,
        promises=service.open_promises(visits),
        open_visits=service.unfinished(actor.member_id, day),
        waiting=remarks.count_unanswered(actor),
        late=remarks.count_unanswered(actor, late=True),
        overdue=onboarding.overdue(),
        specialists=people.specialists(),
        title_of=onboarding.title,
    )


@bp.post("/visits")
@only(roles.PLANS_VISITS)
def plan_visit_form() -> ResponseReturnValue:
    """Plan a visit."""
    row = service.plan(
        current_actor(),
        service.NewVisit(
            forms.text("enterprise"),
            forms.needed_day("on"),
            forms.text("specialist"),
            forms.text("method") or "visit",
            forms.text("starts"),
            forms.text("why"),
            forms.number("priority") or 2,
        ),
    )
    flash_ok(_("走访已计划。"))
    return redirect(url_for("voice.visit_page", number=row.id), 303)


@bp.get("/visits/<int:number>")
@only(roles.PLANS_VISITS)
def visit_page(number: int) -> ResponseReturnValue:
    """One visit: the dossier of one page, the form that works without a network, remarks and promises."""
    actor = current_actor()
    row = service.get(actor, number)
    found = of_visit(actor, row)
    dossier = today.dossier(actor, row.organisation_id, found.firm)
    staff = people.specialists()
    names = {one.id: one.name for one in staff}
    if row.member_id is not None and row.member_id not in names:
        names |= identity.member_names([row.member_id])
    known = remarks.Known({dossier.firm.id: dossier.firm}, names, {one.id: one for one in dossier.problems})
    return render_template(
        "voice/visits/visit.html",
        visit=row,
        dossier=dossier,
        cards=remarks.cards(actor, found.said, found.around, known),
        promises=found.promises,
        missing=service.missing(actor, row.id, found.said, found.promises),
        mine=row.member_id == actor.member_id or actor.may(roles.ENDS_COLLEAGUES_VISITS),
        specialist=names.get(row.member_id or 0, ""),
        specialists=staff,
        open=row.state in states.OPEN,
        before=row.state in states.BEFORE,
        categories=problems.CATEGORIES,
        client_id=str(uuid.uuid4()),
        title_of=onboarding.title,
        effect=revisits.effect_of(row, found.same_problem) if service.knows_why(actor, row) else None,
        may_count=actor.may(roles.COUNTS_MACHINES),
        today=clock.today(),
    )


@bp.get("/visits/<int:number>/paper")
@only(roles.PLANS_VISITS)
def visit_paper(number: int) -> Response:
    """A sheet to write on where there is no phone; its code opens this visit for typing in."""
    actor = current_actor()
    row = service.get(actor, number)
    names = identity.member_names([row.member_id]) if row.member_id else {}
    address = url_for("voice.visit_page", number=row.id, _external=True)
    data = paper.form(
        row, today.dossier(actor, row.organisation_id), address, names.get(row.member_id or 0, "")
    )
    return download(data, f"visit-{row.id}.pdf", "application/pdf")


@bp.post("/visits/<int:number>/remark")
@only(roles.PLANS_VISITS)
def visit_remark(number: int) -> ResponseReturnValue:
    """One remark of a visit, online; the same form waits on the phone without a network."""
    actor = current_actor()
    row = service.get(actor, number)
    service.record(actor, row.id, service.Protocol([forms.entry(row.method, visit=row.id)]))
    flash_ok(_("已记录。"))
    return redirect(url_for("voice.visit_page", number=number), 303)


def _nameless(sent: Sent) -> Sent:
    """The receipt of what was said in confidence has no title: it would stand beside the sender with the firm's name."""
    return sent if sent.text("visibility") in ("", "named") else replace(sent, title="")


@on_entry("voice.remark", first=_nameless)
def remark_from_phone(sent: Sent) -> dict[str, object]:
    """One remark that waited on a phone; what the receipt says tells nothing of the remark."""
    number = whole(sent.text("visit")) or 0
    row = service.get(sent.actor, number)
    hidden = sent.text("visibility") not in ("", "named")
    if hidden and row.state not in (*states.BEFORE, states.RECORDED):
        raise Invalid("visit_refused", [Reason("visit_closed_meanwhile")])
    entry = feedback.Entry(
        client_id=sent.key,
        text=sent.text("text"),
        channel="visit",
        visibility=sent.text("visibility") or "named",
        hesitation=bool(sent.text("hesitation")),
        probe=sent.text("probe"),
        promise=sent.text("promise"),
        entered_at=sent.made_at.isoformat(),
        photos=tuple(photos.key_of(sent.actor, one) for one in sent.texts("files")),
        photos_follow=True,
    )
    try:
        service.record(sent.actor, number, service.Protocol([entry]))
    except Conflict as refusal:
        if not hidden:
            raise
        # Kept beside, it would stand with its visit: what hides its author stays on the phone.
        raise Invalid(refusal.code, refusal.reasons, **refusal.params) from refusal
    if entry.visibility == "anonymous":
        return {"next": url_for("voice.today_page")}
    return {"next": url_for("voice.visit_page", number=number)}


def _anew(sent: Sent) -> Sent:
    """A picture loses its place and camera before anything is locked or kept."""
    service.get(sent.actor, whole(sent.text("visit")) or 0)
    return replace(sent, file=photos.written(sent.actor, sent.file), file_name="", title="")


@on_entry("voice.photo", first=_anew)
def photo_from_phone(sent: Sent) -> dict[str, object]:
    """A picture travels by itself, ahead of its remark or after it; its receipt does not say which it is."""
    photos.take(sent.actor, sent.file, sent.key)
    return {}


@bp.post("/visits/<int:number>/act")
@only(roles.PLANS_VISITS)
def visit_act(number: int) -> ResponseReturnValue:
    """Confirmed, missed, declined, another day, another specialist, recorded, closed."""
    actor, act = current_actor(), forms.text("act")
    if act == "move":
        row = service.move(actor, number, forms.needed_day("on"), forms.text("because"))
        number = row.id
    elif act == "give":
        service.give(actor, number, forms.text("specialist"))
    elif act == "record":
        scores = (forms.number("score_before"), forms.number("score"))
        service.record(
            actor, number, service.Protocol((), [forms.text("promise")], forms.text("note"), *scores)
        )
    elif act == "close":
        service.close(actor, number)
    else:
        service.step(actor, number, act, forms.text("because"))
    flash_ok(_("已更新。"))
    return redirect(url_for("voice.visit_page", number=number), 303)


@bp.post("/promises/<int:number>/become")
@only(roles.LINKS_REMARKS)
def promise_form(number: int) -> ResponseReturnValue:
    """A promise becomes a problem or a need."""
    kind = "need" if forms.text("category") == "need" else "problem"
    service.promise_becomes(current_actor(), number, kind, forms.text("category"))
    flash_ok(_("承诺已落实。"))
    return redirect_back("voice.today_page")


@bp.post("/milestones/<int:number>/end")
@only(roles.PLANS_VISITS)
def milestone_form(number: int) -> ResponseReturnValue:
    """A newcomer's milestone is done or not needed."""
    onboarding.end(current_actor(), number, forms.text("state"), None, forms.text("because"))
    flash_ok(_("已更新。"))
    return redirect_back("voice.today_page")


@bp.get("/next")
@only(roles.PLANS_VISITS)
def next_page() -> ResponseReturnValue:
    """Who is heard next: layer, silence in days, what is due and why."""
    listing = Listing.from_request({"due": ()}, "due", ("layer",))
    rows = plans.rows()
    if listing.filters["layer"]:
        rows = [one for one in rows if one.layer == listing.filters["layer"]]
    if listing.q:
        wanted = listing.q.casefold()
        rows = [one for one in rows if wanted in f"{one.firm.code} {one.firm.name}".casefold()]
    if request.args.get("as") == "xlsx":
        return download(next_workbook(rows), "who-is-next.xlsx", XLSX)
    return render_template(
        "voice/visits/next.html",
        listing=listing,
        page=listing.slice(rows),
        plan=plans.contact_plan(),
        layers=plans.LAYERS,
        may_set=current_actor().may(roles.SETS_CONTACT_PLANS),
        today=clock.today(),
        overdue_days=overdue_days,
    )


@bp.post("/contact-plan")
@only(roles.SETS_CONTACT_PLANS)
def set_plan_form() -> ResponseReturnValue:
    """Another plan for a layer: a line per method."""
    steps = []
    for method in states.METHODS:
        every, once = forms.number(f"every-{method}") or 0, forms.number(f"once-{method}") or 0
        if every or once:
            steps.append(rules.Step(method, every, once))
    plans.set_plan(current_actor(), forms.text("layer"), steps)
    flash_ok(_("分层计划已更新。"))
    return redirect(url_for("voice.next_page"), 303)


@bp.route("/week", methods=["GET", "POST"])
@only(roles.PLANS_VISITS)
def week_page() -> ResponseReturnValue:
    """The week as a proven plan; one button writes its visits."""
    actor = current_actor()
    day = clock.read_day(request.values.get("from")) or clock.today()
    found = planning.propose(actor, day)
    if request.method == "POST":
        made = planning.accept(actor, found)
        flash_ok(_("已写入 %(count)s 次走访。", count=len(made)))
        return redirect(f"{url_for('voice.week_page')}?from={found.first_on.isoformat()}", 303)
    return render_template(
        "voice/visits/week.html",
        found=found,
        planned=found.planned,
        people=found.staff,
    )
