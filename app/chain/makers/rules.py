"""Answers "who makes this": ranks firms for a product text, learnt from a catalogue of who makes what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from app.chain.makers.blend import Blend, inputs_of
from app.chain.makers.facts import CatalogueRow, Enterprise, Facts, gather
from app.chain.makers.reasons import Evidence, Explainer
from app.chain.makers.signals import QUERY_SIGNALS, SIGNALS, Shortlist, Signals, largest
from app.chain.makers.text import normalise
from app.chain.makers.tower import Towers

LEARN_FROM = 2000
HIDDEN_RATIO = 0.15
MOST_HIDDEN = 6000
LEARN_LIST = 120
SEED = 20
TOWERS = 2
ROUNDS, LAST_ROUNDS = 5, 2
RATE = 0.01
BLENDS = 2
MOST_CELLS = 1_000_000
Tick = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer: the firm, how well it fits and why.

    ``score`` falls with the rank. From 0.5 up the firm is known to make exactly this; below, it is half the chance the
    search gives the firm among all it looked at; 0 means that nothing known speaks for it.
    """

    enterprise: str
    score: float
    evidence: tuple[Evidence, ...] = ()

    @property
    def reason(self) -> str:
        """The evidence as one Chinese sentence."""
        return "；".join(str(piece) for piece in self.evidence)


class Index:
    """A fitted catalogue; see :func:`build`. ``learnt`` tells whether the weights were learnt or are the fixed ones."""

    def __init__(
        self, facts: Facts, signals: Signals, blends: Sequence[Blend], scale: np.ndarray | None
    ) -> None:
        self.learnt = bool(blends)
        self._facts = facts
        self._signals = signals
        self._blends = blends
        self._scale = scale
        self._explainer = Explainer(facts)
        self._column = {key: place for place, key in enumerate(facts.keys)}
        self._exact: dict[int, list[tuple[float, int]]] = {}
        for (firm, product), share in zip(facts.pairs.tolist(), facts.shares.tolist(), strict=True):
            self._exact.setdefault(product, []).append((-share, firm))

    def rank(self, text: str, top: int = 10) -> list[Candidate]:
        """Rank firms for one text; ``min(top, firms)`` candidates, best first, ties by enterprise id."""
        return next(self.rank_many([text], top))

    def rank_many(self, texts: Sequence[str], top: int = 10) -> Iterator[list[Candidate]]:
        """Rank firms for many texts, in order; each text is answered by itself."""
        batch = max(1, min(256, MOST_CELLS // max(1, len(self._facts.firms))))
        for start in range(0, len(texts), batch):
            part = texts[start : start + batch]
            known = [sorted(self._exact.get(self._column.get(normalise(text), -1), ())) for text in part]
            barred = [np.array([firm for _, firm in firms], np.int64) for firms in known]
            lists = self._signals.shortlists(part, barred)
            for text, makers, found in zip(part, known, lists, strict=True):
                yield self._answer(normalise(text), makers, found, top)

    def _answer(
        self, key: str, makers: list[tuple[float, int]], found: Shortlist, top: int
    ) -> list[Candidate]:
        firms = self._facts.firms
        answer = []
        for negative, firm in makers[:top]:
            evidence = self._explainer.makes(self._column[key])
            answer.append(Candidate(firms[firm], 0.75 - 0.25 * negative, evidence))
        if not found.known:
            rest = np.flatnonzero(np.isfinite(found.rough))[: top - len(answer)]
            return answer + [Candidate(firms[firm], 0.0, (Evidence("none"),)) for firm in rest]
        chance = self._chances(found)
        order = np.lexsort((found.firms, -chance))
        found, chance = found.ordered(order), chance[order]
        wanted = top - len(answer)
        for place, evidence in enumerate(self._explainer.explain(key, found, wanted)):
            told = evidence if chance[place] > 0 else (Evidence("none"),)
            answer.append(Candidate(firms[found.firms[place]], float(chance[place]) / 2, told))
        return answer + self._tail(found, chance, top - len(answer))

    def _chances(self, found: Shortlist) -> np.ndarray:
        """Learnt: a softmax over the shortlist. Fixed: the rough score, squeezed below one."""
        if not self._blends or self._scale is None:
            rough = found.rough[found.firms].astype(float)
            return rough / (rough + 10)
        inputs = (inputs_of(found.signals, found.query) - self._scale[0]) / self._scale[1]
        score = sum(blend.score(inputs).astype(float) for blend in self._blends) / len(self._blends)
        chance = np.exp(score - np.max(score, initial=-np.inf))
        return chance / max(1e-300, chance.sum())

    def _tail(self, found: Shortlist, chance: np.ndarray, wanted: int) -> list[Candidate]:
        """Firms that missed the shortlist, by the rough score."""
        if wanted <= 0:
            return []
        rough = found.rough.copy()
        rough[found.firms] = -np.inf
        order = largest(rough, wanted)
        least = float(chance.min(initial=1.0)) / 2
        weak = (Evidence("weak"),)
        return [
            Candidate(self._facts.firms[firm], least / (2 + place), weak) for place, firm in enumerate(order)
        ]


def build(
    catalogue: Iterable[CatalogueRow],
    enterprises: Iterable[Enterprise] = (),
    tick: Tick = lambda _stage, _ratio: None,
) -> Index:
    """Fit the search on a catalogue; nothing but the catalogue is used, and the same rows give the same index.

    Under 2,000 firm–product pairs the weights are fixed (BM25 on products, name and industry). From there on a part of the
    pairs is hidden, found again and so teaches how much each signal is worth. ``tick`` is told the stage and its progress.

    >>> index = build([CatalogueRow("E1", "锂电池隔膜"), CatalogueRow("E2", "水泥")])
    >>> index.rank("湿法隔膜", top=1)[0].enterprise
    'E1'
    """
    facts = gather(catalogue, enterprises)
    if len(facts.pairs) < LEARN_FROM:
        return Index(facts, Signals(facts, None), (), None)
    mixed = np.random.default_rng(SEED).permutation(len(facts.pairs))
    hidden = np.sort(mixed[: min(MOST_HIDDEN, int(HIDDEN_RATIO * len(facts.pairs)))])
    kept = np.ones(len(facts.pairs), bool)
    kept[hidden] = False
    rest = facts.only(kept)
    towers = Towers(rest, SEED, TOWERS)
    towers.learn(rest, ROUNDS, RATE, lambda ratio: tick("towers", ratio))
    blends, scale = _learn(facts, hidden, Signals(rest, towers), tick)
    towers.learn(facts, LAST_ROUNDS, RATE / 2, lambda ratio: tick("last", ratio))
    return Index(facts, Signals(facts, towers), blends, scale)


def _learn(
    facts: Facts, hidden: np.ndarray, signals: Signals, tick: Tick
) -> tuple[list[Blend], np.ndarray | None]:
    """Ask for the hidden pairs and fit the blend; other makers of the same product are no wrong answers."""
    makers: dict[int, list[int]] = {}
    for firm, product in facts.pairs.tolist():
        makers.setdefault(product, []).append(firm)
    rows, targets = [], []
    batch = max(1, min(256, MOST_CELLS // max(1, len(facts.firms))))
    for start in range(0, len(hidden), batch):
        asked = facts.pairs[hidden[start : start + batch]].tolist()
        barred = [
            np.array([other for other in makers[product] if other != firm], np.int64)
            for firm, product in asked
        ]
        lists = signals.shortlists([facts.keys[product] for _, product in asked], barred, LEARN_LIST)
        for (firm, _product), found in zip(asked, lists, strict=True):
            where = np.flatnonzero(found.firms == firm)
            if len(where) and len(found.firms) == LEARN_LIST and found.known:
                rows.append(inputs_of(found.signals, found.query))
                targets.append(int(where[0]))
        tick("signals", min(1.0, (start + batch) / len(hidden)))
    if len(rows) < LEARN_FROM // 10:
        return [], None
    inputs, target = np.stack(rows), np.array(targets)
    flat = inputs.reshape(-1, inputs.shape[2])
    scale = np.stack([flat.mean(axis=0), flat.std(axis=0) + np.float32(1e-6)])
    inputs -= scale[0]
    inputs /= scale[1]
    blends = [Blend(2 * len(SIGNALS) + QUERY_SIGNALS, SEED + number) for number in range(BLENDS)]
    for number, blend in enumerate(blends):
        blend.fit(inputs, target, lambda ratio, done=number: tick("blend", (done + ratio) / BLENDS))  # type: ignore[misc]
    return blends, scale
