"""From sheets of answers to what may be shown: scores by dimension and layer, answers by question, never under five."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from math import lcm

from app.voice.results.rows import DimensionRow, LayerRow, QuestionRow, RateRow, Results
from app.voice.surveys.content import question_digest
from app.voice.surveys.questions import Question, Value, given
from app.voice.surveys.scores import SATISFIED, Invited, exact, response_rates, score, shown, wilson

FEWEST = 5
MOST_SENTENCES = 200


@dataclass(frozen=True, slots=True)
class Sheet:
    """One respondent: the firm (0 where nobody knows), its layer ("" likewise), and what was answered."""

    firm: int
    layer: str
    answers: Mapping[str, Value]


def dimensions_of(questions: Sequence[Question]) -> list[str]:
    """The dimensions that have a scored question, in the order of the questions."""
    named = (one.dimension.strip() for one in questions if one.metric is not None)
    return list(dict.fromkeys(name for name in named if name))


Key = tuple[type, Value]
Tally = dict[Fraction, int]  # how many firms have this score


def _key(value: Value) -> Key:
    """What tells one answer from another: true is not 1, and a list has no hash."""
    return (value.__class__, tuple(value) if isinstance(value, list) else value)


def _points(question: Question, sheets: Sequence[Sheet]) -> dict[Key, Fraction | None]:
    """The score of every answer that was given to this question, each reckoned once."""
    assert question.metric is not None
    name, found = question.id, dict[Key, Fraction | None]()
    for sheet in sheets:
        value = sheet.answers.get(name)
        if value is not None and (key := _key(value)) not in found:
            found[key] = score(question.metric, value)
    return found


def firm_scores(questions: Sequence[Question], sheets: Sequence[Sheet], dimension: str) -> dict[str, Tally]:
    """How many firms have which score, by layer: a firm's is the mean of its respondents' means.

    Who answers unnamed is a firm of its own. The same values as `scores.firm_score`, but each is reckoned once, however
    many firms share it: answers repeat, and fractions are slow.

    >>> from app.voice.surveys.questions import Metric
    >>> ask = (Question("a", "yes_no", "?", dimension="d", metric=Metric("yes_no", good="yes")),)
    >>> firm_scores(ask, [Sheet(7, "large", {"a": "yes"}), Sheet(7, "large", {"a": "no"})], "d")
    {'large': {Fraction(50, 1): 1}}
    """
    scored = [one for one in questions if one.metric is not None and one.dimension.strip() == dimension]
    points = [(one.id, _points(one, sheets)) for one in scored]
    bottom = lcm(
        *(value.denominator for _id, known in points for value in known.values() if value is not None)
    )
    whole = [
        (name, {key: int(value * bottom) for key, value in known.items() if value is not None})
        for name, known in points
    ]
    several = {firm for firm, count in Counter(one.firm for one in sheets).items() if firm and count > 1}
    single: Counter[tuple[str, int, int]] = Counter()
    shared: dict[int, tuple[str, list[Fraction]]] = {}
    for sheet in sheets:
        got = _got(sheet.answers, whole)
        if got and sheet.firm in several:
            mean = Fraction(sum(got), len(got) * bottom)
            shared.setdefault(sheet.firm, (sheet.layer, []))[1].append(mean)
        elif got:
            single[sheet.layer, sum(got), len(got)] += 1
    found: dict[str, Tally] = {}
    for (layer, total, count), firms in single.items():
        _add(found, layer, Fraction(total, count * bottom), firms)
    for layer, values in shared.values():
        _add(found, layer, sum(values, Fraction(0)) / len(values), 1)
    return found


def _got(answers: Mapping[str, Value], whole: Sequence[tuple[str, Mapping[Key, int]]]) -> list[int]:
    return [
        points
        for name, known in whole
        if (value := answers.get(name)) is not None and (points := known.get(_key(value))) is not None
    ]


def _add(found: dict[str, Tally], layer: str, value: Fraction, firms: int) -> None:
    tally = found.setdefault(layer, {})
    tally[value] = tally.get(value, 0) + firms


def _size(tally: Tally) -> int:
    return sum(tally.values())


def _mean(tally: Tally) -> Fraction:
    return sum((value * count for value, count in tally.items()), Fraction(0)) / _size(tally)


def _layers(groups: Mapping[str, Tally]) -> list[LayerRow]:
    """Means by layer; fewer than five firms are hidden, and where one layer alone would be, the next smallest too."""
    known = {layer: tally for layer, tally in groups.items() if layer}
    hidden = {layer for layer, tally in known.items() if _size(tally) < FEWEST}
    if len(hidden) == 1 and len(known) > 1:
        hidden.add(min((_size(tally), layer) for layer, tally in known.items() if layer not in hidden)[1])
    return [
        {
            "layer": layer,
            "n": None if layer in hidden else _size(tally),
            "mean": None if layer in hidden else shown(_mean(tally)),
        }
        for layer, tally in sorted(known.items())
    ]


def _dimension(
    questions: Sequence[Question], sheets: Sequence[Sheet], name: str, park: Mapping[str, int]
) -> DimensionRow:
    groups = firm_scores(questions, sheets, name)
    own = [one for one in questions if one.dimension.strip() == name]
    everyone: Tally = {}
    for tally in groups.values():
        for value, count in tally.items():
            everyone[value] = everyone.get(value, 0) + count
    row: DimensionRow = {
        "dimension": name,
        "n": _size(everyone),
        "plain": None,
        "weighted": None,
        "covered_percent": None,
        "satisfied": None,
        "layers": [],
        "questions": [one.id for one in own],
        "content": sorted(question_digest(one) for one in own if one.metric is not None),
    }
    if row["n"] < FEWEST:
        return row
    row["plain"] = shown(_mean(everyone))
    good = sum(count for value, count in everyone.items() if shown(value) >= SATISFIED)
    row["satisfied"] = asdict(wilson(good, row["n"]))
    if groups.keys() <= park.keys():
        firms = {layer: max(count, _size(groups.get(layer, {}))) for layer, count in park.items()}
        behind = sum(firms[layer] for layer in groups)
        total = sum((firms[layer] * _mean(tally) for layer, tally in groups.items()), Fraction(0))
        row["weighted"] = shown(total / behind)
        row["covered_percent"] = shown(Fraction(100 * behind, sum(firms.values())))
        row["layers"] = _layers(groups)
    return row


Said = Mapping[Key, int]  # how often each answer was given


def _number(said: Said, row: QuestionRow) -> None:
    numbers = {
        exact(value): count
        for (kind, value), count in said.items()
        if isinstance(value, (int, float)) and kind is not bool
    }
    if not numbers:
        return
    row["mean"] = shown(_mean(numbers))
    row["median"] = shown((_nth(numbers, (_size(numbers) - 1) // 2) + _nth(numbers, _size(numbers) // 2)) / 2)


def _nth(numbers: Tally, place: int) -> Fraction:
    """The number at this place (from 0) of all in order."""
    for value, count in sorted(numbers.items()):
        if place < count:
            return value
        place -= count
    raise ValueError("no such place")


def _counted(said: Said) -> Counter[str]:
    found: Counter[str] = Counter()
    for (_kind, value), count in said.items():
        for one in value if isinstance(value, tuple) else (value,):
            found[str(one)] += count
    return found


def _options(question: Question, said: Said, row: QuestionRow) -> None:
    counts = _counted(said)
    offered = question.offers or tuple(str(one) for one in range(1, 6))
    row["counts"] = [(option, counts.get(option, 0)) for option in offered]
    if question.kind == "scale":
        _number(said, row)


def _numbers(_question: Question, said: Said, row: QuestionRow) -> None:
    _number(said, row)


def _sentences(_question: Question, said: Said, row: QuestionRow) -> None:
    """In the order of the alphabet: it says nothing about who came first."""
    row["sentences"] = sorted(_counted(said).elements())[:MOST_SENTENCES]


def _days(_question: Question, said: Said, row: QuestionRow) -> None:
    months: Counter[str] = Counter()
    for day, count in _counted(said).items():
        months[day[:7]] += count
    row["counts"] = sorted(months.items())


_SUM: Mapping[str, Callable[[Question, Said, QuestionRow], None]] = {
    "number": _numbers,
    "scale": _options,
    "yes_no": _options,
    "choice": _options,
    "multi": _options,
    "date": _days,
    "text": _sentences,
}


def _question(question: Question, sheets: Sequence[Sheet]) -> QuestionRow:
    """What was answered to one question; of fewer than five firms only that they were fewer."""
    answered = [sheet for sheet in sheets if question.id in sheet.answers]
    unnamed = sum(sheet.firm == 0 for sheet in answered)
    firms = len({sheet.firm for sheet in answered if sheet.firm}) + unnamed
    row: QuestionRow = {
        "id": question.id,
        "sha256": question_digest(question),
        "kind": question.kind,
        "text": question.text,
        "text_en": question.text_en,
        "unit": question.unit,
        "dimension": question.dimension.strip(),
        "n": firms,
        "mean": None,
        "median": None,
        "score": None,
        "counts": [],
        "sentences": [],
    }
    if firms < FEWEST:
        return row
    said = Counter(_key(sheet.answers[question.id]) for sheet in answered)
    _SUM[question.kind](question, said, row)
    if question.metric is not None:
        row["score"] = _score(_points(question, answered), said)
    return row


def _score(points: Mapping[Key, Fraction | None], said: Said) -> float | None:
    """The mean score of the answers to one question."""
    known: Tally = {}
    for key, count in said.items():
        value = points[key]
        if value is not None:
            known[value] = known.get(value, 0) + count
    return shown(_mean(known)) if known else None


def evaluate(
    questions: Sequence[Question],
    sheets: Sequence[Sheet],
    invited: Sequence[Invited],
    park: Mapping[str, int],
) -> Results:
    """Everything that may be shown of a closed survey.

    Parameters
    ----------
    questions : sequence of Question
    sheets : sequence of Sheet
        In any order; hidden and unknown answers are dropped here again.
    invited : sequence of Invited
        Every invitation and whether it was used: response rates are no opinion and are always shown.
    park : mapping of layer to number of firms
        How many firms of each layer the park has. Empty where the layers of answers are unknown (anonymous):
        then there is the plain mean only.

    Returns
    -------
    Results
        `n` counts firms, each once. With fewer than five of them no figure has a value.
        Time grows with answers × questions.

    Examples
    --------
    >>> from app.voice.surveys.questions import Metric
    >>> ask = (Question("a", "yes_no", "?", dimension="d", metric=Metric("yes_no", good="yes")),)
    >>> heard = [Sheet(number, "large", {"a": "yes"}) for number in range(1, 6)]
    >>> found = evaluate(ask, heard, [], {"large": 10})
    >>> found["n"], found["dimensions"][0]["plain"], found["dimensions"][0]["weighted"]
    (5, 100.0, 100.0)
    >>> evaluate(ask, heard[:4], [], {"large": 10})["dimensions"][0]["plain"] is None
    True
    """
    kept = [Sheet(one.firm, one.layer, given(questions, one.answers)) for one in sheets]
    unnamed = sum(one.firm == 0 for one in kept)
    firms = len({one.firm for one in kept if one.firm}) + unnamed
    return {
        "n": firms,
        "sheets": len(kept),
        "invited": len({one.enterprise for one in invited}),
        "reason": "too_few" if firms < FEWEST else None,
        "dimensions": [_dimension(questions, kept, name, park) for name in dimensions_of(questions)],
        "questions": [_question(one, kept) for one in questions],
        "rates": [
            {
                "channel": one.channel,
                "layer": one.layer,
                "answered": one.answered,
                "invited": one.invited,
                "percent": one.percent,
            }
            for one in response_rates(invited)
        ],
    }


def silent_layers(rates: Sequence[RateRow], most_percent: float = 50.0) -> list[tuple[str, int, int]]:
    """Layers of which fewer than half answered, over all channels: (layer, silent, invited), the most silent first.

    >>> silent_layers([{"channel": "online", "layer": "micro", "answered": 1, "invited": 14, "percent": 7.1}])
    [('micro', 13, 14)]
    """
    asked: dict[str, tuple[int, int]] = {}
    for one in rates:
        answered, invited = asked.get(one["layer"], (0, 0))
        asked[one["layer"]] = (answered + one["answered"], invited + one["invited"])
    few = [
        (layer, invited - answered, invited)
        for layer, (answered, invited) in asked.items()
        if invited and 100 * answered < most_percent * invited
    ]
    return sorted(few, key=lambda one: (-one[1] / one[2], one[0]))
