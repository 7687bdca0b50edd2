"""Says why a firm is listed, in facts a person can look up in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from app.chain.makers.facts import Facts
from app.chain.makers.signals import Shortlist

SENTENCES: Mapping[str, str] = {
    "makes": "已有产品“%(product)s”",
    "similar": "产品“%(product)s”与查询相近",
    "shares": "产品“%(product)s”同含“%(part)s”",
    "trade": "同行业（%(industry)s）的企业做“%(product)s”",
    "company": "做“…%(asked)s”的 %(makers)s 家企业中有 %(both)s 家也做“…%(other)s”，该企业做“%(product)s”",
    "name": "企业名称“%(name)s”含“%(part)s”",
    "weak": "只有间接线索，请核实",
    "none": "目录中没有相近的产品",
}
CLOSE = 0.45
TRADE_CLOSE = 0.4


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence: a kind of :data:`SENTENCES` and what to fill in."""

    kind: str
    params: Mapping[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return SENTENCES[self.kind] % self.params


class Explainer:
    """Looks evidence up in one catalogue."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._firms_by_tail: dict[str, set[int]] = {}
        self._makers: dict[int, list[int]] = {}
        for firm, product in facts.pairs.tolist():
            self._firms_by_tail.setdefault(_tail(facts.keys[product]), set()).add(firm)
            self._makers.setdefault(product, []).append(firm)

    def makes(self, product: int) -> tuple[Evidence, ...]:
        """The firm is known to make exactly this."""
        return (Evidence("makes", {"product": self._facts.spellings[product]}),)

    def explain(self, key: str, found: Shortlist, places: int) -> list[tuple[Evidence, ...]]:
        """Evidence for the first ``places`` candidates *in the order of the shortlist given*."""
        trades = self._close_trades(found)
        both: dict[str, int] = {}
        return [self._one(key, found, place, trades, both) for place in range(min(places, len(found.firms)))]

    def _one(
        self, key: str, found: Shortlist, place: int, trades: Mapping[str, int], both: dict[str, int]
    ) -> tuple[Evidence, ...]:
        facts, firm = self._facts, int(found.firms[place])
        pieces = []
        product = int(found.similar[place])
        if product >= 0 and found.similarity[place] >= CLOSE:
            return (Evidence("similar", {"product": facts.spellings[product]}),)
        part = common_part(key, facts.keys[product]) if product >= 0 and found.similarity[place] > 0 else ""
        if len(part) >= 2:
            pieces.append(Evidence("shares", {"product": facts.spellings[product], "part": part}))
        trade = facts.industries[firm]
        if trade in trades:
            pieces.append(Evidence("trade", {"industry": trade, "product": facts.spellings[trades[trade]]}))
        if len(pieces) < 2:
            pieces += self._company(key, int(found.related[place]), both)
        if not pieces and facts.names[firm]:
            shared = common_part(key, facts.names[firm].casefold())
            if len(shared) >= 2:
                pieces.append(Evidence("name", {"name": facts.names[firm], "part": shared}))
        if not pieces and part:
            pieces.append(Evidence("shares", {"product": facts.spellings[product], "part": part}))
        return tuple(pieces[:2]) or (Evidence("weak"),)

    def _close_trades(self, found: Shortlist) -> dict[str, int]:
        """For each trade the most similar product of one of its firms on the shortlist."""
        trades: dict[str, tuple[float, int]] = {}
        for place in np.flatnonzero(found.similarity >= TRADE_CLOSE).tolist():
            trade = self._facts.industries[int(found.firms[place])]
            closeness = (float(found.similarity[place]), -int(found.similar[place]))
            if trade and closeness > trades.get(trade, (0.0, 0)):
                trades[trade] = closeness
        return {trade: -place for trade, (_, place) in trades.items()}

    def _company(self, key: str, product: int, both: dict[str, int]) -> list[Evidence]:
        """How many firms whose products end like the query also make things that end like this product."""
        if product < 0:
            return []
        asked, other = _tail(key), _tail(self._facts.keys[product])
        makers = self._firms_by_tail.get(asked, set())
        if asked == other or not makers:
            return []
        if other not in both:
            both[other] = len(makers & self._firms_by_tail[other])
        if both[other] < 2:
            return []
        params: dict[str, str | int] = {
            "asked": asked,
            "makers": len(makers),
            "both": both[other],
            "other": other,
        }
        params["product"] = self._facts.spellings[product]
        return [Evidence("company", params)]


def common_part(left: str, right: str) -> str:
    """The longest stretch two texts share, the leftmost of the first text on ties.

    >>> common_part("湿法隔膜", "锂电池隔膜材料")
    '隔膜'
    """
    for size in range(min(len(left), len(right)), 0, -1):
        for start in range(len(left) - size + 1):
            part = left[start : start + size]
            if part in right and part.strip() == part:
                return part
    return ""


def _tail(key: str) -> str:
    last = key.rsplit(" ", 1)[-1]
    return last if last[:1] < "\u3040" else last[-2:]
