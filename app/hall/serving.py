"""The server of `run.py`: pages and API with low limits, and a worker that lives exactly as long as the server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any, cast

import click
import structlog

from app.hall import limits

if TYPE_CHECKING:
    from flask import Flask

    from app.hall.config import Settings

log = structlog.get_logger(__name__)


def refuse_a_taken_port(settings: Settings) -> None:
    """Say in one line that somebody listens there already, before anything is migrated."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            click.echo(
                f"ParkLink: {settings.host}:{settings.port} – {error.strerror}; set PARKLINK_PORT", err=True
            )
            sys.exit(2)


def serve_park(app: Flask, settings: Settings) -> None:
    """Serve until the end of this process, with a worker beside it."""
    from waitress import serve

    worker = Worker()
    worker.start()
    try:
        serve(cast("Any", app), host=settings.host, port=settings.port, **bounds())
    finally:
        worker.stop()


def bounds() -> dict[str, Any]:
    """What the server refuses before the application hears of it."""
    return {
        "threads": limits.SERVER_THREADS,
        "channel_timeout": limits.IDLE_SECONDS,
        "cleanup_interval": limits.IDLE_SECONDS,
        "connection_limit": limits.CONNECTIONS,
        "max_request_body_size": limits.LARGEST_REQUEST,
        "asyncore_use_poll": True,
        "backlog": limits.WAITING_CONNECTIONS,
        "ident": "ParkLink",
    }


class Worker:
    """The worker as a process of its own; started again when it dies, ended with the server."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._ending = threading.Event()

    def start(self) -> None:
        self._process = self._begin()
        threading.Thread(target=self._look_after, daemon=True).start()

    def stop(self) -> None:
        self._ending.set()
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)

    @staticmethod
    def _begin() -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", "app", "work", str(os.getpid())])

    def _look_after(self) -> None:
        while self._process is not None:
            status = self._process.wait()
            if self._ending.wait(limits.RESTART_SECONDS):
                return
            log.warning("worker_started_again", status=status)
            self._process = self._begin()


def end_with(server: int) -> None:
    """End this worker once its server is gone.

    The server's number is handed over by the server itself: a parent that died before this process asked would
    look like the parent this process was born with.
    """

    def watch() -> None:
        while os.getppid() == server:
            time.sleep(1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
