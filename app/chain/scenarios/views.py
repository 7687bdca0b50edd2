"""Scenarios: what-ifs with a name, compared side by side and shared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.chain.pages import bp, chosen_chain
from app.chain.register import facts
from app.chain.register import service as chains
from app.chain.register.models import IndustryChain
from app.chain.risk import service as risks
from app.chain.scenarios import service as store
from app.chain.scenarios.models import Scenario
from app.chain.weak_links.service import assessment
from app.chain.what_if import service as what_if
from app.chain.what_if.rules import Result, Wish
from app.chain.what_if.schemas import wish_from
from app.hall.errors import Refusal
from app.hall.text import language
from app.hall.web.answers import flash_ok, sentences
from app.hall.web.guards import current_actor, only
from app.identity.door import roles

if TYPE_CHECKING:
    from app.chain.risk.rules import RiskRange


@bp.post("/scenarios")
@only(roles.EDITS_CHAINS)
def save_scenario() -> ResponseReturnValue:
    chain = chosen_chain()
    store.save(
        current_actor(),
        chain,
        request.form.get("title", ""),
        wish_from(request.form),
        request.form.get("note", ""),
        request.form.get("shared") == "1",
    )
    flash_ok(_("情景已保存。"))
    return redirect(url_for("chain.scenarios", chain=chain.code), 303)


@bp.get("/scenarios")
@only(roles.SEES_CHAINS)
def scenarios() -> ResponseReturnValue:
    chain = chosen_chain()
    actor = current_actor()
    rows = store.visible(actor, chain)
    wanted = set(request.args.getlist("s", type=int)[:4]) or {row.id for row in rows[:3]}
    compared = [_column(chain, row) for row in rows if row.id in wanted]
    found = chains.chain_facts(chain)
    codes = [row.segment for row in assessment(chain).findings]
    for column in compared:
        codes += [c for c in column["gaps"] if c not in codes]
    now = {row.segment: row for row in assessment(chain).findings}
    names = found.names(language.lang())
    for column in compared:
        names = column["names"] | names
    busy = [
        c for c in codes if (c in now and now[c].shortfall_wan) or any(col["gaps"].get(c) for col in compared)
    ]
    return render_template(
        "chain/scenarios/scenarios.html",
        chain=chain,
        chains=chains.list_chains(),
        rows=rows,
        wanted=wanted,
        compared=compared,
        now=now,
        codes=busy,
        names=names,
        author=actor.member_id,
        today=what_if.run(chain, Wish()),
        later=risks.is_large(chain),
        risk=_risk(chain, what_if.run(chain, Wish())),
        may_edit=actor.may(roles.EDITS_CHAINS),
    )


def _risk(chain: IndustryChain, result: Result) -> RiskRange | None:
    """The riskiest firm's range; left to a request of its own where it takes long."""
    return None if risks.is_large(chain) else what_if.risks_of(chain, result).after


@bp.get("/scenarios/risk")
@only(roles.SEES_CHAINS)
def scenario_risk() -> ResponseReturnValue:
    """One cell of the comparison, for parks where it takes long: of scenario `s`, or of today."""
    chain = chosen_chain()
    asked = request.args.get("s", type=int)
    try:
        wish = store.wish_of(store.get(current_actor(), chain, asked)) if asked else Wish()
        found = what_if.risks_of(chain, what_if.run(chain, wish)).after
    except Refusal:
        found = None
    return render_template("chain/scenarios/risk.html", risk=found)


def _column(chain: IndustryChain, row: Scenario) -> dict[str, Any]:
    """One scenario computed on today's data; one that no longer fits says so."""
    column: dict[str, Any] = {"scenario": row, "problems": [], "gaps": {}, "names": {}, "result": None}
    try:
        result = what_if.run(chain, store.wish_of(row))
    except Refusal as refusal:
        column["problems"] = sentences(refusal)
        return column
    changed: facts.Chain = result.changed
    column["result"] = result
    column["risk"] = _risk(chain, result)
    column["who"] = store.people_of(chain, row)
    column["names"] = changed.names(language.lang())
    column["gaps"] = {f.segment: f.shortfall_wan for f in result.after.findings}
    column["query"] = {"come": list(row.prospects), "leave": list(row.removed), "chain": chain.code}
    column["query"] |= {"name": [a[0] for a in row.added], "segment": [a[1] for a in row.added]}
    column["query"]["output"] = [a[2] for a in row.added]
    return column


@bp.post("/scenarios/<int:scenario_id>/delete")
@only(roles.EDITS_CHAINS)
def delete_scenario(scenario_id: int) -> ResponseReturnValue:
    chain = chosen_chain()
    store.delete(current_actor(), chain, scenario_id)
    flash_ok(_("情景已删除。"))
    return redirect(url_for("chain.scenarios", chain=chain.code), 303)


@bp.post("/scenarios/<int:scenario_id>/share")
@only(roles.EDITS_CHAINS)
def share_scenario(scenario_id: int) -> ResponseReturnValue:
    chain = chosen_chain()
    row = store.share(current_actor(), chain, scenario_id, request.form.get("shared") == "1")
    flash_ok(_("已与同事共享。") if row.shared else _("已改为只有自己可见。"))
    return redirect(url_for("chain.scenarios", chain=chain.code), 303)
