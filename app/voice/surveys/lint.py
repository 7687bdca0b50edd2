"""Refuses questions that mean nothing: bare scales, abstract, double or leading ones, conditions that look forward."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from app.voice.surveys.questions import BEHAVIOURAL, Question, Survey, asked_values

ERROR, WARNING = "error", "warning"
LEVELS = {
    "abstract": ERROR,
    "bare_scale": ERROR,
    "double_barrelled": ERROR,
    "double_id": ERROR,
    "never_shown": ERROR,
    "no_dimension": ERROR,
    "no_unit": ERROR,
    "personal": ERROR,
    "show_if_not_earlier": ERROR,
    "leading": WARNING,
    "no_scenario": WARNING,
    "too_long": WARNING,
}
SECONDS = {"scale": 5, "yes_no": 4, "choice": 6, "multi": 9, "number": 8, "date": 8, "text": 25}
CHARACTERS_A_SECOND = 6
ABSTRACT = ("满意", "评价如何", "怎么样", "感觉如何", "是否认可")
LEADING = ("难道", "您一定", "想必", "非常好吧", "都说")
PERSONAL = ("身份证", "手机号", "家庭住址", "银行卡")
_QUESTION_MARK = re.compile("[?？]")


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one question (`question` None: with the survey as a whole)."""

    question: str | None
    code: str

    @property
    def level(self) -> str:
        return LEVELS[self.code]


def lint(survey: Survey) -> tuple[Finding, ...]:
    """Everything wrong with the questions: by question as in the file, then by code; `too_long` last.

    >>> bare = Question("a", "scale", "您对食堂满意吗？", dimension="living")
    >>> [(found.question, found.code, found.level) for found in lint(Survey("s", 1, (bare,)))]
    [('a', 'abstract', 'error'), ('a', 'bare_scale', 'error')]
    """
    behaviour = {_said(one.dimension) for one in survey.questions if one.kind in BEHAVIOURAL} - {""}
    earlier: dict[str, Question] = {}
    found: list[Finding] = []
    for question in survey.questions:
        codes = {*_wording(question), *_measure(question, behaviour), *_conditions(question, earlier)}
        if question.id in earlier:
            codes.add("double_id")
        found += [Finding(question.id, code) for code in sorted(codes)]
        earlier.setdefault(question.id, question)
    if exact_seconds(survey) > Fraction(survey.limit_seconds):
        found.append(Finding(None, "too_long"))
    return tuple(found)


def has_error(found: tuple[Finding, ...]) -> bool:
    """Whether this survey may not be reviewed as it is; warnings alone do not stop it."""
    return any(one.level == ERROR for one in found)


def _said(text: str) -> str:
    return text.strip()


def _wording(question: Question) -> Iterator[str]:
    """Words and marks are looked for in the question itself, never in its options."""
    text = question.text
    if question.kind == "scale" and not _said(question.scenario) and any(word in text for word in ABSTRACT):
        yield "abstract"
    if len(_QUESTION_MARK.findall(text)) > 1:
        yield "double_barrelled"
    if any(word in text for word in LEADING):
        yield "leading"
    if any(word in text for word in PERSONAL) and not _said(question.personal_purpose):
        yield "personal"


def _measure(question: Question, behaviour: set[str]) -> Iterator[str]:
    """A score needs something that happened behind it."""
    dimension = _said(question.dimension)
    if question.kind == "scale" and dimension not in behaviour:
        yield "bare_scale"
    if question.kind == "number" and not _said(question.unit):
        yield "no_unit"
    if question.metric is not None and not dimension:
        yield "no_dimension"
    if question.kind in BEHAVIOURAL and not _said(question.scenario):
        yield "no_scenario"


def _conditions(question: Question, earlier: dict[str, Question]) -> Iterator[str]:
    for name, value in question.show_if.items():
        if name not in earlier:
            yield "show_if_not_earlier"
            continue
        offers = earlier[name].offers
        wanted = asked_values(value)
        if not wanted or (offers is not None and any(one not in offers for one in wanted)):
            yield "never_shown"


def exact_seconds(survey: Survey) -> Fraction:
    """How long it takes to answer: by kind of question, plus reading its text at six characters a second.

    >>> exact_seconds(Survey("s", 1, (Question("a", "yes_no", "下雨天漏水吗？"),)))
    Fraction(31, 6)
    """
    return sum(
        (SECONDS[one.kind] + Fraction(len(one.text), CHARACTERS_A_SECOND) for one in survey.questions),
        Fraction(0),
    )


def seconds(survey: Survey) -> float:
    """`exact_seconds` as it is shown: half up to 0.1."""
    return float((exact_seconds(survey) * 10 + Fraction(1, 2)) // 1) / 10


def unanswerable(survey: Survey) -> tuple[str, ...]:
    """Ids of questions nobody could answer (a choice without options): such a survey is never opened."""
    return tuple(one.id for one in survey.questions if one.offers is not None and not one.offers)
