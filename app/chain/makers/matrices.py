"""The few sparse sums everything here is made of: weights by rarity, rows of length one, sums by group."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse


def rarity(counts: sparse.csr_array) -> np.ndarray:
    """Inverse document frequency of each column as in BM25: ln(1 + (N − n + ½) / (n + ½))."""
    rows = counts.shape[0]
    held = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.log1p((rows - held + 0.5) / (held + 0.5)).astype(np.float32)


def bm25(counts: sparse.csr_array, long: float, k: float = 1.2) -> sparse.csr_array:
    """Okapi BM25 weights of the documents in ``counts`` (``long`` is the penalty for length, usually called b).

    Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond, 2009.
    """
    length = np.asarray(counts.sum(axis=1)).ravel()
    relative = length / max(1e-9, float(length.mean()) if len(length) else 1.0)
    weights = counts.astype(np.float32)
    per_entry = np.repeat(relative, np.diff(weights.indptr))
    weights.data = (
        rarity(counts)[weights.indices]
        * weights.data
        * (k + 1)
        / (weights.data + k * (1 - long + long * per_entry))
    ).astype(np.float32)
    return weights


def unit_rows(matrix: sparse.csr_array) -> sparse.csr_array:
    """Scale every row to length one; empty rows stay empty."""
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    return scale_rows(matrix, 1 / np.where(length > 0, length, 1))


def scale_rows(matrix: sparse.csr_array, factors: np.ndarray) -> sparse.csr_array:
    """Multiply each row by its factor."""
    scaled = matrix.astype(np.float32)
    scaled.data = scaled.data * np.repeat(factors.astype(np.float32), np.diff(scaled.indptr))
    return scaled


def scale_columns(matrix: sparse.csr_array, factors: np.ndarray) -> sparse.csr_array:
    """Multiply each column by its factor."""
    scaled = matrix.astype(np.float32)
    scaled.data = scaled.data * factors.astype(np.float32)[scaled.indices]
    return scaled


def membership(groups: Sequence[str]) -> sparse.csr_array:
    """Rows × distinct non-empty groups, 1 where the row belongs to the group."""
    names = sorted(set(groups) - {""})
    column = {name: place for place, name in enumerate(names)}
    rows = [place for place, group in enumerate(groups) if group]
    columns = [column[group] for group in groups if group]
    ones = np.ones(len(rows), np.float32)
    return sparse.csr_array((ones, (rows, columns)), shape=(len(groups), max(1, len(names))))


def dense(product: sparse.sparray | np.ndarray) -> np.ndarray:
    """A float32 array of a product that may have stayed sparse."""
    full = product if isinstance(product, np.ndarray) else product.toarray()
    return np.asarray(full, np.float32)
