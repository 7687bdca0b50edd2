"""Passwords: argon2id, a floor on length, the demo password only in the demo."""

from __future__ import annotations

import functools

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask import current_app

from app.errors import Invalid

DEMO_PASSWORD = "parklink-demo"
MIN_LENGTH = 10
MAX_LENGTH = 200


@functools.cache
def _hasher(fast: bool) -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if fast else PasswordHasher()


def hasher() -> PasswordHasher:
    return _hasher(current_app.config["SETTINGS"].testing)


@functools.cache
def _dummy_hash(fast: bool) -> str:
    return _hasher(fast).hash("nobody has this password")


def hash_password(password: str) -> str:
    return hasher().hash(password)


def check_new_password(password: str) -> None:
    """Refuse a password that is too short, too long, or the published one of the demo."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise Invalid("password_length", low=MIN_LENGTH, high=MAX_LENGTH)
    if password == DEMO_PASSWORD and not current_app.config["SETTINGS"].demo:
        raise Invalid("password_published")


def password_matches(stored_hash: str, password: str) -> bool:
    """Takes equally long whether the member exists (`stored_hash` not empty) or not."""
    if password == DEMO_PASSWORD and not current_app.config["SETTINGS"].demo:
        stored_hash = ""
    try:
        found = hasher().verify(stored_hash or _dummy_hash(current_app.config["SETTINGS"].testing), password)
    except (Argon2Error, InvalidHashError):
        return False
    return found and bool(stored_hash)
