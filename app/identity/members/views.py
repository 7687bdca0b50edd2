"""Colleagues, invitations and reset links; one's own profile and language."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.hall import clock
from app.hall.errors import Refusal
from app.hall.files import list_export
from app.hall.text.language import LANGUAGES
from app.hall.web.answers import flash_ok, form_status, redirect_back, refusals_to, safe_next
from app.hall.web.guards import current_actor, limiter, only, public, signed_in
from app.hall.web.listing import Listing
from app.identity.members import links, resets
from app.identity.members import service as people
from app.identity.members.models import Member
from app.identity.members.schemas import AcceptForm, InviteForm, ProfileForm, RolesForm
from app.identity.members.words import role_names
from app.identity.organisations import directory
from app.identity.organisations.words import STATUS_NAMES
from app.identity.pages import bp
from app.identity.roles import INVITES_COLLEAGUES, MANAGES_COLLEAGUES
from app.identity.sessions.shown_once import show_once, shown_once


@bp.get("/identity/members")
@signed_in
def members() -> ResponseReturnValue:
    actor = current_actor()
    listing = Listing.from_request(
        sorts={"name": Member.name, "login": Member.login, "last": Member.last_sign_in_at},
        default="name",
        filters=("status",),
    )
    statement = people.member_statement(actor.organisation_id, listing.q, listing.filters["status"])
    manages = people.may_manage(actor, actor.organisation_id)
    if manages and list_export.wanted():
        return _members_file(list_export.all_rows(listing, statement, Member.id))
    return render_template(
        "identity/members/members.html",
        listing=listing,
        page=listing.page(statement, Member.id),
        organisation=directory.organisation_of(actor),
        manages=manages,
        may_invite=bool(people.roles_to_give(actor)),
        invitations=links.open_invitations(actor) if people.roles_to_give(actor) else [],
        fresh=shown_once("invitation", "reset"),
        resets=len(resets.open_resets(actor)),
        role_names=role_names(),
        status_names=STATUS_NAMES,
        actor=actor,
        now=clock.now(),
    )


def _members_file(rows: list[Member]) -> ResponseReturnValue:
    names = role_names()
    heads = (_("姓名"), _("登录名"), _("邮箱"), _("角色"), _("状态"), _("最近登录"))
    lines = (
        (
            row.name,
            row.login,
            row.email,
            "、".join(str(names.get(one.role, one.role)) for one in row.roles),
            str(STATUS_NAMES.get(row.status, row.status)),
            clock.local(row.last_sign_in_at).replace(tzinfo=None) if row.last_sign_in_at else None,
        )
        for row in rows
    )
    return list_export.answer(_("同事与权限"), "members", heads, lines)


@bp.route("/identity/members/invite", methods=["GET", "POST"])
@only(INVITES_COLLEAGUES)
def invite() -> ResponseReturnValue:
    actor = current_actor()
    form = InviteForm().offer(people.roles_to_give(actor))
    if form.validate_on_submit():
        with refusals_to(form):
            secret = links.invite(actor, form.name.data, form.email.data or "", form.roles.data)
            link = url_for("identity.accept_invitation", secret=secret, _external=True)
            show_once("invitation", name=form.name.data, secret=link)
            return redirect(url_for("identity.members"), 303)
    organisation = directory.organisation_of(actor)
    return render_template("identity/members/invite.html", form=form, organisation=organisation), form_status(
        form
    )


@bp.post("/identity/invitations/<int:link_id>/withdraw")
@only(INVITES_COLLEAGUES)
def withdraw_invitation(link_id: int) -> ResponseReturnValue:
    links.withdraw_invitation(current_actor(), link_id)
    flash_ok(_("邀请已撤回。"))
    return redirect(url_for("identity.members"), 303)


@bp.post("/identity/invitations/<int:link_id>/renew")
@only(INVITES_COLLEAGUES)
def renew_invitation(link_id: int) -> ResponseReturnValue:
    """A link that can be passed on, for who came in from a sheet or lost the first one."""
    name, secret = links.renew_invitation(current_actor(), link_id)
    show_once(
        "invitation", name=name, secret=url_for("identity.accept_invitation", secret=secret, _external=True)
    )
    return redirect(url_for("identity.members"), 303)


@bp.route("/identity/members/<int:member_id>/roles", methods=["GET", "POST"])
@only(MANAGES_COLLEAGUES)
def member_roles(member_id: int) -> ResponseReturnValue:
    actor = current_actor()
    member = people.get_colleague(actor, member_id)
    form = RolesForm(roles=[row.role for row in member.roles]).offer(people.roles_to_give(actor))
    if form.validate_on_submit():
        with refusals_to(form):
            people.change_roles(actor, member_id, form.roles.data)
            flash_ok(_("角色已更新。"))
            return redirect(url_for("identity.members"), 303)
    return render_template("identity/members/member_roles.html", form=form, member=member), form_status(form)


@bp.post("/identity/members/<int:member_id>/deactivate")
@only(MANAGES_COLLEAGUES)
def deactivate_member(member_id: int) -> ResponseReturnValue:
    people.set_member_status(current_actor(), member_id, active=False)
    flash_ok(_("账号已停用，其所有设备已退出。"))
    return redirect_back("identity.members")


@bp.post("/identity/members/<int:member_id>/activate")
@only(MANAGES_COLLEAGUES)
def activate_member(member_id: int) -> ResponseReturnValue:
    people.set_member_status(current_actor(), member_id, active=True)
    flash_ok(_("账号已恢复。"))
    return redirect_back("identity.members")


@bp.get("/identity/language")
@public
def set_language() -> ResponseReturnValue:
    """The other language, then back to the page one came from."""
    language = request.args.get("lang", "")
    if language not in LANGUAGES:
        abort(404)
    session["language"] = language
    if current_user.is_authenticated and current_user.language not in ("", language):
        people.set_language(current_user.actor, language)
    return redirect(safe_next(request.args.get("next", "")) or url_for("identity.home"))


@bp.route("/identity/invitation/<secret>", methods=["GET", "POST"])
@public
@limiter.limit("30 per hour", methods=["POST"])
def accept_invitation(secret: str) -> ResponseReturnValue:
    try:
        link = links.get_link("invitation", secret)
    except Refusal:
        return render_template("identity/members/link_ended.html"), 404
    organisation = directory.get_organisation(link.organisation_id)
    form = AcceptForm(name=link.detail.get("name", ""))
    if form.validate_on_submit():
        with refusals_to(form):
            links.accept_invitation(secret, form.login.data, form.password.data, form.name.data)
            flash_ok(_("账号已建立，请登录。"))
            return redirect(url_for("identity.sign_in"), 303)
    return (
        render_template(
            "identity/members/accept_invitation.html", form=form, organisation=organisation, link=link
        ),
        form_status(form),
    )


@bp.route("/identity/profile", methods=["GET", "POST"])
@signed_in
def profile() -> ResponseReturnValue:
    actor = current_actor()
    member = people.get_member(actor.member_id)
    form = ProfileForm(obj=member)
    if form.validate_on_submit():
        with refusals_to(form):
            people.update_profile(
                actor, form.name.data, form.email.data or "", form.phone.data or "", form.language.data
            )
            if form.language.data:
                session["language"] = form.language.data
            flash_ok(_("资料已保存。"))
            return redirect(url_for("identity.profile"), 303)
    organisation = directory.organisation_of(actor)
    return (
        render_template(
            "identity/members/profile.html", form=form, member=member, organisation=organisation, actor=actor
        ),
        form_status(form),
    )
