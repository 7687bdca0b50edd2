"""Where a signal came from: rooms above say which of their pages its reader may open."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.identity.door import Actor

#: By the source of a signal: how what it came from is called, and its address.
Origins = Callable[[Actor, Iterable[str]], dict[str, tuple[str, str]]]
_known: list[Origins] = []


def on_signal_origins(handler: Origins) -> None:
    if handler not in _known:
        _known.append(handler)


def origins(actor: Actor, sources: Iterable[str | None]) -> dict[str, tuple[str, str]]:
    wanted = sorted({one for one in sources if one})
    found: dict[str, tuple[str, str]] = {}
    if wanted:
        for handler in _known:
            found |= handler(actor, wanted)
    return found
