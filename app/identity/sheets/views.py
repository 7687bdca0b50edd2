"""Pages of every list that comes in from a sheet: template, upload, preview, apply, undo, export."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall import clock
from app.hall.errors import NotFound
from app.hall.files.commands import problem_line
from app.hall.files.sheets.kinds import SheetKind
from app.hall.files.sheets.writing import content, export_xlsx, template_xlsx, written
from app.hall.text import language
from app.hall.web.answers import download, flash_ok
from app.hall.web.guards import current_actor, signed_in
from app.identity.pages import bp
from app.identity.sheets import service, words

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST_UPLOAD = 16 * 1024 * 1024
SHOWN = 50


@bp.get("/sheets")
@signed_in
def sheets() -> ResponseReturnValue:
    """The lists this member may bring in."""
    return render_template("identity/sheets/index.html", kinds=service.kinds(current_actor()))


@bp.get("/sheets/<kind>")
@signed_in
def sheet(kind: str) -> ResponseReturnValue:
    return _page(service.get_kind(current_actor(), kind), [], 200)


def _page(
    kind: SheetKind, problems: list[str], status: int, looked: service.Looked | None = None
) -> ResponseReturnValue:
    return render_template(
        "identity/sheets/sheet.html",
        kind=kind,
        problems=problems,
        notes=service.notes_of(looked.reading, looked.said) if looked else None,
        words=words,
        message=language.message,
        content=content,
        batches=service.list_batches(current_actor(), kind),
        lang=language.lang(),
    ), status


@bp.post("/sheets/<kind>")
@signed_in
def upload_sheet(kind: str) -> ResponseReturnValue:
    """Read the file; what is wrong keeps the reader here with every line, otherwise a preview is made."""
    return take_upload(kind)


def take_upload(code: str) -> ResponseReturnValue:
    """The same for an address a room had before."""
    actor = current_actor()
    kind = service.get_kind(actor, code)
    file = request.files.get("file")
    if file is None or not file.filename:
        return _page(kind, [_("请选择 .xlsx、.xls 或 CSV 文件。")], 422)
    data = file.stream.read(LARGEST_UPLOAD + 1)
    file.close()
    if len(data) > LARGEST_UPLOAD:
        return _page(kind, [_("文件超过 %(megabytes)s MB", megabytes=LARGEST_UPLOAD // 1024 // 1024)], 422)
    name = file.filename.replace("\\", "/").rsplit("/", 1)[-1][-100:]
    looked = service.look(actor, kind, data, name)
    if looked.batch is None:
        return _page(kind, [problem_line(problem) for problem in looked.problems], 422, looked)
    return redirect(url_for("identity.sheet_batch", kind=kind.code, batch_id=looked.batch.id), 303)


@bp.get("/sheets/<kind>/<int:batch_id>")
@signed_in
def sheet_batch(kind: str, batch_id: int) -> ResponseReturnValue:
    actor = current_actor()
    found = service.get_kind(actor, kind)
    batch = service.get_batch(actor, found, batch_id)
    changes = service.changes_of(found, batch)
    lang = language.lang()
    return render_template(
        "identity/sheets/batch.html",
        kind=found,
        batch=batch,
        changes=changes,
        doubts=service.doubts(actor, found, batch, changes),
        columns={column.name: column for column in found.table.columns},
        cell=lambda name, value: written(found.table.column(name), value, lang),
        shown=SHOWN,
        words=words,
        message=language.message,
        lang=lang,
    )


@bp.post("/sheets/<kind>/<int:batch_id>/<any(apply, undo, discard):step>")
@signed_in
def decide_sheet(kind: str, batch_id: int, step: str) -> ResponseReturnValue:
    actor = current_actor()
    found = service.get_kind(actor, kind)
    if step == "discard":
        service.discard(actor, found, batch_id)
        flash_ok(_("已放弃这次导入，数据没有变化。"))
        return redirect(url_for("identity.sheet", kind=kind), 303)
    if step == "apply":
        service.apply(actor, found, batch_id)
        flash_ok(_("导入已生效。"))
    else:
        service.undo(actor, found, batch_id)
        flash_ok(f"{_('导入已撤销。')} {found.undoing}" if found.undoing else _("导入已撤销，数据恢复原样。"))
    return redirect(url_for("identity.sheet_batch", kind=kind, batch_id=batch_id), 303)


@bp.get("/sheets/<kind>/<any(template, export):what>.xlsx")
@signed_in
def sheet_file(kind: str, what: str) -> ResponseReturnValue:
    """The template, or the list as it is: `lang=zh|en` chooses the headings, else the reader's language does."""
    actor = current_actor()
    found = service.get_kind(actor, kind)
    lang = request.args.get("lang", language.lang())
    if lang not in ("zh", "en"):
        raise NotFound("sheet_kind_not_found")
    if what == "template":
        return download(template_xlsx(found.table, lang), f"{kind}-template-{lang}.xlsx", XLSX)
    data = export_xlsx(found.table, service.export_rows(actor, found), lang)
    return download(data, f"{kind}-{clock.today():%Y%m%d}.xlsx", XLSX)
