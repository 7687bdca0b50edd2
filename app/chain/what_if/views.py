"""What-if: firms dragged (or ticked) into the park and out of it; the answer beside them, nothing stored."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.chain.limits import WHAT_IF_FIRMS, WHAT_IF_PROSPECTS
from app.chain.pages import bp, chosen_chain
from app.chain.prospects import queries as prospect_queries
from app.chain.register import service as chains
from app.chain.register import words as wording
from app.chain.register.models import IndustryChain
from app.chain.risk import service as risks
from app.chain.what_if import service as what_if
from app.chain.what_if.rules import Wish, bars, changes, firms_by_output
from app.chain.what_if.schemas import typed_rows, wish_from
from app.hall.errors import Refusal
from app.hall.text import language
from app.hall.web.answers import sentences
from app.hall.web.guards import current_actor, only
from app.identity.door import roles


def _answer(chain: IndustryChain) -> dict[str, Any]:
    """Everything the right-hand side shows, and the reasons when the wish cannot be worked out."""
    problems: list[str] = []
    wish, result = Wish(), None
    try:
        wish = wish_from(request.args)
        result = what_if.run(chain, wish)
    except Refusal as refusal:
        problems = sentences(refusal)
        result = what_if.run(chain, Wish())
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
        "typed": typed_rows(request.args),
        "bars": bars(result),
        "changes": changes(result.before, result.after),
        "risks": None if later else what_if.risks_of(chain, result),
        "query": request.args.to_dict(flat=False),
        "firm_names": result.chain.firm_names() | result.changed.firm_names(),
        "why": wording.sentences(after.reasons, names) if after else [],
        "may_edit": current_actor().may(roles.EDITS_CHAINS),
    }


@bp.get("/what-if")
@only(roles.SEES_CHAINS)
def what_if_page() -> ResponseReturnValue:
    chain = chosen_chain()
    answer = _answer(chain)
    found = chains.chain_facts(chain)
    fits = prospect_queries.fits(chain)
    coming = set(answer["wish"].prospects)
    rows = {row.code: row for row in prospect_queries.list_prospects(chain, open_only=True)}
    picked = [fit for n, fit in enumerate(fits) if n < WHAT_IF_PROSPECTS or fit.code in coming]
    adds = prospect_queries.adds_of([rows[fit.code].id for fit in picked])
    firms = firms_by_output(found)
    leaving = set(answer["wish"].without)
    shown = [row for n, row in enumerate(firms) if n < WHAT_IF_FIRMS or row.code in leaving]
    return render_template(
        "chain/what_if/what_if.html",
        **answer,
        chains=chains.list_chains(),
        fits=[
            (
                fit,
                rows[fit.code],
                prospect_queries.prospect_name(rows[fit.code]),
                adds.get(rows[fit.code].id, []),
            )
            for fit in picked
        ],
        unseen=len(fits) - len(picked),
        firms=shown,
        hidden=len(firms) - len(shown),
        segments=sorted(found.segments, key=lambda s: (s.stage or 0, s.code)),
    ), 422 if answer["problems"] else 200


@bp.get("/what-if/answer")
@only(roles.SEES_CHAINS)
def what_if_answer() -> ResponseReturnValue:
    """The answer alone, for the page's script."""
    answer = _answer(chosen_chain())
    return render_template("chain/what_if/answer.html", **answer), 422 if answer["problems"] else 200


@bp.get("/what-if/risk")
@only(roles.SEES_CHAINS)
def what_if_risk() -> ResponseReturnValue:
    """The risk card alone: in a large park it takes long and comes after the rest of the answer."""
    chain = chosen_chain()
    result = what_if.run(chain, wish_from(request.args))
    return render_template(
        "chain/what_if/risk.html",
        risks=what_if.risks_of(chain, result),
        names=result.changed.names(language.lang()),
        firm_names=result.chain.firm_names() | result.changed.firm_names(),
    )
