"""Booking by form, my bookings, one booking and what can be done with it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from app import clock, units
from app.errors import Refusal
from app.identity import service as identity
from app.sharing import service
from app.sharing.forms import (
    AdjustForm,
    BookingForm,
    DisputeForm,
    MoveForm,
    UsageForm,
    WaitForm,
    aware,
)
from app.sharing.messages import STATE_NAMES
from app.sharing.models import Booking
from app.sharing.service import access, board, giving_up, paying, settling, showing, using
from app.sharing.views import bp
from app.web import Listing, current_actor, flash_ok, form_status, refusals_to, signed_in

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
def new_booking() -> Any:
    """The plain form: works without a script, shows all reasons and offers alternatives."""
    actor = current_actor()
    resources = board.listed_equipment()
    asked = request.args.get("resource", "")
    chosen = int(asked) if asked.isdigit() else 0
    if chosen and all(r.id != chosen for r in resources):
        resources = [*resources, service.get_resource(chosen)]
    start, end = _moment(request.args.get("start", "")), _moment(request.args.get("end", ""))
    values: dict[str, Any] = {"resource": chosen, "day": _day(), "use_credits": False}
    if start is not None and end is not None:
        values |= {"day": start.date(), "start": start.time(), "end": end.time()}
    form = BookingForm(data=values) if request.method == "GET" else BookingForm()
    form.resource.choices = [SelectChoice(r.id, r.name) for r in resources]
    if form.validate_on_submit():
        with refusals_to(form):
            first, last = form.span()
            booking = service.book(
                actor, form.resource.data, first, last, form.purpose.data or "",
                use_credits=form.use_credits.data,
            )  # fmt: skip
            flash_ok(
                _("预约已确认。")
                if booking.state == "confirmed"
                else _("申请已提交，等待所有者审批；时段已为您保留。")
            )
            return redirect(url_for("sharing.booking", booking_id=booking.id), 303)
    refusal: Refusal | None = g.get("refusal")
    resource = next((r for r in resources if r.id == form.resource.data), None)
    quote = None
    if (
        request.method == "GET"
        and resource is not None
        and start is not None
        and end is not None
        and end > start
    ):
        quote = service.quote(actor, resource.id, start, end)
    alternatives = quote.alternatives if quote else (refusal.extra.get("alternatives", []) if refusal else [])
    wait_span = None
    if refusal is not None and form.day.data and form.start.data and form.end.data:
        wait_span = form.span()
    card = board.day_cards(actor, [resource], form.day.data or clock.today())[0] if resource else None
    return (
        render_template(
            "sharing/booking_form.html",
            form=form,
            resource=resource,
            quote=quote,
            alternatives=[_parsed(a) for a in alternatives],
            wait_span=wait_span,
            card=card,
            terms=service.park_terms(),
            paid=paying.expected(actor, quote.price_fen, quote.start, with_credits=True) if quote else None,
            may_pay_with_credits=service.credit_allowance(actor, 100_000) > 0,
        ),
        form_status(form),
    )


def length_note(option: dict[str, Any]) -> str:
    """An alternative that is shorter than the wish says how long it is."""
    if not option.get("shorter"):
        return ""
    return _("较短，共 %(hours)s 小时", hours=units.hours(option["minutes"]))


def _parsed(option: dict[str, Any]) -> dict[str, Any]:
    moments = {k: dt.datetime.fromisoformat(option[k]) for k in ("start", "end")}
    return option | {"start_at": moments["start"], "end_at": moments["end"], "note": length_note(option)}


def _day() -> dt.date:
    try:
        return dt.date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        return clock.today()


@bp.get("/bookings")
@signed_in
def bookings() -> Any:
    """My organisation's bookings: what is ahead, what was, and the waiting list."""
    actor = current_actor()
    tab = request.args.get("tab", "ahead")
    tab = tab if tab in ("ahead", "past", "waitlist") else "ahead"
    sorts = {"start": Booking.start_at, "price": Booking.price_fen, "state": Booking.state}
    listing = Listing.from_request(sorts, "start", ("state", "mine"), desc=tab == "past")
    query = service.bookings_statement(actor, "mine", listing.filters["state"])
    query = query.where(Booking.end_at >= clock.now() if tab == "ahead" else Booking.end_at < clock.now())
    if listing.filters["mine"]:
        query = query.where(Booking.member_id == actor.member_id)
    page = listing.page(query, Booking.id)
    entries = service.list_entries(actor)
    ids = [b.resource_id for b in page.items] + [e.resource_id for e in entries]
    return render_template(
        "sharing/bookings.html",
        tab=tab,
        listing=listing,
        page=page,
        entries=entries,
        places=service.waiting_positions(entries),
        resources=showing.resources_by_id(ids),
        settlements=settling.latest_of([b.id for b in page.items]),
        offered=sum(e.state == "offered" for e in entries),
        states=[(state, STATE_NAMES[state]) for state in TAB_STATES.get(tab, ())],
        mine={b.id for b in page.items if access.holds(actor, b)},
        early=using.EARLY,
        now=clock.now(),
    )


@bp.get("/bookings/<int:booking_id>")
@signed_in
def booking(booking_id: int) -> Any:
    return _booking_page(booking_id)


def _booking_page(booking_id: int, **forms: Any) -> str:
    actor = current_actor()
    row, resource = service.view_booking(actor, booking_id)
    usages, settlements, disputes = service.history(row.id)
    local_start, local_end = clock.local(row.start_at), clock.local(row.end_at)
    runs = access.runs(actor, resource.owner_id) or actor.has("park_admin")
    refusal: Refusal | None = g.get("refusal")
    context = {
        "move_form": MoveForm(
            data={"day": local_start.date(), "start": local_start.time(), "end": local_end.time()}
        ),
        "usage_form": UsageForm(
            data={"start": local_start.replace(tzinfo=None), "end": local_end.replace(tzinfo=None)}
        ),
        "dispute_form": DisputeForm(),
        "adjust_form": AdjustForm(),
    } | forms
    return render_template(
        "sharing/booking.html",
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
        payment=service.payment_of(row.id),
        early=using.EARLY,
        fee=giving_up.fee(row),
        free_until=giving_up.free_until(row),
        instead=[_parsed(a) for a in refusal.extra.get("alternatives", [])] if refusal else [],
        siblings=service.series_of(row) if row.series_id else [],
        **context,
    )


@bp.post("/bookings/<int:booking_id>/<any(approve, reject, cancel, start, stop):action>")
@signed_in
def act_on_booking(booking_id: int, action: str) -> Any:
    """One-button actions; a refusal shows why."""
    actor = current_actor()
    reason = request.form.get("reason", "")
    if action == "approve":
        service.approve(actor, booking_id)
        flash_ok(_("已批准，预约人已收到通知。"))
    elif action == "reject":
        service.reject(actor, booking_id, reason)
        flash_ok(_("已拒绝，预约人已收到通知。"))
    elif action == "cancel":
        row = service.cancel(actor, booking_id, reason)
        owed = settling.latest(row.id)
        flash_ok(_("已取消，按条款收取逾期取消费。") if owed and owed.amount_fen else _("已取消，不收费。"))
    elif action == "start":
        service.start_use(actor, booking_id)
        flash_ok(_("已开始计时。"))
    else:
        service.stop_use(actor, booking_id)
        flash_ok(_("已停止计时并结算。"))
    return redirect(_next() or url_for("sharing.booking", booking_id=booking_id), 303)


def _next() -> str:
    from app.web import safe_next

    return safe_next(request.form.get("next", ""))


@bp.post("/bookings/<int:booking_id>/move")
@signed_in
def move_booking(booking_id: int) -> Any:
    form = MoveForm()
    if form.validate_on_submit():
        with refusals_to(form):
            start, end = form.span()
            target = request.form.get("resource", "")
            new = service.move(
                current_actor(), booking_id, start, end,
                int(target) if target.isascii() and target.isdigit() and len(target) < 10 else None,
            )  # fmt: skip
            flash_ok(_("已改期。"))
            return redirect(url_for("sharing.booking", booking_id=new.id), 303)
    return _booking_page(booking_id, move_form=form), form_status(form)


@bp.post("/bookings/<int:booking_id>/usage")
@signed_in
def log_use(booking_id: int) -> Any:
    form = UsageForm()
    if form.validate_on_submit():
        with refusals_to(form):
            service.log_use(
                current_actor(),
                booking_id,
                aware(form.start.data),
                aware(form.end.data),
                form.note.data or "",
            )
            flash_ok(_("使用已登记并结算。"))
            return redirect(url_for("sharing.booking", booking_id=booking_id), 303)
    return _booking_page(booking_id, usage_form=form), form_status(form)


@bp.post("/bookings/<int:booking_id>/dispute")
@signed_in
def dispute(booking_id: int) -> Any:
    form = DisputeForm()
    if form.validate_on_submit():
        with refusals_to(form):
            service.dispute(current_actor(), booking_id, form.reason.data)
            flash_ok(_("异议已提交给所有者。"))
            return redirect(url_for("sharing.booking", booking_id=booking_id), 303)
    return _booking_page(booking_id, dispute_form=form), form_status(form)


@bp.post("/bookings/<int:booking_id>/adjust")
@signed_in
def adjust(booking_id: int) -> Any:
    form = AdjustForm()
    if form.validate_on_submit():
        with refusals_to(form):
            service.adjust(current_actor(), booking_id, round(form.amount.data * 100), form.reason.data)
            flash_ok(_("已调整，预约人已收到通知。"))
            return redirect(url_for("sharing.booking", booking_id=booking_id), 303)
    return _booking_page(booking_id, adjust_form=form), form_status(form)


@bp.route("/waitlist/new", methods=["GET", "POST"])
@signed_in
def join_waitlist() -> Any:
    actor = current_actor()
    resource_id = request.values.get("resource", "")
    resource = service.get_resource(int(resource_id) if resource_id.isdigit() else 0)
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
            entry = service.join_waitlist(
                actor, resource.id, aware(form.start.data), aware(form.end.data), form.minutes.data,
                form.purpose.data or "",
            )  # fmt: skip
            flash_ok(
                _("现在就有空：名额已为您保留，请确认。")
                if entry.state == "offered"
                else _("已排入候补，有空时会通知您。")
            )
            return redirect(url_for("sharing.bookings", tab="waitlist"), 303)
    return render_template("sharing/waitlist_form.html", form=form, resource=resource), form_status(form)


@bp.post("/waitlist/<int:entry_id>/<any(accept, leave):action>")
@signed_in
def act_on_entry(entry_id: int, action: str) -> Any:
    if action == "accept":
        row = service.accept_offer(current_actor(), entry_id)
        flash_ok(_("已接受。") if row.state == "confirmed" else _("已接受，等待所有者审批。"))
        return redirect(url_for("sharing.booking", booking_id=row.id), 303)
    service.leave_waitlist(current_actor(), entry_id)
    flash_ok(_("已退出候补。"))
    return redirect(url_for("sharing.bookings", tab="waitlist"), 303)
