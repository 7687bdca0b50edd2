"""What a survey says, as text that is the same wherever it is written: the ground of its hash and of every series."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from app.voice.surveys.questions import Metric, Question, Survey, Value
from app.voice.surveys.reading import FORMAT

Written = dict[str, object]


def metric_of(metric: Metric) -> Written:
    """A metric as the file says it.

    >>> metric_of(Metric("yes_no", good="no"))
    {'kind': 'yes_no', 'good': 'no'}
    """
    if metric.kind == "linear":
        return {"kind": "linear", "best": metric.best, "worst": metric.worst}
    if metric.kind == "yes_no":
        return {"kind": "yes_no", "good": metric.good}
    return {"kind": "choice", "scores": dict(metric.scores)}


def asked(question: Question) -> Written:
    """What is asked, without where it stands and when it is shown: the same content is the same series."""
    return {
        "kind": question.kind,
        "text": question.text,
        "text_en": question.text_en,
        "options": list(question.options),
        "unit": question.unit,
        "scenario": question.scenario,
        "dimension": question.dimension,
        "metric": metric_of(question.metric) if question.metric else None,
    }


def question_of(question: Question) -> Written:
    """A question as the file says it; what it says nothing about is left out."""
    shown: dict[str, object] = {name: _plain(value) for name, value in question.show_if.items()}
    whole = {
        "id": question.id,
        **asked(question),
        "show_if": shown,
        "required": question.required,
        "personal_purpose": question.personal_purpose,
    }
    return {name: value for name, value in whole.items() if value not in ("", [], {}, None, False)}


def _plain(value: Value) -> object:
    return list(value) if isinstance(value, (list, tuple)) else value


def file_of(survey: Survey) -> Written:
    """The survey as a file of `parklink-survey/1`."""
    return {
        "format": FORMAT,
        "id": survey.id,
        "version": survey.version,
        "reviewed_by": survey.reviewed_by,
        "limit_seconds": survey.limit_seconds,
        "questions": [question_of(one) for one in survey.questions],
    }


def written(content: Mapping[str, object]) -> str:
    """JSON that is the same for the same content.

    >>> written({"b": 1, "a": "天"})
    '{"a":"天","b":1}'
    """
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(content: Mapping[str, object]) -> str:
    """SHA-256 of the content."""
    return hashlib.sha256(written(content).encode()).hexdigest()


def question_digest(question: Question) -> str:
    """The hash under which the answers to this question are one series.

    >>> one = Question("a", "number", "用了多少天？", unit="天")
    >>> question_digest(one) == question_digest(Question("b", "number", "用了多少天？", unit="天", required=True))
    True
    """
    return digest(asked(question))
