"""Needs and offers: the market, one post, writing it, and the secretary's queue."""

from __future__ import annotations

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.ecosystem import sight, sources
from app.ecosystem.market import queries, rules, service
from app.ecosystem.market import words as market_words
from app.ecosystem.market.models import Post
from app.ecosystem.market.rules import Wanted
from app.ecosystem.market.schemas import PostForm, ReviewForm
from app.ecosystem.market.words import KINDS, POST_STATES, post_state
from app.ecosystem.matches import queries as matches_queries
from app.ecosystem.matches import service as matches
from app.ecosystem.pages import bp
from app.ecosystem.schemas import choices
from app.ecosystem.signals import service as signals
from app.hall import clock
from app.hall.errors import NotFound
from app.hall.files import list_export
from app.hall.rooms import doors
from app.hall.text.numbers import whole
from app.hall.web import bulk
from app.hall.web.answers import flash_ok, form_status, redirect_back, refusals_to
from app.hall.web.guards import current_actor, only, signed_in
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import Actor, roles

SORTS = {"published": Post.published_at, "deadline": Post.deadline, "title": Post.shown_title}


@bp.get("/")
@signed_in
def front() -> ResponseReturnValue:
    """The room's own address leads to its first page."""
    return redirect(url_for("ecosystem.market"))


@bp.get("/market")
@signed_in
def market() -> ResponseReturnValue:
    actor = current_actor()
    listing = Listing.from_request(SORTS, "published", ("kind", "segment", "tag"), desc=True)
    query = queries.market_query(
        actor,
        Wanted(
            q=listing.q,
            kind=listing.filters["kind"],
            segment=listing.filters["segment"],
            tag=listing.filters["tag"],
        ),
    )
    return _list(actor, listing, query, mine=False)


@bp.get("/posts")
@signed_in
def my_posts() -> ResponseReturnValue:
    actor = current_actor()
    sorts = {"updated": Post.updated_at, "deadline": Post.deadline, "title": Post.title}
    listing = Listing.from_request(sorts, "updated", ("kind", "state"), desc=True)
    query = queries.market_query(
        actor, Wanted(q=listing.q, mine=True, kind=listing.filters["kind"], state=listing.filters["state"])
    )
    return _list(actor, listing, query, mine=True)


def _file(actor: Actor, rows: list[Post]) -> ResponseReturnValue:
    """The posts that the filters leave, as this reader sees them: no name where the page shows none."""
    who = sight.organisations(row.organisation_id for row in rows)
    tags = queries.tags_of(row.id for row in rows)
    heads = (_("类型"), _("标题"), _("企业"), _("标签"), _("发布日期"), _("截止日期"), _("状态"))
    lines = []
    for row in rows:
        named = queries.shows_identity(actor, row)
        lines.append(
            (
                str(KINDS.get(row.kind, row.kind)),
                row.title if named else row.shown_title,
                who[row.organisation_id].name if named else "",
                "、".join(tags.get(row.id, ())),
                clock.day_of(row.published_at) if row.published_at else None,
                row.deadline,
                str(POST_STATES.get(post_state(row), "")),
            )
        )
    return list_export.answer(_("需求与供给"), "market", heads, lines)


def _list(actor: Actor, listing: Listing, query: sa.Select[Post], mine: bool) -> ResponseReturnValue:
    if list_export.wanted():
        return _file(actor, list_export.all_rows(listing, query, Post.id.desc()))
    page = listing.page(query, Post.id.desc())
    return render_template(
        "ecosystem/market/market.html",
        listing=listing,
        page=page,
        mine=mine,
        tags=queries.tags_of(row.id for row in page.items),
        who=sight.organisations(row.organisation_id for row in page.items),
        shows=lambda row: queries.shows_identity(actor, row),
        segment_of=lambda row: queries.shown_segment(actor, row),
        actor=actor,
        popular=(popular := queries.popular_tags()),
        tag_choices=[(tag, tag, n) for tag, n in popular],
        segments=_segment_choices(actor),
        kinds=list(KINDS.items()),
        states=list(POST_STATES.items()),
        can_write=actor.may(roles.WRITES_POSTS),
    )


def _segment_choices(actor: Actor | None = None) -> list[tuple[str, str]]:
    """Return all segments; for a reader of masked posts those that can be asked for without naming somebody."""
    all_of_them = actor is None or sight.is_matchmaker(actor)
    shown = sources.segments() if all_of_them else sources.crowded_segments()
    return [(code, info.name) for code, info in sorted(sources.segments().items()) if code in shown]


@bp.get("/posts/<int:post_id>")
@signed_in
def post(post_id: int) -> ResponseReturnValue:
    actor = current_actor()
    row = queries.get(actor, post_id)
    mine = row.organisation_id == actor.organisation_id
    shown = queries.shows_identity(actor, row)
    rows = matches_queries.of_post(row) if mine or sight.is_matchmaker(actor) else []
    seen = matches_queries.see(actor, rows)
    is_secretary = actor.may(roles.MODERATES_POSTS)
    code = post_state(row)
    return render_template(
        "ecosystem/market/post.html",
        row=row,
        code=code,
        hint=market_words.hint_of_post(
            code,
            row.kind == "need",
            sum(m.is_open and m.my_answer is None for m in seen),
            sum(bool(m.introduction_id) for m in seen),
            reviewing=is_secretary,
        )
        if mine or (code == "review" and is_secretary)
        else "",
        mine=mine,
        may_write=actor.may(roles.WRITES_POSTS),
        shown=shown,
        segment=queries.shown_segment(actor, row),
        tags=queries.tags_of([row.id])[row.id],
        who=sight.organisations([row.organisation_id])[row.organisation_id] if shown else None,
        matches=seen,
        form=ReviewForm(),
        is_secretary=is_secretary,
        introduction_id=next((m.introduction_id for m in seen if m.introduction_id), None)
        if not any(m.is_open and m.my_answer is None for m in seen)
        else None,
        signals=signals.about_post(actor, row.id),
        notes_url=url_for("ecosystem.new_signal", need=row.id)
        if row.kind == "need" and sight.is_matchmaker(actor)
        else "",
        can_start=row.kind == "need" and actor.may(roles.STARTS_PROJECTS),
        can_edit=mine and actor.may(roles.WRITES_POSTS),
        doors=doors(actor, "post", row.id),
    )


@bp.route("/<any(needs, offers):kinds>/new", methods=["GET", "POST"])
@signed_in
def new_post(kinds: str) -> ResponseReturnValue:
    actor = current_actor()
    sight.must_write(actor)
    kind = kinds[:-1]
    form = _form(kind)
    if request.method == "GET" and (like := whole(request.args.get("like"))) is not None:
        other = queries.get(actor, like)
        form.segment.data = queries.shown_segment(actor, other) or ""
        form.tags.data = " ".join(queries.tags_of([other.id])[other.id])
    if form.validate_on_submit():
        with refusals_to(form):
            row = service.create(actor, kind, _draft(form), submit=request.form.get("action") != "draft")
            flash_ok(_said(row))
            return redirect(url_for("ecosystem.post", post_id=row.id), 303)
    return render_template("ecosystem/market/post_form.html", form=form, kind=kind, row=None), form_status(
        form
    )


@bp.route("/posts/<int:post_id>/edit", methods=["GET", "POST"])
@signed_in
def edit_post(post_id: int) -> ResponseReturnValue:
    actor = current_actor()
    sight.must_write(actor)
    row = queries.get(actor, post_id)
    if row.organisation_id != actor.organisation_id:
        raise NotFound("post_not_found")
    form = _form(row.kind, row)
    if request.method == "GET":
        form.tags.data = " ".join(queries.tags_of([row.id])[row.id])
        form.amount_yuan.data = row.amount_fen / 100 if row.amount_fen is not None else None
    if form.validate_on_submit():
        with refusals_to(form):
            row = service.edit(actor, row.id, _draft(form))
            if row.state == "draft" and request.form.get("action") != "draft":
                row = service.submit(actor, row.id)
            flash_ok(_said(row))
            return redirect(url_for("ecosystem.post", post_id=row.id), 303)
    return render_template("ecosystem/market/post_form.html", form=form, kind=row.kind, row=row), form_status(
        form
    )


@bp.route("/posts/import", methods=["GET", "POST"])
@signed_in
def import_posts() -> ResponseReturnValue:
    """The address of before: the page of all lists reads the file now."""
    sight.must_write(current_actor())
    if request.method == "POST":
        return identity.take_sheet("posts")
    return redirect(url_for("identity.sheet", kind="posts"), 302)


@bp.get("/posts/import/template.xlsx")
@signed_in
def import_template() -> ResponseReturnValue:
    return redirect(url_for("identity.sheet_file", kind="posts", what="template"), 302)


def _form(kind: str, obj: Post | None = None) -> PostForm:
    form = PostForm(obj=obj)
    form.amount_yuan.label.text = _("预算") if kind == "need" else _("报价")
    form.segment.choices = choices([("", _("不限")), *_segment_choices()])
    return form


def _draft(form: PostForm) -> rules.Draft:
    fen = None if form.amount_yuan.data is None else round(form.amount_yuan.data * 100)
    return rules.Draft(
        title=form.title.data,
        description=form.description.data or "",
        product=form.product.data or "",
        tags=rules.split_tags(form.tags.data or ""),
        segment=form.segment.data or None,
        amount_fen=fen,
        quantity=form.quantity.data,
        unit=form.unit.data or "",
        deadline=form.deadline.data,
        visibility=form.visibility.data,
        matching=form.matching.data,
    )


def _said(row: Post) -> str:
    if row.state != "draft":
        return _("已发布，正在为您寻找合适的对象。")
    return _("已提交，等待委员会秘书审核。") if row.submitted_at else _("草稿已保存。")


@bp.get("/posts/similar")
@signed_in
def similar_posts() -> ResponseReturnValue:
    """Answer the fragment with similar posts while somebody types a title."""
    actor = current_actor()
    kind = "offer" if request.args.get("kind") == "offer" else "need"
    words = " ".join(request.args.get(name, "")[:4000] for name in ("title", "product", "description"))
    found = queries.similar(actor, kind, words)
    return render_template(
        "ecosystem/market/_similar.html", found=found, shows=lambda row: queries.shows_identity(actor, row)
    )


STEPS = {
    "submit": service.submit,
    "withdraw": service.withdraw,
    "satisfy": service.satisfy,
    "publish": service.publish,
}


@bp.post("/posts/<int:post_id>/<any(submit, withdraw, satisfy, publish):step>")
@signed_in
def post_step(post_id: int, step: str) -> ResponseReturnValue:
    row = STEPS[step](current_actor(), post_id)
    flash_ok(_said(row) if step == "submit" else _("已更新。"))
    return redirect_back("ecosystem.post", post_id=row.id)


@bp.get("/review")
@only(roles.MODERATES_POSTS)
def review() -> ResponseReturnValue:
    rows = queries.review_queue()
    return render_template(
        "ecosystem/market/review.html",
        rows=rows,
        who=sight.organisations(row.organisation_id for row in rows),
        tags=queries.tags_of(row.id for row in rows),
        policy=matches.policy(),
    )


@bp.post("/review")
@only(roles.MODERATES_POSTS)
def decide_posts() -> ResponseReturnValue:
    """One answer to several posts; each is judged by itself."""
    actor, note = current_actor(), request.form.get("note", "")[:500]

    def act(post_id: int) -> None:
        if request.form.get("decision") == "publish":
            service.publish(actor, post_id)
        else:
            service.give_back(actor, post_id, note)

    bulk.each(bulk.chosen(), act, lambda post_id: _("供需 %(id)s", id=post_id))
    return redirect(url_for("ecosystem.review"), 303)


@bp.post("/posts/<int:post_id>/return")
@only(roles.MODERATES_POSTS)
def return_post(post_id: int) -> ResponseReturnValue:
    service.give_back(current_actor(), post_id, request.form.get("note", "")[:500])
    flash_ok(_("已退回并通知发布方。"))
    return redirect_back("ecosystem.review")


@bp.post("/review/policy")
@only(roles.MODERATES_POSTS)
def set_policy() -> ResponseReturnValue:
    matches.set_policy_from(current_actor(), request.form)
    flash_ok(_("规则已保存。"))
    return redirect(url_for("ecosystem.review"), 303)
