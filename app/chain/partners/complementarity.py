"""How much each sign of a good partner counts, learnt from who supplies whom already.

Every known supply row is a choice: a customer took this supplier of a segment and not one of the others who stand there.
The weights are those of a conditional logit over these choices (McFadden, "Conditional logit analysis of qualitative
choice behavior", in Frontiers in Econometrics, 1974), pulled towards stated weights by a normal prior: with few rows they stay
as stated, with many they say what the park's own firms go by. What does not differ between the candidates of a choice
cannot be learnt from it and keeps its stated weight in proportion.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields, replace

_SHARPNESS = 5.0
_STRICTNESS = 2.0
_LEAST_LESSONS = 10


@dataclass(frozen=True, slots=True)
class Features:
    """Signs of a good partner, each from 0 to 1; as weights they sum to 1.

    Attributes
    ----------
    movable : float
        Share of the customer's unmet demand that the supplier's spare capacity can move.
    weight : float
        The input's coefficient over the largest one of the product.
    fragile : float
        1 if the customer has one source of it or none.
    habit : float
        Share of the firms like the customer (same segments) that buy this.
    served : float
        s / (s + 1), s the firms like the customer whom this supplier supplies already.
    words : float
        Overlap of the two product texts in pairs of characters.
    """

    movable: float = 0.0
    weight: float = 0.0
    fragile: float = 0.0
    habit: float = 0.0
    served: float = 0.0
    words: float = 0.0

    def visible_to_buyer(self) -> Features:
        """What rests on the buyer's own rows alone."""
        return Features(weight=self.weight, fragile=self.fragile)

    def visible_to_seller(self) -> Features:
        """What rests on the chain alone: a seller may not know what another firm buys."""
        return Features(weight=self.weight)


STATED = Features(movable=0.40, weight=0.20, fragile=0.15, habit=0.10, served=0.10, words=0.05)
NAMES = tuple(field.name for field in fields(Features))


@dataclass(frozen=True, slots=True)
class Learnt:
    """The weights, and from how many choices of how many candidates they come."""

    weights: Features
    choices: int
    candidates: int

    def score(self, features: Features) -> float:
        """Weighted mean of the features."""
        pairs = zip(astuple(self.weights), astuple(features), strict=True)
        return min(1.0, sum(weight * value for weight, value in pairs))


def learn(lessons: Iterable[tuple[Features, list[Features]]]) -> Learnt:
    """Fit the weights to choices: (features of the supplier taken, features of those not taken).

    Fewer than ten choices change nothing. Deterministic; a few milliseconds per thousand choices.

    >>> friend, stranger = Features(movable=0.2, served=0.9), Features(movable=0.9)
    >>> found = learn([(friend, [stranger])] * 200)
    >>> found.choices, found.weights.served > STATED.served, found.weights.movable < STATED.movable
    (200, True, True)
    """
    rows = [(taken, others) for taken, others in lessons if others]
    candidates = sum(len(others) + 1 for _taken, others in rows)
    if len(rows) < _LEAST_LESSONS:
        return Learnt(STATED, len(rows), candidates)
    import numpy as np
    from scipy.optimize import minimize

    behind = np.array([astuple(o) for _t, others in rows for o in others]) - np.repeat(
        [astuple(taken) for taken, _others in rows], [len(others) for _t, others in rows], axis=0
    )
    starts = np.cumsum([0, *(len(others) for _t, others in rows[:-1])])
    choice = np.repeat(np.arange(len(rows)), [len(others) for _t, others in rows])
    prior = _SHARPNESS * np.array(astuple(STATED))

    def loss(beta: np.ndarray) -> tuple[float, np.ndarray]:
        odds = np.exp(np.minimum(behind @ beta, 50.0))
        whole = 1.0 + np.add.reduceat(odds, starts)
        away = beta - prior
        slope = (behind * (odds / whole[choice])[:, None]).sum(axis=0)
        value = float(np.log(whole).sum() + _STRICTNESS / 2 * away @ away)
        return value, slope + _STRICTNESS * away

    found = minimize(loss, prior, jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * len(prior)).x
    shares = [round(float(value), 4) for value in found / found.sum()]
    return Learnt(replace(STATED, **dict(zip(NAMES, shares, strict=True))), len(rows), candidates)
