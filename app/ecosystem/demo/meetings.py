"""The round table of the demo park (虚构): seats, eight months of meetings with one left out, projects, signals."""

from __future__ import annotations

import datetime as dt

from app.ecosystem.committee import service as committee
from app.ecosystem.committee.models import FirmLabel
from app.ecosystem.demo.people import Cast, ago
from app.ecosystem.projects import service as projects
from app.ecosystem.projects.rules import BasePlan, Plan
from app.ecosystem.round_table import service as round_table
from app.ecosystem.round_table.models import AgendaItem, Meeting, Vote
from app.ecosystem.signals import service as signals
from app.ecosystem.signals.rules import Heard
from app.hall import clock
from app.hall.db.base import db

SPECIALISED = ("E05", "E07", "E09", "E14", "E16", "E22", "E28", "E31")
HARD = {
    "E05": "走访时提到：负极包覆工艺在学校跑通了，产线上一直放不大，技术转化难。",
    "E07": "问卷：最难的是实验室配方到涂布线的转化，缺中试条件，技术转化难。",
    "E09": "走访时提到：在线水分监测原理清楚，没人帮忙做成工业件，技术转化难。",
    "E14": "问卷：高校算法不错，移植到车规芯片没有团队接手，技术转化难。",
    "E28": "走访时提到：专利买来了，图纸到样机差一口气，技术转化难。",
    "E31": "问卷：新材料冲压参数需要高校帮忙，合同谈了半年，技术转化难。",
}
OTHER = (
    ("complaint", "E20", "光谱仪排队太久，经常约不到周五下午。", "仪器机时", None, 6),
    ("complaint", "E30", "中试场地信息分散，不知道该问谁。", "中试", None, 15),
    ("visit", "E01", "走访记录：正极材料仍以外地采购为主，希望园区引进供应商。", "本地配套", "cathode", 20),
    ("visit", "E02", "走访记录：储能项目回款慢，关注订单融资。", "金融", "storage", 26),
    ("survey", "E21", "问卷：细胞培养间不够用，旺季需要外租。", "实验室", None, 33),
    ("complaint", "E26", "跨境退货质检标准不一，希望园区协调。", "跨境", None, 11),
)
SEATS = (
    ("PARK", "园区管委会主任"),
    ("U01", "科研院院长"),
    ("I01", "副院长"),
    ("A01", "秘书长"),
    ("E01", "总经理"),
    ("E28", "总工程师"),
    ("E20", "总经理"),
)


def load(cast: Cast) -> None:
    """Found the committee, hear the firms, hold meetings, decide, start projects."""
    secretary = cast.staff("committee_secretary")
    first = _month(8) + dt.timedelta(days=19)
    with clock.as_of(clock.at(first, 9)):
        committee.found_committee(secretary, "瀛洲生态协同委员会（虚构）", clock.today())
        for code, person in SEATS:
            committee.seat(secretary, cast.id(code), person)
        db.session.add_all(FirmLabel(organisation_id=cast.id(code), label="专精特新") for code in SPECIALISED)
    _signals(cast)
    base_id = None
    for back in range(7, 0, -1):
        if back == 3:
            continue  # nobody called a meeting that month: the page says so
        base_id = _meeting(cast, back) or base_id
    _next_meeting(cast)
    _projects(cast, base_id)


def _month(back: int) -> dt.date:
    day = clock.today().replace(day=1)
    for _ in range(back):
        day = clock.months_later(day, -1)
    return day


def _signals(cast: Cast) -> None:
    investment = cast.staff("investment_staff")
    for n, (code, text) in enumerate(sorted(HARD.items())):
        with ago(40 - 4 * n, 15):
            signals.record_signal(
                investment,
                Heard(
                    kind="visit" if text.startswith("走访") else "survey",
                    text=text,
                    organisation_id=cast.id(code),
                    tags=("技术转化难",),
                ),
            )
    for kind, code, text, tag, segment, days in OTHER:
        with ago(days, 16):
            signals.record_signal(
                investment,
                Heard(kind=kind, text=text, organisation_id=cast.id(code), segment=segment, tags=(tag,)),
            )


AGENDA = {
    7: (
        "八家专精特新企业走访反馈：技术转化难",
        "六家企业谈到同一问题。会议同意与高校共建联合基地，先选六个项目试行。",
    ),
    6: ("共享仪器排队时间过长", "检测企业与高校同意各开放两个下午时段。"),
    5: ("正极材料本地配套", "招商专员汇报两家拟引进企业进展，同意准备服务包。"),
    4: ("跨境退货质检标准", "两家企业共同起草一页纸标准。"),
    2: ("冷链仓储与细胞实验室的旺季调度", "潮声生物与鹭羽细胞错峰使用。"),
    1: ("储能项目订单融资", "银行介绍订单贷，三家企业报名。"),
}
RESOLUTIONS = {
    7: (
        "与东圩理工大学共建成果转化联合基地，六个项目半年内推进投产",
        "U01",
        60,
        "已挂牌，六个项目进入联合基地。",
    ),
    6: ("检测企业与高校各开放两个下午的空闲机时", "E20", 30, "已在共享目录上线。"),
    5: ("为两家拟引进正极材料企业准备服务包", "PARK", 45, None),
    4: ("形成跨境退货质检一页纸标准", "A01", 75, None),
    1: ("组织一次订单贷对接会", "PARK", 50, None),
}


def _meeting(cast: Cast, back: int) -> int | None:
    secretary = cast.staff("committee_secretary")
    day = _month(back) + dt.timedelta(days=13)
    title, minutes = AGENDA[back]
    starts = clock.at(day, 14)
    with clock.as_of(clock.at(day - dt.timedelta(days=7), 10)):
        row = round_table.call(secretary, starts, starts + dt.timedelta(hours=2), "1 号楼 圆桌厅")
        item = round_table.add_item(secretary, row.id, title)
    base_id = None
    with clock.as_of(starts + dt.timedelta(hours=1)):
        _vote(row, item, minority=back % 3)
        round_table.note_item(secretary, item.id, minutes)
        if back in RESOLUTIONS:
            text, owner, days, _note = RESOLUTIONS[back]
            made = round_table.resolve(
                secretary, item.id, text, cast.id(owner), day + dt.timedelta(days=days)
            )
            if back == 7:
                base_id = projects.found_base(
                    cast.staff("park_admin"),
                    BasePlan(
                        name="东圩理工大学·园区成果转化联合基地（虚构）",
                        field="电池材料与装备中试",
                        university_id=cast.id("U01"),
                        firms=[cast.id(c) for c in HARD],
                        founded_on=day,
                        resolution_id=made.id,
                    ),
                ).id
    if back == 1:  # what this table did not know yet is new to the next one
        row.weak_links = [w for w in row.weak_links if w[0] not in ("precursor", "lithium_salt")]
    with clock.as_of(starts + dt.timedelta(hours=3)):
        round_table.hold(secretary, row.id, minutes)
    if back in RESOLUTIONS and RESOLUTIONS[back][3]:
        with clock.as_of(clock.at(day + dt.timedelta(days=25), 10)):
            round_table.close_resolution(secretary, made.id, "done", str(RESOLUTIONS[back][3]))
    return base_id


def _vote(row: Meeting, item: AgendaItem, minority: int) -> None:
    seats = committee.seats(row.committee_id)
    item.roll, item.voted_on, item.quorum_percent = [seat.id for seat in seats], clock.today(), 50
    for n, seat in enumerate(seats[:6]):
        choice = "yes" if n >= minority else ("abstain" if n else "no")
        db.session.add(Vote(agenda_item_id=item.id, seat_id=seat.id, choice=choice, created_at=clock.now()))
    db.session.flush()


def _next_meeting(cast: Cast) -> None:
    starts = clock.at(clock.today() + dt.timedelta(days=4), 14)
    with ago(1, 11):
        round_table.call(
            cast.staff("committee_secretary"), starts, starts + dt.timedelta(hours=2), "1 号楼 圆桌厅"
        )


# title, firm, segment, days from start to production (None: running), stage of a running one
PROJECTS = (
    ("负极包覆工艺放大", "E05", "anode", 121, ""),
    ("隔膜涂布在线测厚", "E07", "separator", 149, ""),
    ("电解液水分在线监测", "E09", "electrolyte", 168, ""),
    ("电控均衡算法车规移植", "E14", "bms", 176, ""),
    ("分切机张力自适应控制", "E28", None, 183, ""),
    ("高强铝冲压回弹补偿", "E31", None, 190, ""),
    ("液冷板流道拓扑优化", "E16", "thermal", None, "research"),
    ("微流控诊断芯片键合", "E22", None, None, "pilot"),
    ("磷酸铁锂低温改性", "E04", "cathode", None, "match"),
)


def _projects(cast: Cast, base_id: int | None) -> None:
    university = cast.of("U01")
    start = clock.today() - dt.timedelta(days=200)
    for n, (title, firm, segment, days, stage) in enumerate(PROJECTS):
        began = start if days else clock.today() - dt.timedelta(days=90 - 20 * (n % 3))
        with clock.as_of(clock.at(began, 10)):
            row = projects.start(
                university,
                Plan(
                    title=title,
                    university_id=cast.id("U01"),
                    enterprise_id=cast.id(firm),
                    started_on=began,
                    base_id=base_id if days else None,
                    segment=segment,
                ),
            )
        goal = projects.STAGES.index("production" if days else stage)
        total = days or 60
        for step in range(1, goal + 1):
            on = began + dt.timedelta(days=total * step // 4 if days else 14 * step)
            with clock.as_of(clock.at(on, 11)):
                projects.advance(university, row.id, projects.STAGES[step], on)
