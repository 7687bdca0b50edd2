"""One-time codes that stand nowhere: made again from the park's key and a number whenever they are needed."""

from __future__ import annotations

import base64
import hashlib
import hmac

from flask import current_app

LETTERS = 20  # 100 bits; each half alone leaves 50 to be guessed


def code_of(salt: str) -> str:
    """The code that belongs to `salt`: whoever reads the database but not the park's key cannot make it."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    digest = hmac.new(key, f"code:{salt}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest).decode("ascii")[:LETTERS]


def halves(code: str) -> tuple[str, str]:
    return code[: LETTERS // 2], code[LETTERS // 2 :]


def plain_code(typed: str) -> str:
    """A code as somebody typed it: blanks, hyphens and small letters do not matter."""
    return "".join(char for char in typed.upper() if char.isascii() and char.isalnum())[: 2 * LETTERS]
