"""What a stranger sees of the operator's side: no host but the park's own, no secret in a log line."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from app import create_app
from app.hall import limits
from tests.conftest import running, settings_for


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
