"""Pages of bookings: book, look, change, move, wait, repeat weekly."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app.hall import clock
from app.hall.errors import Invalid, Refusal
from app.hall.text import units
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok, form_status, refusals_to, safe_next
from app.hall.web.guards import current_actor, signed_in
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.sharing import access
from app.sharing.bookings import board, cancellation, extension, lists, waiting_list
from app.sharing.bookings import records as booking_records
from app.sharing.bookings import service as booking_service
from app.sharing.bookings import ticket as tickets
from app.sharing.bookings.models import Booking
from app.sharing.bookings.register import Order
from app.sharing.bookings.schemas import BookingForm, MoveForm, WaitForm
from app.sharing.bookings.words import STATE_NAMES
from app.sharing.calendar.park_time import aware
from app.sharing.catalogue import records as resource_records
from app.sharing.catalogue import search
from app.sharing.catalogue.models import Resource
from app.sharing.pages import bp
from app.sharing.park_terms import service as terms
from app.sharing.qualifications import service as qualifications
from app.sharing.use import payment, settlement
from app.sharing.use import service as use_log
from app.sharing.use.schemas import AdjustForm, DisputeForm, UsageForm

TAB_STATES = {
    "ahead": ("requested", "confirmed", "in_use"),
    "past": ("completed", "settled", "cancelled", "no_show", "disputed"),
}


def _moment(text: str) -> dt.datetime | None:
    try:
        value = dt.datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return clock.local(value) if value.tzinfo else value.replace(tzinfo=clock.ZONE)


@bp.route("/bookings/new", methods=["GET", "POST"])
@signed_in
def new_booking() -> ResponseReturnValue:
    """The plain form: works without a script, shows all reasons and offers alternatives."""
    actor = current_actor()
    resources = search.listed_equipment(actor)
    chosen = whole(request.args.get("resource", "")) or 0
    names = {r.id: r.name for r in resources}
    if chosen and chosen not in names:
        names[chosen] = resource_records.get_found(actor, chosen).name
    start, end = _moment(request.args.get("start", "")), _moment(request.args.get("end", ""))
    values: dict[str, Any] = {"resource": chosen, "day": _day(), "use_credits": False}
    if start is not None and end is not None:
        values |= {"day": start.date(), "start": start.time(), "end_day": end.date(), "end": end.time()}
    form = BookingForm(data=values) if request.method == "GET" else BookingForm()
    form.resource.choices = [SelectChoice(number, name) for number, name in names.items()]
    asked = (start, end) if request.method == "GET" else None
    if form.validate_on_submit():
        if "check" in request.form:
            asked = form.span()
        else:
            with refusals_to(form):
                first, last = form.span()
                booking = booking_service.book(
                    actor,
                    form.resource.data,
                    first,
                    last,
                    Order(form.purpose.data or "", use_credits=form.use_credits.data),
                )
                flash_ok(
                    _("预约已确认。")
                    if booking.state == "confirmed"
                    else _("申请已提交，等待所有者审批；时段已为您保留。")
                )
                return redirect(url_for("sharing.booking", booking_id=booking.id), 303)
    refusal: Refusal | None = g.get("refusal")
    number = form.resource.data
    resource = resource_records.resources_by_id([number])[number] if number in names else None
    quote = _quote(actor, resource, asked)
    alternatives = quote.alternatives if quote else (refusal.extra.get("alternatives", []) if refusal else [])
    wait_span = None
    if refusal is not None and form.day.data and form.start.data and form.end.data:
        wait_span = form.span()
    card = board.day_cards(actor, [resource], form.day.data or clock.today())[0] if resource else None
    return (
        render_template(
            "sharing/bookings/booking_form.html",
            form=form,
            resource=resource,
            quote=quote,
            alternatives=[_parsed(a) for a in alternatives],
            wait_span=wait_span,
            card=card,
            terms=terms.park_terms(),
            paid=payment.expected(actor, quote.decision.price_fen, quote.start, with_credits=True)
            if quote
            else None,
            may_pay_with_credits=payment.credit_allowance(actor, 100_000) > 0,
            needed=qualifications.needed_by(actor, resource) if resource else None,
        ),
        form_status(form),
    )


def _quote(
    actor: Actor, resource: Resource | None, span: tuple[dt.datetime | None, dt.datetime | None] | None
) -> booking_service.Quote | None:
    """What the popover would say of this wish; nothing while it is not whole."""
    if resource is None or span is None or span[0] is None or span[1] is None or span[1] <= span[0]:
        return None
    return booking_service.quote(actor, resource.id, span[0], span[1])


def length_note(option: Mapping[str, Any]) -> str:
    """An alternative that is shorter than the wish says how long it is."""
    if not option.get("shorter"):
        return ""
    return _("较短，共 %(hours)s 小时", hours=units.hours(option["minutes"]))


def _parsed(option: Mapping[str, Any]) -> dict[str, Any]:
    moments = {k: dt.datetime.fromisoformat(option[k]) for k in ("start", "end")}
    return {**option, "start_at": moments["start"], "end_at": moments["end"], "note": length_note(option)}


def _day() -> dt.date:
    try:
        return dt.date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return clock.today()


@bp.get("/bookings")
@signed_in
def bookings() -> ResponseReturnValue:
    """My organisation's bookings: what is ahead, what was, and the waiting list."""
    actor = current_actor()
    tab = request.args.get("tab", "ahead")
    tab = tab if tab in ("ahead", "past", "waitlist") else "ahead"
    sorts = {"start": Booking.start_at, "price": Booking.price_fen, "state": Booking.state}
    listing = Listing.from_request(sorts, "start", ("state", "mine"), desc=tab == "past")
    query = lists.bookings_statement(actor, "mine", listing.filters["state"])
    query = query.where(lists.is_ahead() if tab == "ahead" else sa.not_(lists.is_ahead()))
    if listing.filters["mine"]:
        query = query.where(Booking.member_id == actor.member_id)
    page = listing.page(query, Booking.id)
    entries = waiting_list.list_entries(actor)
    ids = [b.resource_id for b in page.items] + [e.resource_id for e in entries]
    return render_template(
        "sharing/bookings/bookings.html",
        tab=tab,
        listing=listing,
        page=page,
        entries=entries,
        places=waiting_list.positions(entries),
        resources=resource_records.resources_by_id(ids),
        settlements=settlement.latest_of([b.id for b in page.items]),
        offered=sum(e.state == "offered" for e in entries),
        states=[(state, STATE_NAMES[state]) for state in TAB_STATES.get(tab, ())],
        mine={b.id for b in page.items if access.holds(actor, b)},
        early=use_log.EARLY,
        now=clock.now(),
    )


@bp.get("/bookings/<int:booking_id>")
@signed_in
def booking(booking_id: int) -> ResponseReturnValue:
    return booking_page(booking_id)


def booking_page(booking_id: int, **forms: Any) -> str:
    actor = current_actor()
    row, resource = booking_records.view_booking(actor, booking_id)
    usages, settlements, disputes = use_log.history(row.id)
    local_start, local_end = clock.local(row.start_at), clock.local(row.end_at)
    runs = access.runs(actor, resource.owner_id) or actor.may(roles.RUNS_ALL_RESOURCES)
    refusal: Refusal | None = g.get("refusal")
    context = {
        "move_form": MoveForm(
            data={
                "day": local_start.date(),
                "start": local_start.time(),
                "end_day": local_end.date(),
                "end": local_end.time(),
            }
        ),
        "usage_form": UsageForm(
            data={"start": local_start.replace(tzinfo=None), "end": local_end.replace(tzinfo=None)}
        ),
        "dispute_form": DisputeForm(),
        "adjust_form": AdjustForm(),
    } | forms
    return render_template(
        "sharing/bookings/booking.html",
        row=row,
        resource=resource,
        holder=identity.get_organisation(row.organisation_id),
        owner=identity.get_organisation(resource.owner_id),
        usages=usages,
        settlements=settlements,
        disputes=disputes,
        alternatives=[_parsed(a) for a in row.alternatives],
        holds=access.holds(actor, row),
        runs=runs,
        now=clock.now(),
        ticket=tickets.ticket(row, resource, settlements[-1] if settlements else None),
        later_ends=extension.later_ends(actor, row, resource),
        early=use_log.EARLY,
        fee=cancellation.fee(row),
        free_until=cancellation.free_until(row),
        instead=[_parsed(a) for a in refusal.extra.get("alternatives", [])] if refusal else [],
        siblings=lists.series_of(row.series_id) if row.series_id else [],
        **context,
    )


@bp.post("/bookings/<int:booking_id>/<any(approve, reject, cancel, start, stop):action>")
@signed_in
def act_on_booking(booking_id: int, action: str) -> ResponseReturnValue:
    """One-button actions; a refusal shows why."""
    actor = current_actor()
    reason = request.form.get("reason", "")
    if action == "approve":
        booking_service.approve(actor, booking_id)
        flash_ok(_("已批准，预约人已收到通知。"))
    elif action == "reject":
        booking_service.reject(actor, booking_id, reason)
        flash_ok(_("已拒绝，预约人已收到通知。"))
    elif action == "cancel":
        row = booking_service.cancel(actor, booking_id, reason)
        owed = settlement.latest(row.id)
        flash_ok(_("已取消，按条款收取逾期取消费。") if owed and owed.amount_fen else _("已取消，不收费。"))
    elif action == "start":
        use_log.start_use(actor, booking_id)
        flash_ok(_("已开始计时。"))
    else:
        use_log.stop_use(actor, booking_id)
        flash_ok(_("已停止计时并结算。"))
    return redirect(_next() or url_for("sharing.booking", booking_id=booking_id), 303)


def _next() -> str:
    return safe_next(request.form.get("next", ""))


@bp.post("/bookings/<int:booking_id>/move")
@signed_in
def move_booking(booking_id: int) -> ResponseReturnValue:
    form = MoveForm()
    if form.validate_on_submit():
        with refusals_to(form):
            old, _resource = booking_records.view_booking(current_actor(), booking_id)
            start, end = form.span(old.start_at, old.end_at)
            target = request.form.get("resource", "")
            new = booking_service.move(
                current_actor(),
                booking_id,
                start,
                end,
                whole(target),
            )
            flash_ok(_("已改期。"))
            return redirect(url_for("sharing.booking", booking_id=new.id), 303)
    return booking_page(booking_id, move_form=form), form_status(form)


@bp.post("/bookings/<int:booking_id>/extend")
@signed_in
def extend_booking(booking_id: int) -> ResponseReturnValue:
    end = _moment(request.form.get("end", ""))
    if end is None:
        raise Invalid("extension_span", at="end")
    row = extension.extend(current_actor(), booking_id, end)
    flash_ok(_("已延长至 %(time)s。", time=units.clock_time(row.end_at)))
    return redirect(_next() or url_for("sharing.booking", booking_id=booking_id), 303)


@bp.route("/waitlist/new", methods=["GET", "POST"])
@signed_in
def join_waitlist() -> ResponseReturnValue:
    actor = current_actor()
    resource = resource_records.get_found(actor, whole(request.values.get("resource", "")) or 0)
    start, end = _moment(request.args.get("start", "")), _moment(request.args.get("end", ""))
    values: dict[str, Any] = {"resource": resource.id, "minutes": resource.min_minutes}
    if start is not None and end is not None and end > start:
        minutes = int((end - start).total_seconds() // 60)
        values |= {
            "start": start.replace(tzinfo=None),
            "end": end.replace(tzinfo=None),
            "minutes": min(minutes, resource.max_minutes),
        }
    form = WaitForm(data=values) if request.method == "GET" else WaitForm()
    if form.validate_on_submit():
        with refusals_to(form):
            entry = waiting_list.join(
                actor,
                resource.id,
                aware(form.start.data),
                aware(form.end.data),
                form.minutes.data,
                form.purpose.data or "",
            )
            flash_ok(
                _("现在就有空：名额已为您保留，请确认。")
                if entry.state == "offered"
                else _("已排入候补，有空时会通知您。")
            )
            return redirect(url_for("sharing.bookings", tab="waitlist"), 303)
    return render_template("sharing/bookings/waitlist_form.html", form=form, resource=resource), form_status(
        form
    )


@bp.post("/waitlist/<int:entry_id>/<any(accept, leave):action>")
@signed_in
def act_on_entry(entry_id: int, action: str) -> ResponseReturnValue:
    if action == "accept":
        row = waiting_list.accept(current_actor(), entry_id)
        flash_ok(_("已接受。") if row.state == "confirmed" else _("已接受，等待所有者审批。"))
        return redirect(url_for("sharing.booking", booking_id=row.id), 303)
    waiting_list.leave(current_actor(), entry_id)
    flash_ok(_("已退出候补。"))
    return redirect(url_for("sharing.bookings", tab="waitlist"), 303)
