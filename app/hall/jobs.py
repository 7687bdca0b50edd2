"""What happens after the commit: an outbox that loses nothing, and a clockwork that may come late.

`emit` writes a row inside the use case's transaction; the row is handed to its handlers afterwards, in a
transaction of their own that also marks it as done, so that an effect happens exactly once even if the
process is killed in between. Huey only wakes us up: a lost wake-up is made good by the next minute.
"""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import structlog
from flask import Flask, current_app
from sqlalchemy.orm import Mapped, mapped_column

from app.hall import clock, standstill
from app.hall.db.base import Base, db, is_sqlite
from app.hall.db.facts import find_fact, keep_fact
from app.hall.db.transaction import after_commit, in_transaction, transaction
from app.hall.limits import CLOCK_STEP
from app.hall.standstill import NOTHING_CONFIRMED, Batch, Confirmed

if TYPE_CHECKING:
    from huey import Huey

log = structlog.get_logger(__name__)
MAX_ATTEMPTS = 8
LAST_TICK, LOST_ROUNDS = "last_tick", "lost_rounds"


@dataclass(frozen=True)
class Periodic:
    """A job of the clockwork: what it does can be made good (`unasked` says how), or is counted and may ask first."""

    minutes: int
    job: Callable[[], None]
    unasked: str = ""
    batch: Callable[[], Batch] | None = None

    @property
    def name(self) -> str:
        return f"{self.job.__module__.removeprefix('app.').removesuffix('.jobs')}.{self.job.__name__}"


_handlers: dict[str, list[Callable[[dict[str, Any]], None]]] = {}
_thoughts: dict[str, list[Callable[[dict[str, Any]], Callable[[], None]]]] = {}
_tasks: dict[str, Callable[[dict[str, Any]], None]] = {}
_periodic: list[Periodic] = []


class Outbox(Base):
    """A message that must reach its handlers once the transaction that wrote it is durable."""

    __tablename__ = "outbox"
    __table_args__ = (
        sa.Index(
            "ix_outbox_waiting",
            "due_at",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    created_at: Mapped[dt.datetime]
    due_at: Mapped[dt.datetime]
    done_at: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")


def on(kind: str) -> Callable[[Callable[[dict[str, Any]], None]], Callable[[dict[str, Any]], None]]:
    """Handle outbox messages of `kind`."""

    def register(handler: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
        if handler not in _handlers.setdefault(kind, []):
            _handlers[kind].append(handler)
        return handler

    return register


def on_thinking(
    kind: str,
) -> Callable[
    [Callable[[dict[str, Any]], Callable[[], None]]], Callable[[dict[str, Any]], Callable[[], None]]
]:
    """Handle outbox messages of `kind` in two steps: reckon without a lock, and answer what is then to be written."""

    def register(
        think: Callable[[dict[str, Any]], Callable[[], None]],
    ) -> Callable[[dict[str, Any]], Callable[[], None]]:
        if think not in _thoughts.setdefault(kind, []):
            _thoughts[kind].append(think)
        return think

    return register


def every(
    minutes: int, *, unasked: str = "", batch: Callable[[], Batch] | None = None
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Run about every so many minutes; must be idempotent and catch up after having been down.

    Every job stands still while the clock is in doubt. One that nobody can undo says by `batch` how much it would
    do at once, and waits where that is more than the stated share of all there is (`app/hall/standstill.py`); any
    other says in `unasked` why it may do any number: how it is made good, or that it harms nobody.
    """
    if bool(unasked.strip()) == (batch is not None):
        raise ValueError("a job counts its batch, or says why it need not ask: one of the two")

    def register(job: Callable[[], None]) -> Callable[[], None]:
        if all(job is not known.job for known in _periodic):
            _periodic.append(Periodic(minutes, job, unasked, batch))
        return job

    return register


def task(name: str) -> Callable[[Callable[[dict[str, Any]], None]], Callable[[dict[str, Any]], None]]:
    """Name a long piece of background work, started by `run_soon`."""

    def register(work: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
        _tasks[name] = work
        return work

    return register


def emit(kind: str, payload: dict[str, Any], not_before: dt.datetime | None = None) -> None:
    """Leave a message that is delivered after, and only after, the running transaction commits.

    `not_before` keeps it until then, such as the end of quiet hours.
    """
    if not in_transaction():
        raise RuntimeError("emit needs a transaction")
    now = clock.now()
    due = now if not_before is None else max(now, not_before)
    db.session.add(Outbox(kind=kind, payload=payload, created_at=now, due_at=due))
    if _ask_for_delivery not in db.session().info["after_commit"]:
        after_commit(_ask_for_delivery)


def _ask_for_delivery() -> None:
    _wake("outbox", {})


def run_soon(name: str, payload: dict[str, Any]) -> None:
    """Start the task `name` in the background, after the commit where a transaction is running."""
    if in_transaction():
        after_commit(lambda: _wake(name, payload))
    else:
        _wake(name, payload)


def _wake(name: str, payload: dict[str, Any]) -> None:
    if current_app.config.get("JOBS_PAUSED"):
        return
    try:
        current_app.extensions["huey_run"](name, payload)
    except Exception:
        log.exception("wake_up_failed", task=name)  # the clockwork makes it good within a minute


def deliver_outbox(limit: int = 500, fresh_only: bool = False) -> int:
    """Hand waiting messages to their handlers, oldest first; answers how many were done.

    With `fresh_only` not those that were kept for later or failed before: whether they are due, the clock says.
    """
    done = 0
    tried: set[int] = set()
    which = Outbox.due_at <= (Outbox.created_at if fresh_only else clock.now())
    while done < limit:
        waiting = db.session.scalars(
            sa.select(Outbox.id)
            .where(Outbox.done_at.is_(None), which, Outbox.id.not_in(tried))
            .order_by(Outbox.id)
            .limit(50)
        ).all()
        db.session.rollback()
        if not waiting:
            break
        for message_id in waiting:
            tried.add(message_id)
            done += _deliver(message_id)
    return done


def _deliver(message_id: int) -> int:
    try:
        effects = _think(message_id)
        with transaction() as session:
            query = sa.select(Outbox).where(Outbox.id == message_id, Outbox.done_at.is_(None))
            row = session.scalar(query if is_sqlite() else query.with_for_update(skip_locked=True))
            if row is None:
                return 0
            for handler in _handlers.get(row.kind, []):
                handler(dict(row.payload))
            for effect in effects:
                effect()
            row.done_at = clock.now()
        return 1
    except Exception as error:
        log.exception("outbox_message_failed", message=message_id)
        _postpone(message_id, error)
        return 0


def _think(message_id: int) -> list[Callable[[], None]]:
    """What the handlers that think first will write; nothing is locked meanwhile."""
    found = db.session.execute(sa.select(Outbox.kind, Outbox.payload).where(Outbox.id == message_id)).one()
    effects = [think(dict(found.payload)) for think in _thoughts.get(found.kind, [])]
    db.session.rollback()
    return effects


def _postpone(message_id: int, error: Exception) -> None:
    with transaction() as session:
        row = session.get(Outbox, message_id)
        if row is None:
            return
        row.attempts += 1
        row.error = repr(error)[:500]
        wait = (
            dt.timedelta(days=3650) if row.attempts >= MAX_ATTEMPTS else dt.timedelta(minutes=2**row.attempts)
        )
        row.due_at = clock.now() + wait


def run_periodic(minute: int | None = None, confirmed: Confirmed = NOTHING_CONFIRMED) -> None:
    """One tick: every periodic job that is due in this minute (all of them with `None`), then the outbox."""
    wrong = {} if confirmed.clock else standstill.clock_doubt(last_tick())
    standstill.note(standstill.CLOCK, wrong)
    if wrong:
        log.error("clock_in_doubt", **wrong)
    for one in _periodic:
        # With a doubted clock no job runs: also those that could be undone would write moments that are not so.
        if (minute is None or minute % one.minutes == 0) and not wrong:
            _run_one(one, confirmed)
    if not wrong:
        _bring_back()
    deliver_outbox(fresh_only=bool(wrong))
    if not wrong:  # a wrong clock must not be what the next tick compares with
        _note_tick()
    db.session.remove()


def _bring_back() -> None:
    """Messages written while the clock was ahead would wait for a day that is far away: they are due now."""
    now = clock.now()
    lost = (Outbox.done_at.is_(None), Outbox.created_at > now + CLOCK_STEP)
    if db.session.scalar(sa.select(Outbox.id).where(*lost).limit(1)) is not None:
        with transaction() as session:
            session.execute(sa.update(Outbox).where(*lost).values(due_at=now))
    db.session.rollback()


def _run_one(one: Periodic, confirmed: Confirmed) -> None:
    try:
        if one.batch is not None:
            large = {} if confirmed.batch else standstill.oversized([one.batch()])
            db.session.rollback()
            standstill.note(one.name, large)
            if large:
                log.error("batch_asks_first", job=one.name, **large)
                return
        one.job()
    except Exception:
        log.exception("periodic_job_failed", job=one.job.__qualname__)
    finally:
        db.session.remove()


def _note_tick() -> None:
    """Keep when the clockwork last ran, and how many of its minutes were lost since the park opened."""
    now = clock.now().replace(second=0, microsecond=0)
    with transaction():
        last = last_tick()
        if last is not None:
            missed = int((now - last).total_seconds()) // 60 - 1
            keep_fact(LOST_ROUNDS, str(lost_rounds() + max(0, missed)))
        standstill.believe()
        keep_fact(LAST_TICK, now.isoformat())


def last_tick() -> dt.datetime | None:
    """When the clockwork last ran."""
    kept = find_fact(LAST_TICK)
    return dt.datetime.fromisoformat(kept) if kept else None


def lost_rounds() -> int:
    """How many minutes passed without the clockwork."""
    return int(find_fact(LOST_ROUNDS) or 0)


def queue_age() -> float:
    """How many seconds the oldest message has waited that is due; 0 when none waits."""
    now = clock.now()
    oldest = db.session.scalar(
        sa.select(sa.func.min(Outbox.due_at)).where(Outbox.done_at.is_(None), Outbox.due_at <= now)
    )
    return (now - oldest).total_seconds() if oldest else 0.0


def waiting() -> int:
    """How many messages are due and not done."""
    due = sa.select(sa.func.count()).where(Outbox.done_at.is_(None), Outbox.due_at <= clock.now())
    return db.session.scalar(due) or 0


@dataclass(frozen=True)
class GivenUp:
    """A message that failed to the end; `fault` names the error without what it says: that may quote people."""

    id: int
    kind: str
    fault: str
    created_at: dt.datetime


def given_up(most: int = 50) -> list[GivenUp]:
    """Messages that wait for a person, the newest first."""
    query = (
        sa.select(Outbox.id, Outbox.kind, Outbox.error, Outbox.created_at)
        .where(Outbox.done_at.is_(None), Outbox.attempts >= MAX_ATTEMPTS)
        .order_by(Outbox.id.desc())
        .limit(most)
    )
    return [
        GivenUp(i, kind, error.split("(")[0][:80], at) for i, kind, error, at in db.session.execute(query)
    ]


def init_app(app: Flask) -> None:
    """Tests run work at once; everybody else wakes the worker through Huey, opened when first needed."""
    if app.config["SETTINGS"].testing:
        app.extensions["huey_run"] = _run
        return

    def wake(name: str, payload: dict[str, Any]) -> None:
        open_queue(app)
        app.extensions["huey_task"](name, payload)

    app.extensions["huey_run"] = wake


def open_queue(app: Flask) -> Huey:
    """The queue of this installation: a SQLite file, or Redis where PARKLINK_REDIS_URL is set."""
    if "huey" in app.extensions:
        return app.extensions["huey"]
    from huey import RedisHuey, SqliteHuey, crontab  # half a second, and only needed with the first message

    settings = app.config["SETTINGS"]
    if settings.redis_url:
        huey: Huey = RedisHuey("parklink", url=settings.redis_url)
    else:
        huey = SqliteHuey("parklink", filename=str(settings.instance / "jobs.db"))

    def run(name: str, payload: dict[str, Any]) -> None:
        with app.app_context():
            _run(name, payload)

    def tick() -> None:
        with app.app_context():
            now = clock.now()
            run_periodic(now.hour * 60 + now.minute)

    app.extensions["huey_task"] = huey.task(name="run")(run)
    huey.periodic_task(crontab(minute="*"), name="tick")(tick)
    app.extensions["huey"] = huey
    return huey


def _run(name: str, payload: dict[str, Any]) -> None:
    if name == "outbox":
        deliver_outbox()
    else:
        _tasks[name](payload)


def load_jobs(modules: list[str]) -> None:
    for module in modules:
        importlib.import_module(module)


@standstill.recorded
def newest_message() -> dt.datetime | None:
    """When the newest message was written."""
    return db.session.scalar(sa.select(Outbox.created_at).order_by(Outbox.id.desc()).limit(1))
