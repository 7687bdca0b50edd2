"""Rule files on pages: the text with its tests running beside it, approval, export, who wins and loses."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import TextAreaField
from wtforms.validators import Length, Optional

from app.hall.errors import Invalid
from app.hall.text import language
from app.hall.web.answers import download, flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, only
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import roles
from app.policy import words
from app.policy.desk import service as desk
from app.policy.pages import bp
from app.policy.rules.yaml_tree import LARGEST_FILE
from app.policy.versions import service as versions
from app.policy.versions.models import Policy, PolicyVersion


class RuleForm(FlaskForm):
    text = TextAreaField(_l("规则文件"), [Optional(), Length(max=LARGEST_FILE)])
    file = FileField(_l("或上传文件（.yaml）"))


def _text(form: RuleForm) -> str:
    """The uploaded file, else what stands in the editor."""
    upload = form.file.data
    if upload is None or not upload.filename:
        return str(form.text.data or "")
    data = upload.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise Invalid("policy_file_too_large", kilobytes=LARGEST_FILE // 1024)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("policy_not_utf8") from None
    form.text.data = text
    return str(text)


@bp.get("/versions")
@only(roles.SEES_POLICIES)
def version_list() -> ResponseReturnValue:
    """All policies with their versions."""
    listing = Listing.from_request(
        {"policy": Policy.code, "from": PolicyVersion.valid_from}, "policy", ("state",), per_page=50
    )
    state = listing.filters["state"] if listing.filters["state"] in words.VERSION_STATES else ""
    statement = versions.list_versions(state)
    if listing.q:
        like = f"%{identity.escape_like(listing.q)}%"
        columns = (PolicyVersion.title_zh, PolicyVersion.title_en, Policy.code)
        statement = statement.where(_any(columns, like))
    page = listing.page(statement, PolicyVersion.valid_from.desc(), PolicyVersion.id, scalars=False)
    return render_template(
        "policy/versions.html",
        listing=listing,
        page=page,
        may_import=current_actor().may(roles.KEEPS_POLICIES),
        counts=versions.count_by_state(),
        **words.NAMES,
    )


def _any(columns: Any, like: str) -> Any:
    return sa.or_(*(column.ilike(like, escape="\\") for column in columns))


@bp.get("/versions/new")
@only(roles.KEEPS_POLICIES)
def new_version() -> ResponseReturnValue:
    """The editor, empty or with the text of a version to go on from."""
    number = request.args.get("from", type=int)
    text = versions.get_version(number).text if number else EXAMPLE
    return _editor(RuleForm(formdata=None, text=text))


def _editor(form: RuleForm) -> Any:
    looked = versions.look_into(form.text.data or "") if form.text.data else None
    page = render_template("policy/editor.html", form=form, **_beside(looked), **words.NAMES)
    return page, form_status(form)


def _beside(looked: versions.Looked | None) -> dict[str, object]:
    """What stands beside the text."""
    faults = [versions.fault_reason(fault) for fault in looked.faults] if looked else []
    return {"looked": looked, "faults": faults, "short": _short}


def _short(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(str, value)) + "]"
    return str(float(value)) if hasattr(value, "numerator") and not isinstance(value, bool) else str(value)


@bp.post("/versions/check")
@only(roles.KEEPS_POLICIES)
def check_version() -> ResponseReturnValue:
    """The tests beside the text, run while it is typed; nothing is stored."""
    text = request.form.get("text", "")[: LARGEST_FILE + 1]
    looked = versions.look_into(text) if text.strip() else None
    return render_template("policy/_tests.html", **_beside(looked), **words.NAMES)


@bp.post("/versions")
@only(roles.KEEPS_POLICIES)
def import_version() -> ResponseReturnValue:
    """Store it as a version: refused with line and column, nothing half read."""
    form = RuleForm()
    if form.validate():
        with refusals_to(form):
            row = versions.import_version(current_actor(), _text(form))
            tested = row.state == "tested"
            flash_ok(_("已导入，等待另一人批准。") if tested else _("已存为草稿，还有未完成的事项。"))
            return redirect(url_for("policy.version", version_id=row.id), 303)
    return _editor(form)


@bp.get("/versions/<int:version_id>")
@only(roles.SEES_POLICIES)
def version(version_id: int) -> ResponseReturnValue:
    return _page(version_id, [], 200)


def _page(version_id: int, problems: list[str], status: int) -> Any:
    actor = current_actor()
    row = versions.get_version(version_id)
    looked = versions.look_into(row.text)
    before = versions.in_force_before(row)
    park = identity.find_organisation("PARK")
    names = {member.id: member.name for member in identity.members_of(park.id)} if park else {}
    return render_template(
        "policy/version.html",
        row=row,
        policy=looked.policy,
        before=before,
        siblings=versions.versions_of(row.policy_id),
        names=names,
        problems=problems,
        may_approve=actor.may(roles.APPROVES_POLICIES) and row.state in ("draft", "tested"),
        may_edit=actor.may(roles.KEEPS_POLICIES),
        against=[language.message(one.code, one.params) for one in versions.approval_reasons(actor, row)]
        if row.state in ("draft", "tested")
        else [],
        calibration=desk.calibration(row.policy_id),
        both=words.both,
        **_beside(looked),
        **words.NAMES,
    ), status


@bp.post("/versions/<int:version_id>/approve")
@only(roles.APPROVES_POLICIES)
def approve_version(version_id: int) -> ResponseReturnValue:
    """A second person's yes."""
    form = FlaskForm()
    if form.validate():
        with refusals_to(form):
            row = versions.approve(current_actor(), version_id)
            day = row.valid_from.isoformat()
            flash_ok(_("已批准并生效。") if row.state == "in_force" else _("已批准，%(day)s 生效。", day=day))
            return redirect(url_for("policy.version", version_id=version_id), 303)
    return _page(version_id, list(form.form_errors), form_status(form))


@bp.get("/versions/<int:version_id>/export.yaml")
@only(roles.SEES_POLICIES)
def export_version(version_id: int) -> ResponseReturnValue:
    """The file as it was imported."""
    row = versions.get_version(version_id)
    name = f"{row.policy.code}-{row.valid_from.isoformat()}.yaml"
    return download(row.text.encode(), name, "application/yaml; charset=utf-8")


@bp.get("/versions/<int:version_id>/diff")
@only(roles.SEES_MONTHLY_FACTS_OF_ALL_FIRMS)
def version_diff(version_id: int) -> ResponseReturnValue:
    """Who wins and loses by this version, held against the one before it."""
    row = versions.get_version(version_id)
    before = versions.in_force_before(row)
    found = desk.winners_and_losers(before, row) if before else []
    firms = identity.organisations_by_code(change.enterprise for change in found)
    return render_template(
        "policy/diff.html", row=row, before=before, changes=found, firms=firms, **words.NAMES
    )


EXAMPLE = """\
format: parklink-policy/1
id: my-policy
title: {zh: 政策名称, en: Name of the policy}
authority: 发布单位
reference: 文号
valid: {from: 2027-01-01, to: null}
kind: subsidy            # coaching | subsidy | loan | space | talent | tax
claim: apply             # apply | automatic
facts: [staff]
parameters:
  least: {2027-01-01: 10}
conditions:
  - {id: size, weight: 1, mandatory: true, text: {zh: 至少十人, en: at least ten people}, expr: "staff >= p.least"}
tests:
  - {name: 正好十人, as_of: 2027-02-01, month: 2027-01, facts: {staff: {2027-01: 10}}, expect: {push: true}}
  - {name: 九人不够, as_of: 2027-02-01, month: 2027-01, facts: {staff: {2027-01: 9}}, expect: {push: false, state: ineligible}}
"""
