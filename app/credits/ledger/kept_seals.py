"""Seals that left the house and come back: typed, as the saved page, as the file, or as the letter."""

from __future__ import annotations

import email
import email.policy
import re
from pathlib import Path

from app.hall.errors import Invalid

_HASH = re.compile(r"\b[0-9a-f]{64}\b")
_MOST = 20_000_000  # bytes: more is no letter and no page


def hashes_in(kept: str) -> list[str]:
    """The seals that somebody kept: the hash itself, however it was typed, or a file in which it stands.

    >>> hashes_in("AB" * 16 + " " + "0" * 32) == ["ab" * 16 + "0" * 32]
    True
    >>> hashes_in("no such file")
    Traceback (most recent call last):
    ...
    app.hall.errors.Invalid: seal_not_read {'kept': 'no such file'}
    """
    typed = "".join(kept.split()).lower()
    if _HASH.fullmatch(typed):
        return [typed]
    path = Path(kept)
    if not path.is_file() or path.stat().st_size > _MOST:
        raise Invalid("seal_not_read", kept=kept[:200])
    found = sorted(set(_HASH.findall(_words(path.read_bytes()).lower())))
    if not found:
        raise Invalid("seal_not_read", kept=kept[:200])
    return found


def _words(data: bytes) -> str:
    """The text of a letter, decoded; of anything else what stands in it."""
    letter = email.message_from_bytes(data, policy=email.policy.default)
    if letter["Message-ID"] and letter["Subject"]:
        parts = (part for part in letter.walk() if part.get_content_maintype() == "text")
        return " ".join(str(part.get_content()) for part in parts)
    return data.decode("utf-8", "replace")
