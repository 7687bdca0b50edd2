"""The pages of the offline queue: entries come in, receipts go out, the worker has an address of its own."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from functools import cache
from pathlib import Path

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from pydantic import Field, ValidationError

from app.hall.api.fields import ApiModel, AwareMoment
from app.hall.errors import Invalid, NotFound, Refusal
from app.hall.files import uploads
from app.hall.limits import OFFLINE_BODY, OFFLINE_FILE
from app.hall.web.answers import flash_ok, sentences
from app.hall.web.guards import current_actor, public, signed_in
from app.hall.web.kept_form import reasons_by_field
from app.hall.web.offline import service
from app.hall.web.offline.models import OfflineReceipt

bp = Blueprint("offline", __name__)
SHEETS = (
    "tokens",
    "base",
    "frame",
    "menu",
    "topbar",
    "head",
    "cards",
    "tags",
    "tables",
    "lists",
    "states",
    "forms",
    "print",
)


class EntryBody(ApiModel):
    """What a phone sends beside at most one file."""

    key: uuid.UUID
    kind: str = Field(min_length=1, max_length=60)
    title: str = Field("", max_length=200)
    made_at: AwareMoment
    body: dict[str, str | list[str]] = Field(default_factory=dict, max_length=200)


def init_app(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.globals["offline_member"] = lambda: (
        current_user.actor.member_id if current_user.is_authenticated else 0
    )


@bp.get("/service-worker.js")
@public
def worker() -> ResponseReturnValue:
    """The service worker, from the root so that it may serve every page (under /static/ it may not)."""
    shell = [url_for("static", filename=f"app/{name}.css") for name in SHEETS]
    shell += [url_for("static", filename=f"app/{name}") for name in ("app.js", "offline.js", "mark.svg")]
    shell.append(url_for("offline.queue"))
    text = _worker_text(current_app.static_folder or "").replace("__SHELL__", json.dumps(shell))
    text = text.replace("__VERSION__", hashlib.sha256(text.encode()).hexdigest()[:16])
    answer = Response(text, mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@cache
def _worker_text(folder: str) -> str:
    return Path(folder, "app", "offline-worker.js").read_text("utf-8")


@bp.get("/offline/")
@signed_in
def queue() -> ResponseReturnValue:
    """What this phone still holds, and the receipts of what arrived."""
    return render_template("offline.html", receipts=service.receipts_of(current_actor()))


@bp.get("/offline/session")
@signed_in
def session() -> ResponseReturnValue:
    """Who is signed in, and a token for sending: the page that wrote the entry may be days old."""
    return jsonify(member=current_actor().member_id, csrf=generate_csrf())


@bp.post("/offline/entries")
@signed_in
def send() -> ResponseReturnValue:
    """One entry with at most one file; answers its receipt, also when it comes again."""
    try:
        row, fresh = service.receive(_entry())
    except Refusal as refusal:
        said = sentences(refusal)
        fields = {name: texts for name, texts in reasons_by_field(refusal).items() if name}
        return jsonify(state="refused", code=refusal.code, reasons=said, fields=fields), refusal.status
    return jsonify(_receipt(row)), 201 if fresh else 200


def _entry() -> service.Entry:
    written = request.form.get("entry", "")
    if len(written) > OFFLINE_BODY:
        raise Invalid("offline_too_large", most=OFFLINE_BODY // 1024)
    try:
        sent = EntryBody.model_validate_json(written)
    except ValidationError:
        raise Invalid("offline_unreadable") from None
    file = request.files.get("file")
    data = file.read(OFFLINE_FILE + 1) if file else b""
    if len(data) > OFFLINE_FILE:
        raise Invalid("file_too_big", limit=OFFLINE_FILE // uploads.MEGABYTE)
    made_at = sent.made_at.astimezone(dt.UTC)
    return service.Entry(
        actor=current_actor(),
        key=str(sent.key),
        kind=sent.kind,
        body=sent.body,
        made_at=made_at,
        late=service.is_late(made_at),
        title=sent.title,
        file=data,
        file_name=(file.filename or "")[:200] if file else "",
    )


def _receipt(row: OfflineReceipt) -> dict[str, object]:
    return {
        "key": row.key,
        "state": row.state,
        "received_at": row.received_at.isoformat(),
        "made_at": row.made_at.isoformat(),
        "late": row.late,
        "reasons": row.reasons,
        "answer": row.answer,
    }


@bp.post("/offline/receipts/<int:receipt_id>/settled")
@signed_in
def settled(receipt_id: int) -> ResponseReturnValue:
    service.settle(current_actor(), receipt_id)
    flash_ok(_("已标为处理完毕，手机上写的内容仍可查看。"))
    return redirect(url_for("offline.queue"), 303)


@bp.get("/offline/receipts/<int:receipt_id>/file")
@signed_in
def receipt_file(receipt_id: int) -> ResponseReturnValue:
    """The file of an entry that was kept."""
    row = service.get_receipt(current_actor(), receipt_id)
    path = service.kept_file(row.id)
    if not row.file_name or not path.is_file():
        raise NotFound("offline_no_receipt")
    data = path.read_bytes()
    kind = uploads.sniff(data)
    media, extension = kind or ("application/octet-stream", "bin")
    name = uploads.clean_name(row.file_name, extension)
    answer: Response = uploads.shown(data, media, name, hashlib.sha256(data).hexdigest())
    return answer
