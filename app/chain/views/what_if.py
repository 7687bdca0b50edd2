"""What-if: firms dragged (or ticked) into the park and out of it; the answer beside them, nothing stored."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from app import language
from app.chain.models import IndustryChain
from app.chain.service import answers, chains, prospects, risks, what_if, wording
from app.chain.views import bp
from app.chain.views.atlas import chosen_chain
from app.errors import Invalid, Refusal
from app.web import current_actor, roles, sentences

MOST = 60
FIRMS_SHOWN = 200
PROSPECTS_SHOWN = 100


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
        tuple(dict.fromkeys(code for code in values.getlist("come") if code))[:MOST],
        tuple(dict.fromkeys(code.strip() for code in values.getlist("leave") if code.strip()))[:MOST],
    )


def _typed(values: Any) -> list[tuple[str, str, str]]:
    lists = (values.getlist(name) for name in ("name", "segment", "output"))
    return [row for row in zip(*lists, strict=False) if any(cell.strip() for cell in row)][:MOST]


def _answer(chain: IndustryChain) -> dict[str, Any]:
    """Everything the right-hand side shows, and the reasons when the wish cannot be worked out."""
    problems: list[str] = []
    wish, result = what_if.Wish(), None
    try:
        wish = wish_from(request.args)
        result = what_if.run(chain, wish)
    except Refusal as refusal:
        problems = sentences(refusal)
        result = what_if.run(chain, what_if.Wish())
    names = result.changed.names(language.lang())
    after = result.next_gap
    later = risks.is_large(chain) and request.args.get("risk") != "1"
    return {
        "chain": chain,
        "wish": wish,
        "idle": not (wish.positions or wish.prospects or wish.without),
        "problems": problems,
        "result": result,
        "names": names,
        "typed": _typed(request.args),
        "bars": what_if.bars(result),
        "changes": answers.changes(result.before, result.after),
        "risks": None if later else what_if.risks_of(chain, result),
        "query": request.args.to_dict(flat=False),
        "firm_names": result.chain.firm_names() | result.changed.firm_names(),
        "why": wording.sentences(after.reasons, names) if after else [],
        "may_edit": current_actor().has(*chains.EDITORS),
    }


@bp.get("/what-if")
@roles(*chains.STAFF)
def what_if_page() -> Any:
    chain = chosen_chain()
    answer = _answer(chain)
    found = chains.chain_facts(chain)
    fits = prospects.fits(chain)
    coming = set(answer["wish"].prospects)
    rows = {row.code: row for row in prospects.list_prospects(chain, open_only=True)}
    picked = [fit for n, fit in enumerate(fits) if n < PROSPECTS_SHOWN or fit.code in coming]
    adds = what_if.adds_of([rows[fit.code].id for fit in picked])
    firms = what_if.firms_by_output(found)
    leaving = set(answer["wish"].without)
    shown = [row for n, row in enumerate(firms) if n < FIRMS_SHOWN or row.code in leaving]
    return render_template(
        "chain/what_if.html",
        **answer,
        chains=chains.list_chains(),
        fits=[
            (fit, rows[fit.code], prospects.prospect_name(rows[fit.code]), adds.get(rows[fit.code].id, []))
            for fit in picked
        ],
        unseen=len(fits) - len(picked),
        firms=shown,
        hidden=len(firms) - len(shown),
        segments=sorted(found.segments, key=lambda s: (s.stage or 0, s.code)),
    ), 422 if answer["problems"] else 200


@bp.get("/what-if/answer")
@roles(*chains.STAFF)
def what_if_answer() -> Any:
    """The answer alone, for the page's script."""
    answer = _answer(chosen_chain())
    return render_template("chain/what_if_answer.html", **answer), 422 if answer["problems"] else 200


@bp.get("/what-if/risk")
@roles(*chains.STAFF)
def what_if_risk() -> Any:
    """The risk card alone: in a large park it takes long and comes after the rest of the answer."""
    chain = chosen_chain()
    result = what_if.run(chain, wish_from(request.args))
    return render_template(
        "chain/what_if_risk.html", risks=what_if.risks_of(chain, result),
        names=result.changed.names(language.lang()),
        firm_names=result.chain.firm_names() | result.changed.firm_names(),
    )  # fmt: skip
