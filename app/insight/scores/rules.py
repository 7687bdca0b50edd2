"""Monthly series of every dimension and layer, exact: what is available, what is shown, and what the index makes of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import floor, lcm
from statistics import median

FEW = 5  # a score of fewer firms is not available
Scores = dict[str, Fraction]


@dataclass(frozen=True, slots=True)
class Dimension:
    """One dimension of service: weight in thousandths, and where its score is on target or red."""

    code: str
    weight: int
    target: Fraction
    red_below: Fraction


@dataclass(frozen=True, slots=True)
class Response:
    """One score of one firm. `month` counts months: 12 · year + month − 1."""

    month: int
    enterprise: str
    layer: str
    dimension: str
    score: Fraction
    version: str = ""


@dataclass(frozen=True, slots=True)
class Month:
    """What a series knows of a month: the exact scores of its firms, of the version that counts."""

    scores: Mapping[str, Fraction] = field(default_factory=dict)
    version: str | None = None

    @property
    def n(self) -> int:
        return len(self.scores)

    @property
    def reason(self) -> str | None:
        """Why the month is not available: `missing`, `few`, or None when it is."""
        return None if self.n >= FEW else "few" if self.n else "missing"

    @property
    def mean(self) -> Fraction:
        part = lcm(*(score.denominator for score in self.scores.values()))
        whole = sum(score.numerator * (part // score.denominator) for score in self.scores.values())
        return Fraction(whole, part * self.n)

    @property
    def shown(self) -> Fraction | None:
        """The score as people see it and as it is compared; None when the month is not available."""
        return None if self.reason else shown(self.mean)


NOTHING = Month()


@dataclass(frozen=True, slots=True)
class Sum(Month):
    """A month of which only the sum over its firms is known: enough for everything but what single firms did."""

    count: int = 0
    total: Fraction = Fraction(0)

    @property
    def n(self) -> int:
        return self.count

    @property
    def mean(self) -> Fraction:
        return self.total / self.count


@dataclass(frozen=True, slots=True)
class Series:
    """One dimension, all firms (`layer` None) or one layer, month by month from `first` on without a hole."""

    dimension: str
    layer: str | None
    first: int
    months: tuple[Month, ...]

    def at(self, month: int) -> Month:
        place = month - self.first
        return self.months[place] if 0 <= place < len(self.months) else NOTHING

    def not_comparable(self, month: int, version: str | None) -> str | None:
        """Why a month cannot stand beside one of `version`: `missing`, `few`, `version`, or None."""
        other = self.at(month)
        if other.reason or version is None or other.version == version:
            return other.reason
        return "version"


def linear(value: Fraction, best: Fraction, worst: Fraction) -> Fraction:
    """The score 0–100 of a measured value: 100 at `best` or beyond, 0 at `worst` or beyond, straight between.

    >>> linear(Fraction(66), Fraction(30), Fraction(120))
    Fraction(60, 1)
    """
    share = (worst - value) / (worst - best)
    return 100 * min(Fraction(1), max(Fraction(0), share))


def rounded(value: Fraction, digits: int) -> Fraction:
    """Half up, below zero away from it.

    >>> rounded(Fraction("-0.25"), 1), rounded(Fraction("79.95"), 1)
    (Fraction(-3, 10), Fraction(80, 1))
    """
    scale = 10**digits
    size = Fraction(floor(abs(value) * scale + Fraction(1, 2)), scale)
    return -size if value < 0 else size


def shown(value: Fraction) -> Fraction:
    """A score or share as it is shown: to 0.1."""
    return rounded(value, 1)


def series_of(responses: Iterable[Response], dimensions: Sequence[Dimension]) -> list[Series]:
    """Series of each dimension, all together first, then by layer, over all calendar months of the data.

    Several scores of one firm, month, dimension and version are averaged. The month of a dimension has the version of
    most of its firms (equal: the later in sort order); scores of other versions do not count there.
    """
    rows: dict[tuple[str, int], dict[str, dict[str, list[Fraction]]]] = defaultdict(lambda: defaultdict(dict))
    layers: dict[tuple[int, str], str] = {}
    layers_of: dict[str, set[str]] = defaultdict(set)
    months = set()
    for row in responses:
        rows[row.dimension, row.month][row.version].setdefault(row.enterprise, []).append(row.score)
        layers[row.month, row.enterprise] = row.layer
        layers_of[row.dimension].add(row.layer)
        months.add(row.month)
    if not months:
        return []
    first, last = min(months), max(months)
    found = []
    for dimension in dimensions:
        every = [_month(rows.get((dimension.code, m), {})) for m in range(first, last + 1)]
        found.append(Series(dimension.code, None, first, tuple(every)))
        for layer in sorted(layers_of[dimension.code]):
            part = tuple(
                Month({e: s for e, s in month.scores.items() if layers[first + n, e] == layer}, month.version)
                for n, month in enumerate(every)
            )
            found.append(Series(dimension.code, layer, first, part))
    return found


def _month(versions: Mapping[str, Mapping[str, Sequence[Fraction]]]) -> Month:
    if not versions:
        return NOTHING
    version = max(versions, key=lambda name: (len(versions[name]), name))
    return Month({e: sum(s, Fraction(0)) / len(s) for e, s in versions[version].items()}, version)


@dataclass(frozen=True, slots=True)
class IndexMonth:
    """The index of a month (None without any dimension), its coverage 0–1, what is missing and who moved it."""

    month: int
    index: Fraction | None
    coverage: Fraction
    missing: tuple[str, ...]
    contributions: Mapping[str, Fraction] | None


def index_of(
    scores: Mapping[int, Scores], dimensions: Sequence[Dimension], comparable: Iterable[int]
) -> list[IndexMonth]:
    """The index of each month of `scores` (shown score by dimension, available ones only).

    Contributions stand where the month and the one before are complete; `comparable` names the months whose questions
    are those of the month before.

    >>> one = [Dimension("a", 1000, Fraction(75), Fraction(60))]
    >>> [m.contributions for m in index_of({1: {"a": Fraction(70)}, 2: {"a": Fraction(72)}}, one, [2])]
    [None, {'a': Fraction(2, 1)}]
    """
    found = []
    same = set(comparable)
    for month in sorted(scores):
        now, before = scores[month], scores.get(month - 1, {})
        weight = sum(d.weight for d in dimensions if d.code in now)
        total = sum((d.weight * now[d.code] for d in dimensions if d.code in now), Fraction(0))
        missing = tuple(d.code for d in dimensions if d.code not in now)
        weighed = [d for d in dimensions if d.weight]  # one without weight makes no index partial
        whole = month in same and all(d.code in now and d.code in before for d in weighed)
        parts = (
            {
                d.code: Fraction(d.weight, 1000) * (now[d.code] - before[d.code])
                for d in dimensions
                if d.code in now and d.code in before
            }
            if whole
            else None
        )
        index = rounded(total / weight, 2) if weight else None
        found.append(IndexMonth(month, index, Fraction(weight, 1000), missing, parts))
    return found


def outliers(scores: Scores) -> list[tuple[str, Fraction]]:
    """Dimensions at least 10 below the median of the others, with how far.

    >>> outliers({"a": Fraction(60), "b": Fraction(70), "c": Fraction(80)})
    [('a', Fraction(15, 1))]
    """
    found = []
    for code, score in scores.items():
        others = [other for name, other in scores.items() if name != code]
        below = median(others) - score if others else Fraction(0)
        if below >= 10:
            found.append((code, Fraction(below)))
    return found


def within_and_mix(
    before: Mapping[str, Sequence[Fraction]], after: Mapping[str, Sequence[Fraction]]
) -> tuple[Fraction, Fraction]:
    """How much of a change of the mean came from changed scores within groups, how much from who answered.

    Parameters
    ----------
    before, after : mapping of group to the scores of its firms
        At least one firm in each month.

    Examples
    --------
    >>> f = Fraction
    >>> within_and_mix({"small": [f(50)] * 8, "medium": [f(80)] * 2}, {"small": [f(48)] * 4, "medium": [f(78)] * 6})
    (Fraction(-2, 1), Fraction(12, 1))
    """
    old, new = (
        {group: (len(scores), sum(scores, Fraction(0))) for group, scores in groups.items()}
        for groups in (before, after)
    )
    return within_and_mix_of_sums(old, new)


def within_and_mix_of_sums(
    before: Mapping[str, tuple[int, Fraction]], after: Mapping[str, tuple[int, Fraction]]
) -> tuple[Fraction, Fraction]:
    """The same from how many firms each group has and the sum of their scores.

    >>> f = Fraction
    >>> within_and_mix_of_sums({"small": (8, f(400)), "medium": (2, f(160))}, {"small": (4, f(192)), "medium": (6, f(468))})
    (Fraction(-2, 1), Fraction(12, 1))
    """
    n0, n1 = (sum(n for n, _total in groups.values()) for groups in (before, after))
    within = mix = Fraction(0)
    for group in before.keys() | after.keys():
        (k0, old), (k1, new) = (groups.get(group, (0, Fraction(0))) for groups in (before, after))
        if not k0 and not k1:
            continue
        start = old / k0 if k0 else new / k1
        end = new / k1 if k1 else start
        p0, p1 = Fraction(k0, n0), Fraction(k1, n1)
        within += (p0 + p1) / 2 * (end - start)
        mix += (start + end) / 2 * (p1 - p0)
    return within, mix


def tone(month: Month, dimension: Dimension) -> str:
    """Colour of a cell of the heat map: `grey` when too few answered, `red`, `amber` below target, `green`."""
    return tone_of(month.shown, dimension)


def tone_of(score: Fraction | None, dimension: Dimension) -> str:
    """The same for a shown score; `grey` where none may be shown."""
    if score is None:
        return "grey"
    return "red" if score < dimension.red_below else "amber" if score < dimension.target else "green"


def layers_of(responses: Iterable[Response]) -> dict[int, dict[str, str]]:
    """Month to firm to layer."""
    found: dict[int, dict[str, str]] = defaultdict(dict)
    for row in responses:
        found[row.month][row.enterprise] = row.layer
    return dict(found)


def layers_in_doubt(responses: Sequence[Response]) -> list[int]:
    """Places of responses whose firm stands in another layer earlier in the same month."""
    first: dict[tuple[int, str], str] = {}
    doubt = Counter[int]()
    for place, row in enumerate(responses):
        if first.setdefault((row.month, row.enterprise), row.layer) != row.layer:
            doubt[place] += 1
    return sorted(doubt)
