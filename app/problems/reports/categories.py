"""What a firm may report: each category has the class its clock starts with, and a picture to tap on."""

from __future__ import annotations

from dataclasses import dataclass

from app.problems.clocks.rules import IMMEDIATE, LONGTERM, PROCESS


@dataclass(frozen=True, slots=True)
class Category:
    """`repair` stands first on the phone; the class is where its clock starts, the service desk may change it."""

    code: str
    icon: str
    problem_class: str
    repair: bool = False


CATEGORIES = {
    one.code: one
    for one in (
        Category("lamp", "bulb", IMMEDIATE, True),
        Category("water", "droplet", IMMEDIATE, True),
        Category("aircon", "snowflake", IMMEDIATE, True),
        Category("network", "wifi", IMMEDIATE, True),
        Category("access", "door", IMMEDIATE, True),
        Category("power", "bolt", IMMEDIATE, True),
        Category("lift", "arrows-up-down", IMMEDIATE, True),
        Category("parking", "parking", PROCESS),
        Category("canteen", "tools-kitchen-2", PROCESS),
        Category("environment", "leaf", PROCESS),
        Category("charging", "charging-pile", PROCESS),
        Category("transport", "bus", LONGTERM),
        Category("freight", "truck", PROCESS),
        Category("policy", "news", PROCESS),
        Category("finance", "businessplan", PROCESS),
        Category("talent", "users", PROCESS),
        Category("chain", "link", PROCESS),
        Category("other", "dots", PROCESS),
    )
}
