"""How often this process has written: what is kept from the database counts until the number changes."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask, current_app

KEY = "parklink_writes"


def init_app(app: Flask, engine: sa.Engine) -> None:
    counter = app.extensions[KEY] = [0]

    def committed(_connection: object) -> None:
        counter[0] += 1

    sa.event.listen(engine, "commit", committed)


def wrote() -> None:
    """For what is written round the engine's own commits."""
    current_app.extensions[KEY][0] += 1


def writes() -> int:
    return int(current_app.extensions[KEY][0])
