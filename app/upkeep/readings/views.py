"""Readings by hand, by sheet, and as a phone sends them when its network is back."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall import clock
from app.hall.errors import Conflict, Invalid, Reason
from app.hall.text import language
from app.hall.web.answers import flash_ok
from app.hall.web.guards import current_actor, only
from app.hall.web.offline.service import Entry, on_entry
from app.identity.door import Actor, roles
from app.upkeep import limits
from app.upkeep.pages import bp
from app.upkeep.readings import service
from app.upkeep.readings.batch import Line
from app.upkeep.readings.sheet import read_readings

CHUNK = limits.BATCH


def _one(actor: Actor, machine: str, meter: str, value: str, at: str) -> None:
    taken = service.take(actor, [Line(1, machine, meter, at, value)], "hand")
    for line in taken.refused:
        kind = Conflict if line.code == "reading_twice" else Invalid
        raise kind("", [Reason(line.code, {**line.params, "at": "value"})])


@bp.post("/upkeep/machines/<int:machine_id>/readings")
@only(roles.KEEPS_MACHINES)
def add_reading(machine_id: int) -> ResponseReturnValue:
    """What somebody reads off the meter, now."""
    form = request.form
    at = clock.now().isoformat()
    _one(current_actor(), str(machine_id), form.get("meter", ""), form.get("value", ""), at)
    flash_ok(_("读数已记下。"))
    return redirect(url_for("upkeep.machine", machine_id=machine_id) + "#meters", 303)


@on_entry("upkeep.reading")
def reading_offline(entry: Entry) -> Mapping[str, object]:
    """Read when the phone says, as far as that is not in the future."""
    at = min(entry.made_at, clock.now()).isoformat()
    _one(entry.actor, entry.text("machine"), entry.text("meter"), entry.text("value"), at)
    return {"next": f"/upkeep/machines/{entry.text('machine')}"}


@bp.route("/upkeep/readings", methods=["GET", "POST"])
@only(roles.KEEPS_MACHINES)
def readings_sheet() -> ResponseReturnValue:
    """Readings by sheet: sound rows are kept at once, of each other one its line and why."""
    if request.method == "GET":
        return render_template("upkeep/readings/sheet.html", accepted=None, problems=[])
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise Invalid("file_empty")
    data = sent.read(limits.SHEET_BYTES + 1)
    sent.close()
    if len(data) > limits.SHEET_BYTES:
        raise Invalid("table_too_large", megabytes=limits.SHEET_BYTES // 1024 // 1024)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "readings.xlsx" if data[:2] == b"PK" else "readings.csv")
        path.write_bytes(data)
        lines, problems = read_readings(path)
    if len(lines) > limits.SHEET_ROWS:
        raise Invalid("reading_sheet_rows", most=limits.SHEET_ROWS)
    said = [(one.line, language.message(one.code, one.params)) for one in problems]
    accepted = 0
    for at in range(0, len(lines), CHUNK):  # a thousand at a time: nobody waits for a whole sheet
        taken = service.take(current_actor(), lines[at : at + CHUNK], "sheet")
        accepted += taken.accepted
        said += [(one.number, language.message(one.code, one.params)) for one in taken.refused]
    page = render_template("upkeep/readings/sheet.html", accepted=accepted, problems=sorted(said))
    return page, 200 if accepted or not said else 422
