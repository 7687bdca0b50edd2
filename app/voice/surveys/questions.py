"""A questionnaire as data: what a question is, which answers it offers, and which questions a firm gets to see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

KINDS = ("number", "yes_no", "choice", "multi", "scale", "date", "text")
BEHAVIOURAL = frozenset({"number", "yes_no", "choice", "multi", "date"})
YES_NO = ("yes", "no")

# What JSON can say without an object: an answer, or the value a condition asks for.
Scalar = str | int | float | bool | None
Value = Scalar | list[Scalar] | tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class Metric:
    """How an answer becomes 0–100: `linear {best, worst}`, `yes_no {good}` or `choice {scores}`."""

    kind: str
    best: float = 0.0
    worst: float = 0.0
    good: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """One question; empty text means that the file says nothing there."""

    id: str
    kind: str
    text: str
    text_en: str = ""
    options: tuple[str, ...] = ()
    unit: str = ""
    scenario: str = ""
    dimension: str = ""
    metric: Metric | None = None
    show_if: Mapping[str, Value] = field(default_factory=dict)
    required: bool = False
    personal_purpose: str = ""

    @property
    def offers(self) -> tuple[str, ...] | None:
        """The values this question offers; None where any value may be given."""
        if self.kind == "yes_no":
            return YES_NO
        return self.options if self.kind in ("choice", "multi") else None


@dataclass(frozen=True, slots=True)
class Survey:
    """One version of a questionnaire."""

    id: str
    version: int
    questions: tuple[Question, ...]
    reviewed_by: str = ""
    limit_seconds: float = 300


def asked_values(value: Value) -> tuple[Scalar, ...]:
    """The values a condition names: a list means any of them."""
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


def _same(one: Scalar, other: Scalar) -> bool:
    """Equal as JSON means it: true is not 1."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def is_blank(answer: Value) -> bool:
    """Nothing was said: no value, empty text, nothing ticked."""
    if isinstance(answer, str):
        return not answer.strip()
    return answer is None or (isinstance(answer, (list, tuple)) and not answer)


def given(questions: Sequence[Question], answers: Mapping[str, Value]) -> dict[str, Value]:
    """The answers that count: of questions that were shown, in the order of the file.

    A question is shown when each of its conditions is met by an answer that counts itself; conditions look back only,
    so one pass is enough. The answer of a hidden question is dropped, and so is one to no question of the survey.

    >>> ask = (Question("a", "yes_no", "?"), Question("b", "text", "?", show_if={"a": "yes"}))
    >>> given(ask, {"a": "no", "b": "left over from before"})
    {'a': 'no'}
    """
    kept: dict[str, Value] = {}
    for question in questions:
        answer = answers.get(question.id)
        if is_shown(question, kept) and not is_blank(answer):
            kept[question.id] = answer
    return kept


def is_shown(question: Question, kept: Mapping[str, Value]) -> bool:
    """Whether the answers so far (those that count) show this question.

    >>> is_shown(Question("b", "text", "?", show_if={"a": "夜间"}), {"a": ["白天", "夜间"]})
    True
    """
    return all(
        earlier in kept
        and any(_same(have, want) for have in asked_values(kept[earlier]) for want in asked_values(value))
        for earlier, value in question.show_if.items()
    )


def missing(questions: Sequence[Question], answers: Mapping[str, Value]) -> tuple[str, ...]:
    """Ids of required questions that are shown and have no answer; a hidden question is never required.

    >>> ask = (Question("a", "yes_no", "?"), Question("b", "text", "?", show_if={"a": "yes"}, required=True))
    >>> missing(ask, {"a": "no"}), missing(ask, {"a": "yes"})
    ((), ('b',))
    """
    kept = given(questions, answers)
    return tuple(
        question.id
        for question in questions
        if question.required and question.id not in kept and is_shown(question, kept)
    )
