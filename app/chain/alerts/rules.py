"""What appeared, worsened or was relieved between two snapshots."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.chain.limits import WORSE_BY_RATIO
from app.chain.weak_links.labels import NEEDS_A_LOOK

News = tuple[str, str, float, float]


def news(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[News]:
    """What appeared, worsened or was relieved between two snapshots, by segment.

    A gap tells first; where neither has one, a link that came to hang on one firm or on outside is `fragile`, and
    one that no longer does is `steady`.
    """
    found: list[News] = []
    for code in sorted({*now, *before}):
        old, new = before.get(code), now.get(code)
        was, gap = float(old[0]) if old else 0.0, float(new[0]) if new else 0.0
        if was == 0 < gap:
            found.append((code, "appeared", was, gap))
        elif was > 0 == gap:
            found.append((code, "relieved", was, gap))
        elif gap > was * (1 + WORSE_BY_RATIO):
            found.append((code, "worsened", was, gap))
        elif was == gap == 0 and old and new and len(old) > 4:
            weak_before, weak_now = old[4] in NEEDS_A_LOOK, new[4] in NEEDS_A_LOOK
            if weak_before != weak_now:
                found.append((code, "fragile" if weak_now else "steady", was, gap))
    return found
