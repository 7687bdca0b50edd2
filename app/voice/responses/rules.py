"""What counts as an answer to a question, and everything that is wrong with a sheet of answers, all at once."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

from app.hall.errors import Reason
from app.voice.surveys.questions import YES_NO, Question, Value, given, is_blank, missing

SCALE = (1, 2, 3, 4, 5)
LONGEST_TEXT = 2000
LARGEST_NUMBER = 10**12
_NUMBER = re.compile(r"[-+]?[0-9]{1,12}(?:\.[0-9]{1,6})?")


class Unfit(ValueError):
    """Not an answer of this kind; the argument is the code of the sentence that says why."""


def _number(value: Value, _question: Question) -> Value:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Unfit("voice_answer_number")
    if not math.isfinite(value) or abs(value) > LARGEST_NUMBER:
        raise Unfit("voice_answer_number")
    return value


def _yes_no(value: Value, _question: Question) -> Value:
    if value not in YES_NO:
        raise Unfit("voice_answer_yes_no")
    return value


def _choice(value: Value, question: Question) -> Value:
    if value not in question.options:
        raise Unfit("voice_answer_choice")
    return value


def _multi(value: Value, question: Question) -> Value:
    chosen = list(value) if isinstance(value, (list, tuple)) else [value]
    if any(one not in question.options for one in chosen) or len(set(chosen)) != len(chosen):
        raise Unfit("voice_answer_choice")
    return [one for one in question.options if one in chosen]


def _scale(value: Value, _question: Question) -> Value:
    if isinstance(value, bool) or value not in SCALE:
        raise Unfit("voice_answer_scale")
    return int(value) if isinstance(value, (int, float)) else value


def _date(value: Value, _question: Question) -> Value:
    try:
        if not isinstance(value, str) or len(value) != 10:
            raise Unfit("voice_answer_date")
        return dt.date.fromisoformat(value).isoformat()
    except ValueError:
        raise Unfit("voice_answer_date") from None


def _text(value: Value, _question: Question) -> Value:
    if not isinstance(value, str):
        raise Unfit("voice_answer_text")
    if len(value) > LONGEST_TEXT:
        raise Unfit("voice_answer_long")
    return value.strip()


_FIT: Mapping[str, Callable[[Value, Question], Value]] = {
    "number": _number,
    "yes_no": _yes_no,
    "choice": _choice,
    "multi": _multi,
    "scale": _scale,
    "date": _date,
    "text": _text,
}


def typed(question: Question, texts: Sequence[str]) -> Value:
    """What a field of a form says, as a value; a number that is none stays text, so that it is told and kept.

    >>> typed(Question("a", "number", "?", unit="天"), ["６６.５"]), typed(Question("a", "scale", "?"), ["4"])
    (66.5, 4)
    >>> typed(Question("a", "multi", "?", options=("x", "y")), ["y"]), typed(Question("a", "text", "?"), [])
    (['y'], None)
    """
    said = [text.strip() for text in texts if text.strip()]
    if question.kind == "multi":
        return list(said)
    if not said:
        return None
    if question.kind not in ("number", "scale"):
        return said[0]
    plain = unicodedata.normalize("NFKC", said[0]).replace(",", "")
    if not _NUMBER.fullmatch(plain):
        return said[0]
    return float(plain) if "." in plain else int(plain)


def sheet(
    questions: Sequence[Question], answers: Mapping[str, Value], *, whole: bool = True
) -> tuple[dict[str, Value], list[Reason]]:
    """The answers that count and everything that keeps the sheet from being taken.

    Parameters
    ----------
    questions : sequence of Question
    answers : mapping of question id to value
        As sent; what belongs to a hidden question is dropped, what belongs to none is a reason.
    whole : bool
        False while somebody only saves: nothing is required yet.

    Returns
    -------
    tuple
        Counting answers in the order of the questions, and the reasons; each names its question in `at`.

    Examples
    --------
    >>> ask = (Question("a", "yes_no", "?", required=True), Question("b", "number", "?", unit="天"))
    >>> sheet(ask, {"a": "yes", "b": 3})
    ({'a': 'yes', 'b': 3}, [])
    >>> [(one.code, one.params["question"]) for one in sheet(ask, {"b": "three", "c": 1})[1]]
    [('voice_answer_unknown', 'c'), ('voice_answer_number', 'b'), ('voice_answer_missing', 'a')]
    """
    known = {one.id for one in questions}
    reasons = [
        Reason("voice_answer_unknown", {"question": name[:64], "at": name[:64]})
        for name in answers
        if name not in known
    ]
    fit: dict[str, Value] = {}
    unfit: dict[str, str] = {}
    for question in questions:
        value = answers.get(question.id)
        if is_blank(value):
            continue
        try:
            fit[question.id] = _FIT[question.kind](value, question)
        except Unfit as why:
            fit[question.id] = value
            unfit[question.id] = str(why)
    kept = given(questions, fit)
    numbers = {one.id: str(at) for at, one in enumerate(questions, 1)}
    reasons += [_reason(code, name, numbers) for name, code in unfit.items() if name in kept]
    if whole:
        reasons += [_reason("voice_answer_missing", name, numbers) for name in missing(questions, fit)]
        if not kept and not reasons:
            reasons.append(Reason("voice_answer_nothing"))
    return kept, reasons


def _reason(code: str, name: str, numbers: Mapping[str, str]) -> Reason:
    return Reason(code, {"question": name, "number": numbers[name], "longest": LONGEST_TEXT, "at": name})
