"""What happens after the commit: an outbox that loses nothing, and a clockwork that may come late.

`emit` writes a row inside the use case's transaction; the row is handed to its handlers afterwards, in a
transaction of their own that also marks it as done, so that an effect happens exactly once even if the
process is killed in between. Huey only wakes us up: a lost wake-up is made good by the next minute.
"""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
import structlog
from flask import Flask, current_app
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.db import Base, after_commit, db, in_transaction, is_sqlite, transaction

if TYPE_CHECKING:
    from huey import Huey

log = structlog.get_logger(__name__)
MAX_ATTEMPTS = 8

_handlers: dict[str, list[Callable[[dict[str, Any]], None]]] = {}
_tasks: dict[str, Callable[[dict[str, Any]], None]] = {}
_periodic: list[tuple[int, Callable[[], None]]] = []


class Outbox(Base):
    """A message that must reach its handlers once the transaction that wrote it is durable."""

    __tablename__ = "outbox"
    __table_args__ = (sa.Index("ix_outbox_waiting", "due_at", sqlite_where=sa.text("done_at IS NULL"),
                               postgresql_where=sa.text("done_at IS NULL")),)  # fmt: skip

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


def every(minutes: int) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Run about every so many minutes; must be idempotent and catch up after having been down."""

    def register(job: Callable[[], None]) -> Callable[[], None]:
        if all(job is not known for _, known in _periodic):
            _periodic.append((minutes, job))
        return job

    return register


def task(name: str) -> Callable[[Callable[[dict[str, Any]], None]], Callable[[dict[str, Any]], None]]:
    """Name a long piece of background work, started by `run_soon`."""

    def register(work: Callable[[dict[str, Any]], None]) -> Callable[[dict[str, Any]], None]:
        _tasks[name] = work
        return work

    return register


def emit(kind: str, payload: dict[str, Any]) -> None:
    """Leave a message that is delivered after, and only after, the running transaction commits."""
    if not in_transaction():
        raise RuntimeError("emit needs a transaction")
    now = clock.now()
    db.session.add(Outbox(kind=kind, payload=payload, created_at=now, due_at=now))
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


def deliver_outbox(limit: int = 500) -> int:
    """Hand waiting messages to their handlers, oldest first; answers how many were done."""
    done = 0
    tried: set[int] = set()
    while done < limit:
        waiting = db.session.scalars(
            sa.select(Outbox.id)
            .where(Outbox.done_at.is_(None), Outbox.due_at <= clock.now(), Outbox.id.not_in(tried))
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
        with transaction() as session:
            query = sa.select(Outbox).where(Outbox.id == message_id, Outbox.done_at.is_(None))
            row = session.scalar(query if is_sqlite() else query.with_for_update(skip_locked=True))
            if row is None:
                return 0
            for handler in _handlers.get(row.kind, []):
                handler(dict(row.payload))
            row.done_at = clock.now()
        return 1
    except Exception as error:
        log.exception("outbox_message_failed", message=message_id)
        _postpone(message_id, error)
        return 0


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


def run_periodic(minute: int | None = None) -> None:
    """One tick: every periodic job that is due in this minute (all of them with `None`), then the outbox."""
    for minutes, job in list(_periodic):
        if minute is None or minute % minutes == 0:
            try:
                job()
            except Exception:
                log.exception("periodic_job_failed", job=job.__qualname__)
            finally:
                db.session.remove()
    deliver_outbox()
    db.session.remove()


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
