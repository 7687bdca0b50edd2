"""What the walks of insight share: months drawn by lot, the weights of the index, scores with a known mean."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterable
from pathlib import Path

from app.hall import clock, jobs, months
from tests.insight.park import Answers

BOOK = (Path(__file__).parents[2] / "app" / "insight" / "demo_codebook.yaml").read_text("utf-8")
BEFORE_IT_ALL = clock.at(dt.date(2026, 1, 5), 9)
# As the park begins with them, in thousandths.
WEIGHTS = {
    "policy": 200,
    "infrastructure": 100,
    "chain": 200,
    "talent": 150,
    "finance": 100,
    "activity": 50,
    "approval": 100,
    "living": 100,
}


class Told:
    """The months of a story: the last of them is drawn from April to September, the others are counted back from it."""

    def __init__(self, draw: random.Random) -> None:
        self.last = months.month_of(dt.date(2026, 9, 1)) - draw.randrange(6)

    def name(self, back: int = 0) -> str:
        return months.month_name(self.last - back)

    def day(self, number: int, back: int = 0) -> dt.date:
        return months.first_day(self.last - back).replace(day=number)

    def over(self, back: int = 0) -> dt.datetime:
        """A morning soon after the month."""
        return clock.at(self.day(3, back - 1), 9)


def around(mean: int, n: int) -> list[int]:
    """Scores of n firms whose mean is `mean`."""
    return [mean + (-1) ** place * 5 for place in range(n - n % 2)] + [mean] * (n % 2)


def approve_the_book(answers: Answers) -> None:
    with clock.frozen(BEFORE_IT_ALL):
        made = answers.analyst.post("/insight/codebooks", {"text": BOOK}).json
        assert answers.vp.post(f"/insight/codebooks/{made['id']}/approve").status_code == 200


def say(answers: Answers, day: dt.date, said: Iterable[tuple[str, str]]) -> None:
    """What firms (their admins are members already) say themselves on a day, each under its name."""
    with clock.frozen(clock.at(day, 10)):
        for code, text in said:
            body = {"client_id": str(uuid.uuid4()), "channel": "app", "text": text, "visibility": "named"}
            answer = answers.park.api(code.lower()).post("/voice/feedback", body | {"enterprise": code})
            assert answer.status_code == 201, answer.json
        with answers.park.app.app_context():
            jobs.deliver_outbox()
