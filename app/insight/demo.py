"""The demo park's year (虚构): finance falls and recovers, talent is warned of in time, activity 58 → 92, 72.50 → 83.05."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.identity import door as identity
from app.identity.door import Actor, OrganisationInfo, roles
from app.insight.alerts import service as alerts
from app.insight.alerts.models import AlertRow
from app.insight.cockpit import sources as figures
from app.insight.scores import months, sources, store
from app.insight.scores.layers import layer_of
from app.insight.scores.models import ScoreRow
from app.insight.scores.store import NewScore
from app.insight.themes import bench, coding
from app.insight.themes import service as themes
from app.insight.themes import sources as remarks
from app.insight.themes.service import Said

BOOK = Path(__file__).with_name("demo_codebook.yaml")
# The last four finished months of each dimension, and how the year before moved from month to month.
LAST = {
    "policy": (62, 66, 72, 82),
    "infrastructure": (78, 78, 79, 80),
    "chain": (74, 75, 76, 79),
    "talent": (80, 83, 80, 85),
    "finance": (80, 74, 68, 85),
    "activity": (58, 56, 66, 92),
    "approval": (81, 81, 82, 82),
    "living": (65, 70, 78, 88),
}
YEAR = 14
SWING = (Fraction("1.2"), Fraction("0.4"))
LATE_STARTERS = ("E01", "E25", "E32", "E37")  # did not answer
FEW_IN_FINANCE = 20  # small and micro firms that answered there
MIX = {1: (8, 50, 2, 80), 2: (4, 48, 6, 78)}  # activity: small firms and their score, medium firms and theirs
SENTENCES = {
    "no_reply": (
        "提交融资需求后一个月没有回音，问了也没人回复",
        "贷款材料交上去，三周没有下文",
        "找过两次财务金融部，一直没人联系我们",
        "上个月的融资对接申请石沉大海",
    ),
    "rate_high": ("几家银行给的利率偏高", "科技贷的利率太高，比隔壁园区高半个点", "过桥资金利息偏高"),
    "senior_hard": (
        "高端人才难招，一个岗位空了很久",
        "招不到高端的算法工程师",
        "结构设计的高端人才比较难找，猎头也没办法",
    ),
    "flats": ("希望多一些人才公寓", "年轻人租房太贵", "人才公寓排队要等半年"),
    "official": ("活动太官方，听完没干货", "座谈会太官方，想听同行讲案例"),
    "limits": (
        "夜里货车限行，交货期被耽误",
        "货车进城限行，每天多绕两小时",
        "新开的限行路段让货车只能半夜送货",
    ),
    "weekday": ("活动时间总在工作日，走不开", "都放在上班时间，负责人来不了"),
}


def load() -> None:
    """Scores and sentences of eighteen months, two alerts with what was done about them, and what came of it."""
    story = _Story()
    with clock.as_of(clock.at(months.first_day(story.last) + dt.timedelta(days=2), 9)):
        sources.catch_up(clock.today() - dt.timedelta(days=400), tell=False)
        story.codebook()
        story.tell(range(story.last - YEAR - 3, story.last))
        story.sentences()
        alerts.refresh([row.code for row in store.dimension_rows()])
        story.answer()
    sources.catch_up(clock.today() - dt.timedelta(days=400), tell=False)
    story.tell(range(story.last, story.last + 1))
    story.quieter()
    remarks.catch_up(clock.today() - dt.timedelta(days=400))
    story.read_twice()
    figures.refresh(figures.KEPT)
    alerts.refresh([row.code for row in store.dimension_rows()])


class _Story:
    """The firms that answer, and what they say."""

    def __init__(self) -> None:
        self.last = store.finished()
        firms = identity.list_organisations(kind="enterprise", per_page=200).items
        self.firms = {one.code: one for one in firms if one.code not in LATE_STARTERS}
        day = months.last_day(self.last)
        self.layer = {one.id: layer_of(one.registered_on, one.size, day) for one in self.firms.values()}

    def of(self, layer: str) -> list[OrganisationInfo]:
        return [one for one in self.firms.values() if self.layer[one.id] == layer]

    def tell(self, spread: Iterable[int]) -> None:
        """The scores of these months, with sums exactly as the story has them whatever else was measured."""
        scores: list[NewScore] = []
        measured = self._measured(spread)
        for month in spread:
            for dimension, last in LAST.items():
                scores += self._month(dimension, month, _base(last, month - self.last + 3), measured)
        with transaction():
            store.refresh_sums(store.keep(scores))

    def _measured(self, spread: Iterable[int]) -> dict[tuple[str, int], dict[int, list[Fraction]]]:
        found: dict[tuple[str, int], dict[int, list[Fraction]]] = {}
        query = sa.select(ScoreRow).where(ScoreRow.month.in_(list(spread)), ScoreRow.version == "")
        for row in db.session.scalars(query):
            of = found.setdefault((row.dimension, row.month), {})
            of.setdefault(row.organisation_id, []).append(Fraction(row.numerator, row.denominator))
        return found

    def _month(
        self,
        dimension: str,
        month: int,
        base: Fraction,
        measured: dict[tuple[str, int], dict[int, list[Fraction]]],
    ) -> list[NewScore]:
        small, medium = self.of("small_micro"), self.of("medium")
        step = month - self.last + 3
        if dimension == "activity" and step in MIX:
            few, low, many, high = MIX[step]
            values = {one.id: Fraction(low) for one in small[:few]}
            values |= {one.id: Fraction(high) for one in medium[:many]}
            return _scores(dimension, month, values)
        known = {
            who: sum(some, Fraction(0)) / len(some)
            for who, some in measured.get((dimension, month), {}).items()
        }
        apart = Fraction(0) if dimension == "finance" else Fraction(1, 10)
        few = FEW_IN_FINANCE if dimension == "finance" else len(small)
        answers = {}
        for group, shift in ((small[:few], -7 * apart), (medium, 23 * apart)):
            for place, one in enumerate(group):
                if one.id not in known:
                    answers[one.id] = base + shift + (-1) ** place * (1 + place % 3)
        # Every group's mean is the story's, also where the system measured something of a few firms itself.
        for group, shift in ((small, -7 * apart), (medium, 23 * apart)):
            mine = [one.id for one in group if one.id in answers]
            here = [known[one.id] for one in group if one.id in known]
            gap = (base + shift) * (len(mine) + len(here)) - sum(answers[one] for one in mine) - sum(here)
            answers |= {one: answers[one] + gap / len(mine) for one in mine}
        gap = base * (len(answers) + len(known)) - sum(answers.values()) - sum(known.values())
        spare = list(answers) if apart else [one.id for one in medium if one.id in answers]
        answers |= {one: answers[one] + gap / len(spare) for one in spare}
        return _scores(dimension, month, {who: min(Fraction(100), one) for who, one in answers.items()})

    def codebook(self) -> None:
        row = themes.propose(_one(roles.ANALYST), BOOK.read_text("utf-8"))
        themes.decide(_one(roles.VICE_PRESIDENT), row.id, approve=True)

    def sentences(self) -> None:
        """Fourteen of twenty without a reply; senior people: five of twenty-five, then seven of twenty."""
        small, everybody = self.of("small_micro"), [*self.of("small_micro"), *self.of("medium")]
        spoken = [
            *_said(self.last - 1, small[:14], "no_reply"),
            *_said(self.last - 1, small[:1], "no_reply", "again"),
            *_said(self.last - 1, small[14:20], "rate_high"),
            *_said(self.last - 2, everybody[:5], "senior_hard"),
            *_said(self.last - 2, everybody[5:25], "flats"),
            *_said(self.last - 1, everybody[:7], "senior_hard"),
            *_said(self.last - 1, everybody[7:20], "flats"),
            *_said(self.last - 3, everybody[:12], "official"),
            *_said(self.last - 3, everybody[12:20], "weekday"),
        ]
        themes.keep(spoken)

    def quieter(self) -> None:
        """The month after: fewer speak of it."""
        small = self.of("small_micro")
        themes.keep(
            [
                *_said(self.last, small[:4], "senior_hard"),
                *_said(self.last, small[4:20], "flats"),
                *_said(self.last, small[:2], "no_reply"),
                *_said(self.last, small[2:12], "rate_high"),
                *_said(self.last, small[12:19], "limits"),
            ]
        )

    def read_twice(self) -> None:
        """The analyst and the park's administrator read the sample apart; on flats they do not see the same."""
        for place, one in enumerate(bench.get_sentences(coding.sample())):
            coding.code(_one(roles.ANALYST), one.id, one.themes)
            coding.code(_one(roles.PARK_ADMIN), one.id, one.themes - ({"flats"} if place % 3 else set()))

    def answer(self) -> None:
        """What was done, by whom, from the first day of the month that shows it."""
        first = months.first_day(self.last)
        what = {
            ("falls_twice", "finance"): ("增派 2 人，三个工作日内答复", "finance"),
            ("leading", "talent"): ("人才补贴，与三所高校定向招聘", "investment"),
        }
        vp = _one(roles.VICE_PRESIDENT)
        for row in db.session.scalars(sa.select(AlertRow).where(AlertRow.state == "firing")).all():
            done = what.get((row.kind, row.dimension))
            if done is not None:
                alerts.counter(vp, row.id, alerts.Counter(done[0], done[1], first))


def _base(last: Sequence[int], step: int) -> Fraction:
    """The mean of a month; `step` 0 to 3 are the last four, before them it climbs with a small swing."""
    if step >= 0:
        return Fraction(last[step])
    return last[0] + Fraction(step, 4) - SWING[step % 2] + (SWING[0] if step % 2 == 0 else 0)


def _scores(dimension: str, month: int, values: dict[int, Fraction]) -> list[NewScore]:
    return [
        NewScore(who, month, dimension, score, "survey", f"demo:{who}:{month}:{dimension}", "demo-1")
        for who, score in values.items()
    ]


def _said(month: int, firms: Sequence[OrganisationInfo], theme: str, more: str = "") -> list[Said]:
    words = SENTENCES[theme]
    return [
        Said("interview", f"demo:{one.code}:{month}:{theme}{more}", month, one.id, words[place % len(words)])
        for place, one in enumerate(firms)
    ]


def _one(role: str) -> Actor:
    member = identity.members_with_role(role)[0]
    return Actor(member.id, member.organisation_id, member.name, member.roles)
