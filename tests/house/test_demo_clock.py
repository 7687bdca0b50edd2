"""The demo's clock is moved by a file, and never the clock of a real park."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import create_app
from app.hall import clock
from app.hall.config import Settings
from app.hall.errors import Invalid
from tests.conftest import running, settings_for


@pytest.fixture(autouse=True)
def clock_as_before() -> Iterator[None]:
    yield
    clock.read_shift_from(None)


def _real(url: str, folder: Path, file: Path) -> Settings:
    return settings_for(url, folder, demo=False, demo_clock=file, sealed=True)


def test_the_file_is_read_at_every_look(database_url: str, tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text("0", "ascii")
    with running(create_app(settings_for(database_url, tmp_path, demo_clock=file))):
        before = clock.now()
        file.write_text("86400", "ascii")
        moved = clock.now() - before
        assert dt.timedelta(days=1) <= moved < dt.timedelta(days=1, minutes=5)
        file.write_text("-3600.5", "ascii")
        assert clock.now() < before


@pytest.mark.parametrize("text", ["", "soon", "nan", "inf", "1e99", "²"])
def test_what_is_no_number_of_seconds_moves_nothing(text: str, tmp_path: Path) -> None:
    file = tmp_path / "clock"
    file.write_text(text, "utf-8")
    clock.read_shift_from(file)
    assert clock.shift() == dt.timedelta()


def test_a_real_park_refuses_it_and_a_trial_park_says_so_on_its_pages(
    database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "clock"
    file.write_text("3600", "ascii")
    with pytest.raises(Invalid) as refused:
        create_app(_real(database_url, tmp_path, file))
    assert refused.value.params == {"name": "PARKLINK_DEMO_CLOCK"}
    with running(create_app(settings_for(database_url, tmp_path))) as app:
        answer = app.test_cli_runner().invoke(
            args=["park", "found", "--name-zh", "试用园", "--login", "anna", "--trial"]
        )
        assert answer.exit_code == 0, answer.output
        assert "试用园区" not in app.test_client().get("/identity/sign-in").text, "this process began before"
    with running(create_app(_real(database_url, tmp_path, file))) as app:
        assert clock.shift() == dt.timedelta(hours=1)
        assert (
            "试用园区" in app.test_client().get("/identity/sign-in", headers={"Accept-Language": "zh"}).text
        )
