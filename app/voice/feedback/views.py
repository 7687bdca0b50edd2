"""Pages of remarks: the list to search, one with its whole path, and what a firm said itself and what came of it."""

from __future__ import annotations

import tempfile
import uuid
from pathlib import Path

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall.errors import Invalid, Reason
from app.hall.files import uploads
from app.hall.text import language
from app.hall.web.answers import download, flash_ok, redirect_back
from app.hall.web.guards import current_actor, only, signed_in
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import roles
from app.problems import door as problems
from app.voice import forms, limits
from app.voice.feedback import authors, links, photos, queries, service, sheet
from app.voice.feedback.models import Feedback
from app.voice.gatherings import ratings
from app.voice.gatherings import service as gatherings
from app.voice.pages import bp

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/feedback")
@only(roles.SEES_REMARKS)
def feedback_list() -> ResponseReturnValue:
    """Remarks to search and filter; what is shown can be taken along."""
    actor = current_actor()
    listing = Listing.from_request(
        {"received": queries.when_shown(actor)}, "received", ("state", "channel", "visibility"), desc=True
    )
    wanted = queries.Wanted(
        listing.filters["state"],
        listing.filters["channel"],
        listing.filters["visibility"],
        listing.q,
        request.args.get("late") == "1",
    )
    statement = queries.statement(actor, wanted)
    if request.args.get("as") == "xlsx":
        rows = list(queries.rows(queries.newest_first(actor, statement).limit(limits.EXPORT_ROWS)))
        return download(sheet.workbook(queries.cards(actor, rows)), "feedback.xlsx", XLSX)
    page = listing.page(statement, Feedback.id.desc())
    return render_template(
        "voice/feedback/list.html",
        listing=listing,
        page=page,
        cards=queries.cards(actor, page.items),
        may_hear=actor.may(roles.HEARS_FIRMS),
        client_id=str(uuid.uuid4()),
    )


@bp.post("/feedback")
@only(roles.HEARS_FIRMS)
def feedback_form() -> ResponseReturnValue:
    """A remark heard outside a visit."""
    kept = service.record(current_actor(), forms.entry(forms.text("channel")))
    flash_ok(_("已记录。"))
    return redirect(url_for("voice.feedback_page", number=kept.feedback.id), 303)


@bp.post("/feedback/sheet")
@only(roles.HEARS_FIRMS)
def feedback_sheet() -> ResponseReturnValue:
    """A sheet of remarks: all rows or none, every problem with its line."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise Invalid("file_empty", [Reason("file_empty", {"at": "file"})])
    suffix = ".xlsx" if upload.filename.lower().endswith(".xlsx") else ".csv"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"feedback{suffix}"
        upload.save(path)
        entries, found = sheet.read(path)
    if found:
        raise Invalid(
            "feedback_sheet_refused",
            [
                Reason(
                    "feedback_sheet_line",
                    {
                        "line": one.line,
                        "column": one.column,
                        "words": language.message(one.code, one.params),
                        "at": "file",
                    },
                )
                for one in found[:50]
            ],
        )
    count = sheet.keep_all(current_actor(), entries)
    flash_ok(_("已读入 %(count)s 条新反馈。", count=count))
    return redirect(url_for("voice.feedback_list"), 303)


@bp.get("/feedback/<int:number>")
@only(roles.SEES_REMARKS)
def feedback_page(number: int) -> ResponseReturnValue:
    """One remark with its whole path."""
    actor = current_actor()
    [card] = queries.cards(actor, [queries.get(actor, number)])
    return render_template(
        "voice/feedback/one.html",
        card=card,
        categories=problems.CATEGORIES,
        kinds=("problem", "need", "signal"),
    )


@bp.post("/feedback/<int:number>/act")
@only(roles.LINKS_REMARKS)
def feedback_act(number: int) -> ResponseReturnValue:
    """Acknowledge, probe, link, no action, answer."""
    actor, act = current_actor(), forms.text("act")
    if act == "acknowledge":
        service.acknowledge(actor, number, forms.text("text"))
    elif act == "probe":
        service.probe(actor, number, forms.text("text"))
    elif act == "no_action":
        service.no_action(actor, number, forms.text("text"))
    elif act == "answer":
        links.answer(actor, number, forms.text("text"))
    else:
        links.link(actor, number, _wanted(act))
    flash_ok(_("已更新。"))
    return redirect_back("voice.feedback_page", number=number)


def _wanted(kind: str) -> links.Wanted:
    return links.Wanted(
        kind,
        forms.text("category"),
        forms.text("class"),
        forms.number("place"),
        forms.text("theme")[:60],
        forms.text("segment")[:60],
        forms.number("resource"),
        forms.text("title")[:120],
        forms.text("text"),
        tuple(forms.text("machines").splitlines()),
    )


@bp.post("/feedback/<int:number>/author")
@only(roles.LINKS_REMARKS)
def author_page(number: int) -> ResponseReturnValue:
    """Who said it, after a reason was written; the firm reads who looked."""
    actor = current_actor()
    row = queries.get(actor, number)
    firm = authors.look(actor, row, forms.text("reason"))
    [card] = queries.cards(actor, [row])
    return render_template(
        "voice/feedback/one.html",
        card=card,
        categories=problems.CATEGORIES,
        kinds=("problem", "need", "signal"),
        author=firm,
    )


@bp.get("/photos/<key>")
@signed_in
def feedback_photo(key: str) -> ResponseReturnValue:
    """A picture of a remark, for who works on it and for its own firm."""
    return uploads.shown(photos.read(current_actor(), key), "image/jpeg", "photo.jpg", key)


@bp.post("/photos/<key>/remove")
@only(roles.LINKS_REMARKS)
def feedback_photo_remove(key: str) -> ResponseReturnValue:
    """Take a picture away that shows too much."""
    number = photos.remove(current_actor(), key)
    flash_ok(_("照片已删除。"))
    return redirect_back("voice.feedback_page", number=number)


@bp.get("/corrections")
@only(roles.SEES_CHAINS)
def corrections_page() -> ResponseReturnValue:
    """Corrections on the chain that firms spoke of."""
    rows = links.corrections_open()
    may_edit = current_actor().may(roles.EDITS_CHAINS)
    return render_template("voice/feedback/corrections.html", rows=rows, may_edit=may_edit)


@bp.post("/corrections/<int:number>")
@only(roles.EDITS_CHAINS)
def correction_form(number: int) -> ResponseReturnValue:
    """The chain says it right now."""
    links.correction_made(current_actor(), number)
    flash_ok(_("已更新。"))
    return redirect(url_for("voice.corrections_page"), 303)


@bp.get("/mine")
@only(roles.SPEAKS_FOR_THE_FIRM)
def mine() -> ResponseReturnValue:
    """What I said and what came of it, who looked, and where I am invited."""
    actor = current_actor()
    return render_template(
        "voice/feedback/mine.html",
        cards=queries.cards(actor, queries.own(actor)),
        looks=authors.looks_at(actor.organisation_id, 20),
        invited=gatherings.invitations_of(actor.organisation_id),
        to_rate=ratings.to_rate(actor.organisation_id),
        useful=ratings.SCORES,
        opted_out=gatherings.is_out(actor.organisation_id),
        organisation=identity.organisation_of(actor),
        client_id=str(uuid.uuid4()),
    )


@bp.post("/mine")
@only(roles.SPEAKS_FOR_THE_FIRM)
def say() -> ResponseReturnValue:
    """A firm says something itself."""
    own = identity.organisation_of(current_actor()).code
    service.record(current_actor(), forms.entry("app", own))
    flash_ok(_("已收到，一个工作日内有人回话。"))
    return redirect(url_for("voice.mine"), 303)
