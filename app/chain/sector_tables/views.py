"""Upload a published table, say which segment each sector is; the import's own page then shows what would change."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.chain.exchange import drafts
from app.chain.exchange.answers import given_up, to_preview
from app.chain.exchange.cells import read_number
from app.chain.exchange.models import ImportDraft
from app.chain.pages import bp
from app.chain.register import service as chains
from app.chain.sector_tables import rules, words
from app.chain.sector_tables import service as tables
from app.chain.sector_tables.reading import read
from app.hall.errors import Invalid
from app.hall.files.cells import BadCell
from app.hall.files.commands import problem_line
from app.hall.text.numbers import whole
from app.hall.web.guards import current_actor, only
from app.identity.door import roles

KINDS = (".xlsx", ".xls", ".csv")


@bp.get("/import/sectors")
@only(roles.SEES_CHAINS)
def sector_upload_page() -> ResponseReturnValue:
    return _upload_page([], 200)


def _upload_page(problems: list[str], status: int) -> ResponseReturnValue:
    code = request.values.get("chain", "")
    return render_template(
        "chain/sector_tables/upload.html",
        chain=chains.find_chain("" if code == "+" else code),
        chains=chains.list_chains(),
        problems=problems,
        typed=request.form,
        suffixes=KINDS,
        may_edit=current_actor().may(roles.EDITS_CHAINS),
    ), status


@bp.post("/import/sectors")
@only(roles.EDITS_CHAINS)
def sector_upload() -> ResponseReturnValue:
    """Read the table; problems keep the reader here, otherwise its sectors are asked about."""
    form, file = request.form, request.files.get("file")
    code = form.get("chain", "")
    chain = None if code == "+" else chains.find_chain(code)
    new = {
        "code": form.get("new_code", "").strip()[:40],
        "name": form.get("new_name", "").strip()[:60],
        "trial": bool(form.get("trial")),
    }
    if file is None or not file.filename:
        return _upload_page([_("请选择一个 .xlsx、.xls 或 CSV 文件。")], 422)
    if chain is None and not new["code"]:
        return _upload_page([_("请填写新产业链的代码。")], 422)
    name = str(file.filename).replace("\\", "/").rsplit("/", 1)[-1][-100:]
    found = read(file.stream.read(), name, form.get("sheet", "").strip())
    file.close()
    if found.table is None:
        return _upload_page([problem_line(problem) for problem in found.problems], 422)
    draft = tables.keep(current_actor(), chain, new, name, found)
    return redirect(url_for("chain.sector_draft", draft_id=draft), 303)


@bp.get("/import/sectors/<int:draft_id>")
@only(roles.EDITS_CHAINS)
def sector_draft(draft_id: int) -> ResponseReturnValue:
    draft = drafts.get(current_actor(), tables.KIND, draft_id)
    chain, table = drafts.chain_of(draft), tables.table_of(draft)
    kind, why = rules.holds(table)
    facts = chains.chain_facts(chain) if chain else None
    offered = tables.offered(chain, table)
    return render_template(
        "chain/sector_tables/draft.html",
        draft=draft,
        chain=chain,
        table=table,
        kind=kind,
        why=words.HOLDS[why],
        left_out=[(one, words.LEFT_OUT[one.why]) for one in table.left_out],
        above_one=rules.above_one(table, kind),
        off=rules.off_subtotal(table),
        year=tables.guessed_year(draft),
        segments=facts.segments if facts else (),
        offered=offered,
        matched=sum(bool(code) for code in offered.values()),
    )


@bp.post("/import/sectors/<int:draft_id>")
@only(roles.EDITS_CHAINS)
def sector_coefficients(draft_id: int) -> ResponseReturnValue:
    """The coefficients as an import to be confirmed, or the table given up."""
    actor = current_actor()
    draft = drafts.get(actor, tables.KIND, draft_id)
    if request.form.get("step") == "discard":
        return given_up(draft)
    batch = tables.make_import(actor, draft, _wish(draft))
    return to_preview(batch)


def _wish(draft: ImportDraft) -> tables.Wish:
    form = request.form
    kind = form.get("kind", "")
    if kind not in (rules.FLOWS, rules.COEFFICIENTS):
        kind = rules.holds(tables.table_of(draft))[0]
    count = len(draft.content["table"]["sectors"])
    chosen = {at: form.get(f"segment.{at}", "")[:64] for at in range(count)}
    chain = drafts.chain_of(draft)
    known = chains.chain_facts(chain).segment_codes if chain else frozenset()
    if gone := sorted({code for code in chosen.values() if code} - known - {rules.NEW}):
        raise Invalid("chain_unknown_segments", values="、".join(gone[:10]))
    return tables.Wish(
        form.get("source", "").strip()[:200],
        whole(form.get("year", "").strip(), 9999),
        kind,
        _least(form.get("least", "").strip()),
        {at: code for at, code in chosen.items() if code},
    )


def _least(text: str) -> float | None:
    try:
        return read_number(text) if text else 0.0
    except BadCell:
        return None
