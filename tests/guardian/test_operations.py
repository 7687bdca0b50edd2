"""What a stranger meets of the operator's side: no host but the park's own, no secret in a log line, a server with bounds."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from app import create_app
from app.hall import limits
from tests.conftest import running, settings_for
from tests.live import serving


def test_only_the_parks_own_hosts_are_answered(database_url: str, tmp_path: Path) -> None:
    settings = settings_for(database_url, tmp_path, hosts=("park.example", ".parks.example"))
    with running(create_app(settings)) as app:
        client = app.test_client()
        assert client.get("/healthz", headers={"Host": "park.example"}).status_code == 200
        assert client.get("/healthz", headers={"Host": "east.parks.example"}).status_code == 200
        assert client.get("/healthz", headers={"Host": "evil.example"}).status_code == 400


def test_the_secret_of_a_link_is_in_no_log_line(
    database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(create_app(settings_for(database_url, tmp_path))) as app:
        monkeypatch.setitem(app.view_functions, "identity.reset_password", lambda **_: 1 / 0)
        with pytest.raises(ZeroDivisionError):  # tests see the fault itself, after it was logged
            app.test_client().get("/identity/reset/SECRET-OF-THE-LINK")
    said = "".join(capsys.readouterr())
    assert "unexpected_error" in said
    assert "/identity/reset/<" in said
    assert "SECRET-OF-THE-LINK" not in said


def test_the_shipped_proxy_file_is_valid(tmp_path: Path) -> None:
    program = shutil.which("nginx")
    if program is None:
        pytest.skip("nginx is not installed: deploy/nginx.conf is not checked")
    text = (Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf").read_text("utf-8")
    file = tmp_path / "nginx.conf"
    file.write_text(text.replace("/run/parklink-nginx.pid", str(tmp_path / "pid")), "utf-8")
    said = subprocess.run(
        [program, "-t", "-c", str(file), "-e", "stderr"], capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr
    assert f"client_max_body_size {limits.LARGEST_REQUEST // limits.MEBIBYTE}m" in text


def ask(base: str, *parts: bytes) -> bytes:
    """Send these bytes as they are; answers the first the server says."""
    host, port = base.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 30) as line:
        for part in parts:
            line.sendall(part)
        return line.recv(4096)


def test_the_server_refuses_a_large_body_before_it_comes(app: Flask) -> None:
    """Anonymous callers filled the disk once: 200 MB in seconds, kept until the application looked at them."""
    with serving(app) as base:
        head = b"POST /identity/sign-in HTTP/1.1\r\nHost: park\r\nContent-Length: %d\r\n\r\n"
        assert ask(base, head % (limits.LARGEST_REQUEST + 1)).startswith(b"HTTP/1.1 413")
        assert ask(base, b"GET /healthz HTTP/1.1\r\nHost: park\r\n\r\n").startswith(b"HTTP/1.1 200")


def test_a_body_that_does_not_say_its_size_is_refused_at_the_bound(app: Flask) -> None:
    with serving(app, max_request_body_size=50_000) as base:
        chunked = b"POST /identity/sign-in HTTP/1.1\r\nHost: park\r\nTransfer-Encoding: chunked\r\n\r\n"
        assert ask(base, chunked, b"%x\r\n" % 60_000, b"a" * 60_000).startswith(b"HTTP/1.1 413")
        assert ask(base, b"GET /healthz HTTP/1.1\r\nHost: park\r\n\r\n").startswith(b"HTTP/1.1 200")


def test_who_says_nothing_holds_no_thread(app: Flask) -> None:
    """More connections that sent one byte than there are threads: others are answered all the same."""
    with serving(app) as base, contextlib.ExitStack() as silent:
        host, port = base.removeprefix("http://").split(":")
        for _line in range(4 * limits.SERVER_THREADS):
            silent.enter_context(socket.create_connection((host, int(port)), 30)).sendall(b"P")
        assert ask(base, b"GET /healthz HTTP/1.1\r\nHost: park\r\n\r\n").startswith(b"HTTP/1.1 200")


def test_silent_connections_beyond_the_limit_are_let_go_and_others_are_answered(app: Flask) -> None:
    """4,100 connections with one byte each were held once: now at most the limit, and none that says nothing."""
    with (
        serving(app, connection_limit=20, channel_timeout=1, cleanup_interval=1) as base,
        contextlib.ExitStack() as held,
    ):
        host, port = base.removeprefix("http://").split(":")
        silent = []
        for _line in range(60):
            line = held.enter_context(socket.create_connection((host, int(port)), 30))
            line.sendall(b"P")
            silent.append(line)
        assert ask(base, b"GET /healthz HTTP/1.1\r\nHost: park\r\n\r\n").startswith(b"HTTP/1.1 200")
        assert {line.recv(100) for line in silent[:20]} == {b""}  # closed by the server
