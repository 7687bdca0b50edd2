"""Codes of an authenticator (RFC 6238): the secret, sealed at rest, and which step a code belongs to.

The seal is made from the park's own key: a copy of the database opens nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from flask import current_app

from app.identity.factors.rules import PERIOD_SECONDS, plain_digits, steps_around


def _cipher() -> Fernet:
    park = str(current_app.config["SECRET_KEY"]).encode()
    return Fernet(base64.urlsafe_b64encode(hmac.new(park, b"seal:totp", hashlib.sha256).digest()))


def sealed(secret: str) -> str:
    return _cipher().encrypt(secret.encode()).decode("ascii")


def unsealed(text: str) -> str:
    """The secret that was sealed; empty where the park's key has changed since."""
    try:
        return _cipher().decrypt(text.encode()).decode()
    except InvalidToken:
        return ""


def new_secret() -> str:
    return pyotp.random_base32()


def address(secret: str, login: str, issuer: str) -> str:
    """What the picture holds: authenticators read the park's name and the login from it."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=issuer)


def step_of(secret: str, typed: str, seconds: float, last: int) -> int | None:
    """The step whose code was typed, if it counts now and no step as late was used before."""
    code = plain_digits(typed)
    if not code or not secret:
        return None
    totp = pyotp.TOTP(secret)
    fitting = [
        step
        for step in steps_around(seconds)
        if step > last and hmac.compare_digest(totp.at(step * PERIOD_SECONDS), code)
    ]
    return fitting[0] if fitting else None
