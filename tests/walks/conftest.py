"""The walks' parks: the room's own tests make theirs, and the walks borrow them."""

from __future__ import annotations

import os

import pytest

from tests.voice.conftest import crew

__all__ = ["crew", "pytest_collection_modifyitems"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Every walk on both databases; its further seeds on SQLite, on PostgreSQL too in the long form."""
    if os.environ.get("PARKLINK_LONG"):
        return
    again = [item for item in items if _is_again(item)]
    config.hook.pytest_deselected(items=again)
    items[:] = [item for item in items if not _is_again(item)]


def _is_again(item: pytest.Item) -> bool:
    values = item.callspec.params if hasattr(item, "callspec") else {}
    return "walks" in item.path.parts and values.get("seed", 1) != 1 and values.get("backend") == "postgresql"
