"""Pages of who reports: the form on a phone, a label without an account, what became of it, the firm's own page."""

from __future__ import annotations

import uuid

from flask import Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter import RequestLimit

from app.ecosystem import door as ecosystem
from app.hall import clock
from app.hall.errors import Conflict, Invalid, Reason, Refusal
from app.hall.files import uploads
from app.hall.park import identity as park_identity
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok, sentences
from app.hall.web.guards import current_actor, limiter, public, signed_in
from app.identity import door as identity
from app.identity.door import SYSTEM, Actor, roles
from app.problems import limits, sight
from app.problems.board import queries as board
from app.problems.closing import service as closing
from app.problems.pages import bp
from app.problems.places import service as places
from app.problems.reports import authors, queries, service, store
from app.problems.reports.categories import CATEGORIES
from app.problems.reports.models import Place, Problem
from app.problems.work import service as work
from app.problems.work import states
from app.problems.work.rows import rows_of
from app.sharing import door as sharing


@bp.route("/problems/report", methods=["GET", "POST"])
@signed_in
def report() -> ResponseReturnValue:
    """Three taps: what it is, a photograph, send."""
    actor = current_actor()
    if request.method == "POST":
        try:
            made = service.register(actor, _report(actor))
        except Refusal as refusal:
            return _form(actor, refusal=refusal), refusal.status
        flash_ok(_("已登记 %(number)s。", number=made.problem.number))
        return redirect(url_for("problems.problem_page", number=made.problem.number), 303)
    return _form(actor)


def _too_many(limit: RequestLimit) -> Response:
    """The form again with what was chosen and written, when it can be sent, and whom to call until then."""
    place = places.find_by_code((request.view_args or {})["code"])
    seconds = max(1, round(limit.reset_at - clock.machine_seconds()))
    wait = -(-seconds // 60)
    reasons = [Reason("problem_too_many_reports", {"minutes": wait})]
    if contact := park_identity().contact:
        reasons.append(Reason("problem_call_the_park", {"contact": contact}))
    refusal = Conflict("problem_report_refused", reasons)
    answer = current_app.make_response((_form(None, place, refusal), 429))
    answer.headers["Retry-After"] = str(seconds)
    return answer


@bp.route("/problems/at/<code>", methods=["GET", "POST"])
@public
@limiter.limit(limits.GUEST_REPORTS, methods=["POST"], on_breach=_too_many)
def report_at(code: str) -> ResponseReturnValue:
    """Behind the code on a label: no account needed; who has one reports as themselves."""
    place = places.find_by_code(code)
    if request.method == "POST":
        try:
            made = service.register(SYSTEM, _report(SYSTEM, place), guest=True)
        except Refusal as refusal:
            return _form(None, place, refusal), refusal.status
        if made.fresh:
            return redirect(url_for("problems.follow", secret=made.secret), 303)
        return render_template("problems/reports/known.html", problem=made.problem)
    return _form(None, place)


def _report(actor: Actor, place: Place | None = None) -> service.Report:
    keys = []
    for sent in request.files.getlist("photo"):
        data = sent.read(limits.PHOTO_BYTES + 1)
        sent.close()
        if data:
            keys.append(store.take(actor, data))
        if len(keys) > limits.PHOTOS:
            raise Invalid(
                "problem_report_refused", [Reason("problem_too_many_photos", {"limit": limits.PHOTOS})]
            )
    form = request.form
    code = form.get("enterprise", "").strip()
    firm = identity.get_enterprise(code).id if code and actor.may(roles.CLASSIFIES_PROBLEMS) else None
    try:
        client_id = f"{actor.member_id}:{uuid.UUID(form.get('client_id', ''))}"
    except ValueError:
        client_id = None
    return service.Report(
        category=form.get("category", ""),
        text=form.get("text", ""),
        place=place.id if place else whole(form.get("place", "")),
        visibility="park_only" if form.get("park_only") and actor is not SYSTEM else "named",
        photos=tuple(keys),
        firm=firm,
        client_id=client_id,
        # What it is about a signed-in member says; a passer-by names only the place.
        segment=form.get("segment", "")[:120] or None if actor is not SYSTEM else None,
        resource=whole(form.get("resource", "")) if actor is not SYSTEM else None,
        theme=form.get("theme", "").strip()[:30] or None if actor is not SYSTEM else None,
    )


def _form(actor: Actor | None, place: Place | None = None, refusal: Refusal | None = None) -> str:
    """The form; refused, it keeps what was chosen and written, and says why."""
    chosen = place
    number = whole(request.values.get("place", ""))
    known = places.list_places() if actor is not None and place is None else []
    if chosen is None and number is not None:
        chosen = next((one for one in known if one.id == number), None)
    category = request.values.get("category", "")
    resource = whole(request.values.get("resource", ""))
    repeat = (
        queries.repeat_at(category, chosen.path, clock.now()) if chosen and category in CATEGORIES else None
    )
    return render_template(
        "problems/reports/report.html",
        place=chosen,
        place_name=places.name_of(chosen) if chosen else "",
        places=[(one.id, places.name_of(one)) for one in known],
        fixed=place is not None,
        guest=actor is None,
        desk=actor is not None and actor.may(roles.CLASSIFIES_PROBLEMS),
        may_hide=actor is not None and authors.has_keeper(),
        category=category,
        categories=CATEGORIES.values(),
        segments=ecosystem.segment_choices() if actor is not None else [],
        about=sharing.resources_by_id([resource]).get(resource) if actor is not None and resource else None,
        repeat=repeat,
        reasons=sentences(refusal) if refusal else [],
        client_id=request.form.get("client_id") or str(uuid.uuid4()),
    )


@bp.get("/problems/similar")
@signed_in
def similar() -> ResponseReturnValue:
    """While typing: open problems that say the same, as far as this reader may see them."""
    number = whole(request.args.get("place", ""))
    known = queries.places([number]) if number else {}
    path = known[number].path if number in known else ""
    found = queries.similar_open(request.args.get("category", ""), path, request.args.get("text", "")[:200])
    reader = sight.reader_of(current_actor())
    shown = found[:5] if reader.staff else []
    return render_template(
        "problems/reports/similar.html",
        count=len(found),
        cards=board.cards(reader, shown),
        staff=reader.staff,
    )


@bp.route("/problems/follow/<secret>", methods=["GET", "POST"])
@public
@limiter.limit("30 per minute")
def follow(secret: str) -> ResponseReturnValue:
    """Who reported without an account follows by the secret link, answers and says whether it is solved."""
    problem = service.find_by_secret(secret)
    if request.method == "POST":
        _guest_act(problem, request.form.get("act", ""))
        return redirect(url_for("problems.follow", secret=secret), 303)
    reader = sight.Reader(SYSTEM, False, False, False, frozenset(), firm=True)
    [card] = board.cards(reader, [problem])
    return render_template(
        "problems/reports/follow.html",
        card=card,
        dots=states.dots(card.state),
        messages=rows_of(problem.id).messages,
        secret=secret,
    )


def _guest_act(problem: Problem, act: str) -> None:
    text = request.form.get("text", "")
    if act == "reply":
        work.reply(SYSTEM, problem.id, text, guest=True)
    elif act == "appeal":
        closing.appeal(SYSTEM, problem.id, text, guest=True)
    elif act == "reopen":
        closing.reopen(SYSTEM, problem.id, text, guest=True)
    else:
        closing.confirm(SYSTEM, problem.id, _verdict(), guest=True)


def _verdict() -> closing.Verdict:
    minutes = request.form.get("minutes", "").strip()
    if minutes and whole(minutes) is None:
        raise Invalid("problem_minutes_wrong")
    return closing.Verdict(
        request.form.get("solved", ""), whole(minutes) if minutes else None, request.form.get("text", "")
    )


@bp.get("/me")
@signed_in
def me() -> ResponseReturnValue:
    """The firm's own page: one big button, what it reported and what came of it."""
    actor = current_actor()
    found = board.cards(sight.reader_of(actor), queries.own(actor))
    asking = [card for card in found if card.state == states.RESOLVED or card.open_question]
    rest = [card for card in found if card not in asking]
    return render_template(
        "problems/reports/me.html",
        asking=asking,
        cards=rest,
        dots=states.dots,
        organisation=identity.organisation_of(actor),
        name=actor.name,
    )


@bp.get("/problems/photos/<key>")
@signed_in
def photo(key: str) -> ResponseReturnValue:
    """A photograph of a problem, for who may see the problem."""
    return uploads.shown(store.read(current_actor(), key), "image/jpeg", "photo.jpg", key)
