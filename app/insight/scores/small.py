"""Small numbers: what must stay hidden so that nobody can work out what fewer than five firms said."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from app.insight.scores.rules import FEW


def hidden_cells(counts: Mapping[str, int]) -> frozenset[str]:
    """Cells of a row to hide while the total of the row is shown: disjoint groups with how many firms each has.

    A cell of one to four firms is hidden, and then the next smallest, until what is hidden together is nobody or
    at least five firms: the total minus all that is shown says nothing about fewer.

    >>> sorted(hidden_cells({"large": 4, "medium": 9, "small_micro": 20})), hidden_cells({"medium": 9, "new": 0})
    (['large', 'medium'], frozenset({'new'}))
    """
    hidden = {name for name, n in counts.items() if n < FEW}
    left = sorted((n, name) for name, n in counts.items() if n >= FEW)
    rest = sum(counts[name] for name in hidden)
    while 0 < rest < FEW and left:
        n, name = left.pop(0)
        hidden.add(name)
        rest += n
    return frozenset(hidden)


def refused_filters(filters: Mapping[str, Collection[int]]) -> frozenset[str]:
    """Filters to refuse so that no two that remain differ by one to four firms; the larger ones remain.

    >>> sorted(refused_filters({"all": range(24), "most": range(20), "half": range(12)}))
    ['most']
    """
    kept: list[frozenset[int]] = []
    refused = set()
    for name in sorted(filters, key=lambda one: (-len(set(filters[one])), one)):
        firms = frozenset(filters[name])
        if len(firms) < FEW or any(0 < len(firms ^ other) < FEW for other in kept):
            refused.add(name)
        else:
            kept.append(firms)
    return frozenset(refused)
