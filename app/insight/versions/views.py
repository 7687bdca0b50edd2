"""Weights and codebooks as pages: one proposes, another approves; nothing in force is ever edited."""

from __future__ import annotations

from fractions import Fraction

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField
from wtforms.validators import Length, Optional

from app.hall.errors import Invalid, NotFound, Reason
from app.hall.files.cells import BadCell
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok, form_status, redirect_back, refusals_to
from app.hall.web.guards import current_actor, only
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.insight.cockpit import drawing
from app.insight.pages import bp
from app.insight.reading import read_score
from app.insight.scores.queries import board
from app.insight.scores.store import finished
from app.insight.themes import service as themes
from app.insight.themes.books import get_book, list_books, look_into
from app.insight.themes.models import CodebookVersion
from app.insight.versions import service as versions
from app.insight.weights import service as weights
from app.insight.weights.models import WeightsVersion
from app.insight.weights.rules import Weight

LONGEST = 256 * 1024


class WeightsForm(FlaskForm):
    note = StringField(_l("为什么改"), [Optional(), Length(max=500)])


class BookForm(FlaskForm):
    text = TextAreaField(_l("编码本"), [Optional(), Length(max=LONGEST)])


@bp.get("/weights")
@only(roles.SEES_INSIGHT_VERSIONS)
def weights_page() -> ResponseReturnValue:
    """What each dimension weighs, its target and its red line; versions with who proposed and who approved."""
    return _weights_page(WeightsForm(formdata=None), {})


def _weights_page(form: WeightsForm, typed: dict[str, tuple[str, str, str]]) -> ResponseReturnValue:
    rows = weights.list_versions()
    now = weights.weights_of(weights.in_force())
    values = {code: (str(w), f"{float(t):g}", f"{float(r):g}") for code, (w, t, r) in now.items()} | typed
    page = render_template(
        "insight/versions/weights.html",
        form=form,
        rows=[(row, weights.weights_of(row)) for row in rows],
        now=now,
        values=values,
        people=_people(rows),
        **_rights(),
    )
    return page, form_status(form)


def _people(rows: list[WeightsVersion] | list[CodebookVersion]) -> dict[int, str]:
    ids = {one for row in rows for one in (row.proposed_by_id, row.approved_by_id) if one is not None}
    return identity.member_names(ids)


def _rights() -> dict[str, object]:
    actor = current_actor()
    month = finished()
    return {
        "may_propose": actor.may(roles.PROPOSES_INSIGHT_CHANGES),
        "may_decide": lambda row: _may_decide(actor, row),
        "names": board(month, month),
        "draw": drawing,
    }


def _may_decide(actor: Actor, row: WeightsVersion | CodebookVersion) -> bool:
    mine = row.proposed_by_id == actor.member_id
    return row.state == "proposed" and not mine and actor.may(roles.APPROVES_INSIGHT_CHANGES)


@bp.post("/weights")
@only(roles.PROPOSES_INSIGHT_CHANGES)
def propose_weights_page() -> ResponseReturnValue:
    form = WeightsForm()
    typed = {
        code: (
            request.form.get(f"weight-{code}", "")[:20],
            request.form.get(f"target-{code}", "")[:40],
            request.form.get(f"red-{code}", "")[:40],
        )
        for code in weights.in_force().weights
    }
    if form.validate_on_submit():
        with refusals_to(form):
            weights.propose(current_actor(), _read_weights(typed), form.note.data or "")
            flash_ok(_("权重已提出，等另一人批准"))
            return redirect(url_for("insight.weights_page"), 303)
    return _weights_page(form, typed)


def _read_weights(typed: dict[str, tuple[str, str, str]]) -> dict[str, Weight]:
    """The numbers of the form; everything that is none, each at its dimension."""
    wanted, wrong = {}, []
    for code, (weight, target, red) in typed.items():
        permille = whole(weight)
        if permille is None or not 0 <= permille <= 1000:
            wrong.append(Reason("insight_weight_not_whole", {"value": weight or "—", "name": code}))
            continue
        scores = []
        for text in (target, red):
            score = _score(text)
            if score is None:
                wrong.append(Reason("insight_not_a_score", {"value": text or "—"}))
            scores.append(score or Fraction(0))
        wanted[code] = Weight(permille, *scores)
    if wrong:
        raise Invalid("insight_weights_refused", wrong)
    return wanted


def _score(text: str) -> Fraction | None:
    try:
        return read_score(text)
    except BadCell:
        return None


@bp.post("/weights/<int:version_id>/<any(approve, reject):verdict>")
@only(roles.APPROVES_INSIGHT_CHANGES)
def decide_weights(version_id: int, verdict: str) -> ResponseReturnValue:
    versions.decide(current_actor(), WeightsVersion, version_id, approve=verdict == "approve")
    flash_ok(_("已批准，立即生效") if verdict == "approve" else _("已退回"))
    return redirect_back("insight.weights_page")


@bp.get("/weights/codebooks")
@only(roles.SEES_INSIGHT_VERSIONS)
def codebook_list() -> ResponseReturnValue:
    """The codebook in force with its tests, every version, and the editor for the next."""
    rows = list_books()
    number = request.args.get("version", type=int)
    row = get_book(number) if number else next((one for one in rows if one.state == "in_force"), None)
    if number and row is None:
        raise NotFound("insight_version_not_found")
    return _book_page(BookForm(formdata=None, text=row.text if row else themes.EXAMPLE), row)


def _book_page(form: BookForm, row: CodebookVersion | None) -> ResponseReturnValue:
    rows = list_books()
    text = form.text.data or ""
    page = render_template(
        "insight/versions/codebooks.html",
        form=form,
        rows=rows,
        row=row,
        looked=look_into(text) if text.strip() else None,
        people=_people(rows),
        **_rights(),
    )
    return page, form_status(form)


@bp.post("/weights/codebooks")
@only(roles.PROPOSES_INSIGHT_CHANGES)
def propose_codebook_page() -> ResponseReturnValue:
    """Check it (nothing is stored) or propose it: its own tests pass or nothing is kept."""
    form = BookForm()
    if form.validate_on_submit() and request.form.get("act") == "propose":
        with refusals_to(form):
            themes.propose(current_actor(), form.text.data or "")
            flash_ok(_("编码本已提出，等另一人批准"))
            return redirect(url_for("insight.codebook_list"), 303)
    return _book_page(form, None)


@bp.post("/weights/codebooks/<int:version_id>/<any(approve, reject):verdict>")
@only(roles.APPROVES_INSIGHT_CHANGES)
def decide_codebook(version_id: int, verdict: str) -> ResponseReturnValue:
    themes.decide(current_actor(), version_id, approve=verdict == "approve")
    flash_ok(_("已批准，所有原话按新编码本重读") if verdict == "approve" else _("已退回"))
    return redirect_back("insight.codebook_list")
