"""Service packs: building one, the page behind the secret link, the PDF, and the neighbours' answers."""

from __future__ import annotations

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.ecosystem import sight, sources
from app.ecosystem.choices import organisations, segments
from app.ecosystem.outcomes import rules as outcomes_rules
from app.ecosystem.outcomes import service as outcomes
from app.ecosystem.packs import industries, queries, rules, service, words
from app.ecosystem.packs.paper import draw
from app.ecosystem.packs.rules import Order
from app.ecosystem.packs.schemas import PackForm
from app.ecosystem.packs.words import PACK_KINDS, pack_reason, pack_title
from app.ecosystem.pages import bp
from app.ecosystem.schemas import choices
from app.hall.errors import NotFound
from app.hall.text.numbers import whole
from app.hall.web.answers import download, flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, limiter, only, public, signed_in
from app.identity.door import roles


@bp.get("/packs")
@only(roles.SEES_WHOLE_MARKET)
def packs_page() -> ResponseReturnValue:
    rows = queries.all_packs()
    totals = outcomes.pack_totals(r.id for r in rows)
    return render_template(
        "ecosystem/packs/packs.html",
        rows=rows,
        totals=totals,
        opened=queries.introductions_of([r.id for r in rows]),
        industries=industries.names(),
        can_write=sight.is_matchmaker(current_actor()),
    )


@bp.route("/packs/new", methods=["GET", "POST"])
@only(roles.MATCHES_PARTIES)
def new_pack() -> ResponseReturnValue:
    form = PackForm()
    form.segment.choices = choices(segments())
    form.industry.choices = choices(industries.names().items())
    prospects = sources.prospects()
    form.prospect_id.choices = choices([(0, "—"), *((p.id, f"{p.code} {p.name}") for p in prospects)])
    if form.validate_on_submit():
        with refusals_to(form):
            row = service.build(
                current_actor(),
                Order(
                    name=form.name.data,
                    industry=form.industry.data,
                    segment=form.segment.data or None,
                    greeting=form.greeting.data or "",
                    prospect_id=form.prospect_id.data or None,
                    enterprise=(form.enterprise.data or "").strip(),
                    expires_on=form.expires_on.data,
                ),
            )
            flash_ok(_("服务包已生成，请检查后分享。"))
            return redirect(url_for("ecosystem.pack", pack_id=row.id), 303)
    elif request.method == "GET" and (code := request.args.get("prospect")):
        for p in prospects:
            if p.code == code:
                form.prospect_id.data, form.name.data = p.id, p.name
                form.segment.data = rules.main_segment(p.adds)
    return render_template("ecosystem/packs/pack_form.html", form=form), form_status(form)


@bp.get("/packs/<int:pack_id>")
@only(roles.SEES_WHOLE_MARKET)
def pack(pack_id: int) -> ResponseReturnValue:
    actor = current_actor()
    row = queries.get(actor, pack_id)
    secret = service.secret_of(row)
    items = queries.items(row.id)
    shown = sight.is_matchmaker(actor)
    totals = outcomes.pack_totals([row.id])[row.id]
    opened = queries.introductions_of([row.id]).get(row.id, [])
    money = sum(value for (_metric, unit), value in totals.items() if unit == outcomes_rules.MONEY)
    return render_template(
        "ecosystem/packs/pack.html",
        row=row,
        hint=words.hint_of_pack(row.state, items, len(opened), money) if shown else "",
        kinds=list(PACK_KINDS.items()),
        organisations=organisations() if shown else [],
        items=items,
        who=sight.organisations(i.organisation_id for i in items) if shown else queries.seen_names(items),
        by_organisation=shown,
        introductions=opened,
        totals=totals,
        can_write=shown,
        secret=secret,
        link=url_for("ecosystem.welcome", token=secret, _external=True),
        industries=industries.names(),
        free=queries.next_free(items),
        free_text=words.free_text,
        pack_title=pack_title,
        pack_reason=pack_reason,
    )


STEPS = {"share": service.share, "withdraw": service.withdraw}


@bp.post("/packs/<int:pack_id>/<any(share, withdraw):step>")
@only(roles.MATCHES_PARTIES)
def pack_step(pack_id: int, step: str) -> ResponseReturnValue:
    STEPS[step](current_actor(), pack_id)
    flash_ok(_("已更新。"))
    return redirect(url_for("ecosystem.pack", pack_id=pack_id), 303)


@bp.post("/packs/<int:pack_id>/items/<int:item_id>/drop")
@only(roles.MATCHES_PARTIES)
def drop_pack_item(pack_id: int, item_id: int) -> ResponseReturnValue:
    service.drop_item(current_actor(), pack_id, item_id)
    flash_ok(_("已移除。"))
    return redirect(url_for("ecosystem.pack", pack_id=pack_id), 303)


@bp.post("/packs/<int:pack_id>/items")
@only(roles.MATCHES_PARTIES)
def add_pack_item(pack_id: int) -> ResponseReturnValue:
    number = request.form.get("organisation_id", "")
    service.add_item(
        current_actor(),
        pack_id,
        request.form.get("kind", ""),
        request.form.get("title", "")[:120],
        request.form.get("detail", "")[:500],
        whole(number) or None,
    )
    flash_ok(_("已加入服务包。"))
    return redirect(url_for("ecosystem.pack", pack_id=pack_id), 303)


@bp.get("/welcome/<token>")
@public
@limiter.limit("60 per minute")
def welcome(token: str) -> ResponseReturnValue:
    row = service.by_token(token, opened=True)
    items = queries.items(row.id)
    answer = make_response(
        render_template(
            "ecosystem/packs/welcome.html",
            token=token,
            row=row,
            items=items,
            names=queries.seen_names(items),
            free=queries.next_free(items),
            free_text=words.free_text,
            prepared_by=queries.prepared_by(),
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
def want_pack_item(token: str, item_id: int) -> ResponseReturnValue:
    service.want(token, item_id)
    flash_ok(_("意向已转达；对方同意后，这里会显示其名称。"))
    return redirect(url_for("ecosystem.welcome", token=token), 303)


@bp.get("/welcome/<token>/pack.pdf")
@public
@limiter.limit("20 per minute")
def pack_pdf(token: str) -> ResponseReturnValue:

    row = service.by_token(token)
    items = queries.items(row.id)
    link = url_for("ecosystem.welcome", token=token, _external=True)
    paper = draw(row, items, queries.seen_names(items), link, queries.prepared_by())
    return download(paper, f"service-pack-{row.id}.pdf", "application/pdf")


@bp.get("/requests")
@signed_in
def pack_requests() -> ResponseReturnValue:
    actor = current_actor()
    rows = queries.requests(actor)
    return render_template(
        "ecosystem/packs/requests.html",
        rows=rows,
        pack_title=pack_title,
        pack_reason=pack_reason,
        can_answer=actor.may(roles.WRITES_POSTS),
    )


@bp.post("/requests/<int:item_id>/<any(agree, decline):answer>")
@signed_in
def answer_request(item_id: int, answer: str) -> ResponseReturnValue:
    item = service.answer(current_actor(), item_id, answer == "agree")
    if item.agreed_at is None:
        flash_ok(_("已婉拒。"))
        return redirect(url_for("ecosystem.pack_requests"), 303)
    opened = [
        i for i in queries.introductions_of([item.pack_id]).get(item.pack_id, []) if i.pack_item_id == item.id
    ]
    if not opened:
        raise NotFound("introduction_not_found")
    flash_ok(_("对接已建立。"))
    return redirect(url_for("ecosystem.introduction", introduction_id=opened[0].id), 303)
