"""Import with preview and undo, and export."""

from __future__ import annotations

import io
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app.chain.exchange import export as exports
from app.chain.exchange import graphfile
from app.chain.exchange import service as imports
from app.chain.exchange.models import ImportBatch
from app.chain.exchange.tables import TABLES
from app.chain.pages import bp, chosen_chain
from app.chain.register import graph as graphs
from app.chain.register import service as chains
from app.chain.register import states
from app.chain.register.models import IndustryChain
from app.chain.weak_links.rules import assess
from app.chain.weak_links.service import assessment
from app.hall import clock
from app.hall.errors import NotFound
from app.hall.files.commands import problem_line
from app.hall.text import language
from app.hall.web.answers import download, flash_ok
from app.hall.web.guards import current_actor, only
from app.identity.door import roles

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = (".csv", ".xlsx", ".xls", *graphfile.SUFFIXES)


def _name(file: FileStorage) -> str:
    return str(file.filename).replace("\\", "/").rsplit("/", 1)[-1][-100:]


@bp.get("/import")
@only(roles.SEES_CHAINS)
def import_page() -> ResponseReturnValue:
    chain = chains.find_chain(request.args.get("chain", ""))
    return _import_page(chain, [], 200)


def _import_page(chain: IndustryChain | None, problems: list[str], status: int) -> ResponseReturnValue:
    return render_template(
        "chain/exchange/import.html",
        chain=chain,
        chains=chains.list_chains(),
        tables=TABLES,
        problems=problems,
        archived=chains.archived_chains(),
        batches=imports.list_batches(chain) if chain else [],
        may_edit=current_actor().may(roles.EDITS_CHAINS),
        typed=request.form,
        suffixes=KINDS,
    ), status


@bp.post("/import")
@only(roles.EDITS_CHAINS)
def upload() -> ResponseReturnValue:
    """Read the files; problems keep the reader here, otherwise a preview is made. Nothing changes yet."""
    actor = current_actor()
    code = request.form.get("chain", "")
    chain = (
        chains.find_chain(code) if code and code != "+" else (None if code == "+" else chains.find_chain())
    )
    files = [file for file in request.files.getlist("files") if file.filename]
    graphs = [file for file in files if str(file.filename).lower().endswith(graphfile.SUFFIXES)]
    problems: list[str] = []
    if not files:
        problems = [_("请选择 CSV、.xlsx 或 .xls 文件，或一个 .graphml 或 .json 文件。")]
    elif graphs and len(files) > 1:
        problems = [_("图文件（.graphml、.json）请单独上传一个。")]
    elif strange := [str(file.filename) for file in files if not str(file.filename).lower().endswith(KINDS)]:
        problems = [_("%(name)s：不是可以读取的文件类型", name=name) for name in strange]
    if problems:
        return _import_page(chain, problems, 422)
    label = "、".join(_name(file) for file in files)
    if graphs:
        read, wrong, tables = imports.read_upload(
            io.BytesIO(graphs[0].stream.read()), _name(graphs[0]), chain
        )
    else:
        read, wrong, tables = imports.read_files([(_name(file), file.stream.read()) for file in files], chain)
    for file in files:
        file.close()
    if wrong:
        return _import_page(chain, [problem_line(problem) for problem in wrong], 422)
    if chain is None:
        chain = chains.create_chain(
            actor,
            request.form.get("new_code", ""),
            request.form.get("new_name", ""),
            trial=bool(request.form.get("trial")),
        )
    batch = imports.preview(actor, chain, read, tables, label)
    return redirect(url_for("chain.import_batch", batch_id=batch.id, chain=chain.code), 303)


@bp.get("/import/<int:batch_id>")
@only(roles.SEES_CHAINS)
def import_batch(batch_id: int) -> ResponseReturnValue:
    chain = chosen_chain()
    batch = imports.get_batch(chain, batch_id)
    changes = imports.differences(chain, batch) if batch.state == "preview" else []
    return render_template(
        "chain/exchange/batch.html",
        chain=chain,
        batch=batch,
        changes=changes,
        effect=_effect(chain, batch) if batch.state == "preview" else None,
        may_edit=current_actor().may(roles.EDITS_CHAINS),
        stale=batch.version_before != chain.version,
        undoable=batch.state == "applied" and batch.version_after == chain.version,
    )


def _effect(chain: IndustryChain, batch: ImportBatch) -> dict[str, Any] | None:
    """What the import would do to the gaps, before anything is stored."""

    changed = imports.as_applied(chain, batch)
    if changed is None:
        return None
    before, after = assessment(chain), assess(changed)
    first = after.findings[0] if after.findings and after.findings[0].rank else None
    names = changed.names(language.lang())
    was = {row.segment: row.shortfall_wan for row in before.findings}
    moved = [(names[f.segment], was.get(f.segment, 0.0), f.shortfall_wan) for f in after.findings]
    return {
        "before": before.total_shortfall_wan,
        "after": after.total_shortfall_wan,
        "first": names[first.segment] if first else "",
        "moved": [row for row in moved if row[1] != row[2]][:12],
    }


@bp.post("/import/<int:batch_id>/<step>")
@only(roles.EDITS_CHAINS)
def decide_import(batch_id: int, step: str) -> ResponseReturnValue:
    chain = chosen_chain()
    actor = current_actor()
    if step == "apply":
        imports.apply(actor, batch_id, chain)
        flash_ok(_("导入已生效。"))
    elif step == "undo":
        imports.undo(actor, batch_id, chain)
        flash_ok(_("导入已撤销，数据恢复原样。"))
    elif step == "discard":
        imports.discard(batch_id, chain)
        flash_ok(_("已放弃这次导入，数据没有变化。"))
        return redirect(url_for("chain.import_page", chain=chain.code), 303)
    else:
        raise NotFound("chain_import_not_found")
    return redirect(url_for("chain.import_batch", batch_id=batch_id, chain=chain.code), 303)


@bp.post("/chains/<code>/<any(make_live, archive, restore, delete):step>")
@only(roles.EDITS_CHAINS)
def change_chain(code: str, step: str) -> ResponseReturnValue:
    """A trial goes live, a live chain to the archive or back, one that nobody uses away."""
    if step == "delete":
        states.delete(current_actor(), code)
        flash_ok(_("产业链已删除。"))
        return redirect(url_for("chain.import_page"), 303)
    chain = states.step(current_actor(), code, step)
    flash_ok(_("产业链已更新。"))
    return redirect(url_for("chain.import_page", chain=chain.code), 303)


@bp.get("/export.<kind>")
@only(roles.SEES_CHAINS)
def export(kind: str) -> ResponseReturnValue:
    chain = chosen_chain()
    found = chains.chain_facts(chain)
    name = f"chain-{chain.code}-{clock.today():%Y%m%d}"
    if kind == "zip":
        return download(exports.csv_zip(found), f"{name}.zip", "application/zip")
    if kind == "xlsx":
        return download(exports.workbook(found), f"{name}.xlsx", XLSX)
    if kind == "graphml":
        return download(exports.graphml(chains.chain_graph(chain)), f"{name}.graphml", "application/xml")
    if kind == "gexf":
        return download(graphs.gexf(chains.chain_graph(chain)), f"{name}.gexf", "application/xml")
    if kind == "cypher":
        return download(graphs.cypher(chains.chain_graph(chain)), f"{name}.cypher", "text/plain")
    if kind == "json":
        return download(exports.node_link(chains.chain_graph(chain)), f"{name}.json", "application/json")
    raise NotFound("chain_not_found", code=kind)
