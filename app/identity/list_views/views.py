"""The box of saved views beside the filters of a list, and the same as a page."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall.web import undo
from app.hall.web.answers import flash_ok
from app.hall.web.frame import pages_for
from app.hall.web.guards import current_actor, signed_in
from app.identity.list_views import pins
from app.identity.list_views import service as views
from app.identity.pages import bp


@bp.get("/identity/views")
@signed_in
def list_views() -> ResponseReturnValue:
    """Views of the list that `at` names; a part of a page where htmx asks for it."""
    path, query = views.split(request.args.get("at", ""))
    part = "_box" if request.headers.get("HX-Request") else "views"
    return render_template(
        f"identity/list_views/{part}.html",
        path=path,
        query=query,
        rows=views.list_views(current_actor(), path),
        longest=views.LONGEST_NAME,
    )


@bp.post("/identity/views")
@signed_in
def save_view() -> ResponseReturnValue:
    row = views.save(current_actor(), request.args.get("at", ""), request.form.get("name", ""))
    flash_ok(_("已保存视图“%(name)s”。", name=row.name))
    return redirect(f"{row.path}?{row.query}" if row.query else row.path, 303)


@bp.post("/identity/views/<int:view_id>/drop")
@signed_in
def drop_view(view_id: int) -> ResponseReturnValue:
    row = views.drop(current_actor(), view_id)
    at = f"{row.path}?{row.query}" if row.query else row.path
    undo.offer(_("视图已删除。"), url_for("identity.restore_view"), {"at": at, "name": row.name})
    return redirect(row.path, 303)


@bp.post("/identity/pins")
@signed_in
def pin_page() -> ResponseReturnValue:
    """Pin a page of the menu, or let it go; leads to that page."""
    actor, endpoint = current_actor(), request.form.get("page", "")[:100]
    places = {page.endpoint: page.url for page in pages_for(actor)}
    keep = request.form.get("keep", "") == "1"
    pins.pin(actor, endpoint, keep, places)
    flash_ok(_("已置顶到菜单最前。") if keep else _("已取消置顶。"))
    return redirect(places[endpoint], 303)


@bp.post("/identity/views/restore")
@signed_in
def restore_view() -> ResponseReturnValue:
    back = undo.given()
    row = views.save(current_actor(), str(back["at"]), str(back["name"]))
    flash_ok(_("已撤销。"))
    return redirect(row.path, 303)
