"""What no further choice can beat, proven in whole numbers; floating point only proposes the multipliers.

For any λ_k in [0, 1] is min(a_k, b_k) ≤ λ_k·a_k + (1 − λ_k)·b_k, linear in who is chosen, and for any μ ≥ 0 the
budget may be priced at μ (Lagrangian relaxation). The multipliers come from the linear relaxation, rounded to
fractions; the bound that follows is exact whatever they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor, inf
from typing import TYPE_CHECKING

from app.chain.recruit.cuts import Aid, Cut, Cutter
from app.chain.recruit.program import Program, build, propose, relax
from app.chain.recruit.rules import Column, Model, Standing

if TYPE_CHECKING:
    import numpy as np

ROUNDS, FEW = 4, 3  # relaxations with ever more cuts: to begin with, and where that is enough
HANDY = 100  # so few open candidates need no long search for cuts; beyond, `tree` finds better ones
ONE = 10**6 * 27 * 7 * 11 * 13  # λ is a whole number of these parts: halves, thirds, decimals are exact


@dataclass(frozen=True, slots=True)
class Bound:
    """`ONE` times the worth of a choice is at most `base + Σ weights`, of at most `slots` free candidates.

    `order` holds the free candidates by falling weight, `shares` what the linear relaxation made of each.
    """

    base: int
    weights: dict[int, int]
    order: list[int]
    shares: dict[int, float]
    top: int
    fixed_in: list[int]
    fixed_out: list[int]


def bound(
    model: Model, inside: Sequence[int], free: Sequence[int], slots: int, floor: int, aid: Aid
) -> Bound:
    """The bound over all choices that hold `inside` and at most `slots` of `free`.

    Parameters
    ----------
    floor : int
        A worth known to be reached: what cannot reach it any more is fixed. Equal worth is never cut off.
    aid : Aid
        Seconds left and the cuts known; new ones are added to it.
    """
    standing = Standing(model, inside)
    sides, columns = tightened(model, standing, free, slots)
    rest = None if model.budget is None else model.budget - model.cost(inside)
    priced = rest is not None and sum(model.costs[c] for c in free) > rest
    program = build(model, standing, columns, slots, sides, rest if priced else None)
    view = _relaxation(model, program, standing, inside, aid)
    shares, price, lines = view.shares, view.price, view.lines
    parts = {k: (ONE, 0) if side > 0 else (0, ONE) for k, side in sides.items()} | view.lambdas
    base = 0
    for k, (a, b) in enumerate(zip(standing.a, standing.b, strict=True)):
        share = parts.get(k)
        base += ONE * min(a, b) if share is None else share[0] * a + share[1] * b
    mu = max(0, round(price * ONE)) if priced else 0
    if rest is not None:
        base += mu * rest
    weights = {
        c: sum(parts[k][0] * a + parts[k][1] * b for k, a, b in columns[c]) - mu * model.costs[c]
        for c in free
    }
    held = set(inside)
    for cut, times in lines:
        base += times * cut.base
        for c, part in cut.parts:
            if c in weights:
                weights[c] += times * part
            elif c in held:
                base += times * part
    order = sorted(free, key=lambda c: (-weights[c], c))
    top, fixed_in, fixed_out = _fix(model, base, weights, order, slots, ONE * floor)
    return Bound(base, weights, order, shares, top, fixed_in, fixed_out)


def tightened(
    model: Model, standing: Standing, free: Sequence[int], slots: int
) -> tuple[dict[int, int], dict[int, Column]]:
    """Which side is the smaller for sure, and the columns without what the other side can never take up.

    Per segment 1 when a is the smaller side whoever comes, −1 when b is, else 0. A firm that brings more to one side
    than the other can ever reach counts with that much only: the minimum does not see the rest, the relaxation does.
    """
    parts: dict[int, list[tuple[int, int]]] = {}
    for c in free:
        for k, a, b in model.columns[c]:
            parts.setdefault(k, []).append((a, b))
    sides, caps = {}, {}
    for k, pairs in parts.items():
        now_a, now_b = standing.a[k], standing.b[k]
        low_a, high_a = _range(now_a, [a for a, _b in pairs], slots)
        low_b, high_b = _range(now_b, [b for _a, b in pairs], slots)
        low, high = _range(now_a - now_b, [a - b for a, b in pairs], slots)
        sides[k] = 1 if high <= 0 else -1 if low >= 0 else 0
        caps[k] = (high_b - low_a, high_a - low_b)
    columns: dict[int, Column] = {}
    for c in free:
        columns[c] = tuple(
            (k, a, b) if sides[k] else (k, min(a, caps[k][0]), min(b, caps[k][1]))
            for k, a, b in model.columns[c]
        )
    return sides, columns


def _range(now: int, parts: list[int], slots: int) -> tuple[int, int]:
    """The least and the most that `now` can become with at most `slots` of `parts`."""
    if len(parts) > slots:
        parts = sorted(parts)
        down, up = parts[:slots], parts[len(parts) - slots :]
    else:
        down = up = parts
    return now + sum(v for v in down if v < 0), now + sum(v for v in up if v > 0)


@dataclass(slots=True)
class _View:
    """What the linear relaxation proposes: shares, multipliers (a, b) and of cuts in parts of ONE, budget's price."""

    shares: dict[int, float] = field(default_factory=dict)
    lambdas: dict[int, tuple[int, int]] = field(default_factory=dict)
    lines: list[tuple[Cut, int]] = field(default_factory=list)
    price: float = 0.0


def _relaxation(model: Model, program: Program, standing: Standing, inside: Sequence[int], aid: Aid) -> _View:
    """The relaxation, made tighter with cuts as long as they lower it."""
    if not program.free or not program.right:
        return _View()
    view = _View(lambdas={k: _smaller(standing, k) for k in program.open})
    rows: dict[Cut, int] = {}
    _add(program, aid.cuts, rows, inside)
    cutter, last = Cutter(model), inf
    many = len(program.free) > HANDY
    for turn in range(FEW if not many else 1 if aid.cuts else ROUNDS):
        answer = relax(program, aid.left())
        if answer is None:
            return view
        shares, duals, value = answer
        view = _read(program, rows, shares, duals)
        if turn and last - value < 1e-5 * (1 + abs(value)):
            break
        last = value
        point = view.shares | dict.fromkeys(inside, 1.0)
        found = [
            cutter.best(k, point, float(shares[len(program.free) + j]) * program.size)
            for k, j in program.open.items()
        ]
        fresh = [cut for cut in found if cut is not None and cut not in rows]
        if not fresh:
            break
        aid.cuts.update(dict.fromkeys(fresh))
        _add(program, fresh, rows, inside)
    if len(aid.cuts) > 2 * len(program.open) + 100:
        aid.keep_only([cut for cut, _times in view.lines])
    return view


def _smaller(standing: Standing, k: int) -> tuple[int, int]:
    return (ONE, 0) if standing.a[k] <= standing.b[k] else (0, ONE)


def _add(program: Program, cuts: Iterable[Cut], rows: dict[Cut, int], inside: Sequence[int]) -> None:
    place, held = {c: j for j, c in enumerate(program.free)}, set(inside)
    for cut in cuts:
        if program.open.keys() >= set(cut.segments):
            base = cut.base + sum(part for c, part in cut.parts if c in held)
            there = [(place[c], part / program.size) for c, part in cut.parts if part and c in place]
            rows[cut] = program.below(
                cut.segments, [j for j, _v in there], [v for _j, v in there], base / program.size
            )


def _read(program: Program, rows: dict[Cut, int], shares: np.ndarray, duals: np.ndarray) -> _View:
    """The multipliers of each open segment, rounded to parts that make up ONE exactly."""
    m = len(program.open)
    of: dict[int, list[tuple[Cut, float]]] = {}
    for cut, row in rows.items():
        if duals[row] > 1e-9:
            of.setdefault(cut.segments[0], []).append((cut, float(duals[row])))
    view = _View({c: float(shares[j]) for j, c in enumerate(program.free)})
    for k, j in program.open.items():
        lines = of.get(k, [])
        raw = [max(0.0, float(duals[j])), max(0.0, float(duals[j + m])), *(dual for _cut, dual in lines)]
        whole = [_part(one, sum(raw) - one) for one in raw] if sum(raw) > 1e-9 else [ONE // 2] * 2
        largest = max(range(len(whole)), key=lambda n: whole[n])
        whole[largest] += ONE - sum(whole)
        view.lambdas[k] = whole[0], whole[1]
        view.lines += [(cut, times) for (cut, _dual), times in zip(lines, whole[2:], strict=True) if times]
    paid = program.budget_row
    view.price = 0.0 if paid is None else float(duals[paid]) * program.size / program.dear
    return view


def useless(model: Model, slots: int) -> set[int]:
    """Candidates that raise the value beside nobody: without them a choice is worth as much with fewer firms.

    Who cannot come wakes no demand, so that others become useless in turn.
    """
    standing = Standing(model, sorted(model.musts))
    free = [c for c in range(len(model.codes)) if c not in model.musts]
    gone: set[int] = set()
    while True:
        sides, columns = tightened(model, standing, free, slots - len(model.musts))
        best = {c: sum(_at_most(sides[k], a, b) for k, a, b in columns[c]) for c in free}
        more = {c for c in free if best[c] <= 0}
        if not more:
            return gone
        gone |= more
        free = [c for c in free if c not in more]


def _at_most(side: int, a: int, b: int) -> int:
    """How far min(A, B) can rise with a on one side and b on the other, `side` of which is the smaller for sure."""
    return max(a, b) if side == 0 else a if side > 0 else b


def proposal(
    model: Model, inside: Sequence[int], free: Sequence[int], slots: int, seconds: float
) -> tuple[list[int], int | None]:
    """`inside` with the best of `free` as floating point sees it, and a worth above which it sees nothing.

    The choice need not keep the limits to the last digit. The solver's own bound is moved outward by a millionth,
    a thousand times what its rounding may hide.
    """
    standing = Standing(model, inside)
    sides, columns = tightened(model, standing, free, slots)
    rest = None if model.budget is None else model.budget - model.cost(inside)
    program = build(model, standing, columns, slots, sides, rest)
    if not program.free or not program.right:
        return [*inside, *free], None
    fixed = sum(
        (min(a, b), a, b)[sides.get(k, 0)]
        for k, (a, b) in enumerate(zip(standing.a, standing.b, strict=True))
        if k not in program.open
    )
    chosen, most = propose(program, seconds)
    if most is None:
        return [*inside, *chosen], None
    seen = Fraction(most) * Fraction(program.size)
    return [*inside, *chosen], fixed + floor(seen + (abs(seen) + abs(fixed)) / 10**6)


def _part(a: float, b: float) -> int:
    """The multiplier of side a in parts of ONE; a fraction with a small denominator is met exactly.

    >>> _part(0.333333333, 0.666666667) * 3 == ONE
    True
    """
    share = min(1.0, max(0.0, a / (a + b) if a + b > 1e-9 else 0.5))
    if share in (0.0, 1.0):
        return round(share) * ONE
    near = Fraction(share).limit_denominator(64)
    if abs(near - share) < 1e-7 and ONE % near.denominator == 0:
        return ONE // near.denominator * near.numerator
    return round(share * ONE)


def _fix(
    model: Model, base: int, weights: dict[int, int], order: list[int], slots: int, floor: int
) -> tuple[int, list[int], list[int]]:
    """The bound, and who must or cannot belong to a choice that reaches `floor` (reduced cost fixing)."""
    picks: dict[int, int] = {}  # candidate → the best that could come in its place
    holder: dict[str, int] = {}
    spare = 0
    for c in order:
        if weights[c] <= 0:
            break
        group = model.groups[c]
        if group and group in holder:
            held = holder[group]
            picks[held] = max(picks[held], weights[c])
        elif len(picks) < slots:
            picks[c] = 0
            holder[group] = c
        else:
            spare = max(spare, weights[c])
    top = base + sum(weights[c] for c in picks)
    least = min((weights[c] for c in picks), default=0) if len(picks) >= slots else 0
    fixed_in = [c for c, other in picks.items() if top - weights[c] + max(other, spare) < floor]
    fixed_out = []
    for c in order:
        if c in picks:
            continue
        rival = holder.get(model.groups[c]) if model.groups[c] else None
        give_up = max(least, 0) if rival is None else weights[rival]
        if slots <= 0 or top - give_up + weights[c] < floor:
            fixed_out.append(c)
    return top, fixed_in, fixed_out
