"""Needs and offers: the market, one post, writing it, and the secretary's queue."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.ecosystem.forms import FileForm, PostForm, ReviewForm, choices
from app.ecosystem.messages import KINDS, POST_STATES
from app.ecosystem.models import Post
from app.ecosystem.service import around, matches, posts, sight, signals
from app.ecosystem.views import bp, guidance
from app.ecosystem.views.words import post_state
from app.errors import NotFound
from app.web import (
    Listing,
    current_actor,
    download,
    flash_ok,
    form_status,
    redirect_back,
    refusals_to,
    roles,
    signed_in,
)

SORTS = {"published": Post.published_at, "deadline": Post.deadline, "title": Post.shown_title}


@bp.get("/")
@signed_in
def front() -> Any:
    """The room's own address leads to its first page."""
    return redirect(url_for("ecosystem.market"))


@bp.get("/market")
@signed_in
def market() -> Any:
    actor = current_actor()
    listing = Listing.from_request(SORTS, "published", ("kind", "segment", "tag"), desc=True)
    query = posts.market_query(
        actor,
        q=listing.q,
        kind=listing.filters["kind"],
        segment=listing.filters["segment"],
        tag=listing.filters["tag"],
    )
    return _list(actor, listing, query, mine=False)


@bp.get("/posts")
@signed_in
def my_posts() -> Any:
    actor = current_actor()
    sorts = {"updated": Post.updated_at, "deadline": Post.deadline, "title": Post.title}
    listing = Listing.from_request(sorts, "updated", ("kind", "state"), desc=True)
    query = posts.market_query(
        actor, q=listing.q, mine=True, kind=listing.filters["kind"], state=listing.filters["state"]
    )
    return _list(actor, listing, query, mine=True)


def _list(actor: Any, listing: Listing, query: Any, mine: bool) -> Any:
    page = listing.page(query, Post.id.desc())
    return render_template(
        "ecosystem/market.html",
        listing=listing,
        page=page,
        mine=mine,
        tags=posts.tags_of(row.id for row in page.items),
        who=sight.organisations(row.organisation_id for row in page.items),
        shows=lambda row: posts.shows_identity(actor, row),
        segment_of=lambda row: posts.shown_segment(actor, row),
        actor=actor,
        popular=(popular := posts.popular_tags()),
        tag_choices=[(tag, tag, n) for tag, n in popular],
        segments=_segment_choices(actor),
        kinds=list(KINDS.items()),
        states=list(POST_STATES.items()),
        can_write=actor.has(*sight.WRITERS),
    )


def _segment_choices(actor: Any = None) -> list[tuple[str, str]]:
    """Return all segments; for a reader of masked posts those that can be asked for without naming somebody."""
    all_of_them = actor is None or sight.is_matchmaker(actor)
    shown = around.segments() if all_of_them else around.crowded_segments()
    return [(code, info.name) for code, info in sorted(around.segments().items()) if code in shown]


@bp.get("/posts/<int:post_id>")
@signed_in
def post(post_id: int) -> Any:
    actor = current_actor()
    row = posts.get(actor, post_id)
    mine = row.organisation_id == actor.organisation_id
    shown = posts.shows_identity(actor, row)
    rows = posts.matches_of(actor, row) if mine or sight.is_matchmaker(actor) else []
    seen = matches.see(actor, rows)
    is_secretary = actor.has("committee_secretary", "park_admin")
    code = post_state(row)
    return render_template(
        "ecosystem/post.html",
        row=row,
        code=code,
        hint=guidance.of_post(
            code,
            row.kind == "need",
            sum(m.is_open and m.my_answer is None for m in seen),
            sum(bool(m.introduction_id) for m in seen),
            reviewing=is_secretary,
        )
        if mine or (code == "review" and is_secretary)
        else "",
        mine=mine,
        may_write=actor.has(*sight.WRITERS),
        shown=shown,
        segment=posts.shown_segment(actor, row),
        tags=posts.tags_of([row.id])[row.id],
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
        can_start=row.kind == "need" and actor.has("university_office", *sight.MATCHMAKERS),
        can_edit=mine and actor.has(*sight.WRITERS),
    )


@bp.route("/<any(needs, offers):kinds>/new", methods=["GET", "POST"])
@signed_in
def new_post(kinds: str) -> Any:
    actor = current_actor()
    sight.must_write(actor)
    kind = kinds[:-1]
    form = _form(kind)
    if request.method == "GET" and (like := request.args.get("like", "")).isdecimal():
        other = posts.get(actor, int(like[:18]))
        form.segment.data = posts.shown_segment(actor, other) or ""
        form.tags.data = " ".join(posts.tags_of([other.id])[other.id])
    if form.validate_on_submit():
        with refusals_to(form):
            row = posts.create(actor, kind, _draft(form), submit=request.form.get("action") != "draft")
            flash_ok(_said(row))
            return redirect(url_for("ecosystem.post", post_id=row.id), 303)
    return render_template("ecosystem/post_form.html", form=form, kind=kind, row=None), form_status(form)


@bp.route("/posts/<int:post_id>/edit", methods=["GET", "POST"])
@signed_in
def edit_post(post_id: int) -> Any:
    actor = current_actor()
    sight.must_write(actor)
    row = posts.get(actor, post_id)
    if row.organisation_id != actor.organisation_id:
        raise NotFound("post_not_found")
    form = _form(row.kind, row)
    if request.method == "GET":
        form.tags.data = " ".join(posts.tags_of([row.id])[row.id])
        form.amount_yuan.data = row.amount_fen / 100 if row.amount_fen is not None else None
    if form.validate_on_submit():
        with refusals_to(form):
            row = posts.edit(actor, row.id, _draft(form))
            if row.state == "draft" and request.form.get("action") != "draft":
                row = posts.submit(actor, row.id)
            flash_ok(_said(row))
            return redirect(url_for("ecosystem.post", post_id=row.id), 303)
    return render_template("ecosystem/post_form.html", form=form, kind=row.kind, row=row), form_status(form)


@bp.route("/posts/import", methods=["GET", "POST"])
@signed_in
def import_posts() -> Any:
    from app.ecosystem import post_sheet

    actor = current_actor()
    sight.must_write(actor)
    form = FileForm()
    if form.validate_on_submit():
        with refusals_to(form):
            upload = form.file.data
            rows = post_sheet.read(upload.filename or "", upload.stream.read(post_sheet.MOST_BYTES + 1))
            made = posts.create_many(actor, rows)
            flash_ok(_("已导入 %(num)s 条。", num=len(made)))
            return redirect(url_for("ecosystem.my_posts"), 303)
    return render_template("ecosystem/import.html", form=form, columns=post_sheet.COLUMNS), form_status(form)


@bp.get("/posts/import/template.xlsx")
@signed_in
def import_template() -> Any:
    from app.ecosystem import post_sheet

    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return download(post_sheet.template(), "needs-offers.xlsx", kind)


def _form(kind: str, obj: Any = None) -> PostForm:
    form = PostForm(obj=obj)
    form.amount_yuan.label.text = _("预算") if kind == "need" else _("报价")
    form.segment.choices = choices([("", _("不限")), *_segment_choices()])
    return form


def _draft(form: PostForm) -> posts.Draft:
    fen = None if form.amount_yuan.data is None else round(form.amount_yuan.data * 100)
    return posts.Draft(
        title=form.title.data,
        description=form.description.data or "",
        product=form.product.data or "",
        tags=posts.split_tags(form.tags.data or ""),
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
def similar_posts() -> Any:
    """Answer the fragment with similar posts while somebody types a title."""
    actor = current_actor()
    kind = "offer" if request.args.get("kind") == "offer" else "need"
    words = " ".join(request.args.get(name, "")[:4000] for name in ("title", "product", "description"))
    found = posts.similar(actor, kind, words)
    return render_template(
        "ecosystem/_similar.html", found=found, shows=lambda row: posts.shows_identity(actor, row)
    )


@bp.post("/posts/<int:post_id>/<any(submit, withdraw, satisfy, publish):step>")
@signed_in
def post_step(post_id: int, step: str) -> Any:
    row = getattr(posts, step)(current_actor(), post_id)
    flash_ok(_said(row) if step == "submit" else _("已更新。"))
    return redirect_back("ecosystem.post", post_id=row.id)


@bp.get("/review")
@roles("committee_secretary", "park_admin")
def review() -> Any:
    rows = posts.review_queue()
    return render_template(
        "ecosystem/review.html",
        rows=rows,
        who=sight.organisations(row.organisation_id for row in rows),
        tags=posts.tags_of(row.id for row in rows),
        policy=posts.policy(),
    )


@bp.post("/posts/<int:post_id>/return")
@roles("committee_secretary", "park_admin")
def return_post(post_id: int) -> Any:
    posts.give_back(current_actor(), post_id, request.form.get("note", "")[:500])
    flash_ok(_("已退回并通知发布方。"))
    return redirect_back("ecosystem.review")


@bp.post("/review/policy")
@roles("committee_secretary", "park_admin")
def set_policy() -> Any:
    posts.set_policy_from(current_actor(), request.form)
    flash_ok(_("规则已保存。"))
    return redirect(url_for("ecosystem.review"), 303)
