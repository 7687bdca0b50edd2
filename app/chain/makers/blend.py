"""Learns how much each signal is worth from the catalogue itself: some products are hidden and have to be found again.

A small network scores each candidate of a shortlist; training minimises the listwise softmax loss of the hidden maker
(Cao et al., Learning to Rank: From Pairwise Approach to Listwise Approach, ICML 2007; ListNet with one relevant firm).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

UNITS = 32
ROUNDS = 12
BATCH = 64
RATE = 3e-3
DECAY = 1e-4


class Blend:
    """Weights of one network: a linear part and one hidden layer."""

    def __init__(self, columns: int, seed: int) -> None:
        self._random = np.random.default_rng(seed)
        self._tables = [
            self._normal((columns, UNITS), columns),
            np.zeros(UNITS, np.float32),
            self._normal((UNITS, 1), UNITS),
            np.zeros((columns, 1), np.float32),
        ]

    def score(self, inputs: np.ndarray) -> np.ndarray:
        """Score candidates: inputs (…, columns) → (…)."""
        inner, bias, outer, straight = self._tables
        return (np.maximum(inputs @ inner + bias, 0) @ outer + inputs @ straight)[..., 0]

    def fit(
        self, inputs: np.ndarray, target: np.ndarray, tick: Callable[[float], None] = lambda _ratio: None
    ) -> None:
        """Fit to (queries, candidates, columns) with the position of the hidden maker per query."""
        mean = [np.zeros_like(table) for table in self._tables]
        square = [np.zeros_like(table) for table in self._tables]
        size = min(BATCH, len(inputs))
        steps = ROUNDS * (len(inputs) // size)
        done = 0
        for _ in range(ROUNDS):
            order = self._random.permutation(len(inputs))
            for start in range(0, len(order) - size + 1, size):
                chosen = order[start : start + size]
                slopes = self._slopes(inputs[chosen], target[chosen])
                done += 1
                rate = RATE * (1 - done / (steps + 1)) * np.sqrt(1 - 0.99**done) / (1 - 0.9**done)
                for table, slope, first, second in zip(self._tables, slopes, mean, square, strict=True):
                    slope = slope + DECAY * table
                    first += 0.1 * (slope - first)
                    second += 0.01 * (slope * slope - second)
                    table -= (rate * first / (np.sqrt(second) + 1e-8)).astype(np.float32)
                tick(done / steps)

    def _slopes(self, inputs: np.ndarray, target: np.ndarray) -> list[np.ndarray]:
        inner, bias, outer, straight = self._tables
        flat = inputs.reshape(-1, inputs.shape[2])
        hidden = np.maximum(flat @ inner + bias, 0)
        score = (hidden @ outer + flat @ straight).reshape(inputs.shape[:2])
        wrong = np.exp(score - score.max(axis=1, keepdims=True))
        wrong /= wrong.sum(axis=1, keepdims=True)
        wrong[np.arange(len(target)), target] -= 1
        wrong = (wrong / len(target)).reshape(-1, 1).astype(np.float32)
        back = (wrong @ outer.T) * (hidden > 0)
        return [flat.T @ back, back.sum(axis=0), hidden.T @ wrong, flat.T @ wrong]

    def _normal(self, shape: tuple[int, int], fan: int) -> np.ndarray:
        return self._random.standard_normal(shape, dtype=np.float32) / np.float32(np.sqrt(fan))


def inputs_of(signals: np.ndarray, query: np.ndarray) -> np.ndarray:
    """What the network sees: each signal, its distance to the shortlist's best, and what kind of query it is."""
    behind = signals - signals.max(axis=-2, keepdims=True)
    kind = np.broadcast_to(query[..., None, :], (*signals.shape[:-1], query.shape[-1]))
    return np.concatenate([signals, behind, kind], axis=-1, dtype=np.float32)
