"""One transaction per use case, re-entrant; callbacks after the commit; row locks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from app.hall.db.base import db, is_sqlite
from app.hall.db.connection import hang_up

# SQLite has one writer at a time. Threads of this process queue here and are woken at once; without the queue they
# would poll the file with growing pauses. Other processes still meet at the file itself (`busy_timeout`).
_sqlite_writers = threading.RLock()


def _writers_queue() -> AbstractContextManager[Any]:
    return _sqlite_writers if is_sqlite() else nullcontext()


# A transaction that computes longer than this stops every other writer: think first, then lock.
LONGEST_LOCK_SECONDS = 1.0
_watchers: list[Callable[[float], None]] = []


def watch_locks(watcher: Callable[[float], None]) -> None:
    """Tell `watcher` the processor seconds that each transaction took from its begin to its commit or refusal."""
    if watcher not in _watchers:
        _watchers.append(watcher)


def held(seconds: float) -> None:
    for watcher in _watchers:
        watcher(seconds)


@contextmanager
def transaction() -> Iterator[Any]:
    """One use case, whole or not at all; re-entrant: only the outermost block commits.

    The outermost block forgets what was read before it, so that a decision never rests on stale rows.
    Callbacks registered by `after_commit` run once the data are durable.
    """
    session = db.session()
    if session.info.get("depth", 0):
        session.info["depth"] += 1
        try:
            yield session
        finally:
            session.info["depth"] -= 1
        return
    forget(session)
    hang_up(session)
    with _writers_queue():
        session.info.update(depth=1, after_commit=[])
        try:
            session.connection(execution_options={"writing": True})
            begun = time.thread_time()
            try:
                yield session
                session.commit()
            finally:  # also what is refused after long thought has kept everybody waiting
                held(time.thread_time() - begun)
        except BaseException:
            session.rollback()
            session.info["after_commit"] = []
            raise
        finally:
            session.info["depth"] = 0
    for callback in session.info.pop("after_commit", []):
        callback()


def forget(session: Any) -> None:
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("rows were changed outside a transaction")
    if session.in_transaction():
        session.rollback()
    session.expire_all()


def in_transaction() -> bool:
    return bool(db.session().info.get("depth", 0))


def after_commit(callback: Any) -> None:
    """Run `callback` once the running transaction is durable; forgotten if it rolls back."""
    session = db.session()
    if not session.info.get("depth", 0):
        raise RuntimeError("after_commit needs a transaction")
    session.info["after_commit"].append(callback)


def locked(statement: Any) -> Any:
    """Lock the selected rows until the commit (SQLite's writers already exclude each other)."""
    return statement if is_sqlite() else statement.with_for_update(key_share=True)
