"""How long 20,000 sheets of 30 questions take to evaluate, and how heavy the form is: `python -m benchmarks.voice.surveys`."""

from __future__ import annotations

import os
import random
import sys
import time

from app.voice.results.rules import Sheet, evaluate
from app.voice.surveys.questions import Metric, Question, Value
from app.voice.surveys.scores import Invited

KINDS = ("number", "yes_no", "choice", "multi", "scale", "text")
METRICS = {
    "number": Metric("linear", best=30, worst=120),
    "yes_no": Metric("yes_no", good="no"),
    "choice": Metric("choice", scores={"a": 100, "b": 60, "c": 0}),
    "scale": Metric("linear", best=5, worst=1),
}
LAYERS = ("large", "medium", "small_micro")


def questions(count: int) -> list[Question]:
    """Questions of every kind in eight dimensions, one of them shown on a condition."""
    return [
        Question(
            f"q{at}",
            (kind := KINDS[at % len(KINDS)]),
            f"最近一次，第 {at} 步用了多少天？",
            options=("a", "b", "c") if kind in ("choice", "multi") else (),
            unit="天",
            dimension=f"d{at % 8}",
            metric=METRICS.get(kind),
            show_if={"q1": "yes"} if at == 7 else {},
        )
        for at in range(count)
    ]


def said(question: Question, chance: random.Random) -> Value:
    """An answer of the question's kind."""
    if question.kind == "number":
        return chance.randrange(300) / 2
    if question.kind == "scale":
        return chance.randint(1, 5)
    if question.kind == "multi":
        return list(chance.sample("abc", 2))
    if question.kind == "text":
        return f"第 {chance.randrange(1000)} 句"
    return chance.choice("abc" if question.kind == "choice" else ("yes", "no"))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    chance = random.Random(24)
    asked = questions(30)
    sheets = [
        Sheet(firm, chance.choice(LAYERS), {one.id: said(one, chance) for one in asked})
        for firm in range(1, count + 1)
    ]
    invited = [Invited(str(one.firm), "online", one.layer, True) for one in sheets]
    begun = time.process_time()
    found = evaluate(asked, sheets, invited, dict.fromkeys(LAYERS, count))
    seconds = time.process_time() - begun
    load = os.getloadavg()[0]
    print(f"{count} sheets × 30 questions: {seconds:.2f} CPU s, n = {found['n']}, load {load:.1f}")


if __name__ == "__main__":
    main()
