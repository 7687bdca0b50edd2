"""The planner's page: limits as sliders, the curve, whom to invite, why not the others; works without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.chain.exchange.views import XLSX
from app.chain.pages import bp, chosen_chain
from app.chain.planner import service as planner
from app.chain.planner.chart import Curve, curve
from app.chain.planner.files import pdf, workbook
from app.chain.planner.schemas import ask_from_address
from app.chain.recruit.cli import REASON, STATUS
from app.chain.register import service as chains
from app.chain.register.models import IndustryChain
from app.hall import clock
from app.hall.errors import Invalid, NotFound, Refusal
from app.hall.web.answers import download, flash_ok, sentences
from app.hall.web.guards import current_actor, only
from app.hall.web.money import in_wan
from app.identity.door import roles

if TYPE_CHECKING:
    from app.chain.recruit.plan import Point


OUTLOOK = {"low": _l("都偏低"), "middle": _l("如预期"), "high": _l("都偏高")}


def _asked() -> planner.Ask:
    given = request.form if request.method == "POST" else request.args
    words = {
        key: in_wan(value) if key == "budget" or key.startswith("cost.") else value
        for key, value in given.items()
    }
    outputs = [in_wan(text) for text in given.getlist("output")]
    return ask_from_address(words, given.getlist("name"), given.getlist("segment"), outputs)


@bp.get("/planner")
@only(roles.SEES_CHAINS)
def planner_page() -> ResponseReturnValue:
    chain = chosen_chain()
    pool = planner.read_pool(chain)
    problems: list[str] = []
    ask, answer, status = planner.Ask(), None, 200
    try:
        ask = _asked()
        answer = planner.solve(chain, ask, pool)
    except Refusal as refusal:
        problems, status = sentences(refusal), refusal.status
    actor = current_actor()
    return (
        render_template(
            "chain/planner/planner.html",
            chain=chain,
            chains=chains.list_chains(),
            ask=ask,
            choices=planner.choices(pool, ask),
            answer=answer,
            curve=_curve(chain, ask, pool, answer),
            segments=planner.names_of_segments(chain, pool),
            problems=problems,
            reasons=REASON,
            states=STATUS,
            outlook_names=OUTLOOK,
            typed_codes=[one.code for one in ask.typed],
            plans=planner.kept_plans(actor, chain),
            typed=list(
                zip(
                    request.args.getlist("name"),
                    request.args.getlist("segment"),
                    request.args.getlist("output"),
                    strict=False,
                )
            ),
            query=request.args.to_dict(flat=False),
            may_edit=actor.may(roles.EDITS_CHAINS),
            my_id=actor.member_id,
        ),
        status,
    )


def _curve(
    chain: IndustryChain, ask: planner.Ask, pool: planner.Pool, answer: planner.Answer | None
) -> Curve | None:
    """Return the curve of the plan, and of the same question without its budget."""
    if answer is None or not answer.plan.front:
        return None
    free: list[tuple[int, float]] = []
    if ask.budget is not None:
        free = _points(planner.solve(chain, replace(ask, budget=None), pool).plan.front)
    return curve(_points(answer.plan.front), free)


def _points(front: Sequence[Point]) -> list[tuple[int, float]]:
    return [(point.firms, float(point.value)) for point in front]


@bp.get("/planner.<kind>")
@only(roles.SEES_CHAINS)
def planner_file(kind: str) -> ResponseReturnValue:
    """What the page shows as a workbook or on paper."""
    chain = chosen_chain()
    pool = planner.read_pool(chain)
    answer = planner.solve(chain, _asked(), pool)
    name = f"recruiting-plan-{chain.code}-{clock.today():%Y%m%d}"
    segments = planner.names_of_segments(chain, pool)
    if kind == "xlsx":
        return download(workbook(answer, segments), f"{name}.xlsx", XLSX)
    if kind == "pdf":
        return download(pdf(chain, answer, segments), f"{name}.pdf", "application/pdf")
    raise NotFound("chain_not_found", code=kind)


@bp.post("/planner/keep")
@only(roles.EDITS_CHAINS)
def keep_plan() -> ResponseReturnValue:
    chain = chosen_chain()
    asked = {
        key: values
        for key, values in request.form.to_dict(flat=False).items()
        if key not in ("csrf_token", "title", "shared")
    }
    answer = planner.solve(chain, _asked())
    shared = bool(request.form.get("shared"))
    planner.keep(current_actor(), chain, request.form.get("title", ""), asked, answer, shared)
    flash_ok(_("方案已保存。"))
    return redirect(f"{url_for('chain.planner_page')}?{urlencode(asked, doseq=True)}", 303)


@bp.post("/planner/plans/<int:plan_id>/drop")
@only(roles.EDITS_CHAINS)
def drop_plan(plan_id: int) -> ResponseReturnValue:
    chain = chosen_chain()
    planner.drop(current_actor(), chain, plan_id)
    flash_ok(_("方案已删除。"))
    return redirect(url_for("chain.planner_page", chain=chain.code), 303)


@bp.post("/planner/take-up")
@only(roles.EDITS_CHAINS)
def take_up_plan() -> ResponseReturnValue:
    """The chosen enter the pipeline together, with what they cost."""
    chain = chosen_chain()
    ask = _asked()
    chosen = list(planner.solve(chain, ask).plan.chosen)
    if not chosen:
        raise Invalid("recruit_nobody")
    new = planner.take_up(current_actor(), chain, ask, chosen)
    flash_ok(
        ngettext(
            "方案内的企业都在招商储备库中，新加入 %(num)s 家。",
            "方案内的企业都在招商储备库中，新加入 %(num)s 家。",
            new,
        )
    )
    return redirect(url_for("chain.prospect_list", chain=chain.code), 303)
