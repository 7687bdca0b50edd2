"""A real server on a real port, for walks that race and for the browser."""

from __future__ import annotations

import contextlib
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

from flask import Flask
from waitress.server import create_server

from app.hall.serving import bounds


@contextlib.contextmanager
def serving(app: Flask, **other: Any) -> Iterator[str]:
    """Serve `app` with waitress and the bounds of production but for `other` ones; gives the base URL."""
    server = create_server(app, host="127.0.0.1", port=0, **(bounds() | other))
    port = server.socket.getsockname()[1]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.trigger.pull_trigger(server.close)  # in the loop's own thread
        server.task_dispatcher.shutdown()
        thread.join(5)


def call(base: str, method: str, path: str, token: str, body: Any = None, key: str = "") -> tuple[int, Any]:
    """One API call over HTTP: status and JSON body."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    if key:
        headers["Idempotency-Key"] = key
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{base}/api/v1{path}", data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read() or b"null")


def at_once(calls: list[Any]) -> list[Any]:
    """Run these functions at the same moment, each in a thread; their answers in order."""
    barrier = threading.Barrier(len(calls))
    answers: list[Any] = [None] * len(calls)

    def run(index: int) -> None:
        barrier.wait()
        answers[index] = calls[index]()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
