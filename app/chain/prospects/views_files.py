"""Papers of a prospect and its dossier."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.chain.pages import bp, staff_names
from app.chain.prospects import files, paper, queries
from app.chain.register import service as chains
from app.hall.errors import Invalid
from app.hall.files import uploads
from app.hall.web.answers import download, flash_ok
from app.hall.web.guards import current_actor, only
from app.identity.door import roles


@bp.get("/prospects/<code>/dossier.pdf")
@only(roles.SEES_CHAINS)
def prospect_dossier(code: str) -> ResponseReturnValue:
    row = queries.get_prospect(code)
    chain = next(one for one in chains.list_chains() if one.id == row.chain_id)
    return download(paper.pdf(chain, row, staff_names()), f"{row.code}.pdf", "application/pdf")


@bp.post("/prospects/<code>/files")
@only(roles.EDITS_CHAINS)
def add_prospect_file(code: str) -> ResponseReturnValue:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise Invalid("chain_file_none")
    files.attach(current_actor(), code, upload.filename, upload.stream.read(files.LARGEST + 1))
    flash_ok(_("文件已保存。"))
    return redirect(url_for("chain.prospect", code=code), 303)


@bp.get("/prospects/<code>/files/<int:file_id>")
@only(roles.SEES_CHAINS)
def prospect_file(code: str, file_id: int) -> ResponseReturnValue:
    """The bytes as they were uploaded: a browser may show a picture, never run anything."""
    row, data = files.read(code, file_id)
    name = f"{code}-{row.id}.{row.name.rsplit('.', 1)[-1]}"
    answer: ResponseReturnValue = uploads.shown(data, row.media_type, name, row.sha256)
    return answer


@bp.post("/prospects/<code>/files/<int:file_id>/remove")
@only(roles.EDITS_CHAINS)
def remove_prospect_file(code: str, file_id: int) -> ResponseReturnValue:
    files.detach(current_actor(), code, file_id)
    flash_ok(_("文件已移除。"))
    return redirect(url_for("chain.prospect", code=code), 303)
