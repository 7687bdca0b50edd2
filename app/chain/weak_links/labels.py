"""The labels of a segment and its mark on the map: one table that assessment, advice and every page read.

A further label is a further row of `LABELS` (and its English in the catalogue), nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from app.chain.register.facts import SAME
from app.hall.text.noted import N_

FILL, STRENGTHEN, EXTEND = "fill", "strengthen", "extend"

STRONG, WEAK, GONE, END, EMPTY, PLAIN = "strong", "weak", "missing", "end", "empty", "plain"
MARKS = (GONE, WEAK, STRONG, END, EMPTY)
NEEDS_A_LOOK = frozenset({WEAK, GONE})


@dataclass(frozen=True, slots=True)
class Standing:
    """What the rules of the labels look at; amounts exact, in 10,000 yuan a year.

    `effective` suppliers and the `largest` firm (code, name, output) are None where nobody stands on the segment.
    """

    firms: int
    demand: Decimal
    supply: Decimal
    shortfall: Decimal
    coverage: float | None
    effective: Decimal | None
    largest: tuple[str, str, Decimal] | None


Params = Mapping[str, object]


def _nothing(_row: Standing) -> Params:
    return {}


@dataclass(frozen=True, slots=True)
class Label:
    """One label: when it holds, how it reads and looks, what it makes of the segment and what helps.

    `sentence` says why, filled with `params`; empty where there is nothing to explain. `mark` is what the label makes
    of a segment that somebody in the park needs: `GONE`, `WEAK`, or empty where it is no weakness. `remedy` is what
    to do about it. A label that stands `alone` holds only where no other does.
    """

    code: str
    holds: Callable[[Standing], bool]
    word: str
    tone: str
    icon: str
    sentence: str = ""
    params: Callable[[Standing], Params] = _nothing
    mark: str = ""
    remedy: str = ""
    alone: bool = False

    @property
    def reason(self) -> str:
        """The code of its sentence."""
        return f"chain_{self.code}"


_LESS = 1 - SAME


def _only_firm(row: Standing) -> Params:
    code, name, output = row.largest or ("", "", Decimal(0))
    return {"enterprise": code, "name": name, "output_wan": float(output)}


def _largest_firm(row: Standing) -> Params:
    code, name, output = row.largest or ("", "", Decimal(0))
    return {"enterprise": code, "name": name, "share_ratio": float(output / row.supply)}


LABELS: tuple[Label, ...] = (
    Label(
        code="missing",
        holds=lambda row: row.firms == 0 and row.demand > 0,
        word=N_("缺失"),
        tone="bad",
        icon="circle-off",
        sentence=N_("园区内没有企业"),
        mark=GONE,
        remedy=FILL,
    ),
    Label(
        code="single_source",
        holds=lambda row: row.firms == 1,
        word=N_("单一来源"),
        tone="warn",
        icon="alert-triangle",
        sentence=N_("只有一家企业：%(name)s，产值 %(output_wan)s 万元"),
        params=_only_firm,
        mark=WEAK,
        remedy=STRENGTHEN,
    ),
    Label(
        code="concentrated",
        holds=lambda row: row.firms >= 2 and row.effective is not None and row.effective < 2 * _LESS,
        word=N_("供给集中"),
        tone="warn",
        icon="chart-pie",
        sentence=N_("供给集中：%(name)s 占 %(share_ratio)s，有效供应商不足 2 家"),
        params=_largest_firm,
        mark=WEAK,
        remedy=STRENGTHEN,
    ),
    Label(
        code="external",
        holds=lambda row: (
            row.firms > 0 and row.demand > 0 and row.supply < row.demand * Decimal("0.5") * _LESS
        ),
        word=N_("依赖外部"),
        tone="bad",
        icon="arrow-up-right",
        sentence=N_("一半以上靠园区外采购，园区内覆盖仅 %(coverage_ratio)s"),
        params=lambda row: {"coverage_ratio": row.coverage},
        mark=WEAK,
        remedy=FILL,
    ),
    Label(
        code="strong",
        holds=lambda row: row.firms >= 2 and row.shortfall == 0,
        word=N_("优势"),
        tone="ok",
        icon="check",
        alone=True,
    ),
)


def labels_of(row: Standing) -> tuple[Label, ...]:
    """The labels that hold, in the order of the table; those that stand alone only where no other holds."""
    found = tuple(label for label in LABELS if not label.alone and label.holds(row))
    return found or tuple(label for label in LABELS if label.alone and label.holds(row))


def known(codes: Iterable[str]) -> tuple[Label, ...]:
    """The labels of these codes in the order of the table; a code that was taken out of it says nothing.

    >>> [label.code for label in known(["external", "gone for years", "missing"])]
    ['missing', 'external']
    """
    wanted = frozenset(codes)
    return tuple(label for label in LABELS if label.code in wanted)


def mark_of(codes: Iterable[str], demand_wan: float, shortfall_wan: float, firms: int) -> str:
    """The one judgement of a segment: missing, weak, strong, the end of the chain, or empty.

    What nobody in the park needs is neither weak nor strong: `END` where firms stand, `EMPTY` where none does. A gap
    is a weakness whatever the labels say.

    >>> mark_of(["single_source"], 10.0, 0.0, 1), mark_of(["single_source"], 0.0, 0.0, 1), mark_of([], 10.0, 2.0, 3)
    ('weak', 'end', 'weak')
    """
    if demand_wan <= 0:
        return END if firms else EMPTY
    marks = {label.mark for label in known(codes)}
    if GONE in marks:
        return GONE
    return WEAK if shortfall_wan > 0 or WEAK in marks else STRONG
