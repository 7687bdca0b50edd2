"""Import with preview and undo, export, reports."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_babel import gettext as _

from app import clock, language
from app.chain.importing import graphfile
from app.chain.importing.tables import BY_NAME, TABLES
from app.chain.models import ImportBatch, IndustryChain
from app.chain.service import chains, exports, imports, wording
from app.chain.views import bp
from app.chain.views.atlas import chosen_chain
from app.errors import NotFound
from app.web import current_actor, download, flash_ok, roles

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/import")
@roles(*chains.STAFF)
def import_page() -> Any:
    chain = chains.find_chain(request.args.get("chain", ""))
    return _import_page(chain, [], 200)


def _import_page(chain: IndustryChain | None, problems: list[str], status: int) -> Any:
    return render_template(
        "chain/import.html", chain=chain, chains=chains.list_chains(), tables=TABLES, problems=problems,
        batches=imports.list_batches(chain) if chain else [], may_edit=current_actor().has(*chains.EDITORS),
        typed=request.form,
    ), status  # fmt: skip


@bp.post("/import")
@roles(*chains.EDITORS)
def upload() -> Any:
    """Read the files; problems keep the reader here, otherwise a preview is made. Nothing changes yet."""
    actor = current_actor()
    code = request.form.get("chain", "")
    chain = (
        chains.find_chain(code) if code and code != "+" else (None if code == "+" else chains.find_chain())
    )
    files = [file for file in request.files.getlist("files") if file.filename]
    whole = (".xlsx", *graphfile.SUFFIXES)
    books = [file for file in files if str(file.filename).lower().endswith(whole)]
    problems: list[str] = []
    if not files:
        problems = [_("请选择 CSV 文件，或一个 .xlsx、.graphml 或 .json 文件。")]
    elif books and len(files) > 1:
        problems = [_("请上传一个 .xlsx、.graphml 或 .json，或若干 CSV，不要混在一起。")]
    uploads: Any = books[0].stream if books else {}
    if not problems and not books:
        for file in files:
            name = str(file.filename).replace("\\", "/").rsplit("/", 1)[-1].lower().removesuffix(".csv")
            if name not in BY_NAME or not str(file.filename).lower().endswith(".csv"):
                expected = "、".join(f"{table}.csv" for table in BY_NAME)
                problems.append(_("%(name)s：文件名应为 %(expected)s", name=file.filename, expected=expected))
            else:
                uploads[name] = file.stream
    if problems:
        return _import_page(chain, problems, 422)
    label = str(books[0].filename)[:100] if books else ""
    read, wrong, tables = imports.read_upload(uploads, label, chain)
    if wrong:
        return _import_page(chain, [wording.problem_line(problem) for problem in wrong], 422)
    if chain is None:
        chain = chains.create_chain(actor, request.form.get("new_code", ""), request.form.get("new_name", ""))
    names = label or "、".join(f"{table}.csv" for table in tables)
    batch = imports.preview(actor, chain, read, tables, names)
    return redirect(url_for("chain.import_batch", batch_id=batch.id, chain=chain.code), 303)


@bp.get("/import/<int:batch_id>")
@roles(*chains.STAFF)
def import_batch(batch_id: int) -> Any:
    chain = chosen_chain()
    batch = imports.get_batch(chain, batch_id)
    changes = imports.differences(chain, batch) if batch.state == "preview" else []
    return render_template(
        "chain/import_batch.html", chain=chain, batch=batch, changes=changes,
        effect=_effect(chain, batch) if batch.state == "preview" else None,
        may_edit=current_actor().has(*chains.EDITORS), stale=batch.version_before != chain.version,
        undoable=batch.state == "applied" and batch.version_after == chain.version,
    )  # fmt: skip


def _effect(chain: IndustryChain, batch: ImportBatch) -> dict[str, Any] | None:
    """What the import would do to the gaps, before anything is stored."""
    from app.chain.assessment import assess

    changed = imports.as_applied(chain, batch)
    if changed is None:
        return None
    before, after = chains.assessment(chain), assess(changed)
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
@roles(*chains.EDITORS)
def decide_import(batch_id: int, step: str) -> Any:
    chain = chosen_chain()
    actor = current_actor()
    if step == "apply":
        imports.apply(actor, batch_id, chain)
        flash_ok(_("导入已生效。"))
    elif step == "undo":
        imports.undo(actor, batch_id, chain)
        flash_ok(_("导入已撤销，数据恢复原样。"))
    elif step == "discard":
        imports.discard(actor, batch_id, chain)
        flash_ok(_("已放弃这次导入，数据没有变化。"))
        return redirect(url_for("chain.import_page", chain=chain.code), 303)
    else:
        raise NotFound("chain_import_not_found")
    return redirect(url_for("chain.import_batch", batch_id=batch_id, chain=chain.code), 303)


@bp.get("/export.<kind>")
@roles(*chains.STAFF)
def export(kind: str) -> Any:
    chain = chosen_chain()
    found = chains.chain_facts(chain)
    name = f"chain-{chain.code}-{clock.today():%Y%m%d}"
    if kind == "zip":
        return download(exports.csv_zip(found), f"{name}.zip", "application/zip")
    if kind == "xlsx":
        return download(exports.workbook(found), f"{name}.xlsx", XLSX)
    if kind == "graphml":
        return download(exports.graphml(chains.chain_graph(chain)), f"{name}.graphml", "application/xml")
    if kind == "json":
        return download(exports.node_link(chains.chain_graph(chain)), f"{name}.json", "application/json")
    raise NotFound("chain_not_found", code=kind)


@bp.get("/report.<kind>")
@roles(*chains.STAFF)
def report(kind: str) -> Any:
    from app.chain.service import report_pdf, reports

    chain = chosen_chain()
    name = f"investment-report-{chain.code}-{clock.today():%Y%m%d}"
    if kind == "xlsx":
        return download(reports.workbook(chain), f"{name}.xlsx", XLSX)
    if kind == "pdf":
        return download(report_pdf.pdf(chain), f"{name}.pdf", "application/pdf")
    raise NotFound("chain_not_found", code=kind)
