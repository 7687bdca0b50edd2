"""Everything that may speak for a firm, as numbers: the words of its products, its trade, its company.

Two steps keep it quick: a rough score over all firms picks a shortlist, the full set of signals is worked out for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from app.chain.makers.facts import Facts
from app.chain.makers.matrices import bm25, dense, membership, rarity, scale_columns, unit_rows
from app.chain.makers.text import Vocabulary, head, normalise
from app.chain.makers.tower import SHARPNESS, Towers

SHORTLIST = 200
HEAD = 5.0
FIRM_SIGNALS = (
    "words",
    "words_long",
    "phrases",
    "cosine",
    "covered",
    "similar_sum",
    "name",
    "industry_text",
    "company",
    "trade_words",
    "trade_by_words",
    "trade_by_company",
    "trade_doc",
    "size",
    "neighbours",
    "neighbours_exact",
)
PRODUCT_SIGNALS = ("best_similar", "best_related", "mean_related", "best_share")
SIGNALS = FIRM_SIGNALS + PRODUCT_SIGNALS
QUERY_SIGNALS = 5


@dataclass(frozen=True)
class Shortlist:
    """One query's candidates: firm positions (best rough score first), signals, and the products that carried them.

    ``similar`` and ``related`` are product positions per candidate (−1: none); ``rough`` is the rough score of all firms
    (−∞: barred); ``known`` says whether any word of the query occurs anywhere.
    """

    firms: np.ndarray
    signals: np.ndarray
    query: np.ndarray
    similar: np.ndarray
    similarity: np.ndarray
    related: np.ndarray
    rough: np.ndarray
    known: bool

    def ordered(self, order: np.ndarray) -> Shortlist:
        """The same candidates in another order."""
        return replace(
            self,
            firms=self.firms[order],
            signals=self.signals[order],
            similar=self.similar[order],
            similarity=self.similarity[order],
            related=self.related[order],
        )


class Signals:
    """A catalogue prepared for the sums; ``towers`` may be missing where the catalogue is small."""

    def __init__(self, facts: Facts, towers: Towers | None) -> None:
        self.facts = facts
        self.towers = towers
        makes = facts.makes
        self.many = np.diff(makes.indptr)
        self._start, self._product = makes.indptr, makes.indices
        self._share = np.zeros(len(self._product), np.float32)
        self._share[:] = facts.shares
        self._words = Vocabulary(facts.keys)
        goods = self._words.counts(facts.keys)
        counts = (makes @ goods).tocsr()
        self._rare = rarity(counts)
        self._by_words = bm25(counts, 0.3).T.tocsr()
        self._by_words_long = bm25(counts, 0.75).T.tocsr()
        self._firm_unit = unit_rows(scale_columns(counts, self._rare)).T.tocsr()
        self._good_unit = unit_rows(scale_columns(goods, self._rare)).T.tocsr()
        present = counts.copy()
        present.data = np.ones_like(present.data)
        self._present = scale_columns(present, self._rare).T.tocsr()
        self._phrases = Vocabulary(facts.keys, 2, 4, edges=False)
        self._by_phrases = bm25((makes @ self._phrases.counts(facts.keys)).tocsr(), 0.3).T.tocsr()
        self._makers = makes.T.tocsr()
        self._name_words, self._by_name = _documents(facts.names)
        self._trade_words, self._by_trade = _documents(facts.industries)
        self._trade = membership(facts.industries)
        self._trade_size = np.maximum(1, np.bincount(self._trade.indices, minlength=self._trade.shape[1]))
        self._by_trade_doc = bm25((self._trade.T @ counts).tocsr(), 0.5).T.tocsr()
        if towers is None:
            heads = [head(key) for key in facts.keys]
            self._head_column = {name: place for place, name in enumerate(sorted(set(heads)))}
            places = [self._head_column[name] for name in heads]
            shape = (len(heads), max(1, len(self._head_column)))
            ones = np.ones(len(heads), np.float32)
            kinds = (makes @ sparse.csr_array((ones, (np.arange(len(heads)), places)), shape=shape)).tocsr()
            kinds.data = np.ones_like(kinds.data)
            self._by_head = kinds.T.tocsr()
        else:
            self._firm_points, self._advantage = towers.place(facts)
            self._good_points = towers.goods(facts)
            self._near = _neighbours(self._firm_points)

    def shortlists(
        self, texts: Sequence[str], barred: Sequence[np.ndarray] | None = None, longest: int = SHORTLIST
    ) -> list[Shortlist]:
        """Signals of each text's shortlist; ``barred`` firms never enter it, exact makers always do."""
        keys = [normalise(text) for text in texts]
        words = self._words.counts(keys)
        similar = (unit_rows(scale_columns(words, self._rare)) @ self._good_unit).tocsr()
        wide = self._over_firms(keys, words, similar)
        points = self.towers.read(keys) if self.towers is not None else None
        found = []
        for place, key in enumerate(keys):
            rough = wide["rough"][place]
            if barred is not None:
                rough = rough.copy()
                rough[barred[place]] = -np.inf
            firms = largest(rough, longest)
            signals = np.empty((len(firms), len(SIGNALS)), np.float32)
            for column, name in enumerate(FIRM_SIGNALS):
                signals[:, column] = wide[name][place, firms]
            point = None if points is None else points[place]
            by_product, best, closeness, related = self._products_of(firms, similar, place, point)
            signals[:, len(FIRM_SIGNALS) :] = by_product
            tops = [wide[name][place].max(initial=0) for name in ("words", "covered", "company")]
            query = np.array([len(key), tops[0] / max(1, len(key)), *tops[1:], closeness.max(initial=0)])
            known = bool(wide["known"][place].any())
            found.append(
                Shortlist(firms, signals, query.astype(np.float32), best, closeness, related, rough, known)
            )
        return found

    def _over_firms(self, keys: Sequence[str], words, similar) -> dict[str, np.ndarray]:  # type: ignore[no-untyped-def]
        """Every signal that is a plain product of matrices, for all firms at once."""
        weight = np.maximum(1e-6, words @ self._rare)[:, None]
        squared = similar.copy()
        squared.data = squared.data**2
        wide = {
            "words": dense(words @ self._by_words),
            "words_long": dense(words @ self._by_words_long),
            "phrases": dense(self._phrases.counts(keys) @ self._by_phrases),
            "cosine": dense(unit_rows(scale_columns(words, self._rare)) @ self._firm_unit),
            "covered": dense(words @ self._present) / weight,
            "similar_sum": dense(squared @ self._makers),
            "name": dense(self._name_words.counts(keys) @ self._by_name),
            "industry_text": dense(self._trade_words.counts(keys) @ self._by_trade),
            "trade_doc": dense(dense(words @ self._by_trade_doc) @ self._trade.T),
        }
        shape = wide["words"].shape
        if self.towers is None:
            wide["company"] = np.zeros(shape, np.float32)
        else:
            wide["company"] = (
                np.float32(SHARPNESS) * (self.towers.read(keys) @ self._firm_points.T) + self._advantage
            )
        if self.towers is None:
            wide["neighbours"] = wide["neighbours_exact"] = np.zeros(shape, np.float32)
        else:
            wide["neighbours"] = dense(wide["words"] @ self._near.T)
            wide["neighbours_exact"] = dense(wide["covered"] ** 4 @ self._near.T)
        wide["trade_words"] = self._trades(wide["words"])
        wide["trade_by_words"] = self._trades(wide["words"] / 3)
        wide["trade_by_company"] = self._trades(wide["company"])
        wide["size"] = np.broadcast_to(np.log1p(self.many).astype(np.float32), shape)
        wide["rough"] = wide["words"] + 0.3 * wide["name"] + 0.3 * wide["industry_text"]
        wide["known"] = wide["rough"] > 0
        if self.towers is not None:
            wide["rough"] += 3 * wide["company"] + wide["trade_words"]
        else:  # nothing learnt: 动力电池 shares as much with 锂电池隔膜 as 湿法隔膜 does, but it is another kind of thing
            asked = [self._head_column.get(head(key), -1) for key in keys]
            row, column = [n for n, at in enumerate(asked) if at >= 0], [at for at in asked if at >= 0]
            ones = np.full(len(row), HEAD, np.float32)
            heads = sparse.csr_array((ones, (row, column)), shape=(len(keys), self._by_head.shape[0]))
            wide["rough"] += dense(heads @ self._by_head)
        return wide

    def _trades(self, scores: np.ndarray) -> np.ndarray:
        """What the best firms' trades say about each firm: log p(trade | query), large trades damped."""
        chance = np.exp(scores - scores.max(axis=1, keepdims=True))
        chance /= chance.sum(axis=1, keepdims=True)
        of_trade = np.log(dense(chance @ self._trade) + 1e-4) - 0.7 * np.log(self._trade_size)
        unknown = np.float32(np.log(1e-4))
        spread = dense(of_trade.astype(np.float32) @ self._trade.T)
        spread[:, np.diff(self._trade.indptr) == 0] = unknown
        return spread

    def _products_of(self, firms: np.ndarray, similar, place: int, point: np.ndarray | None):  # type: ignore[no-untyped-def]
        """Per firm: its most similar and its most related product, how much so, and the former's share."""
        lexical = np.zeros(len(self.facts.keys) + 1, np.float32)
        row = slice(similar.indptr[place], similar.indptr[place + 1])
        lexical[similar.indices[row]] = similar.data[row]
        many = self.many[firms]
        entries = np.repeat(
            self._start[firms] - np.concatenate([[0], np.cumsum(many)[:-1]]), many
        ) + np.arange(many.sum())
        goods = self._product[entries]
        best, where = _best_of_each(lexical[goods], many)
        similar_to = np.where(many > 0, goods[where] if len(goods) else -1, -1)
        share = np.where(many > 0, self._share[entries[where]] if len(goods) else 0, 0)
        signals = np.zeros((len(firms), len(PRODUCT_SIGNALS)), np.float32)
        signals[:, 0], signals[:, 3] = best, share
        related_to = similar_to
        if point is not None:
            near = self._good_points[goods] @ point
            closest, where = _best_of_each(near, many)
            related_to = np.where(many > 0, goods[where] if len(goods) else -1, -1)
            signals[:, 1] = closest
            sums = np.add.reduceat(np.append(near, 0), np.minimum(np.cumsum(many) - many, len(near)))
            signals[:, 2] = np.where(many > 0, sums / np.maximum(1, many), 0)
        return signals, similar_to, best, related_to


def _documents(texts: Sequence[str]):  # type: ignore[no-untyped-def]
    keys = [normalise(text) for text in texts]
    words = Vocabulary(keys, edges=False)
    return words, bm25(words.counts(keys), 0.3).T.tocsr()


def _neighbours(points: np.ndarray, count: int = 20, block: int = 512) -> sparse.csr_array:
    """Each firm's nearest firms by the towers (never itself), firms × firms, weights that sum to one."""
    firms = len(points)
    count = min(count, firms - 1)
    columns, weights = [], []
    for start in range(0, firms, block):
        near = points[start : start + block] @ points.T
        near[np.arange(len(near)), start + np.arange(len(near))] = -np.inf
        chosen = np.sort(np.argpartition(-near, count - 1, axis=1)[:, :count], axis=1)
        weight = np.maximum(0, np.take_along_axis(near, chosen, axis=1)) ** 2 + 1e-6
        columns.append(chosen.ravel())
        weights.append((weight / weight.sum(axis=1, keepdims=True)).ravel())
    starts = np.arange(firms + 1) * count
    return sparse.csr_array(
        (np.concatenate(weights).astype(np.float32), np.concatenate(columns), starts), shape=(firms, firms)
    )


def largest(scores: np.ndarray, count: int) -> np.ndarray:
    """Positions of the largest scores, best first, ties by position; −inf never."""
    places = np.flatnonzero(np.isfinite(scores))
    if len(places) > count:
        least = np.partition(scores[places], len(places) - count)[len(places) - count]
        places = places[scores[places] >= least]
    return places[np.argsort(-scores[places], kind="stable")[:count]]


def _best_of_each(values: np.ndarray, many: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The largest value of each run of ``many`` values and its position (first one on ties); empty runs: 0, 0."""
    best = np.zeros(len(many), np.float32)
    where = np.zeros(len(many), np.int64)
    full = np.flatnonzero(many)
    if len(full):
        start = (np.cumsum(many) - many)[full]
        best[full] = np.maximum.reduceat(values, start)
        reached = np.flatnonzero(values == np.repeat(best[full], many[full]))
        where[full] = reached[np.searchsorted(reached, start)]
    return best, where
