"""The week of instruments: a timeline to drag on, and the same as a list for everybody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import jsonify, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, units
from app.errors import Invalid
from app.sharing import service
from app.sharing.forms import BookingForm
from app.sharing.service import board
from app.sharing.views import bp
from app.web import current_actor, signed_in


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
def timeline() -> Any:
    actor = current_actor()
    day = asked_day()
    category = request.args.get("category", "")
    view = request.args.get("view", "week")
    view = view if view in ("day", "week", "list") else "week"
    resources = board.listed_equipment(category)
    monday = day - dt.timedelta(days=day.weekday())
    start, end = clock.start_of_day(monday), clock.start_of_day(monday + dt.timedelta(days=7))
    bars = board.bars(actor, resources, start, end)
    cards = board.day_cards(actor, resources, day)
    free, opened = board.week_figures(resources, start, end)
    mine = [b for b in bars if b.kind in ("mine", "pending") and b.booking]
    pending = service.pending_counts(actor)
    step = 1 if view == "day" else 7
    data = {
        "view": "resourceTimelineDay" if view == "day" else "resourceTimelineWeek",
        "date": day.isoformat(),
        "groups": _groups(resources),
        "events": board.events(bars),
        "quote": url_for("sharing.quote"),
        "book": url_for("sharing.new_booking"),
        "booking": url_for("sharing.booking", booking_id=0),
        "resource": url_for("sharing.resource", resource_id=0),
        "words": _words(),
    }
    return render_template(
        "sharing/timeline.html",
        data=data,
        view=view,
        day=day,
        monday=monday,
        week=[monday + dt.timedelta(days=n) for n in range(7)],
        previous=day - dt.timedelta(days=step),
        following=day + dt.timedelta(days=step),
        category=category,
        categories=service.facets("equipment")["category"],
        cards=_by_category(cards),
        free=free,
        opened=opened,
        mine=mine,
        mine_minutes=sum((b.end - b.start).total_seconds() for b in mine) / 60,
        pending=pending,
        form=BookingForm(meta={"csrf": True}),
    )


def _groups(resources: list[Any]) -> list[dict[str, Any]]:
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
    from app.sharing.messages import CATEGORY_NAMES

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
        "use_credits": _("用积分抵扣"),
    }


@bp.get("/quote")
@signed_in
def quote() -> Any:
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
    found = service.quote(current_actor(), resource_id, start, end)
    credits_fen = service.credit_allowance(current_actor(), found.price_fen)
    out = service.quote_out(found) | {
        "span": units.span(start, end, _lang()),
        "price": units.yuan(found.price_fen),
        "credits": units.yuan(-credits_fen) if credits_fen else "",
        "pay": units.yuan(found.price_fen - credits_fen),
        "owner": found.own,
    }
    for option in out["alternatives"]:
        first, last = (dt.datetime.fromisoformat(option[k]) for k in ("start", "end"))
        option["span"] = units.span(first, last, _lang())
        option["price"] = units.yuan(option["price_fen"])
    return jsonify(out)


def _lang() -> str:
    from app import language

    return language.lang()
