"""The analyst's bench as pages: sentences, new words, and what two coders made of the same sample."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.hall.errors import Invalid
from app.hall.web.answers import flash_ok, redirect_back
from app.hall.web.guards import current_actor, only
from app.hall.web.listing import Listing
from app.identity.door import roles
from app.insight.cockpit import drawing
from app.insight.pages import bp, month_of_address
from app.insight.reading import month_text
from app.insight.scores.queries import board
from app.insight.scores.store import finished
from app.insight.themes import bench, coding, service
from app.insight.themes.queries import find_in_force


@bp.get("/themes")
@only(roles.READS_SENTENCES)
def theme_list() -> ResponseReturnValue:
    """Themes of a month beside the one before, and the sentences with their words marked."""
    listing = Listing.from_request({"month": "month"}, "month", ("theme", "said", "state"))
    month = month_of_address("month")
    month = finished() if month is None else month
    said = month_of_address("said")
    book = find_in_force()
    themes = bench.themes_of(book)
    wanted = bench.Wanted(listing.filters["theme"], said, listing.filters["state"])
    found = bench.sentences(book, wanted, listing.page_no, listing.per_page)
    return render_template(
        "insight/themes/sentences.html",
        page=found,
        listing=listing,
        shares=bench.shares(book, month),
        month=month,
        month_options=[(month_text(one), month_text(one)) for one in bench.months_with_sentences()],
        theme_options=[(one.code, drawing.theme_title(one.code)) for one in themes],
        counts=bench.count_unassigned(book),
        themes=themes,
        may_code=current_actor().may(roles.CODES_SENTENCES),
        names=board(month, month),
        month_text=month_text,
        draw=drawing,
    )


@bp.post("/themes/sentences/<int:said_id>")
@only(roles.CODES_SENTENCES)
def theme_mark(said_id: int) -> ResponseReturnValue:
    """A person adds a theme to a sentence or strikes one; it stays marked as a person's."""
    theme, present = request.form.get("theme", "")[:100], request.form.get("present") == "yes"
    service.mark_by_hand(current_actor(), said_id, theme, present)
    flash_ok(_("主题已加上，注明由人标注") if present else _("主题已划去，注明由人标注"))
    return redirect_back("insight.theme_list")


@bp.get("/themes/words")
@only(roles.READS_SENTENCES)
def theme_words() -> ResponseReturnValue:
    """Words that are new, by G²."""
    since = month_of_address("since")
    since = finished() if since is None else since
    return render_template(
        "insight/themes/words.html",
        found=bench.words_since(since),
        since=since,
        months=bench.months_with_sentences(),
        month_text=month_text,
    )


@bp.get("/themes/coding")
@only(roles.READS_SENTENCES)
def theme_coding() -> ResponseReturnValue:
    """The next sentence of the sample for this coder, and how the coders agree so far."""
    actor = current_actor()
    may_code = actor.may(roles.CODES_SENTENCES)
    drawn, done = coding.sample(), coding.done_by(actor)
    left = [one for one in drawn if one not in done]
    shown = bench.get_sentences(left[:1]) if may_code else []
    return render_template(
        "insight/themes/coding.html",
        sentence=shown[0] if shown else None,
        done=len(drawn) - len(left),
        total=len(drawn),
        themes=bench.themes_in_force(),
        agreements=coding.agreements(),
        may_code=may_code,
        draw=drawing,
    )


@bp.post("/themes/coding/<int:said_id>")
@only(roles.CODES_SENTENCES)
def theme_code(said_id: int) -> ResponseReturnValue:
    """What this coder sees in the sentence."""
    wanted = request.form.getlist("theme")
    if len(wanted) > 500:
        raise Invalid("insight_theme_unknown", value=wanted[-1][:60])
    coding.code(current_actor(), said_id, wanted)
    return redirect_back("insight.theme_coding")
