"""This column is your …? The page that meets a file of somebody else."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.chain.exchange import drafts
from app.chain.exchange.answers import given_up, to_preview
from app.chain.exchange.models import ImportDraft
from app.chain.foreign import rules, words
from app.chain.foreign import service as foreign
from app.chain.pages import bp
from app.chain.register import service as chains
from app.hall.web.guards import current_actor, only
from app.identity.door import roles


@bp.get("/import/columns/<int:draft_id>")
@only(roles.EDITS_CHAINS)
def foreign_draft(draft_id: int) -> ResponseReturnValue:
    draft = drafts.get(current_actor(), foreign.KIND, draft_id)
    found, chain = foreign.foreign_of(draft), drafts.chain_of(draft)
    nodes_are, meaning = rules.guess(found)
    return render_template(
        "chain/foreign/columns.html",
        draft=draft,
        chain=chain,
        found=found,
        nodes_are=nodes_are,
        columns=_columns(found, meaning),
        meanings={
            kind: [(one, words.MEANINGS[one]) for one in rules.MEANINGS[kind]] for kind in rules.MEANINGS
        },
        told=set(meaning.values()),
        segments=chains.chain_facts(chain).segments if chain else (),
    )


def _columns(
    found: rules.Foreign, meaning: dict[tuple[str, str], str]
) -> list[tuple[str, str, list[str], str, str]]:
    """Of each column: whose it is, its name, some values, its field in the form, the guess."""
    return [
        (kind, name, values, f"{kind}.{at}", meaning.get((kind, name), ""))
        for kind in (rules.NODE, rules.EDGE)
        for at, (name, values) in enumerate(found.columns(kind).items())
    ]


@bp.post("/import/columns/<int:draft_id>")
@only(roles.EDITS_CHAINS)
def foreign_rows(draft_id: int) -> ResponseReturnValue:
    """The rows as an import to be confirmed, or the file given up."""
    actor = current_actor()
    draft = drafts.get(actor, foreign.KIND, draft_id)
    if request.form.get("step") == "discard":
        return given_up(draft)
    batch = foreign.make_import(actor, draft, _said(draft), bool(request.form.get("make_segments")))
    return to_preview(batch)


def _said(draft: ImportDraft) -> rules.Said:
    form, found = request.form, foreign.foreign_of(draft)
    meaning = {
        (kind, name): form.get(field, "")
        for kind, name, _values, field, _guess in _columns(found, {})
        if form.get(field, "") in rules.MEANINGS[kind]
    }
    return rules.Said(
        rules.SEGMENTS if form.get("nodes_are") == rules.SEGMENTS else rules.FIRMS,
        meaning,
        form.get("one_segment", "").strip()[:64],
        form.get("output_wan", "").strip()[:40],
        bool(form.get("in_park")),
    )
