"""No pattern of the house looks at the same text again and again: four times the text, about four times the time."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

import app

PARTS = ("a", "1", " ", "@", "a.", "-", "1,", "江", "[", '"', "\\", "a1", "1 ", "<x ", "::", ";", "\n", "ZL")
SHORT = 4000


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every compiled pattern that stands at the top of a module."""
    seen = set()
    for found in pkgutil.walk_packages(app.__path__, "app."):
        module = importlib.import_module(found.name)
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str) and value not in seen:
                seen.add(value)
                yield f"{found.name}:{name}", value


ALL = sorted(patterns())


def seconds(pattern: re.Pattern[str], text: str) -> float:
    begun = time.thread_time()
    pattern.search(text)
    pattern.sub("", text)
    pattern.fullmatch(text)
    return time.thread_time() - begun


def test_there_are_patterns() -> None:
    assert len(ALL) > 30


@pytest.mark.parametrize("pattern", [one for _name, one in ALL], ids=[name for name, _one in ALL])
def test_a_pattern_is_linear(pattern: re.Pattern[str]) -> None:
    """Times under ten milliseconds say nothing; a quadratic pattern takes sixteen times as long."""
    for part in PARTS:
        for end in ("", "!"):
            text = part * (SHORT // len(part)) + end
            longer = part * (4 * SHORT // len(part)) + end
            short, long = (min(seconds(pattern, one) for _ in range(2)) for one in (text, longer))
            assert long < max(8 * short, 0.01), (part, short, long)


def test_a_quadratic_pattern_would_be_seen() -> None:
    """The one that stopped a park."""
    mail = re.compile(r"[\w.+-]+\s?@\s?[\w-]+")
    once, fourfold = seconds(mail, "a" * SHORT), seconds(mail, "a" * 4 * SHORT)
    assert fourfold > max(8 * once, 0.01)
