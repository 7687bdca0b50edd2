"""Runs a file command in Chinese or English without a database: it needs none."""

from __future__ import annotations

from collections.abc import Sequence

import click
from click.testing import CliRunner, Result
from flask import Flask
from flask_babel import Babel


def run(command: click.Command, arguments: Sequence[object], language: str = "zh") -> Result:
    app = Flask("commands")
    Babel(app, default_locale=language)
    with app.app_context():
        return CliRunner().invoke(command, [str(one) for one in arguments])
