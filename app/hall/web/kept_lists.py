"""Filters that stay: who comes back to a list finds it as they left it.

Only a browser that goes to a page is met (`Sec-Fetch-Mode: navigate`): programs and checks get what they ask for. What
somebody chooses on the list itself is kept, nothing chosen takes it back; from elsewhere the bare address leads to
what was kept. Where it is kept is the business of the room that knows members.
"""

from __future__ import annotations

from typing import Protocol
from urllib.parse import urlencode, urlsplit

from flask import abort, redirect, request

NEVER_KEPT = ("page", "export", "lang")
LONGEST = 400


class Keeper(Protocol):
    """Keeps the last filters of a list for whoever is signed in."""

    def last(self, path: str) -> str: ...

    def remember(self, path: str, query: str) -> None: ...


_keepers: list[Keeper] = []


def keep_with(keeper: Keeper) -> None:
    _keepers[:] = [keeper]


def query_of(args: list[tuple[str, str]]) -> str:
    """What is kept of an address: everything that was chosen, without the page.

    >>> query_of([("q", "光谱"), ("page", "3"), ("kind", "")])
    'q=%E5%85%89%E8%B0%B1'
    """
    return urlencode([(name, value) for name, value in args if value and name not in NEVER_KEPT])


def come_back() -> None:
    """Called by every list: keeps what was chosen on it, and leads back to it."""
    if not _keepers or request.method != "GET" or request.headers.get("Sec-Fetch-Mode") != "navigate":
        return
    if request.headers.get("Sec-Fetch-Dest", "document") != "document":
        return
    keeper, query = _keepers[0], query_of(list(request.args.items(multi=True)))
    on_the_list = urlsplit(request.referrer or "").path == request.path
    if on_the_list:
        if len(query) <= LONGEST:
            keeper.remember(request.path, query)
    elif not request.args:
        kept = keeper.last(request.path)
        if kept:
            abort(redirect(f"{request.path}?{kept}"))
