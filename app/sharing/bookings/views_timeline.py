"""The week of instruments: a timeline to drag on, and the same as a list for everybody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall import clock
from app.hall.errors import Invalid
from app.hall.text import language, units
from app.hall.text.numbers import whole
from app.hall.web.guards import current_actor, signed_in
from app.sharing.bookings import answers, board, cancellation, counts, month, week
from app.sharing.bookings import service as booking_service
from app.sharing.bookings.views import length_note
from app.sharing.catalogue import search
from app.sharing.catalogue.models import Resource
from app.sharing.catalogue.records import resources_by_id
from app.sharing.catalogue.words import CATEGORY_NAMES
from app.sharing.pages import bp
from app.sharing.use import payment, statements

VIEWS = ("day", "week", "month", "list")
PER_PAGE = 60
"""Instruments on one board: more of them nobody looks through, and the page stays light."""


def asked_day() -> dt.date:
    try:
        day = dt.date.fromisoformat(request.args.get("day", ""))
        if not 2000 <= day.year <= 2200:
            raise ValueError
    except ValueError:
        return clock.today()
    return day


@bp.get("/timeline")
@signed_in
def timeline() -> ResponseReturnValue:
    """All instruments that can be booked, as a day, a week, a month or a list."""
    actor = current_actor()
    category, q = request.args.get("category", ""), request.args.get("q", "")[:100]
    resources = search.listed_equipment(actor, category, q)
    shown = board_page([r.id for r in resources], "sharing.timeline", category=category, q=q)
    first, last = (clock.start_of_day(shown["week"][n]) for n in (0, -1))
    ahead, ahead_minutes = counts.bookings_ahead(actor)
    return render_template(
        "sharing/bookings/timeline.html",
        **shown,
        category=category,
        categories=search.facets("equipment")["category"],
        q=q,
        full=week.fullness(resources, first, last + dt.timedelta(days=1)),
        seven_days=shown["week"][0].weekday() == week.SUNDAY,
        ahead=ahead,
        ahead_minutes=ahead_minutes,
        pending=counts.pending_counts(actor),
    )


def board_page(ids: list[int], endpoint: str, **kept: str) -> dict[str, Any]:
    """What `sharing/board.html` shows of these instruments, of which one page is read; `kept` are arguments every link keeps."""
    actor = current_actor()
    day = asked_day()
    view = request.args.get("view", "week")
    view = view if view in VIEWS else "week"
    opens = week.first_day(day)
    first = opens if view == "week" else day
    step = dt.timedelta(days=7 if view == "week" else 1)
    start, end = clock.start_of_day(first), clock.start_of_day(first + step)
    kept = {key: value for key, value in kept.items() if value}
    pages = max(1, -(-len(ids) // PER_PAGE))
    asked = request.args.get("page", "")
    page_no = min(whole(asked) or 1, pages)
    page_no = max(1, page_no)
    here_shown = ids[(page_no - 1) * PER_PAGE : page_no * PER_PAGE]
    rows = resources_by_id(here_shown)
    found, resources = len(ids), [rows[number] for number in here_shown]

    def here(**changes: Any) -> str:
        return url_for(endpoint, **({"day": day.isoformat(), "view": view} | kept | changes))

    shown: dict[str, Any] = {
        "here": here,
        "view": view,
        "day": day,
        "title": _week_title(opens) if view == "week" else units.long_day(day, _lang()),
        "week": [opens + dt.timedelta(days=n) for n in range(7)],
        "previous": day - step,
        "following": day + step,
        "found": found,
        "page_no": page_no,
        "pages": pages,
    }
    if view == "month":
        return shown | _month(resources, day)
    bars = board.bars(actor, resources, start, end)
    if view != "list":
        shown["data"] = {
            "view": "resourceTimelineDay" if view == "day" else "resourceTimelineWeek",
            "date": first.isoformat(),
            "first_day": first.isoweekday() % 7,
            "now": clock.local(clock.now()).strftime("%Y-%m-%dT%H:%M"),
            "groups": _groups(resources),
            "events": board.events(
                [*board.closed_bars(resources, start, end), *bars], {r.id: r.name for r in resources}
            ),
            "quote": url_for("sharing.quote"),
            "book": url_for("sharing.new_booking"),
            "booking": url_for("sharing.booking", booking_id=0),
            "move": url_for("sharing.move_booking", booking_id=0),
            "resource": url_for("sharing.resource", resource_id=0),
            "waitlist": url_for("sharing.join_waitlist"),
            "words": _words(),
        }
    return shown | {
        "cards": _by_category(board.day_cards(actor, resources, day, bars)),
        "guests": any(bar.kind == "guest" for bar in bars),
    }


def _month_word(day: dt.date) -> str:
    return units.MONTHS_EN[day.month - 1] if _lang() == "en" else str(day.month)


def _week_title(first: dt.date) -> str:
    last = first + dt.timedelta(days=6)
    if first.month == last.month:
        return _(
            "%(year)s年%(month)s月%(first)s日 – %(last)s日",
            year=first.year,
            month=_month_word(first),
            first=first.day,
            last=last.day,
        )
    return _(
        "%(month)s月%(first)s日 – %(other)s月%(last)s日",
        month=_month_word(first),
        first=first.day,
        other=_month_word(last),
        last=last.day,
    )


def _month(resources: list[Resource], day: dt.date) -> dict[str, Any]:
    """A month as a table of instruments and days, and for phones as a calendar of what is free in all."""
    first = day.replace(day=1)
    following = statements.next_month(first)
    rows = month.month_rows(resources, first, following - dt.timedelta(days=1))
    groups: dict[str, list[month.MonthRow]] = {}
    for row in rows:
        groups.setdefault(row.resource.category, []).append(row)
    return {
        "title": _("%(year)s年%(month)s月", year=first.year, month=_month_word(first)),
        "first": first,
        "initials": _("日一二三四五六"),
        "previous": (first - dt.timedelta(days=1)).replace(day=1),
        "following": following,
        "month_groups": list(groups.items()),
        "month_days": month.in_all(rows),
    }


def _groups(resources: list[Resource]) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in resources:
        groups.setdefault(row.category, []).append(
            {
                "id": row.id,
                "name": row.name,
                "place": f"{row.building} {row.place}".strip(),
                "model": row.model,
                "price": units.yuan(row.price_fen_per_hour).removesuffix(".00"),
                "step": row.step_minutes,
            }
        )
    return [
        {"name": str(CATEGORY_NAMES.get(c, c)) or _("其他"), "items": items} for c, items in groups.items()
    ]


def _by_category(cards: list[board.DayCard]) -> list[tuple[str, list[board.DayCard]]]:
    groups: dict[str, list[board.DayCard]] = {}
    for card in cards:
        groups.setdefault(card.resource.category, []).append(card)
    return list(groups.items())


def _words() -> dict[str, str]:
    return {
        "occupied": _("已占用"),
        "pending": _("待审批"),
        "maintenance": _("维护 / 校准"),
        "price": _("标准费用"),
        "vouchers": _("仪器券抵扣"),
        "credits": _("积分可抵扣"),
        "pay": _("应付"),
        "free": _("无冲突"),
        "automatic": _("自动确认"),
        "owner": _("需所有者审批"),
        "alternatives": _("可以改约"),
        "cancel": _("取消"),
        "submit": _("提交预约"),
        "wait": _("排入候补"),
        "checking": _("正在核对…"),
        "failed": _("核对失败，请稍后再试。"),
        "purpose": _("用途"),
        "hours": _("小时"),
        "weekday": _("周"),
        "weekdays": _("日一二三四五六"),
        "label": _("仪器时间线"),
        "keys": _("方向键选择仪器与时间，Shift 加左右键改变时长，回车填写用途，Esc 取消。"),
        "use_credits": _("用积分抵扣"),
        "move": _("确认改期"),
        "moving": _("改期"),
        "fee": _("原时段的取消费"),
    }


@bp.get("/quote")
@signed_in
def quote() -> ResponseReturnValue:
    """What the popover asks while one drags."""
    try:
        resource_id = int(request.args.get("resource", ""))
        start = dt.datetime.fromisoformat(request.args.get("start", "").replace(" ", "+"))
        end = dt.datetime.fromisoformat(request.args.get("end", "").replace(" ", "+"))
    except ValueError:
        raise Invalid("booking_span") from None
    if start.tzinfo is None:
        start, end = start.replace(tzinfo=clock.ZONE), end.replace(tzinfo=clock.ZONE)
    if not 2000 <= start.year <= 2200 or not 2000 <= end.year <= 2200:
        raise Invalid("booking_span")
    actor = current_actor()
    booking = whole(request.args.get("booking", ""))
    moving = cancellation.movable(actor, booking) if booking is not None else None
    found = booking_service.quote(actor, resource_id, start, end, moving.id if moving else None)
    plain, paid = (
        payment.expected(actor, found.decision.price_fen, start, with_credits=with_credits)
        for with_credits in (False, True)
    )
    options: list[dict[str, Any]] = [dict(option) for option in found.alternatives]
    out = {
        **answers.quote_out(found),
        "alternatives": options,
        "span": units.span(start, end, _lang()),
        "price": units.yuan(found.decision.price_fen),
        "vouchers": units.yuan(-plain.vouchers_fen) if plain.vouchers_fen else "",
        "credits": units.yuan(-paid.credits_fen) if paid.credits_fen else "",
        "pay": units.yuan(plain.cash_fen),
        "pay_with_credits": units.yuan(paid.cash_fen),
        "owner": found.own,
    }
    if moving is not None:
        fee = cancellation.fee(moving, (start, end) if resource_id == moving.resource_id else None)
        out["fee"] = units.yuan(fee) if fee else ""
    for option in options:
        first, last = (dt.datetime.fromisoformat(option[k]) for k in ("start", "end"))
        option["span"] = " · ".join(filter(None, (units.span(first, last, _lang()), length_note(option))))
        option["price"] = units.yuan(option["price_fen"])
    return jsonify(out)


def _lang() -> str:
    return language.lang()
