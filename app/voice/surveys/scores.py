"""Answers to numbers: behaviour becomes a score, firms count once, and the silent layers are not forgotten."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from app.hall.errors import Invalid
from app.voice.surveys.questions import YES_NO, Metric, Question, Value, given

SATISFIED = 60
Z = Fraction(196, 100)


def exact(value: int | float) -> Fraction:
    """The number as it was written: 0.1 is a tenth.

    >>> exact(0.1)
    Fraction(1, 10)
    """
    if isinstance(value, float):
        if not math.isfinite(value):
            raise Invalid("voice_not_a_number")
        return Fraction(Decimal(repr(value)))
    return Fraction(value)


def shown(value: Fraction) -> float:
    """A score or share as it is shown: half up to 0.1, below zero away from it.

    >>> shown(Fraction(160, 3)), shown(Fraction(-5, 100)), shown(Fraction(5, 100))
    (53.3, -0.1, 0.1)
    """
    tenths = (abs(value) * 10 + Fraction(1, 2)) // 1
    return float(tenths if value >= 0 else -tenths) / 10


def score(metric: Metric, answer: Value) -> Fraction | None:
    """0–100 for one answer; None where the answer says nothing about it (an option without a score).

    Parameters
    ----------
    metric : Metric
        `linear`: 100 · clip((worst − x) ÷ (worst − best), 0, 1), whichever of the two is larger;
        `yes_no`: 100 for the good answer, else 0; `choice`: the score of the option.
    answer : value
        A number, `yes` or `no`, or an option.

    Raises
    ------
    Invalid
        The answer is none of the kind, or best and worst are the same.

    Examples
    --------
    >>> score(Metric("linear", best=30, worst=120), 66), score(Metric("yes_no", good="no"), "yes")
    (Fraction(60, 1), Fraction(0, 1))
    """
    if metric.kind == "linear":
        if isinstance(answer, bool) or not isinstance(answer, (int, float)):
            raise Invalid("voice_not_a_number")
        best, worst = exact(metric.best), exact(metric.worst)
        if best == worst:
            raise Invalid("voice_best_is_worst", at=str(metric.best))
        return 100 * min(max((worst - exact(answer)) / (worst - best), Fraction(0)), Fraction(1))
    if metric.kind == "yes_no":
        if answer not in YES_NO:
            raise Invalid("voice_not_yes_no")
        return Fraction(100 if answer == metric.good else 0)
    points = metric.scores.get(answer) if isinstance(answer, str) else None
    return None if points is None else exact(points)


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction(0)) / len(values)


def respondent_score(
    questions: Sequence[Question], answers: Mapping[str, Value], dimension: str
) -> Fraction | None:
    """Mean of what one respondent answered in a dimension; hidden questions do not count, None if nothing is left.

    >>> ask = (Question("days", "number", "?", dimension="policy", metric=Metric("linear", best=30, worst=120)),
    ...        Question("unclear", "yes_no", "?", dimension="policy", metric=Metric("yes_no", good="no")),
    ...        Question("who", "yes_no", "?", dimension="policy", metric=Metric("yes_no", good="no")))
    >>> shown(respondent_score(ask, {"days": 66, "unclear": "yes", "who": "no"}, "policy"))
    53.3
    """
    kept = given(questions, answers)
    points = [
        value
        for one in questions
        if one.dimension.strip() == dimension and one.metric is not None and one.id in kept
        if (value := score(one.metric, kept[one.id])) is not None
    ]
    return _mean(points) if points else None


def firm_score(
    questions: Sequence[Question], respondents: Iterable[Mapping[str, Value]], dimension: str
) -> Fraction | None:
    """A firm's score of a dimension: the mean of its respondents' means, so that a long answer weighs no more."""
    means = (respondent_score(questions, answers, dimension) for answers in respondents)
    known = [mean for mean in means if mean is not None]
    return _mean(known) if known else None


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `n` firms, in percent with the Wilson interval; None where there is no firm."""

    hits: int
    n: int
    percent: float | None
    low: float | None
    high: float | None


def wilson(hits: int, n: int) -> Share:
    """A share with its 95 % interval (z = 1.96), shown values.

    Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).

    >>> wilson(31, 50)
    Share(hits=31, n=50, percent=62.0, low=48.2, high=74.1)
    """
    if n == 0:
        return Share(0, 0, None, None, None)
    p, z2 = Fraction(hits, n), Z * Z
    middle = p + z2 / (2 * n)
    half = Z * Fraction(math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)))
    whole = 1 + z2 / n
    low, high = max((middle - half) / whole, Fraction(0)), min((middle + half) / whole, Fraction(1))
    return Share(hits, n, shown(100 * p), shown(100 * low), shown(100 * high))


def satisfied(scores: Iterable[Fraction | None]) -> Share:
    """Firms with a shown score of at least 60 among those that have one.

    >>> satisfied([Fraction(5995, 100), Fraction(5994, 100), None]).hits
    1
    """
    known = [value for value in scores if value is not None]
    return wilson(sum(shown(value) >= SATISFIED for value in known), len(known))


@dataclass(frozen=True, slots=True)
class Invited:
    """A firm that was asked, on which channel, of which layer, and whether it answered."""

    enterprise: str
    channel: str
    layer: str
    answered: bool


@dataclass(frozen=True, slots=True)
class Rate:
    """Firms that answered of those invited; every firm counts once however often it was asked."""

    channel: str
    layer: str
    answered: int
    invited: int
    percent: float


def response_rates(invitations: Iterable[Invited]) -> tuple[Rate, ...]:
    """Response rate per channel and layer, sorted by both.

    >>> response_rates([Invited("E1", "online", "large", False), Invited("E1", "online", "large", True),
    ...                 Invited("E2", "online", "large", False)])
    (Rate(channel='online', layer='large', answered=1, invited=2, percent=50.0),)
    """
    asked: dict[tuple[str, str], dict[str, bool]] = {}
    for one in invitations:
        firms = asked.setdefault((one.channel, one.layer), {})
        firms[one.enterprise] = firms.get(one.enterprise, False) or one.answered
    return tuple(
        Rate(
            channel,
            layer,
            sum(firms.values()),
            len(firms),
            shown(Fraction(100 * sum(firms.values()), len(firms))),
        )
        for (channel, layer), firms in sorted(asked.items())
    )


@dataclass(frozen=True, slots=True)
class Weighted:
    """The plain mean over firms, the mean weighted by the size of layers, and the share of the park that stands behind."""

    n: int
    plain: float
    weighted: float
    covered_ratio: float


def weighted_mean(scores: Mapping[str, Collection[Fraction]], park: Mapping[str, int]) -> Weighted | None:
    """Σ N_layer · mean_layer ÷ Σ N over the layers that answered, beside the plain mean; None if none did.

    Parameters
    ----------
    scores : mapping of layer to scores
        One score a firm.
    park : mapping of layer to number of firms
        How many firms of each layer the park has, heard or not.

    Raises
    ------
    Invalid
        A layer has more answers than firms.

    Examples
    --------
    >>> heard = {"large": [Fraction(90)] * 2, "medium": [Fraction(80)] * 4, "small": [Fraction(70)] * 5,
    ...          "micro": [Fraction(50)]}
    >>> weighted_mean(heard, {"large": 2, "medium": 4, "small": 14, "micro": 14})
    Weighted(n=12, plain=75.0, weighted=64.1, covered_ratio=1.0)
    """
    heard = {layer: list(values) for layer, values in scores.items() if values}
    if not heard:
        return None
    for layer, values in heard.items():
        if park.get(layer, 0) < len(values):
            raise Invalid("voice_more_answers_than_firms", layer=layer)
    firms = sum(park[layer] for layer in heard)
    total = sum((park[layer] * _mean(values) for layer, values in heard.items()), Fraction(0))
    everyone = [value for values in heard.values() for value in values]
    return Weighted(
        len(everyone),
        shown(_mean(everyone)),
        shown(total / firms),
        float(Fraction(firms, sum(park.values()))),
    )


def problems_per_contact(problems: Mapping[str, int], contacts: Mapping[str, int]) -> dict[str, float | None]:
    """Problems found per contact, by channel: which channel is worth its time; None where nobody was contacted.

    >>> problems_per_contact({"online": 12, "tea_talk": 30}, {"online": 40, "tea_talk": 10, "phone": 5})
    {'online': 0.3, 'phone': 0.0, 'tea_talk': 3.0}
    """
    return {
        channel: problems.get(channel, 0) / contacts[channel] if contacts.get(channel) else None
        for channel in sorted({*problems, *contacts})
    }
