"""Departments, places and problems in every state for the fictional demo park（虚构）, by the acts people use."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager

from app.ecosystem.initiatives import service as initiatives
from app.hall import clock
from app.hall.db.base import db
from app.identity import door as identity
from app.identity.departments import service as departments
from app.identity.departments.rules import Post
from app.identity.door import Actor
from app.identity.places import service as houses
from app.problems.closing import service as closing
from app.problems.coordination import outside
from app.problems.coordination import service as coordination
from app.problems.places import service as places
from app.problems.playbooks import service as playbooks
from app.problems.reports.service import Report, register
from app.problems.work import service as work
from app.problems.work.grounds import lock
from app.problems.work.models import AnswerTemplate, DispatchRuleRow

DEPARTMENTS = (
    ("property", "物业服务部", "Property", "property"),
    ("it", "信息技术部", "IT", "it"),
    ("logistics", "后勤保障部", "Logistics", "logistics"),
    ("finance", "财务金融部", "Finance", "finance"),
    ("policy", "政策服务部", "Policy", "policy"),
    ("investment", "招商部", "Investment", "investment"),
)
BUILDINGS = tuple((f"B{n}", f"{n}号楼", f"Building {n}") for n in range(1, 9))
SPOTS = (
    (3, "灯杆 L-17", "Lamp L-17"),
    (5, "货梯厅", "Freight lift hall"),
    (7, "地下车库", "Underground garage"),
)
DISPATCH = {
    "property": ("lamp", "water", "aircon", "access", "power", "lift", "parking", "environment", "charging"),
    "it": ("network",),
    "logistics": ("canteen", "transport"),
    "finance": ("finance",),
    "policy": ("policy",),
    "investment": ("chain",),
}
TEMPLATES = (
    ("property", "已派人前往，十五分钟内到现场。"),
    ("property", "配件已下单，预计明天更换。"),
    ("it", "正在远程排查，请保持设备开机。"),
)


def load() -> None:
    """Everything is made by the acts of the room, at moments of the last weeks."""
    with _ago(390):
        _departments()
    _Story().tell()


def _ago(days: int, hour: int = 10, minute: int = 0) -> AbstractContextManager[None]:
    return clock.as_of(clock.at(clock.today() - dt.timedelta(days=days), hour, minute))


def _actor(login: str) -> Actor:
    member_id = identity.staff_by_login([login])[login]
    member = next(one for one in identity.members_of(_park()) if one.id == member_id)
    return Actor(member.id, member.organisation_id, member.name, member.roles)


def _park() -> int:
    found = identity.find_organisation("PARK")
    assert found is not None
    return found.id


def _firm(code: str) -> Actor:
    member = identity.members_of(identity.get_enterprise(code).id)[0]
    return Actor(member.id, member.organisation_id, member.name, member.roles)


def _departments() -> None:
    admin, since = _actor("park"), clock.today()
    people = identity.staff_by_login([login for *_names, login in DEPARTMENTS] + ["vp"])
    for code, name_zh, name_en, head in DEPARTMENTS:
        made = departments.add_department(admin, code, name_zh, name_en)
        departments.set_people(admin, made.id, [people[head]])
        departments.give_duty(admin, Post(0, "head", people[head], since, None, made.id))
        departments.give_duty(admin, Post(0, "vice_president", people["vp"], since, None, made.id))
        for category in DISPATCH[code]:
            db.session.add(DispatchRuleRow(category=category, place="*", department_id=made.id))
        for owner, text in TEMPLATES:
            if owner == code:
                db.session.add(AnswerTemplate(department_id=made.id, text=text))
    departments.give_duty(admin, Post(0, "enterprise_vice_president", people["vp"], since))
    numbers = {}
    for number, (code, name_zh, name_en) in enumerate(BUILDINGS, start=1):
        numbers[number] = houses.add_building(admin, code, name_zh, name_en)
        places.add(admin, numbers[number], None, "")
    for number, spot, english in SPOTS:
        places.add(admin, numbers[number], None, spot, english)


class _Story:
    """One problem in every state, each with people who did something."""

    def __init__(self) -> None:
        self.desk = _actor("specialist")
        self.head = {head: _actor(head) for *_names, head in DEPARTMENTS}
        self.vp = _actor("vp")
        self.ids = {one.code: one.id for one in identity.list_departments()}
        self.place = {one.path: one.id for one in places.list_places()}

    def report(self, code: str, category: str, text: str, path: str) -> int:
        return register(_firm(code), Report(category, text, place=self.place[path])).problem.id

    def to(self, problem: int, *codes: str, vice: bool = False) -> None:
        who = self.vp if vice else self.head[codes[0]]
        row = [self.ids[code] for code in codes]
        problem_class = register_class(problem)
        work.triage(self.desk, problem, problem_class, row, who.member_id)

    def tell(self) -> None:
        self.charging()
        self.canteen()
        self.small_ones()
        self.open_ones()
        self.outside()

    def charging(self) -> None:
        """Closed with the five haves, 5 of 5 delivered, and a playbook from it."""
        with _ago(64, 9):
            problem = self.report("E32", "charging", "园区充电桩数量不够，八点半以后就排不上", "B5")
            self.to(problem, "property", "finance", vice=True)
            work.respond(self.vp, problem, "已请物业与财务一起看点位和增容。")
        with _ago(61, 10):
            due = clock.today() + dt.timedelta(days=5)
            promise = work.Promise("充电桩", 5, "个", due)
            plan = work.Plan("5号楼北侧 3 个、7号楼 2 个", self.head["property"].member_id, due, (promise,))
            work.plan(self.vp, problem, plan)
            step = coordination.Step("专线增容批复", self.head["finance"].member_id, due)
            coordination.hold(self.vp, problem, None, "增容走存量预算，不等年度追加。", [step])
            work.progress(self.vp, problem, "已开工")
        with _ago(57, 16):
            coordination.hold(self.vp, problem, None, "验收，定收费标准 1.1 元/度。", [])
            closing.resolve(
                self.vp, problem, "新增 5 个充电桩已可使用。", [closing.Delivered("充电桩", 5, 5, "个")]
            )
        with _ago(56, 9):
            closing.confirm(_firm("E32"), problem, closing.Verdict("yes", None, "够用了"))
            closing.review(self.vp, problem, "早高峰不再排队", "车位规划时未算充电比例", True)
            closing.close(self.vp, problem)
            draft = playbooks.Draft(
                "charging-points", "充电桩增设", "charging", ("点位勘察", "电力增容", "收费公示"), problem
            )
            book = playbooks.write(self.head["property"], draft)
            playbooks.approve(self.vp, book.id)
            playbooks.tick(_firm("E02"), playbooks.take_up(_firm("E02"), book.id).id, ["点位勘察"])

    def canteen(self) -> None:
        """Reviewed, not yet closed; and one that silence confirmed."""
        with _ago(40, 11):
            problem = self.report("E20", "canteen", "食堂菜品单一", "B1")
            self.to(problem, "logistics")
            work.respond(self.head["logistics"], problem, "本周征求意见。")
        with _ago(37, 11):
            due = clock.today() + dt.timedelta(days=12)
            work.plan(
                self.head["logistics"],
                problem,
                work.Plan("每周两道新菜", self.head["logistics"].member_id, due),
            )
            work.progress(self.head["logistics"], problem, "试吃两场")
        with _ago(26, 15):
            closing.resolve(self.head["logistics"], problem, "每周上两道新菜，设了意见箱。")
        with _ago(25, 9):
            closing.confirm(_firm("E20"), problem, closing.Verdict("partly"))
            closing.review(self.head["logistics"], problem, "满意的多了", "长期固定菜单", True)
        with _ago(20, 9):
            quiet = self.report("E29", "network", "会议室无线网络时断时续", "B1")
            self.to(quiet, "it")
            work.respond(self.head["it"], quiet, "今天下午更换接入点。")
            work.progress(self.head["it"], quiet, "已更换")
        with _ago(19, 9):
            closing.resolve(self.head["it"], quiet, "接入点已更换。")

    def small_ones(self) -> None:
        """The same lamp three times, one merged, one that was none, one waiting for the firm's word."""
        with _ago(34, 19):
            lamp = self.report("E07", "lamp", "东侧步道路灯不亮", "B3/灯杆 L-17")
            self.to(lamp, "property")
            work.respond(self.head["property"], lamp, "今晚更换灯泡。")
            work.progress(self.head["property"], lamp, "已更换")
            closing.resolve(self.head["property"], lamp, "灯泡已更换。")
        with _ago(12, 20):
            second = self.report("E31", "lamp", "同一盏灯又灭了", "B3/灯杆 L-17")
            self.to(second, "property")
        with _ago(0, 8, 20):
            self.report("E30", "lamp", "L-17 路灯不亮", "B3/灯杆 L-17")
        with _ago(11, 8):
            third = self.report("E24", "lamp", "路灯还是不亮", "B3/灯杆 L-17")
            work.classify(self.desk, third, "immediate")
            closing.merge(self.desk, third, second)
        with _ago(9, 8):
            none = self.report("E06", "other", "希望园区代收私人快递到家", "B5")
            closing.not_a_problem(self.desk, none, "这属于个人服务，已转告快递柜运营方。")
        with _ago(2, 9):
            leak = self.report("E03", "water", "洗手间水管漏水", "B5")
            self.to(leak, "property")
            work.respond(self.head["property"], leak, "水工已出发。")
            work.progress(self.head["property"], leak, "更换接头")
            closing.resolve(
                self.head["property"], leak, "已更换接头 1 个。", [closing.Delivered("接头", 1, 1, "个")]
            )

    def open_ones(self) -> None:
        """In every open state: late, asked, planned, long-term, freshly reported."""
        with _ago(2, 7):
            flood = self.report("E27", "water", "地下车库积水", "B7/地下车库")
            self.to(flood, "property")
        with _ago(8, 10):
            parking = self.report("E26", "parking", "访客停车找不到位", "B6")
            self.to(parking, "property")
            work.respond(self.head["property"], parking, "先看早晚高峰的空位。")
            work.ask(self.head["property"], parking, "主要是哪个时段、几号门？")
        with _ago(30, 10):
            bus = self.report("E36", "transport", "公交早高峰间隔 40 分钟", "B7")
            self.to(bus, "property", "logistics", "finance", vice=True)
            work.respond(self.vp, bus, "正与公交公司商量加两条线。")
            team = [self.head[one].member_id for one in ("property", "logistics", "finance")]
            work.form_task_force(self.vp, bus, team)
        with _ago(27, 10):
            today = clock.today()
            stages = (
                work.Stage("第一条线开通", team[1], today + dt.timedelta(days=20)),
                work.Stage("第二条线开通", team[1], today + dt.timedelta(days=41)),
            )
            promise = work.Promise("班线", 2, "条", today + dt.timedelta(days=41))
            wanted = work.Plan(
                "加两条线，高峰 15 分钟", team[1], today + dt.timedelta(days=41), (promise,), stages
            )
            work.plan(self.vp, bus, wanted)
            coordination.hold(self.vp, bus, None, "定站点与车型。", [])
        with _ago(6, 10):
            work.tick_milestone(self.vp, bus, 1)
            work.progress(self.vp, bus, "第一条线已开通")
        with _ago(1, 15):
            loans = self.report("E12", "finance", "小微企业贷款材料重复提交", "B5")
            self.to(loans, "finance")
            work.respond(self.head["finance"], loans, "三天内给出一次提交的清单。")
        with _ago(0, 8):
            lift = self.report("E10", "lift", "货梯停运", "B5/货梯厅")
            work.take(self.head["property"], lift)

    def outside(self) -> None:
        """Three complaints with one cause outside the park: an initiative with a lead, three owners, one thing delivered."""
        found = []
        told = (
            ("E28", "交货期被货车限行耽误"),
            ("E33", "货车绕行，每趟多两小时"),
            ("E26", "夜里才能进城卸货"),
        )
        for day, (code, text) in enumerate(told):
            with _ago(26 - day, 11):
                problem = self.report(code, "freight", text, "B6")
                self.to(problem, "logistics")
                work.respond(self.head["logistics"], problem, "正与交通部门核对限行时段。")
                found.append(problem)
        with _ago(22, 15):
            cause = outside.Cause("3 条地铁在建，货车限行 +2 小时", clock.today(), "货运夜间通行")
            counted = outside.Counts(1, 6, 9, 3)
            made = outside.propose(self.vp, cause, counted, found)
        with _ago(18, 15):
            secretary, due = _actor("secretary"), clock.today() + dt.timedelta(days=30)
            initiatives.agree_initiative(secretary, made, self.head["logistics"].member_id)
            promises = (
                ("夜间通道", "logistics", "条"),
                ("通行证", "property", "套"),
                ("中转站", "finance", "座"),
            )
            rows = [
                initiatives.promise(
                    self.head["logistics"],
                    made,
                    initiatives.Promise(what, self.head[who].member_id, 1, unit, due),
                )
                for what, who, unit in promises
            ]
        with _ago(5, 16):
            initiatives.deliver(self.head["property"], made, rows[1], 1)


def register_class(problem_id: int) -> str:
    """The class a problem of the demo was registered with."""
    return lock(problem_id).problem_class
