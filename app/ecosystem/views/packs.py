"""Service packs: building one, the page behind the secret link, the PDF, and the neighbours' answers."""

from __future__ import annotations

from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.ecosystem import gains
from app.ecosystem.forms import PackForm, choices
from app.ecosystem.messages import PACK_KINDS, pack_reason, pack_title
from app.ecosystem.service import around, outcomes, packs, sight
from app.ecosystem.views import bp, guidance
from app.ecosystem.views.choices import organisations, segments
from app.errors import NotFound
from app.web import (
    current_actor,
    download,
    flash_ok,
    form_status,
    limiter,
    public,
    refusals_to,
    roles,
    signed_in,
)

STAFF = sight.MATCHMAKERS


@bp.get("/packs")
@roles(*STAFF, "auditor")
def packs_page() -> Any:
    rows = packs.all_packs()
    totals = outcomes.pack_totals(r.id for r in rows)
    return render_template(
        "ecosystem/packs.html",
        rows=rows,
        totals=totals,
        opened=packs.introductions_of([r.id for r in rows]),
        can_write=sight.is_matchmaker(current_actor()),
    )


@bp.route("/packs/new", methods=["GET", "POST"])
@roles(*STAFF)
def new_pack() -> Any:
    form = PackForm()
    form.segment.choices = choices(segments())
    prospects = around.prospects()
    form.prospect_id.choices = choices([(0, "—"), *((p.id, f"{p.code} {p.name}") for p in prospects)])
    if form.validate_on_submit():
        with refusals_to(form):
            row = packs.build(
                current_actor(),
                name=form.name.data,
                industry=form.industry.data,
                segment=form.segment.data or None,
                greeting=form.greeting.data or "",
                prospect_id=form.prospect_id.data or None,
                expires_on=form.expires_on.data,
            )
            flash_ok(_("服务包已生成，请检查后分享。"))
            return redirect(url_for("ecosystem.pack", pack_id=row.id), 303)
    elif request.method == "GET" and (code := request.args.get("prospect")):
        for p in prospects:
            if p.code == code:
                form.prospect_id.data, form.name.data = p.id, p.name
                form.segment.data = packs.main_segment(p)
    return render_template("ecosystem/pack_form.html", form=form), form_status(form)


@bp.get("/packs/<int:pack_id>")
@roles(*STAFF, "auditor")
def pack(pack_id: int) -> Any:
    actor = current_actor()
    row = packs.get(actor, pack_id)
    items = packs.items(row.id)
    shown = sight.is_matchmaker(actor)
    totals = outcomes.pack_totals([row.id])[row.id]
    opened = packs.introductions_of([row.id]).get(row.id, [])
    money = sum(value for (_metric, unit), value in totals.items() if unit == gains.MONEY)
    return render_template(
        "ecosystem/pack.html",
        row=row,
        hint=guidance.of_pack(row.state, items, len(opened), money) if shown else "",
        kinds=list(PACK_KINDS.items()),
        organisations=organisations() if shown else [],
        items=items,
        who=sight.organisations(i.organisation_id for i in items) if shown else packs.seen_names(items),
        by_organisation=shown,
        introductions=opened,
        totals=totals,
        can_write=shown,
        link=url_for("ecosystem.welcome", token=row.token, _external=True),
        pack_title=pack_title,
        pack_reason=pack_reason,
    )


@bp.post("/packs/<int:pack_id>/<any(share, withdraw):step>")
@roles(*STAFF)
def pack_step(pack_id: int, step: str) -> Any:
    getattr(packs, step)(current_actor(), pack_id)
    flash_ok(_("已更新。"))
    return redirect(url_for("ecosystem.pack", pack_id=pack_id), 303)


@bp.post("/packs/<int:pack_id>/items/<int:item_id>/drop")
@roles(*STAFF)
def drop_pack_item(pack_id: int, item_id: int) -> Any:
    packs.drop_item(current_actor(), pack_id, item_id)
    flash_ok(_("已移除。"))
    return redirect(url_for("ecosystem.pack", pack_id=pack_id), 303)


@bp.post("/packs/<int:pack_id>/items")
@roles(*STAFF)
def add_pack_item(pack_id: int) -> Any:
    number = request.form.get("organisation_id", "")
    packs.add_item(
        current_actor(),
        pack_id,
        request.form.get("kind", ""),
        request.form.get("title", "")[:120],
        request.form.get("detail", "")[:500],
        int(number) if number.isdecimal() and 0 < len(number) < 16 and int(number) else None,
    )
    flash_ok(_("已加入服务包。"))
    return redirect(url_for("ecosystem.pack", pack_id=pack_id), 303)


# --- by secret link --------------------------------------------------------------------------------------


@bp.get("/welcome/<token>")
@public
@limiter.limit("60 per minute")
def welcome(token: str) -> Any:
    row = packs.by_token(token, opened=True)
    items = packs.items(row.id)
    answer = make_response(
        render_template(
            "ecosystem/welcome.html",
            row=row,
            items=items,
            names=packs.seen_names(items),
            prepared_by=packs.prepared_by(),
            asked=any(item.wanted_at for item in items),
            pack_title=pack_title,
            pack_reason=pack_reason,
        )
    )
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@bp.post("/welcome/<token>/items/<int:item_id>/want")
@public
@limiter.limit("20 per minute")
def want_pack_item(token: str, item_id: int) -> Any:
    packs.want(token, item_id)
    flash_ok(_("意向已转达；对方同意后，这里会显示其名称。"))
    return redirect(url_for("ecosystem.welcome", token=token), 303)


@bp.get("/welcome/<token>/pack.pdf")
@public
@limiter.limit("20 per minute")
def pack_pdf(token: str) -> Any:
    from app.ecosystem.pack_pdf import draw

    row = packs.by_token(token)
    items = packs.items(row.id)
    link = url_for("ecosystem.welcome", token=token, _external=True)
    paper = draw(row, items, packs.seen_names(items), link, packs.prepared_by())
    return download(paper, f"service-pack-{row.id}.pdf", "application/pdf")


# --- the neighbour's side --------------------------------------------------------------------------------


@bp.get("/requests")
@signed_in
def pack_requests() -> Any:
    actor = current_actor()
    rows = packs.requests(actor)
    return render_template(
        "ecosystem/requests.html", rows=rows, pack_title=pack_title, pack_reason=pack_reason,
        can_answer=actor.has(*sight.WRITERS),
    )  # fmt: skip


@bp.post("/requests/<int:item_id>/<any(agree, decline):answer>")
@signed_in
def answer_request(item_id: int, answer: str) -> Any:
    item = packs.answer(current_actor(), item_id, answer == "agree")
    if item.agreed_at is None:
        flash_ok(_("已婉拒。"))
        return redirect(url_for("ecosystem.pack_requests"), 303)
    opened = [
        i for i in packs.introductions_of([item.pack_id]).get(item.pack_id, []) if i.pack_item_id == item.id
    ]
    if not opened:
        raise NotFound("introduction_not_found")
    flash_ok(_("对接已建立。"))
    return redirect(url_for("ecosystem.introduction", introduction_id=opened[0].id), 303)
