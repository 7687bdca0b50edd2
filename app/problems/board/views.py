"""Pages of who works on problems: the board by clock, the desk's triage, the overview, one problem, the figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.ecosystem import door as ecosystem
from app.hall import clock
from app.hall.rooms import doors
from app.hall.web.answers import download
from app.hall.web.guards import current_actor, only, signed_in
from app.hall.web.listing import Listing
from app.identity import door as identity
from app.identity.door import roles
from app.problems import limits, sight
from app.problems.board import measures as columns
from app.problems.board import queries
from app.problems.board.sheet import workbook
from app.problems.clocks import service as clocks
from app.problems.clocks.rules import CLASSES
from app.problems.coordination.service import overdue
from app.problems.pages import bp
from app.problems.reports import queries as reports
from app.problems.reports import store
from app.problems.reports.models import Problem
from app.problems.reports.rules import span_before
from app.problems.reports.sources import class_reports, earlier_of, problems_between, rows_behind, solved
from app.problems.subjects.queries import equipment, subjects_of
from app.problems.work import states
from app.problems.work.grounds import standing_for
from app.problems.work.rows import Rows, rows_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/problems")
@only(roles.SEES_PROBLEM_BOARD)
def board() -> ResponseReturnValue:
    """Open problems by how much time is left."""
    reader = sight.reader_of(current_actor())
    wanted = request.args.get("class", "")
    now = clock.now()
    chosen = wanted if wanted in CLASSES else ""
    by_step = request.args.get("by") == "step"
    found = (columns.by_step if by_step else columns.by_clock)(reader, now, chosen)
    return render_template(
        "problems/board/board.html",
        board=found,
        by_step=by_step,
        next_act=columns.next_act,
        next_column=columns.next_column,
        counts=queries.counts(reader),
        wanted=wanted,
        limit=limits.CARDS,
        reader=reader,
        now=now,
        tab="board",
    )


@bp.get("/problems/all")
@signed_in
def list_page() -> ResponseReturnValue:
    """Every problem this reader may see, to search and filter."""
    sorts = {"due": (Problem.due_at.is_(None), Problem.due_at), "number": Problem.number}
    listing = Listing.from_request(sorts, "due", ("state", "class", "department"))
    wanted = reports.Wanted(
        listing.filters["state"], listing.filters["class"], listing.filters["department"], None, listing.q
    )
    reader = sight.reader_of(current_actor())
    page = listing.page(reports.statement(reader, wanted), Problem.id)
    return render_template(
        "problems/board/list.html",
        listing=listing,
        page=page,
        cards=queries.cards(reader, page.items),
        departments=[(one.code, one.name) for one in queries.departments_for(reader)],
        reader=reader,
        tab="all",
    )


@bp.get("/problems/triage")
@only(roles.SEES_TRIAGE)
def triage() -> ResponseReturnValue:
    """What nobody has classified yet: class, departments, done."""
    reader = sight.reader_of(current_actor())
    waiting = queries.waiting_for_desk()
    return render_template(
        "problems/board/triage.html",
        cards=queries.cards(reader, waiting),
        departments=queries.departments_for(reader),
        held=_photos(waiting),
        reader=reader,
        tab="triage",
    )


def _photos(problems: Sequence[Problem]) -> dict[int, list[Any]]:
    return store.of_problems([problem.id for problem in problems])


@bp.get("/problems/overview")
@only(roles.OVERSEES_PROBLEMS | roles.SEES_ALL_PROBLEMS)
def overview() -> ResponseReturnValue:
    """What the vice president must know: what is late or soon will be, reopened thrice, not met about, by class."""
    reader = sight.reader_of(current_actor())
    now = clock.now()
    calendar = identity.park_calendar()
    found = queries.by_clock(reader, limits.CARDS * 4, calendar)
    split: dict[str, list[queries.Card]] = {name: [] for name in columns.CLOCK_COLUMNS}
    for card in found:
        split[columns.column_of(card, now)].append(card)
    crossing = [card for card in found if len(card.departments) >= 2]
    days = queries.meeting_days([card.problem.id for card in crossing])
    unmet = [
        card
        for card in crossing
        if overdue(
            card.problem, [one.id for one in card.departments], days.get(card.problem.id, []), clock.today()
        )
    ]
    rows = [solved(row) for row in problems_between(clock.today() - dt.timedelta(days=365), None)]
    return render_template(
        "problems/board/overview.html",
        late=split["late"],
        soon=split["today"],
        reopened=[card for card in found if card.problem.reopened >= states.THIRD],
        unmet=unmet,
        reports=class_reports(rows, calendar),
        total=len(rows),
        reader=reader,
        tab="overview",
    )


@bp.get("/problems/figures")
@only(roles.SEES_FIGURES_OF_GROUPS)
def figures() -> ResponseReturnValue:
    """The report of contract-wider 2.6; every figure opens its rows."""
    from_on, to_on = clock.read_day(request.args.get("from")), clock.read_day(request.args.get("to"))
    wanted = request.args.get("class", "")
    rows = problems_between(from_on, to_on)
    if request.args.get("as") == "xlsx":
        name = f"{_('问题报表')}-{clock.today():%Y%m%d}.xlsx"
        return download(workbook(rows), name, XLSX)
    reader = sight.reader_of(current_actor())
    chosen = [row for row in rows if row.problem_class == wanted] if wanted in CLASSES else rows
    figure = request.args.get("only", "")
    chosen = rows_behind(chosen, figure)
    names = reader.sees_all
    reports = class_reports([solved(row) for row in rows])
    return render_template(
        "problems/board/figures.html",
        reports=reports,
        earlier=earlier_of(reports, from_on, to_on),
        days_before=span_before(from_on, to_on) if from_on and to_on else (None, None),
        total=len(rows),
        rows=chosen[: limits.FIGURE_ROWS] if request.args.get("rows") or wanted else [],
        figure=figure,
        count=len(chosen),
        names=names,
        wanted=wanted,
        from_on=from_on,
        to_on=to_on,
        reader=reader,
        tab="figures",
    )


@bp.get("/problems/<number>")
@signed_in
def problem_page(number: str) -> ResponseReturnValue:
    """One problem with its path, clocks, thread, plan, meetings and what this reader may do next."""
    actor = current_actor()
    reader = queries.with_departments(sight.reader_of(actor))
    problem = reports.get(actor, number, reader)
    now = clock.now()
    rows = rows_of(problem.id)
    readings = clocks.read([problem], now, gathered=rows.clocks)
    standing = standing_for(problem, reader, now, readings[problem.id], rows)
    allowed = [act for act in states.ACTS if not states.refusals(act, standing)]
    meetings = rows.meetings if reader.staff else []
    names: dict[int, str] = {}
    if reader.staff and (meetings or not NAMES_PEOPLE.isdisjoint(allowed)):
        names = identity.staff_names()
    places = {rows.place.id: rows.place} if rows.place is not None else {}
    known = queries.Known(readings, queries.facts_of(problem, rows), places, names)
    [card] = queries.cards(reader, [problem], now, known)
    return render_template(
        "problems/board/problem.html",
        card=card,
        problem=problem,
        reader=reader,
        steps=rows.steps,
        messages=rows.messages,
        readings=readings[problem.id],
        allowed=allowed,
        standing=standing,
        dots=states.dots(card.state),
        photos=store.shown(rows.photos, reader.desk or reader.firm),
        plans=rows.plans,
        stages=rows.stages,
        promised=rows.promises,
        concerned=rows.concerned,
        force=rows.force,
        meetings=meetings,
        doors=doors(actor, "problem", problem.id),
        subjects=subjects_of(actor, problem),
        today=clock.today().isoformat(),
        people=dict(sorted(names.items(), key=lambda pair: pair[1])),
        **_choices(reader, problem, frozenset(allowed), rows),
    )


NAMES_PEOPLE = frozenset({"assign", "form_task_force", "plan", "coordinate"})


def _choices(
    reader: sight.Reader, problem: Problem, allowed: frozenset[str], rows: Rows
) -> dict[str, object]:
    """What the forms of this reader offer to choose from; what no form of theirs asks for is not read."""
    similar: list[Problem] = []
    if "merge" in allowed:
        open_ones = reports.similar_open(problem.category, problem.place_path, problem.text, problem.id)
        similar = [one for one in open_ones if one.registered_at <= problem.registered_at][:5]
    open_states = ("proposed", "agreed", "in_progress")
    names_it = "name_subject" in allowed
    return {
        "departments": queries.departments_for(reader) if "assign" in allowed else [],
        "similar": similar,
        "templates": rows.templates if "respond" in allowed else [],
        "initiatives": ecosystem.list_initiatives(open_states) if "hand_over" in allowed else [],
        "segments": ecosystem.segment_choices() if names_it else [],
        "resources": equipment(reader.actor) if names_it else [],
    }
