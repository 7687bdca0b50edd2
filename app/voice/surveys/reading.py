"""A survey file (`parklink-survey/1`) to a `Survey`: strict in what it is made of, silent about whether it is any good."""

from __future__ import annotations

from app.hall.files.jsonfile import Node
from app.voice.surveys.questions import KINDS, YES_NO, Metric, Question, Survey, Value

FORMAT = "parklink-survey/1"
METRICS = ("linear", "yes_no", "choice")
LONGEST_ID = 64
MOST_QUESTIONS = 500


def read_survey(file: Node) -> Survey:
    """The survey of a file; problems go to the file, and with any the answer is of no use."""
    if not isinstance(file.value, dict):
        file.say("json_not_an_object")
        return Survey("", 1, ())
    file.field("format").one_of((FORMAT,))
    questions = file.field("questions").items()
    if len(questions) > MOST_QUESTIONS:
        file.field("questions").say("voice_too_many_questions", most=MOST_QUESTIONS)
        questions = []
    limit = file.field("limit_seconds").number(300)
    if limit < 0:
        file.field("limit_seconds").say("voice_negative")
    return Survey(
        file.field("id").text("", LONGEST_ID),
        file.field("version").whole(0, 1_000_000, 1),
        tuple(_question(node) for node in questions),
        file.field("reviewed_by").text(""),
        limit,
    )


def _question(node: Node) -> Question:
    if not isinstance(node.value, dict):
        node.say("json_not_an_object")
        return Question("", KINDS[-1], "")
    kind = node.field("kind").one_of(KINDS)
    metric = node.field("metric")
    return Question(
        node.field("id").text(longest=LONGEST_ID),
        kind,
        node.field("text").text(),
        node.field("text_en").text(""),
        tuple(option.text(longest=200) for option in node.field("options").items(needed=False)),
        node.field("unit").text("", 40),
        node.field("scenario").text(""),
        node.field("dimension").text("", LONGEST_ID),
        None if metric.value is None else _metric(metric),
        {name: _value(one) for name, one in node.field("show_if").entries(needed=False)},
        node.field("required").flag(),
        node.field("personal_purpose").text(""),
    )


def _metric(node: Node) -> Metric:
    if not isinstance(node.value, dict):
        node.say("json_not_an_object")
        return Metric("linear")
    kind = node.field("kind").one_of(METRICS)
    if node.field("kind").value not in METRICS:
        return Metric(kind)
    if kind == "yes_no":
        return Metric(kind, good=node.field("good").one_of(YES_NO))
    if kind == "choice":
        return Metric(kind, scores={name: _points(one) for name, one in node.field("scores").entries()})
    best, worst = node.field("best").number(), node.field("worst").number()
    if best == worst and not node.source.problems:
        node.say("voice_best_is_worst")
    return Metric(kind, best=best, worst=worst)


def _points(node: Node) -> float:
    points = node.number()
    if not 0 <= points <= 100:
        node.say("voice_score_outside")
    return points


def _value(node: Node) -> Value:
    """The value a condition asks for: text, a number, true or false, or a list of them."""
    value = node.value
    if isinstance(value, list):
        found = []
        for one in node.items():
            if isinstance(one.value, (dict, list)):
                one.say("json_not_text")
            else:
                found.append(one.value)
        return tuple(found)
    if isinstance(value, dict):
        node.say("json_not_text")
        return ""
    return value
