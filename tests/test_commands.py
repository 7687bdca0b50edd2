"""Commands that read the database: 1 is a verdict, 2 says in one line that there is nothing to judge."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app import create_app
from app.hall.config import ROOT
from tests.conftest import settings_for


@pytest.mark.parametrize("command", [["credits", "audit"], ["identity", "token", "e01"]])
def test_without_a_migrated_database_there_is_no_verdict(command: list[str], tmp_path: Path) -> None:
    app = create_app(settings_for(f"sqlite:///{tmp_path / 'empty.db'}", tmp_path))
    answer = app.test_cli_runner().invoke(args=command)
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert len(answer.stderr.splitlines()) == 1 and "no such table" in answer.stderr


@pytest.mark.parametrize(
    ("name", "value"), [("PARKLINK_DATABASE_URL", "nonsense"), ("PARKLINK_PORT", "eighty")]
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str, tmp_path: Path) -> None:
    environment = {**os.environ, "PARKLINK_INSTANCE": str(tmp_path), name: value}
    answer = subprocess.run(
        [sys.executable, "-c", "import wsgi"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert (answer.returncode, answer.stdout) == (2, "")
    assert len(answer.stderr.splitlines()) == 1 and name in answer.stderr


def test_the_park_does_not_open_without_its_database(tmp_path: Path) -> None:
    """Nobody listens on port 1: one line says so before anything is served."""
    app = create_app(settings_for("postgresql+psycopg://nobody@127.0.0.1:1/none", tmp_path, port=0))
    answer = app.test_cli_runner().invoke(args=["park", "open"])
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert len(answer.stderr.splitlines()) == 1 and "port 1 failed" in answer.stderr
