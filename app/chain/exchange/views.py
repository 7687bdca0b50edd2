"""Import with preview and undo, and export."""

from __future__ import annotations

import io
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from app.chain.exchange import export as exports
from app.chain.exchange import graphfile, parquet
from app.chain.exchange import service as imports
from app.chain.exchange.models import ImportBatch
from app.chain.exchange.tables import TABLES
from app.chain.foreign.service import keep_if_foreign
from app.chain.pages import bp, chosen_chain
from app.chain.register import graph as graphs
from app.chain.register import service as chains
from app.chain.register import states
from app.chain.register.models import IndustryChain
from app.chain.weak_links.rules import assess
from app.chain.weak_links.service import assessment
from app.hall import clock
from app.hall.errors import Conflict, NotFound
from app.hall.files.commands import problem_line
from app.hall.text import language
from app.hall.web.answers import download, flash_ok
from app.hall.web.guards import current_actor, only
from app.identity.door import roles

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = (".csv", ".xlsx", ".xls", *graphfile.SUFFIXES)
#: Said of a file that may be somebody else's graph or list: its columns are then asked about.
NO_CHAIN = frozenset({"chain_not_a_graph", "chain_not_known_table"})


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
        parquet=parquet.installed(),
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
    problems = _not_these(files)
    if problems:
        return _import_page(chain, problems, 422)
    label = "、".join(_name(file) for file in files)
    contents = [(_name(file), file.stream.read()) for file in files]
    for file in files:
        file.close()
    if contents[0][0].lower().endswith(graphfile.SUFFIXES):
        read, wrong, tables = imports.read_upload(io.BytesIO(contents[0][1]), contents[0][0], chain)
    else:
        read, wrong, tables = imports.read_files(contents, chain)
    if wrong:
        draft = _foreign(chain, contents) if {problem.code for problem in wrong} <= NO_CHAIN else None
        if draft is not None:
            return redirect(url_for("chain.foreign_draft", draft_id=draft), 303)
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


def _not_these(files: list[FileStorage]) -> list[str]:
    """What is wrong with the choice of files, before any is read."""
    names = [str(file.filename).lower() for file in files]
    if not files:
        return [_("请选择 CSV、.xlsx 或 .xls 文件，或一个 .graphml、.gexf 或 .json 文件。")]
    if len(files) > 1 and any(name.endswith(graphfile.SUFFIXES) for name in names):
        return [_("图文件（.graphml、.gexf、.json）请单独上传一个。")]
    strange = [str(file.filename) for file in files if not str(file.filename).lower().endswith(KINDS)]
    return [_("%(name)s：不是可以读取的文件类型", name=name) for name in strange]


def _foreign(chain: IndustryChain | None, contents: list[tuple[str, bytes]]) -> int | None:
    """One file that is no chain of ours, kept until its columns are told."""
    new = {name: request.form.get(f"new_{name}", "")[:60] for name in ("code", "name", "trial")}
    if len(contents) > 1 or not (chain or new["code"]):
        return None
    return keep_if_foreign(current_actor(), chain, new, *contents[0])


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


#: What leaves as tables, and what as a graph: how it is written, its ending, its type.
AS_TABLES = {
    "zip": (exports.csv_zip, "zip", "application/zip"),
    "xlsx": (exports.workbook, "xlsx", XLSX),
    "parquet": (parquet.parquet_zip, "parquet.zip", "application/zip"),
}
AS_GRAPH = {
    "graphml": (exports.graphml, "graphml", "application/xml"),
    "gexf": (graphs.gexf, "gexf", "application/xml"),
    "cypher": (graphs.cypher, "cypher", "text/plain"),
    "json": (exports.node_link, "json", "application/json"),
}


@bp.get("/export.<kind>")
@only(roles.SEES_CHAINS)
def export(kind: str) -> ResponseReturnValue:
    chain = chosen_chain()
    name = f"chain-{chain.code}-{clock.today():%Y%m%d}"
    if kind == "parquet" and not parquet.installed():
        raise Conflict("chain_no_parquet")
    if kind in AS_TABLES:
        write, ending, mime = AS_TABLES[kind]
        return download(write(chains.chain_facts(chain)), f"{name}.{ending}", mime)
    if kind in AS_GRAPH:
        draw, ending, mime = AS_GRAPH[kind]
        return download(draw(chains.chain_graph(chain)), f"{name}.{ending}", mime)
    raise NotFound("chain_not_found", code=kind)
