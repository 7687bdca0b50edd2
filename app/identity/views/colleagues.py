"""Colleagues: the members of one's own organisation, their roles, invitations and reset links."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from app import clock
from app.identity.forms import InviteForm, RolesForm
from app.identity.messages import ROLE_NAMES, STATUS_NAMES
from app.identity.models import Member
from app.identity.service import directory, joining, people
from app.identity.views import bp
from app.identity.views.account import show_once, shown_once
from app.web import (
    Listing,
    current_actor,
    flash_ok,
    form_status,
    redirect_back,
    refusals_to,
    roles,
    signed_in,
)

MANAGERS = ("enterprise_admin", "park_admin", "university_office")


@bp.get("/identity/members")
@signed_in
def members() -> Any:
    actor = current_actor()
    listing = Listing.from_request(
        sorts={"name": Member.name, "login": Member.login, "last": Member.last_sign_in_at},
        default="name",
        filters=("status",),
    )
    statement = people.member_statement(actor.organisation_id, listing.q, listing.filters["status"])
    manages = people.may_manage(actor, actor.organisation_id)
    return render_template(
        "identity/members.html",
        listing=listing,
        page=listing.page(statement, Member.id),
        organisation=directory.get_organisation(actor.organisation_id),
        manages=manages,
        may_invite=bool(people.roles_to_give(actor)),
        invitations=people.open_invitations(actor) if people.roles_to_give(actor) else [],
        fresh=shown_once("invitation", "reset"),
        role_names=ROLE_NAMES,
        status_names=STATUS_NAMES,
        actor=actor,
        now=clock.now(),
    )


@bp.route("/identity/members/invite", methods=["GET", "POST"])
@roles(*MANAGERS)
def invite() -> Any:
    actor = current_actor()
    form = InviteForm().offer(people.roles_to_give(actor))
    if form.validate_on_submit():
        with refusals_to(form):
            secret = joining.invite(actor, form.name.data, form.email.data or "", form.roles.data)
            link = url_for("identity.accept_invitation", secret=secret, _external=True)
            show_once("invitation", name=form.name.data, secret=link)
            return redirect(url_for("identity.members"), 303)
    organisation = directory.get_organisation(actor.organisation_id)
    return render_template("identity/invite.html", form=form, organisation=organisation), form_status(form)


@bp.post("/identity/invitations/<int:link_id>/withdraw")
@roles(*MANAGERS)
def withdraw_invitation(link_id: int) -> Any:
    people.withdraw_invitation(current_actor(), link_id)
    flash_ok(_("邀请已撤回。"))
    return redirect(url_for("identity.members"), 303)


@bp.route("/identity/members/<int:member_id>/roles", methods=["GET", "POST"])
@roles("enterprise_admin", "park_admin")
def member_roles(member_id: int) -> Any:
    actor = current_actor()
    member = people.get_colleague(actor, member_id)
    form = RolesForm(roles=[row.role for row in member.roles]).offer(people.roles_to_give(actor))
    if form.validate_on_submit():
        with refusals_to(form):
            people.change_roles(actor, member_id, form.roles.data)
            flash_ok(_("角色已更新。"))
            return redirect(url_for("identity.members"), 303)
    return render_template("identity/member_roles.html", form=form, member=member), form_status(form)


@bp.post("/identity/members/<int:member_id>/deactivate")
@roles("enterprise_admin", "park_admin")
def deactivate_member(member_id: int) -> Any:
    joining.set_member_status(current_actor(), member_id, active=False)
    flash_ok(_("账号已停用，其所有设备已退出。"))
    return redirect_back("identity.members")


@bp.post("/identity/members/<int:member_id>/activate")
@roles("enterprise_admin", "park_admin")
def activate_member(member_id: int) -> Any:
    joining.set_member_status(current_actor(), member_id, active=True)
    flash_ok(_("账号已恢复。"))
    return redirect_back("identity.members")


@bp.post("/identity/members/<int:member_id>/reset-link")
@roles("enterprise_admin", "park_admin")
def make_reset_link(member_id: int) -> Any:
    actor = current_actor()
    member = people.get_colleague(actor, member_id)
    secret = joining.reset_link(actor, member_id)
    link = url_for("identity.reset_password", secret=secret, _external=True)
    show_once("reset", name=member.name, secret=link)
    return redirect_back("identity.members")
