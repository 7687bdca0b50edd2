"""Keys that lead nowhere: made again from what a phone sent, and from the park's secret, which is in no database."""

from __future__ import annotations

import hashlib
import hmac
import secrets

import sqlalchemy as sa
from flask import current_app

from app.hall.db.base import db
from app.voice.feedback.models import Feedback

DIGITS = (6, 9)  # of a remark's number: short while there is room
TRIES = 20


def sealed(*parts: object) -> str:
    """A key of these parts that nobody can make again from the database alone, whoever's parts they know."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    text = "\0".join(str(one) for one in parts).encode()
    return hmac.new(secret, b"voice\0" + text, hashlib.sha256).hexdigest()


def free_number() -> int:
    """A number drawn at random: the next one would tell after whom somebody spoke.

    Raises `RuntimeError` when so many numbers are taken that none was free in many tries.
    """
    for digits in DIGITS:
        for _try in range(TRIES):
            number = secrets.randbelow(9 * 10 ** (digits - 1)) + 10 ** (digits - 1)
            if db.session.scalar(sa.select(Feedback.id).where(Feedback.id == number)) is None:
                return number
    raise RuntimeError("no free number for a remark")
