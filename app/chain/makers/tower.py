"""Learns which products go together: texts and firms as points, near where a firm makes such products.

A firm that makes electrolyte is a likely maker of separators though the two words share nothing. Two linear "towers" of
gram vectors, one for the query and one for the firm (its *other* products, name and industry), are trained so that a
product is nearest to the firms that make it: softmax over the firms of a batch, the pair's own product left out of its
firm. Two-tower retrieval with in-batch negatives: Yi et al., Sampling-Bias-Corrected Neural Modeling, RecSys 2019; leaving
the target out of the basket: Covington et al., RecSys 2016. Optimiser: Adam, Kingma and Ba 2015.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy import sparse

from app.chain.makers.facts import Facts
from app.chain.makers.matrices import dense, membership, scale_columns, scale_rows, unit_rows
from app.chain.makers.text import Vocabulary, normalise

WIDTH = 64
BATCH = 1024
MOST_STEPS = 400
SHARPNESS = 10.0
DROPPED = 0.3
LEAST = 3


class Tower:
    """Gram vectors learnt from one catalogue; :meth:`place` puts the firms of any catalogue among them."""

    def __init__(self, facts: Facts, seed: int = 0) -> None:
        self._words = Vocabulary(facts.keys, least=LEAST)
        counts = self._words.counts(facts.keys)
        held = np.maximum(1, np.bincount(counts.indices, minlength=counts.shape[1]))
        self._weights = np.log(max(2, len(facts.keys)) / held).astype(np.float32)
        self._names = Vocabulary((normalise(name) for name in facts.names), edges=False, least=LEAST)
        self._trades = Vocabulary((normalise(trade) for trade in facts.industries), edges=False, least=LEAST)
        self._random = np.random.default_rng(seed)
        about = self._about(facts)
        spread = 1 / np.sqrt(WIDTH)
        self._query = self._start(len(self._weights), spread)
        self._firm = self._query.copy()
        self._side = self._start(about.shape[1], 0.3 * spread)
        self._bias = np.zeros(len(facts.firms), np.float32)

    def read(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors of normalised texts; a zero row where no gram is known."""
        return _unit(self._products(texts) @ self._query)[0]

    def place(self, facts: Facts) -> tuple[np.ndarray, np.ndarray]:
        """Unit vectors and standing advantage of the firms; the firms must be those learnt from."""
        many = np.bincount(facts.pairs[:, 0], minlength=len(facts.firms))
        goods = scale_rows(facts.makes @ self._products(facts.keys), 1 / np.sqrt(np.maximum(1, many)))
        return _unit(goods @ self._firm + self._about(facts) @ self._side)[0], self._bias

    def goods(self, facts: Facts) -> np.ndarray:
        """Unit vectors of the products as the firm's side sees them."""
        return _unit(self._products(facts.keys) @ self._firm)[0]

    def _products(self, keys: Sequence[str]) -> sparse.csr_array:
        return unit_rows(scale_columns(self._words.counts(keys), self._weights))

    def _about(self, facts: Facts) -> sparse.csr_array:
        """Names, industries as text and industries as such, firms × columns."""
        names = unit_rows(self._names.counts([normalise(name) for name in facts.names]))
        trades = unit_rows(self._trades.counts([normalise(trade) for trade in facts.industries]))
        return sparse.hstack([0.7 * names, 0.7 * trades, membership(facts.industries)], format="csr").astype(
            np.float32
        )

    def _start(self, rows: int, spread: float) -> np.ndarray:
        return self._random.standard_normal((rows, WIDTH), dtype=np.float32) * np.float32(spread)

    def learn(
        self, facts: Facts, rounds: int, rate: float, tick: Callable[[float], None] = lambda _ratio: None
    ) -> None:
        """Go through the catalogue ``rounds`` times, the rate falling from ``rate`` to nothing."""
        texts, about = self._products(facts.keys), self._about(facts)
        profile = (facts.makes @ texts).tocsr()
        makers = facts.makes.T.tocsr()
        many = np.bincount(facts.pairs[:, 0], minlength=len(facts.firms))
        usable = facts.pairs[many[facts.pairs[:, 0]] > 1]
        size = min(BATCH, len(usable))
        if size < 2:
            return
        steps = min(MOST_STEPS, rounds * max(1, len(usable) // size))
        adam = _Adam([self._query, self._firm, self._side, self._bias])
        order = self._random.permutation(len(usable))
        at = 0
        for step in range(steps):
            if at + size > len(order):
                order, at = self._random.permutation(len(usable)), 0
            firm, product = usable[order[at : at + size]].T
            at += size
            asked = texts[product]
            rest = scale_rows(_without(profile[firm], asked), 1 / np.sqrt(many[firm] - 1))
            excused = dense(makers[product][:, firm]) > 0
            excused |= firm[:, None] == firm[None, :]
            np.fill_diagonal(excused, False)
            parts = (self._drop(asked), self._drop(rest), self._drop(about[firm]))
            adam.step(self._slopes(parts, firm, excused), rate * (1 - step / steps))
            tick((step + 1) / steps)

    def _slopes(
        self, parts: tuple[sparse.csr_array, ...], firm: np.ndarray, excused: np.ndarray
    ) -> list[np.ndarray]:
        """Gradient of the batch's mean cross-entropy for each table of vectors."""
        asked, rest, about = parts
        query, query_length = _unit(asked @ self._query)
        maker, maker_length = _unit(rest @ self._firm + about @ self._side)
        fit = query @ maker.T * np.float32(SHARPNESS) + self._bias[firm]
        fit[excused] = -1e9
        fit -= fit.max(axis=1, keepdims=True)
        np.exp(fit, out=fit)
        fit /= fit.sum(axis=1, keepdims=True)
        np.fill_diagonal(fit, fit.diagonal() - 1)
        fit /= np.float32(len(firm))
        by_query = _through_unit(fit @ maker * np.float32(SHARPNESS), query, query_length)
        by_maker = _through_unit(fit.T @ query * np.float32(SHARPNESS), maker, maker_length)
        by_bias = np.bincount(firm, fit.sum(axis=0), len(self._bias)).astype(np.float32)
        return [asked.T @ by_query, rest.T @ by_maker, about.T @ by_maker, by_bias]

    def _drop(self, matrix: sparse.csr_array) -> sparse.csr_array:
        """Forget some entries at random, so that no single gram is leant upon."""
        kept = matrix.copy()
        kept.data = kept.data * (self._random.random(len(kept.data), dtype=np.float32) >= DROPPED)
        return kept


class Towers:
    """Several towers that differ only in where they started; their agreement is steadier than any one of them."""

    def __init__(self, facts: Facts, seed: int, count: int) -> None:
        self._towers = [Tower(facts, seed + number) for number in range(count)]

    def learn(self, facts: Facts, rounds: int, rate: float, tick: Callable[[float], None]) -> None:
        """Teach every tower; see :meth:`Tower.learn`."""
        count = len(self._towers)
        for number, tower in enumerate(self._towers):
            tower.learn(facts, rounds, rate, lambda ratio, done=number: tick((done + ratio) / count))  # type: ignore[misc]

    def read(self, texts: Sequence[str]) -> np.ndarray:
        """Points of normalised texts; a dot product with a firm's point is the mean cosine over the towers."""
        return self._joined([tower.read(texts) for tower in self._towers])

    def place(self, facts: Facts) -> tuple[np.ndarray, np.ndarray]:
        """Points and standing advantage of the firms."""
        placed = [tower.place(facts) for tower in self._towers]
        return self._joined([points for points, _ in placed]), np.mean([bias for _, bias in placed], axis=0)

    def goods(self, facts: Facts) -> np.ndarray:
        """Points of the products as the firm's side sees them."""
        return self._joined([tower.goods(facts) for tower in self._towers])

    def _joined(self, parts: list[np.ndarray]) -> np.ndarray:
        return np.concatenate(parts, axis=1) / np.float32(np.sqrt(len(parts)))


class _Adam:
    """Adam with the usual constants, in place."""

    def __init__(self, tables: list[np.ndarray]) -> None:
        self._tables = tables
        self._mean = [np.zeros_like(table) for table in tables]
        self._square = [np.zeros_like(table) for table in tables]
        self._count = 0

    def step(self, slopes: list[np.ndarray], rate: float) -> None:
        self._count += 1
        mend = float(np.sqrt(1 - 0.99**self._count) / (1 - 0.9**self._count))
        for table, slope, mean, square in zip(self._tables, slopes, self._mean, self._square, strict=True):
            mean *= np.float32(0.9)
            mean += np.float32(0.1) * slope
            square *= np.float32(0.99)
            slope *= slope
            slope *= np.float32(0.01)
            square += slope
            np.sqrt(square, out=slope)
            slope += np.float32(1e-8)
            np.divide(mean, slope, out=slope)
            slope *= np.float32(rate * mend)
            table -= slope


def _without(profile: sparse.csr_array, own: sparse.csr_array) -> sparse.csr_array:
    rest = (profile - own).tocsr()
    rest.data[np.abs(rest.data) < 1e-6] = 0
    rest.eliminate_zeros()
    return rest


def _unit(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    vectors = np.asarray(vectors, np.float32)
    length = np.linalg.norm(vectors, axis=1, keepdims=True) + np.float32(1e-6)
    return vectors / length, length


def _through_unit(slope: np.ndarray, unit: np.ndarray, length: np.ndarray) -> np.ndarray:
    return (slope - unit * (slope * unit).sum(axis=1, keepdims=True)) / length
