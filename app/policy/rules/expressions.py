"""The small language of conditions as a tree; what is not in here cannot be said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.policy.rules.values import Value


@dataclass(frozen=True, slots=True)
class Const:
    """A number, a text or a day."""

    value: Value


@dataclass(frozen=True, slots=True)
class Param:
    """`p.name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact: its value in the month asked for, or its only value."""

    name: str


@dataclass(frozen=True, slots=True)
class Latest:
    """`latest(fact)`: the last month not after the one asked for."""

    fact: str


@dataclass(frozen=True, slots=True)
class Window:
    """`total(fact, n)` or `average(fact, n)`: the n months up to the one asked for."""

    function: str
    fact: str
    months: Const | Param


@dataclass(frozen=True, slots=True)
class MonthsSince:
    """`months_since(fact)`: whole months up to the day asked for."""

    fact: str


@dataclass(frozen=True, slots=True)
class Streak:
    """`streak(fact op bound)`: how many months in a row up to the month asked for."""

    fact: str
    op: str
    bound: Expr


@dataclass(frozen=True, slots=True)
class Arith:
    """`+ - * /` of two numbers."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Listing:
    """`[a, b]`, only on the right of `in`."""

    items: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Compare:
    """One comparison: `< <= > >= == != in`."""

    op: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Not:
    """`not x`."""

    item: Expr


@dataclass(frozen=True, slots=True)
class Junction:
    """`x and y and z`, `x or y or z`."""

    op: str
    items: tuple[Expr, ...]


Expr = (
    Const | Param | Fact | Latest | Window | MonthsSince | Streak | Arith | Listing | Compare | Not | Junction
)
FactUse = Fact | Latest | Window | MonthsSince | Streak


def parts(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside."""
    if isinstance(expr, (Arith, Compare)):
        return (expr.left, expr.right)
    if isinstance(expr, (Listing, Junction)):
        return expr.items
    if isinstance(expr, Not):
        return (expr.item,)
    if isinstance(expr, Streak):
        return (expr.bound,)
    return (expr.months,) if isinstance(expr, Window) else ()


def walk(expr: Expr) -> Iterator[Expr]:
    """The expression and everything inside, as written.

    >>> [type(one).__name__ for one in walk(Compare(">", Fact("a"), Const(1)))]
    ['Compare', 'Fact', 'Const']
    """
    yield expr
    for part in parts(expr):
        yield from walk(part)


def fact_uses(expr: Expr) -> tuple[FactUse, ...]:
    """Every use of a fact, as written, each once.

    >>> fact_uses(Compare(">", Fact("a"), Fact("a")))
    (Fact(name='a'),)
    """
    return tuple(
        dict.fromkeys(e for e in walk(expr) if isinstance(e, (Fact, Latest, Window, MonthsSince, Streak)))
    )


def fact_name(use: FactUse) -> str:
    return use.name if isinstance(use, Fact) else use.fact
