"""What-if, and the scenarios that keep it."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import language
from app.chain import facts
from app.chain.models import IndustryChain
from app.chain.service import answers, chains, prospects, what_if, wording
from app.chain.views import bp
from app.chain.views.atlas import chosen_chain
from app.errors import Invalid, Refusal
from app.web import current_actor, flash_ok, roles, sentences

MOST = 60


def wish_from(values: Any) -> what_if.Wish:
    """Who comes (`come`), who leaves (`leave`), and firms typed by hand (`name`, `segment`, `output`)."""
    rows = []
    typed = zip(values.getlist("name"), values.getlist("segment"), values.getlist("output"), strict=False)
    for name, segment, output in typed:
        if not (name.strip() or segment.strip() or output.strip()):
            continue
        try:
            amount = float(output)
        except ValueError:
            amount = -1.0
        if not name.strip() or not segment.strip() or not 0 <= amount <= 1e12:
            raise Invalid("chain_what_if_row", name=name[:40] or "—")
        rows.append({"name": name.strip()[:100], "segment": segment, "output_wan": amount})
    return what_if.Wish(
        what_if.newcomers(rows[:MOST]),
        tuple(values.getlist("come")[:MOST]),
        tuple(values.getlist("leave")[:MOST]),
    )


@bp.get("/what-if")
@roles(*chains.STAFF)
def what_if_page() -> Any:
    chain = chosen_chain()
    problems: list[str] = []
    result = None
    wish = what_if.Wish()
    try:
        wish = wish_from(request.args)
        if wish.positions or wish.prospects or wish.without:
            result = what_if.run(chain, wish)
    except Refusal as refusal:
        problems = sentences(refusal)
    found = chains.chain_facts(chain)
    names = (result.changed if result else found).names(language.lang())
    fits = prospects.fits(chain)
    rows = {row.code: row for row in prospects.list_prospects(chain, open_only=True)}
    adds = what_if.adds_of([row.id for row in rows.values()])
    firms = sorted({(row.enterprise, row.name) for row in found.positions if row.in_park})
    return render_template(
        "chain/what_if.html",
        chain=chain,
        chains=chains.list_chains(),
        wish=wish,
        typed=list(
            zip(
                request.args.getlist("name"),
                request.args.getlist("segment"),
                request.args.getlist("output"),
                strict=False,
            )
        )[:MOST],
        problems=problems,
        result=result,
        changes=answers.changes(result.before, result.after) if result else [],
        names=names,
        fits=[
            (fit, rows[fit.code], prospects.prospect_name(rows[fit.code]), adds.get(rows[fit.code].id, []))
            for fit in fits
        ],
        firms=firms,
        segments=sorted(found.segments, key=lambda s: (s.stage or 0, s.code)),
        risk=(what_if.risk_range_of(result.chain), what_if.risk_range_of(result.changed)) if result else None,
        firm_names=found.firm_names() | (result.changed.firm_names() if result else {}),
        first=_first_sentences(result),
        may_edit=current_actor().has(*chains.EDITORS),
    ), 422 if problems else 200


def _first_sentences(result: what_if.Result | None) -> list[str]:
    if result is None or not result.after.findings or result.after.findings[0].rank != 1:
        return []
    return wording.sentences(result.after.findings[0].reasons, result.changed.names(language.lang()))


@bp.post("/scenarios")
@roles(*chains.EDITORS)
def save_scenario() -> Any:
    chain = chosen_chain()
    what_if.save_scenario(
        current_actor(), chain, request.form.get("title", ""), wish_from(request.form),
        request.form.get("note", ""), request.form.get("shared") == "1",
    )  # fmt: skip
    flash_ok(_("情景已保存。"))
    return redirect(url_for("chain.scenarios", chain=chain.code), 303)


@bp.get("/scenarios")
@roles(*chains.STAFF)
def scenarios() -> Any:
    chain = chosen_chain()
    actor = current_actor()
    rows = what_if.list_scenarios(actor, chain)
    wanted = set(request.args.getlist("s", type=int)[:4]) or {row.id for row in rows[:3]}
    compared = [_column(chain, row) for row in rows if row.id in wanted]
    found = chains.chain_facts(chain)
    codes = [row.segment for row in chains.assessment(chain).findings]
    for column in compared:
        codes += [c for c in column["gaps"] if c not in codes]
    now = {row.segment: row for row in chains.assessment(chain).findings}
    names = found.names(language.lang())
    for column in compared:
        names = column["names"] | names
    busy = [
        c for c in codes if (c in now and now[c].shortfall_wan) or any(col["gaps"].get(c) for col in compared)
    ]
    return render_template(
        "chain/scenarios.html", chain=chain, chains=chains.list_chains(), rows=rows, wanted=wanted, compared=compared,
        now=now, total=chains.assessment(chain).total_shortfall_wan, codes=busy, names=names, me=actor.member_id,
    )  # fmt: skip


def _column(chain: IndustryChain, row: Any) -> dict[str, Any]:
    """One scenario computed on today's data; one that no longer fits says so."""
    column: dict[str, Any] = {"scenario": row, "problems": [], "gaps": {}, "names": {}, "result": None}
    try:
        result = what_if.run(chain, what_if.wish_of(row))
    except Refusal as refusal:
        column["problems"] = sentences(refusal)
        return column
    changed: facts.Chain = result.changed
    column["result"] = result
    column["names"] = changed.names(language.lang())
    column["gaps"] = {f.segment: f.shortfall_wan for f in result.after.findings}
    column["query"] = {"come": list(row.prospects), "leave": list(row.removed), "chain": chain.code}
    column["query"] |= {"name": [a[0] for a in row.added], "segment": [a[1] for a in row.added]}
    column["query"]["output"] = [a[2] for a in row.added]
    return column


@bp.post("/scenarios/<int:scenario_id>/delete")
@roles(*chains.EDITORS)
def delete_scenario(scenario_id: int) -> Any:
    chain = chosen_chain()
    what_if.delete_scenario(current_actor(), chain, scenario_id)
    flash_ok(_("情景已删除。"))
    return redirect(url_for("chain.scenarios", chain=chain.code), 303)
