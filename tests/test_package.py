"""What `pip install .` takes along, and the command it makes."""

from __future__ import annotations

import importlib
import tomllib
from pathlib import Path

from click.testing import CliRunner

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def test_the_parklink_command_knows_what_flask_knows() -> None:
    module, name = PROJECT["project"]["scripts"]["parklink"].split(":")
    command = importlib.import_module(module)
    assert callable(getattr(command, name))
    answer = CliRunner().invoke(command.parklink, ["park", "--help"])
    assert answer.exit_code == 0
    assert {"open", "found"} <= set(answer.output.split())


def test_the_package_takes_along_what_lies_outside_of_it() -> None:
    packed = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for source, target in packed.items():
        assert (ROOT / source).is_dir()
        assert target == f"app/_packed/{source}"  # where `app.hall.config.beside` looks
    assert "fpdf2" not in str(PROJECT["project"]["dependencies"])
