"""Pictures and documents of a resource: uploading, showing, taking away."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app import uploads
from app.errors import Invalid
from app.sharing.service import files
from app.sharing.views import bp
from app.web import current_actor, flash_ok, signed_in


@bp.post("/resources/<int:resource_id>/files")
@signed_in
def add_files(resource_id: int) -> Any:
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
def resource_file(resource_id: int, file_id: int) -> Any:
    """The bytes as they were uploaded: a browser may show a picture, never run anything."""
    row, data = files.read_file(resource_id, file_id)
    name = f"resource-{row.id}.{row.name.rsplit('.', 1)[-1]}"
    return uploads.shown(data, row.media_type, name, row.sha256)


@bp.post("/resources/<int:resource_id>/files/<int:file_id>/remove")
@signed_in
def remove_file(resource_id: int, file_id: int) -> Any:
    files.detach(current_actor(), resource_id, file_id)
    flash_ok(_("文件已移除。"))
    return redirect(url_for("sharing.resource", resource_id=resource_id), 303)
