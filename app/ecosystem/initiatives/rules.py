"""Whether more complaints after a day than before are chance, so that nobody blames the world for nothing."""

from __future__ import annotations

from fractions import Fraction
from math import comb


def outside_cause_p(k0: int, e0: int, k1: int, e1: int) -> Fraction | None:
    """The chance of at least `k1` complaints after, if nothing had changed: exact, one-sided.

    Parameters
    ----------
    k0, k1 : int
        Complaints before and after, zero or more.
    e0, e1 : int
        Firm-months before and after, zero or more.

    Returns
    -------
    Fraction or None
        P(X ≥ k1) for X ~ Bin(k0 + k1, e1 / (e0 + e1)); None where there are no firm-months at all.

    Notes
    -----
    The conditional test of two Poisson rates: Przyborowski and Wilenski, Biometrika 31 (1940), 313–323.

    >>> p = outside_cause_p(1, 6, 9, 3)
    >>> p, round(float(p) * 100, 2)
    (Fraction(7, 19683), 0.04)
    """
    if min(k0, e0, k1, e1) < 0:
        raise ValueError("counts and firm-months are zero or more")
    if e0 + e1 == 0:
        return None
    n = k0 + k1
    ways = sum(comb(n, k) * e1**k * e0 ** (n - k) for k in range(k1, n + 1))
    return Fraction(ways, (e0 + e1) ** n)
