"""What the fictional park's voice room has lived through: visits, remarks, tea talks, weeks at firms; all invented."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.identity import door as identity
from app.identity.door import Actor
from app.voice.feedback import links
from app.voice.feedback import service as feedback
from app.voice.feedback.models import Feedback
from app.voice.gatherings import service as gatherings
from app.voice.onboarding import service as onboarding
from app.voice.people import service as people
from app.voice.visits import service as visits
from app.voice.visits.models import Contact

QUESTION = "最近一次白跑一趟是为了什么？"
GUESTS = ("E23", "E02", "E05", "E07", "E09", "E11", "E14", "E16", "E21", "E30")
NOTES = (
    ("E02", "食堂菜太咸", "canteen", "named"),
    ("E05", "班车早高峰等四十分钟", "transport", "park_only"),
    ("E09", "夜里园区路灯有一排不亮", "lamp", "named"),
)


@dataclass(frozen=True)
class Cast:
    """Who acts in the demo."""

    specialist: Actor
    keeper: Actor


def load() -> None:
    """Written through the rules, as of the days on which it happened."""
    staff = identity.staff_by_login(["specialist", "keeper"])
    if len(staff) < 2:
        return
    cast = Cast(_actor("specialist"), _actor("keeper"))
    _people(cast)
    _contacts()
    _visits(cast)
    _gatherings(cast)
    _today(cast)


def _actor(login: str) -> Actor:
    query = identity.member_query().filter_by(login=login)
    return identity.person_of(db.session.scalars(query).one()).actor


def _ago(days: int) -> dt.date:
    return clock.today() - dt.timedelta(days=days)


def _people(cast: Cast) -> None:
    people.set_specialist(cast.keeper, "specialist", dt.date(2019, 3, 1))
    tie = people.TieTo("E29", employed=True, left_on=_ago(300))
    people.set_specialist(cast.keeper, "specialist2", _ago(1059), visits_a_day=2, bound=[tie])
    people.plan_training(cast.keeper, "specialist", "政策解读与追问方法", 16, _ago(-40))
    people.plan_training(cast.keeper, "specialist2", "走访记录与保密", 24, _ago(20))
    first, last = _ago(74), _ago(70)
    with clock.as_of(clock.at(_ago(75), 9)):
        week = people.plan_shadowing(cast.specialist, "specialist", "E31", first, last)
    with clock.as_of(clock.at(_ago(70), 18)):
        people.end_shadowing(cast.specialist, week.id, "维保记录都是手写的，换班时常漏一页")
        said = db.session.scalars(sa.select(Feedback).where(Feedback.channel == "shadowing")).one()
        seen = ("冷镦机 3 号", "搓丝机 1 号")
        links.link(cast.specialist, said.id, links.Wanted("register", machines=seen))


def _contacts() -> None:
    """Every firm was heard at some time: days spread by its number, the small ones longest ago."""
    everybody = identity.list_organisations(kind="enterprise", per_page=500).items
    with transaction() as session:
        for firm in everybody:
            number = int(firm.code[1:])
            day = _ago(20 + number * 37 % 170)
            if firm.registered_on is not None and firm.registered_on > day:
                continue
            channel = ("online", "phone", "visit")[number % 3]
            session.add(
                Contact(
                    organisation_id=firm.id,
                    channel=channel,
                    held_on=day,
                    source=f"{channel}:{firm.id}:{day.isoformat()}",
                    created_at=clock.at(day, 17),
                )
            )


def _visits(cast: Cast) -> None:
    """The 30-day visit at E32 is closed, that at E20 waits for its probe."""
    first, second = _ago(15), _ago(3)
    with clock.as_of(clock.at(first, 9)):
        firm = identity.get_enterprise("E32")
        onboarding.begin(cast.keeper, firm.id, onboarding.items_of(firm.id), firm.registered_on or first)
        visit = visits.plan(cast.specialist, visits.NewVisit("E32", first, why="first_visit"))
        visits.record(cast.specialist, visit.id, visits.Protocol(note="看了二期车间"))
        said = feedback.Entry("demo-e32", "园区充电桩数量不够", "visit", first, "E32", visit=visit.id)
        row = feedback.record(cast.specialist, said).feedback
        feedback.acknowledge(cast.specialist, row.id, "收到，转物业核实")
        links.link(cast.specialist, row.id, links.Wanted("problem", "charging", theme="充电桩"))
        links.link(cast.specialist, row.id, links.Wanted("signal", theme="充电桩"))
        visits.close(cast.specialist, visit.id)
    with clock.as_of(clock.at(second, 10)):
        visit = visits.plan(cast.specialist, visits.NewVisit("E20", second))
        polite = feedback.Entry(
            "demo-e20", "服务还行", "visit", hesitation=True, promise="下周回话：实验室预约"
        )
        quiet = feedback.Entry("demo-e20b", "电梯检修总赶在上班时间", "visit", visibility="park_only")
        visits.record(cast.specialist, visit.id, visits.Protocol([polite, quiet]))


def _gatherings(cast: Cast) -> None:
    """A tea talk of two months ago, Friday talks before and after they were moved, and the next tea talk."""
    tea_day = _ago(60)
    with clock.as_of(clock.at(_ago(62), 9)):
        tea = gatherings.prepare(
            cast.keeper,
            gatherings.NewGathering("tea_talk", tea_day, QUESTION, enterprises=GUESTS, starts="15:00"),
        )
    with clock.as_of(clock.at(_ago(60), 17)):
        gatherings.hold(cast.keeper, tea.id, GUESTS[1:])
        for number, (code, text, category, visibility) in enumerate(NOTES):
            entry = feedback.Entry(
                f"demo-tea-{number}", text, "tea_talk", enterprise=code, visibility=visibility
            )
            kept = gatherings.note(cast.keeper, tea.id, entry)
            links.link(cast.keeper, kept.feedback.id, links.Wanted("problem", category))
    for days, title, changed, came in (
        (90, "政策宣讲会", "", 20),
        (20, "案例分享会", "改到周五 16:00，请两家企业讲自己的案例", 41),
    ):
        day = _ago(days)
        with clock.as_of(clock.at(day, 9)):
            talk = gatherings.prepare(
                cast.keeper,
                gatherings.NewGathering(
                    "activity",
                    day,
                    title=title,
                    starts="16:00",
                    series="每月分享",
                    changed=changed,
                    invited=50,
                ),
            )
            gatherings.hold(cast.keeper, talk.id, (), came=came)
    gatherings.prepare(cast.keeper, gatherings.NewGathering("tea_talk", _ago(-10), QUESTION, starts="15:00"))


def _today(cast: Cast) -> None:
    """Two visits today, in two buildings."""
    for code, starts in (("E28", "09:00"), ("E12", "")):
        visits.plan(cast.specialist, visits.NewVisit(code, clock.today(), starts=starts, why="interval"))
