"""The walks' parks: the room's own tests make theirs, and the walks borrow them."""

from __future__ import annotations

from tests.voice.conftest import crew

__all__ = ["crew"]
