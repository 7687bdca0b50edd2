"""Passwords: argon2id, a few hashings at a time, nothing easy to guess, the demo password only in the demo."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from flask import current_app

from app.hall.errors import Busy, Invalid
from app.identity.sessions.guesses import easy_to_guess

DEMO_PASSWORD = "parklink-demo"
MIN_LENGTH = 10
MAX_LENGTH = 200
AT_ONCE = 3  # of eight threads: others go on answering
FOR_KNOWN = 1  # one more, that a storm of strangers cannot take: for browsers that signed in before
PATIENCE_SECONDS = 0.5
RETRY_SECONDS = 2
_places = threading.BoundedSemaphore(AT_ONCE)
_places_for_known = threading.BoundedSemaphore(FOR_KNOWN)


@functools.cache
def _hasher(fast: bool) -> PasswordHasher:
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1) if fast else PasswordHasher()


def hasher() -> PasswordHasher:
    return _hasher(current_app.config["SETTINGS"].testing)


@functools.cache
def _dummy_hash(fast: bool) -> str:
    return _hasher(fast).hash("nobody has this password")


@contextmanager
def _one_of_few(known: bool = False) -> Iterator[None]:
    """Hash a few passwords at a time: each takes 64 MB and a core, and fifty at once would take every thread."""
    if known and _places_for_known.acquire(blocking=False):
        places = _places_for_known
    elif _places.acquire(timeout=PATIENCE_SECONDS):
        places = _places
    else:
        raise Busy("hashing_busy", retry_after=RETRY_SECONDS)
    try:
        yield
    finally:
        places.release()


def hash_password(password: str) -> str:
    with _one_of_few():
        return hasher().hash(password)


def check_new_password(password: str, *about: str) -> None:
    """Refuse a password that is too short, too long, published, common, or made of what is known of its owner.

    `about` is what everybody knows: the login, the firm's name and code.
    """
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise Invalid("password_length", low=MIN_LENGTH, high=MAX_LENGTH)
    demo = current_app.config["SETTINGS"].demo
    if password == DEMO_PASSWORD and not demo:
        raise Invalid("password_published")
    if password != DEMO_PASSWORD and (why := easy_to_guess(password, about)):
        raise Invalid(why)


def password_matches(stored_hash: str, password: str, known: bool = False) -> bool:
    """Takes equally long whether the member exists (`stored_hash` not empty) or not.

    `known`: asked by a browser that signed in before; it has a place of its own.
    """
    if password == DEMO_PASSWORD and not current_app.config["SETTINGS"].demo:
        stored_hash = ""
    try:
        with _one_of_few(known):
            found = hasher().verify(
                stored_hash or _dummy_hash(current_app.config["SETTINGS"].testing), password
            )
    except (Argon2Error, InvalidHashError):
        return False
    return found and bool(stored_hash)
