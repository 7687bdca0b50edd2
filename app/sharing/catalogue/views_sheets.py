"""Instruments, patents and experts as sheets: what the house's page of lists is told, and the addresses of before."""

from __future__ import annotations

from functools import partial

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from app.hall.files.sheets.columns import Table
from app.hall.files.sheets.kinds import SheetKind
from app.hall.files.sheets.writing import export_xlsx
from app.hall.text import language
from app.hall.web.answers import download
from app.hall.web.guards import current_actor, only, signed_in
from app.identity import door as identity
from app.identity.door import roles
from app.sharing.catalogue import columns, sheets
from app.sharing.pages import bp

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _kind(table: Table, title: object, purpose: object, icon: str) -> SheetKind:
    return SheetKind(
        table=table,
        title=title,
        purpose=purpose,
        icon=icon,
        may=sheets.may,
        current=sheets.current_of(table),
        resolve=partial(sheets.resolve, table=table),
        prepare=partial(sheets.prepare, table=table),
        write=partial(sheets.write, table=table),
        find=partial(sheets.find, table=table),
        remove=partial(sheets.remove, table=table),
        stamp=partial(sheets.stamp, table=table),
        back="sharing.desk",
    )


SHEETS = (
    _kind(columns.EQUIPMENT, _l("设备"), _l("仪器设备及其价格、开放时间与台号"), "tool"),
    _kind(columns.PATENTS, _l("专利"), _l("专利池里的专利与许可条件"), "certificate"),
    _kind(columns.TALENT, _l("人才"), _l("本单位可共享的专家；姓名只在本人同意后可见"), "user"),
)


@bp.get("/resources.xlsx")
@signed_in
def export_resources() -> ResponseReturnValue:
    """The catalogue's instruments as a sheet; `mine=1` only what my organisation shares."""
    rows = sheets.listed_rows(current_actor(), bool(request.args.get("mine")))
    return download(export_xlsx(columns.EQUIPMENT, rows, language.lang()), "resources.xlsx", SHEET)


@bp.route("/resources/import", methods=["GET", "POST"])
@only(roles.OFFERS_RESOURCES)
def import_resources() -> ResponseReturnValue:
    """The address of before: the page of all lists reads the file now."""
    if request.method == "POST":
        return identity.take_sheet("equipment")
    return redirect(url_for("identity.sheet", kind="equipment"), 302)
