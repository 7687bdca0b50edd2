"""Pages of industry packs: the list, and the form that writes one."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.ecosystem import sight
from app.ecosystem.packs import industries
from app.ecosystem.packs.models import IndustryPack
from app.ecosystem.packs.rules import BASIC, RECRUITING, Line, Needs, read_lines, read_words, write_lines
from app.ecosystem.packs.schemas import IndustryPackForm
from app.ecosystem.pages import bp
from app.hall.web.answers import flash_ok, form_status, refusals_to
from app.hall.web.guards import current_actor, only
from app.identity.door import roles


@bp.get("/packs/industries")
@only(roles.SEES_WHOLE_MARKET)
def industry_packs() -> ResponseReturnValue:
    return render_template(
        "ecosystem/packs/industries.html",
        rows=industries.all_industries(),
        can_write=sight.is_matchmaker(current_actor()),
    )


@bp.route("/packs/industries/new", methods=["GET", "POST"])
@only(roles.MATCHES_PARTIES)
def new_industry_pack() -> ResponseReturnValue:
    return _write(None)


@bp.route("/packs/industries/<code>", methods=["GET", "POST"])
@only(roles.MATCHES_PARTIES)
def industry_pack(code: str) -> ResponseReturnValue:
    return _write(industries.find(code))


def _write(row: IndustryPack | None) -> ResponseReturnValue:
    form = IndustryPackForm()
    if row is not None:
        form.code.data = row.code  # a code never changes: packs already built carry it
    if form.validate_on_submit():
        with refusals_to(form):
            industries.save(
                current_actor(),
                form.code.data,
                form.name_zh.data,
                form.name_en.data or "",
                Needs(
                    read_words(form.resource_words.data or ""),
                    read_words(form.offer_tags.data or ""),
                    _lines(form),
                ),
            )
            flash_ok(_("行业服务包已保存，之后生成的服务包按它准备。"))
            return redirect(url_for("ecosystem.industry_packs"), 303)
    elif request.method == "GET" and row is not None:
        _fill(form, row)
    return render_template("ecosystem/packs/industry_form.html", form=form, row=row), form_status(form)


def _lines(form: IndustryPackForm) -> tuple[Line, ...]:
    return (
        *read_lines(BASIC, form.basics.data or "")[0],
        *read_lines(RECRUITING, form.channels.data or "")[0],
    )


def _fill(form: IndustryPackForm, row: IndustryPack) -> None:
    wanted = industries.needs_of(row)
    form.name_zh.data, form.name_en.data = row.name_zh, row.name_en
    form.resource_words.data = _("、").join(wanted.resources)
    form.offer_tags.data = _("、").join(wanted.offers)
    form.basics.data = write_lines(BASIC, wanted.lines)
    form.channels.data = write_lines(RECRUITING, wanted.lines)
