"""One round: which units and wishes take part, the solver at work in the background, the plan it found."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
import structlog
from flask import current_app

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import locked, transaction
from app.hall.errors import Conflict, Invalid, NotAllowed, NotFound
from app.hall.jobs import run_soon
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.sharing import access
from app.sharing.bookings import standing
from app.sharing.calendar import stock
from app.sharing.calendar.park_time import interval, minute_of, moment_of
from app.sharing.calendar.rules import DAY, Interval, open_times
from app.sharing.catalogue.models import Resource, ResourceUnit
from app.sharing.catalogue.records import lock_resources
from app.sharing.planning import rules as planning_rules
from app.sharing.planning.engine import documents, explanation, fairness, model, queue
from app.sharing.planning.models import ScheduleAssignment, ScheduleRun, SlotRequest
from app.sharing.planning.rules import Allowance, Bench, FlexibleWish, Round
from app.sharing.planning.wishes import open_wishes, windows_of
from app.sharing.states import SCHEDULE_RUN, step

LONGEST = dt.timedelta(days=28)
MOST_SECONDS = 120
LOST_AFTER = dt.timedelta(minutes=3)
log = structlog.get_logger(__name__)


def can_plan(actor: Actor) -> bool:
    """Owners plan their own resources, the park all of them."""
    return access.can_list(actor)


def open_round(
    actor: Actor,
    start: dt.datetime,
    end: dt.datetime,
    *,
    seconds: int = 20,
    most_minutes_per_organisation: int | None = None,
    fair_ratio: float = 0.0,
) -> ScheduleRun:
    """Start a round over [start, end): gathers what takes part and lets the optimiser work in the background.

    An owner has one round at work: who asks for the same days once more is answered with it, for others refused.
    """
    if not can_plan(actor):
        raise NotAllowed("sharing_owner_only")
    start = max(start, clock.now())
    if not dt.timedelta(0) < end - start <= LONGEST:
        raise Invalid("schedule_span", days=LONGEST.days)
    with transaction():
        owner_id = None if actor.may(roles.RUNS_ALL_RESOURCES) else actor.organisation_id
        row = ScheduleRun(
            owner_id=owner_id,
            member_id=actor.member_id,
            start_at=start,
            end_at=end,
            instance={},
            plan={},
            state="draft",
            seconds=min(MOST_SECONDS, max(1, seconds)),
            created_at=clock.now(),
        )
        resources = resources_of(row)
        lock_resources(resource.id for resource in resources[:1])  # two of one owner queue here
        at_work = _at_work(owner_id)
        if at_work is not None:
            if (at_work.end_at, _first(at_work)) != (row.end_at, _first(row)):
                raise Conflict("schedule_round_at_work", run=at_work.id)
            return at_work
        wishes = open_wishes((r.id for r in resources), end)
        if not wishes:
            raise Invalid("schedule_no_wishes")
        made = facts(row, resources, wishes, most_minutes_per_organisation)
        row.instance = {
            **documents.document_of(made.instance),
            "window_start": minute_of(_first(row)),
            "fair_ratio": min(1.0, max(0.0, fair_ratio)),
            "left_out": {str(k): v for k, v in made.left_out.items()},
        }
        db.session.add(row)
        db.session.flush()
        identity.audit(actor, "schedule.started", "schedule_run", row.id, wishes=len(wishes))
        run_soon("sharing.plan", {"run": row.id})
        return row


def _at_work(owner_id: int | None) -> ScheduleRun | None:
    """The round of this owner that waits for the optimiser or is with it; one that was lost stops nobody."""
    drafts = sa.select(ScheduleRun).where(
        ScheduleRun.state == "draft", ScheduleRun.owner_id.is_not_distinct_from(owner_id)
    )
    rows = db.session.scalars(drafts.order_by(ScheduleRun.id))
    return next((row for row in rows if not _lost(row)), None)


def resources_of(row: ScheduleRun) -> list[Resource]:
    query = sa.select(Resource).where(Resource.kind == "equipment", Resource.status == "listed")
    if row.owner_id is not None:
        query = query.where(Resource.owner_id == row.owner_id)
    return list(db.session.scalars(query.order_by(Resource.id)))


def _first(row: ScheduleRun) -> dt.datetime:
    """The round counts its slots from midnight of its first day, so that starts lie on the instruments' steps."""
    return clock.start_of_day(clock.day_of(row.start_at))


def facts(
    row: ScheduleRun, resources: Sequence[Resource], wishes: Sequence[SlotRequest], cap: int | None
) -> Round:
    window = interval(_first(row), row.end_at)
    live = interval(row.start_at, row.end_at)
    calendars = stock.calendars(resources, window)
    # A day more on both sides: a buffer at the edge must not meet what stands beyond it.
    states = stock.unit_states([r.id for r in resources], Interval(window.start - DAY, window.end + DAY))
    benches = []
    for resource in resources:
        terms = standing.terms_of(resource)
        opened = tuple(open_times(calendars[resource.id], live))
        benches += [
            Bench(
                unit.unit,
                resource.id,
                opened,
                unit.occupied,
                resource.price_fen_per_hour,
                terms.step,
                terms.shortest,
                terms.longest,
                terms.before,
                terms.after,
                unit.outages,
            )
            for unit in states[resource.id]
        ]
    barred = _barred(resources, wishes, window)
    asked = [
        FlexibleWish(
            wish.id,
            wish.organisation_id,
            wish.duration_minutes,
            tuple(interval(*span) for span in windows_of(wish)),
            tuple(wish.resources),
            wish.priority,
            None if wish.preferred_at is None else minute_of(wish.preferred_at),
            barred[wish.id],
        )
        for wish in wishes
    ]
    left = standing.quotas_left((wish.organisation_id for wish in wishes), resources, window)
    allowances = [Allowance(*key, minutes) for key, minutes in left.items()]
    return planning_rules.build(benches, asked, window, cap, allowances)


def _barred(
    resources: Sequence[Resource], wishes: Iterable[SlotRequest], window: Interval
) -> dict[int, frozenset[int]]:
    """By wish the resources its member may not book: suspended, without a qualification, or kept for their owner.

    A qualification must last up to the last start that the wish would take in this round, and an instrument that
    its owner has first must be open to others from the first one on.
    """
    ends: dict[int, dict[int, int | None]] = {}
    found = {}
    for wish in wishes:
        holder = Actor(wish.member_id, wish.organisation_id, "", frozenset({roles.ENTERPRISE_MEMBER}))
        if wish.member_id not in ends:
            ends[wish.member_id] = standing.begins_before(holder, resources)
        may = ends[wish.member_id]
        spans = [interval(*span) for span in windows_of(wish)]
        earliest = max(window.start, min(span.start for span in spans))
        latest = min(window.end, max(span.end for span in spans))
        last_start = latest - wish.duration_minutes
        barred = set()
        for resource in resources:
            end = may.get(resource.id, window.start)
            opens = standing.closed_before(holder, resource)
            too_early = opens is not None and earliest < opens
            if resource.id not in may or too_early or (end is not None and last_start >= end):
                barred.add(resource.id)
        found[wish.id] = frozenset(barred)
    return found


def get_round(actor: Actor, run_id: int, *, lock: bool = False) -> ScheduleRun:
    """A round, for its owner, the park's administrator and the auditor."""
    query = sa.select(ScheduleRun).where(ScheduleRun.id == run_id)
    row: ScheduleRun | None = db.session.scalar(locked(query) if lock else query)
    own = row is not None and row.owner_id == actor.organisation_id and can_plan(actor)
    if row is None or not (own or actor.may(roles.SEES_ALL_PLANS) or actor.is_system):
        raise NotFound("schedule_run_not_found")
    if lock and actor.has(roles.AUDITOR) and not (own or actor.may(roles.RUNS_ALL_RESOURCES)):
        raise NotAllowed("sharing_reader_only")
    return row


def list_rounds(actor: Actor) -> sa.Select[ScheduleRun]:
    """Select the rounds a reader may see, newest first."""
    query = sa.select(ScheduleRun).order_by(ScheduleRun.id.desc())
    if actor.may(roles.SEES_ALL_PLANS):
        return query
    return query.where(ScheduleRun.owner_id == actor.organisation_id)


def stop(actor: Actor, run_id: int) -> None:
    """Let the solver stop at once and keep the best plan it has."""
    with transaction():
        row = get_round(actor, run_id, lock=True)
        if row.state == "draft":
            row.plan = {**row.plan, "stop": True}


# --- in the worker ---------------------------------------------------------------------------------------


class _Watch:
    """Writes the solver's progress to the round about once a second and reads whether it should stop.

    The solver calls from threads of its own, which have no application context: each call opens one.
    """

    def __init__(self, run_id: int) -> None:
        self.run_id = run_id
        self.app: Any = current_app._get_current_object()  # type: ignore[attr-defined]
        self.stopped = False
        self._last = -1.0
        self._lock = threading.Lock()

    def progress(self, now: model.Progress) -> None:
        if now.seconds - self._last < 1 or not self._lock.acquire(blocking=False):
            return
        try:
            self._last = now.seconds
            with self.app.app_context(), transaction() as session:
                row = session.scalar(locked(sa.select(ScheduleRun).where(ScheduleRun.id == self.run_id)))
                self.stopped = row is None or row.state != "draft" or bool(row.plan.get("stop"))
                if row is not None and row.state == "draft":
                    row.plan = {
                        **row.plan,
                        "progress": {
                            "phase": now.phase,
                            "value": now.value,
                            "bound": now.bound,
                            "done_ratio": round(now.done_ratio, 3),
                        },
                    }
        except sa.exc.OperationalError:
            log.warning("progress_not_written", run=self.run_id)
        finally:
            self._lock.release()

    def should_stop(self) -> bool:
        return self.stopped


def work_on(run_id: int) -> None:
    """Solve a draft round and keep the plan; does nothing when somebody else is at it or it is decided."""
    from app.sharing.planning.engine import solver

    with transaction() as session:
        row = session.scalar(locked(sa.select(ScheduleRun).where(ScheduleRun.id == run_id)))
        if row is None or row.state != "draft" or (row.started_at and not _lost(row)):
            return
        row.started_at = clock.now()
        document, seconds = dict(row.instance), row.seconds
    instance = documents.instance_from({k: document.get(k) for k in INSTANCE_KEYS})
    watch = _Watch(run_id)
    watched: dict[str, Any] = {"on_progress": watch.progress, "should_stop": watch.should_stop}
    fair = float(document.get("fair_ratio") or 0) or None
    plan = solver.solve(instance, seconds=seconds, fair_weight=fair, **watched)
    baseline = queue.first_come(instance, choosing="preferred")
    refusals = explanation.explain(instance, plan)
    with transaction() as session:
        row = session.scalar(locked(sa.select(ScheduleRun).where(ScheduleRun.id == run_id)))
        if row is None or row.state != "draft":
            return
        keep(row, plan, baseline.value, refusals)
        row.state = step(SCHEDULE_RUN, row.state, "solved")
        row.outcome = plan.status
        row.ended_at = clock.now()
        identity.notify_member(
            row.member_id, "schedule_solved", f"/sharing/rounds/{row.id}", placed=len(plan.assignments)
        )


INSTANCE_KEYS = (
    "format",
    "slot_minutes",
    "slots",
    "max_slots_per_enterprise",
    "instruments",
    "requests",
    "quotas",
)


def keep(
    row: ScheduleRun, plan: model.Plan, first_come_value: int, refusals: Iterable[model.Rejection]
) -> None:
    """Write the plan as rows: one per wish, placed or refused with its reasons."""
    document = documents.plan_document(plan)
    document["first_come_value"] = first_come_value
    row.plan = document
    start, grain = int(row.instance["window_start"]), int(row.instance["slot_minutes"])
    unit_resource = resource_of_units([int(i["id"]) for i in row.instance["instruments"]])
    minutes = {
        wish.id: wish.duration_minutes
        for wish in db.session.scalars(
            sa.select(SlotRequest).where(SlotRequest.id.in_([int(r["id"]) for r in row.instance["requests"]]))
        )
    }
    for placed in plan.assignments:
        begin = planning_rules.minutes_of(placed.start_slot, start, grain)
        db.session.add(
            ScheduleAssignment(
                run_id=row.id,
                request_id=int(placed.request),
                resource_id=unit_resource[int(placed.instrument)],
                unit_id=int(placed.instrument),
                start_at=moment_of(begin),
                end_at=moment_of(begin + minutes[int(placed.request)]),
                reasons=[],
            )
        )
    told = {one.request: one for one in refusals}
    for refused in plan.rejected:
        why = [dict(reason) for reason in (told.get(refused.request) or refused).reasons]
        db.session.add(ScheduleAssignment(run_id=row.id, request_id=int(refused.request), reasons=why))
    for request_id, code in row.instance["left_out"].items():
        db.session.add(
            ScheduleAssignment(run_id=row.id, request_id=int(request_id), reasons=[{"code": code}])
        )


def fair_shares(row: ScheduleRun) -> list[fairness.Share]:
    """How the wishes of each organisation were weighed."""
    instance = documents.instance_from({key: row.instance.get(key) for key in INSTANCE_KEYS})
    return fairness.shares(instance, float(row.instance.get("fair_ratio") or 0))


def resource_of_units(units: Sequence[int]) -> dict[int, int]:
    rows = db.session.execute(
        sa.select(ResourceUnit.id, ResourceUnit.resource_id).where(ResourceUnit.id.in_(units))
    )
    return {row.id: row.resource_id for row in rows}


def _lost(row: ScheduleRun) -> bool:
    limit = dt.timedelta(seconds=row.seconds) + LOST_AFTER
    return (row.started_at or row.created_at) + limit < clock.now()


def restart_lost_rounds() -> None:
    """A worker that was killed in the middle leaves a draft: begin it anew."""
    rows = db.session.scalars(sa.select(ScheduleRun).where(ScheduleRun.state == "draft")).all()
    for row in rows:
        waiting_long = row.started_at is None and row.created_at + dt.timedelta(minutes=1) < clock.now()
        if waiting_long or _lost(row):
            run_soon("sharing.plan", {"run": row.id})
