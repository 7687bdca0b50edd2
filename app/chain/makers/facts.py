"""The catalogue as arrays: who makes what, sorted, so that the order of rows and double rows change nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from app.chain.makers.text import normalise


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


@dataclass(frozen=True)
class Facts:
    """Firms, products and who makes what.

    ``pairs`` holds (firm, product) positions, sorted and unique; ``shares`` is parallel to it, 0…1, 0 where the share is
    unknown or impossible (negative, above 1). ``keys`` are normalised product texts, ``spellings`` one way each was written.
    """

    firms: list[str]
    names: list[str]
    industries: list[str]
    keys: list[str]
    spellings: list[str]
    pairs: np.ndarray
    shares: np.ndarray

    @property
    def makes(self) -> sparse.csr_array:
        """Firms × products, 1 where the firm makes the product."""
        ones = np.ones(len(self.pairs), np.float32)
        shape = (len(self.firms), max(1, len(self.keys)))
        return sparse.csr_array((ones, (self.pairs[:, 0], self.pairs[:, 1])), shape=shape)

    def only(self, kept: np.ndarray) -> Facts:
        """The same firms with a part of their products; products that nobody makes any more are gone."""
        pairs = self.pairs[kept]
        products, column = np.unique(pairs[:, 1], return_inverse=True)
        return Facts(
            self.firms,
            self.names,
            self.industries,
            [self.keys[place] for place in products],
            [self.spellings[place] for place in products],
            np.column_stack([pairs[:, 0], column]),
            self.shares[kept],
        )


def gather(catalogue: Iterable[CatalogueRow], enterprises: Iterable[Enterprise] = ()) -> Facts:
    """Collect rows into :class:`Facts`; firms known only by name are candidates too."""
    spelling: dict[str, str] = {}
    share: dict[tuple[str, str], float] = {}
    about: dict[str, tuple[set[str], set[str]]] = {}
    for row in catalogue:
        about.setdefault(row.enterprise, (set(), set()))
        key = normalise(row.product)
        if not key:
            continue
        spelling[key] = min(spelling.get(key, row.product), row.product)
        known = row.share if row.share is not None and 0 < row.share <= 1 else 0.0
        share[row.enterprise, key] = max(known, share.get((row.enterprise, key), 0.0))
    for enterprise in enterprises:
        names, industries = about.setdefault(enterprise.enterprise, (set(), set()))
        names.add(enterprise.name.strip())
        industries.add(enterprise.industry.strip())
    firms, keys = sorted(about), sorted(spelling)
    row_of, column_of = _places(firms), _places(keys)
    pairs = sorted((row_of[firm], column_of[key], value) for (firm, key), value in share.items())
    return Facts(
        firms,
        ["、".join(sorted(about[firm][0] - {""})) for firm in firms],
        ["、".join(sorted(about[firm][1] - {""})) for firm in firms],
        keys,
        [spelling[key] for key in keys],
        np.array([pair[:2] for pair in pairs], np.int64).reshape(-1, 2),
        np.array([pair[2] for pair in pairs], np.float32),
    )


def _places(values: Sequence[str]) -> dict[str, int]:
    return {value: place for place, value in enumerate(values)}
