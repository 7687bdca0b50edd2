"""Pictures and documents of a resource: uploading, showing, taking away."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.hall.errors import Invalid
from app.hall.files import uploads
from app.hall.web.answers import flash_ok
from app.hall.web.guards import current_actor, signed_in
from app.sharing.catalogue import files
from app.sharing.pages import bp


@bp.post("/resources/<int:resource_id>/files")
@signed_in
def add_files(resource_id: int) -> ResponseReturnValue:
    uploads = [one for one in request.files.getlist("files") if one.filename]
    if not uploads:
        raise Invalid("resource_file_none")
    if len(uploads) > files.UPLOADS_AT_ONCE:
        raise Invalid("resource_file_many", limit=files.UPLOADS_AT_ONCE)
    added = files.attach(
        current_actor(),
        resource_id,
        [(one.filename or "", one.stream.read(files.READ_AT_MOST)) for one in uploads],
    )
    for one in uploads:
        one.close()
    flash_ok(ngettext("已上传 %(num)s 个文件。", "已上传 %(num)s 个文件。", len(added)))
    return redirect(url_for("sharing.resource", resource_id=resource_id), 303)


@bp.get("/resources/<int:resource_id>/files/<int:file_id>")
@signed_in
def resource_file(resource_id: int, file_id: int) -> ResponseReturnValue:
    """The bytes as they were uploaded: a browser may show a picture, never run anything."""
    row, data = files.read_file(resource_id, file_id)
    name = f"resource-{row.id}.{row.name.rsplit('.', 1)[-1]}"
    return uploads.shown(data, row.media_type, name, row.sha256)


@bp.post("/resources/<int:resource_id>/files/<int:file_id>/remove")
@signed_in
def remove_file(resource_id: int, file_id: int) -> ResponseReturnValue:
    files.detach(current_actor(), resource_id, file_id)
    flash_ok(_("文件已移除。"))
    return redirect(url_for("sharing.resource", resource_id=resource_id), 303)
