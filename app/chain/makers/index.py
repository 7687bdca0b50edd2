"""Answers "who makes this": ranks firms for a product text, learnt from a catalogue of who makes what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from app.chain.makers.text import grams, normalise


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One known product of one firm; ``share`` is its part of the firm's sales, where known."""

    enterprise: str
    product: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Enterprise:
    """What is known of a firm beside its products."""

    enterprise: str
    name: str = ""
    industry: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One answer: the firm, how well it fits (0 = nothing known speaks for it) and why."""

    enterprise: str
    score: float
    reason: str


class Index:
    """A fitted catalogue; see :func:`build`."""

    def __init__(self, firms: list[str], terms: dict[str, int], weights: sparse.csr_array) -> None:
        self.firms = firms
        self._terms = terms
        self._weights = weights

    def rank(self, text: str, top: int = 10) -> list[Candidate]:
        """Rank firms for one text; ``min(top, firms)`` candidates, best first, ties by enterprise id."""
        return next(self.rank_many([text], top))

    def rank_many(self, texts: Sequence[str], top: int = 10, batch: int = 256) -> Iterator[list[Candidate]]:
        """Rank firms for many texts, in order; each text is answered by itself."""
        for start in range(0, len(texts), batch):
            for row in self._score(texts[start : start + batch]):
                order = np.argsort(-row, kind="stable")[:top]
                yield [Candidate(self.firms[firm], float(row[firm]), "") for firm in order]

    def _score(self, texts: Sequence[str]) -> np.ndarray:
        query = sparse.lil_array((len(texts), len(self._terms)))
        for place, text in enumerate(texts):
            for gram in grams(normalise(text), 1, 2):
                if gram in self._terms:
                    query[place, self._terms[gram]] += 1
        return (query.tocsr() @ self._weights).toarray()


def build(catalogue: Iterable[CatalogueRow], enterprises: Iterable[Enterprise] = ()) -> Index:
    """Fit the search on a catalogue.

    >>> index = build([CatalogueRow("E1", "锂电池隔膜"), CatalogueRow("E2", "水泥")])
    >>> index.rank("隔膜", top=1)[0].enterprise
    'E1'
    """
    products: dict[str, set[str]] = {}
    for row in catalogue:
        products.setdefault(row.enterprise, set()).add(normalise(row.product))
    firms = sorted(products)
    terms: dict[str, int] = {}
    rows, columns = [], []
    for place, firm in enumerate(firms):
        for product in sorted(products[firm]):
            for gram in grams(product, 1, 2):
                rows.append(place)
                columns.append(terms.setdefault(gram, len(terms)))
    counts = sparse.coo_array((np.ones(len(rows)), (rows, columns)), (len(firms), max(1, len(terms)))).tocsr()
    length = counts.sum(axis=1)
    holders = (counts > 0).sum(axis=0)
    rarity = np.log1p((len(firms) - holders + 0.5) / (holders + 0.5))
    long = np.repeat(length / max(1.0, length.mean()), np.diff(counts.indptr))
    counts.data = rarity[counts.indices] * counts.data * 2.2 / (counts.data + 1.2 * (0.25 + 0.75 * long))
    return Index(firms, terms, counts.T.tocsr())
