"""Machines, plans, readings, orders and a fault for the fictional demo park（虚构）, by the acts people use."""

from __future__ import annotations

import datetime as dt
import random

from app.hall import clock
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.upkeep.machines import service
from app.upkeep.machines.service import Card, NewMeter
from app.upkeep.orders import faults, handlers
from app.upkeep.orders import service as orders
from app.upkeep.plans import service as plans
from app.upkeep.plans.service import PlanWish
from app.upkeep.readings import service as readings
from app.upkeep.readings.batch import Line
from app.upkeep.readings.models import MICRO

CHECKS = ("断电挂牌", "清理切屑与冷却液", "更换主轴润滑油", "检查皮带张力", "空转十分钟听音")
DAYS = 60


def load() -> None:
    """E31 keeps a workshop of three machines; what its meters read rises towards the end."""
    actor = _administrator("E31")
    with clock.as_of(clock.at(clock.today() - dt.timedelta(days=DAYS), 9)):
        lathe = service.add(
            actor, Card("五轴加工中心（虚构）", "CNC-01", "VX-500", "SN-2019-044", "1 号车间")
        ).id
        saw = service.add(actor, Card("数控带锯（虚构）", "SAW-02", "GB-4230", "", "1 号车间")).id
        service.add(actor, Card("螺杆空压机（虚构）", "AIR-01", "GA-37", "", "动力间", "always"))
        hours = service.set_meter(actor, lathe, NewMeter("spindle_h", "主轴小时表", "h", "hours")).id
        gauge = service.set_meter(
            actor, lathe, NewMeter("vibration", "主轴振动", "mm/s", "gauge", int(4.5 * MICRO))
        ).id
        service.set_part(actor, lathe, "主轴皮带", "8PK-1250", 3, 2)
        service.set_part(actor, lathe, "润滑油 20 L", "VG32", 1, 2)
        plans.add(
            actor,
            lathe,
            PlanWish("主轴保养", 90, 250, hours, checklist=CHECKS, sign_off=True, warn_days=14),
        )
        plans.add(actor, lathe, PlanWish("振动超限检修", meter=gauge))
        plans.add(actor, saw, PlanWish("更换锯条", every_days=30, checklist=CHECKS[:2]))
    _read(actor, lathe)
    handlers.check()
    with clock.as_of(clock.now() - dt.timedelta(days=6)):
        order = faults.report(actor, saw, faults.FaultReport("进给停顿，有异响", stops=True))
    with clock.as_of(clock.now() - dt.timedelta(days=5)):
        orders.done(actor, order.id, orders.Report(note="更换进给编码器，试切正常"))


def _read(actor: Actor, machine: int) -> None:
    """Three hours a working day; vibration about 2 mm/s, rising in the last week."""
    dice, total = random.Random(31), 0.0
    lines: list[Line] = []
    for back in range(DAYS, -1, -1):
        day = clock.today() - dt.timedelta(days=back)
        total += 4.0 if day.weekday() < 5 else 0.0
        rise = max(0, 7 - back) * 0.25
        value = 2.0 + dice.choice((-0.1, -0.05, 0.0, 0.05, 0.1)) + rise
        lines.append(Line(len(lines) + 1, machine, "spindle_h", day.isoformat(), total))
        lines.append(Line(len(lines) + 1, machine, "vibration", day.isoformat(), round(value, 2)))
    readings.take(actor, lines, "call")


def _administrator(code: str) -> Actor:
    member = identity.members_of(identity.get_enterprise(code).id, roles.KEEPS_MACHINES)[0]
    return Actor(member.id, member.organisation_id, member.name, member.roles)
