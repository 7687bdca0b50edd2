"""Reports from a sheet: what firms said on the telephone or on paper, a line each; taken in once by its number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from app.hall.db.base import db
from app.hall.errors import Conflict
from app.hall.files.sheets.columns import Choice, Column, Row, Table
from app.hall.files.sheets.compare import Change, Key
from app.hall.files.sheets.kinds import Fault, Resolved, SheetKind
from app.hall.files.sheets.reading import Line, key_of
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.problems import limits
from app.problems.places import service as places
from app.problems.reports.models import Problem, ProblemReporter
from app.problems.reports.service import Report, register

SOURCE = "sheet:"
CATEGORIES = (
    ("lamp", "灯不亮", "Light out"),
    ("water", "漏水", "Leak"),
    ("aircon", "空调", "Air conditioning"),
    ("network", "网络", "Network"),
    ("access", "门禁", "Access"),
    ("power", "供电", "Power"),
    ("lift", "电梯", "Lift"),
    ("parking", "停车", "Parking"),
    ("canteen", "食堂", "Canteen"),
    ("environment", "环境卫生", "Cleanliness"),
    ("charging", "充电桩", "Charging points"),
    ("transport", "公交通勤", "Buses"),
    ("freight", "货运物流", "Freight"),
    ("policy", "政策办理", "Policy cases"),
    ("finance", "融资", "Financing"),
    ("talent", "人才", "Talent"),
    ("chain", "产业链配套", "Supply chain"),
    ("other", "其他", "Other"),
)
REPORTS = Table(
    "problems",
    (
        Column("ref", "序号", "Reference", also=("编号", "单号"), required=True, longest=40),
        Column("enterprise", "企业编号", "Enterprise", "code", ("企业代码",), longest=20, blank=""),
        Column(
            "category",
            "是什么",
            "Category",
            "choice",
            ("类型", "问题类型"),
            required=True,
            choices=tuple(Choice(code, zh, en) for code, zh, en in CATEGORIES),
        ),
        Column("place", "位置", "Place", also=("地点",), longest=120, blank=""),
        Column(
            "text", "内容", "Text", also=("问题描述", "说明"), required=True, longest=limits.TEXT, width=50
        ),
        Column("theme", "主题", "Theme", longest=30, blank=""),
    ),
    ("ref",),
    "报修与诉求",
    "Reports",
    limits.SHEET_ROWS,
    (
        {
            "ref": "2026-11-001",
            "enterprise": "E32",
            "category": "charging",
            "place": "B5",
            "text": "八点半以后充电桩排不上",
            "theme": "充电",
        },
    ),
)


def current(_actor: Actor) -> dict[Key, Row]:
    """What has come by sheet before, as it stood there."""
    problems = list(db.session.scalars(sa.select(Problem).where(Problem.source.like(f"{SOURCE}%"))))
    said = sa.select(ProblemReporter.reported_as_id, ProblemReporter.organisation_id).where(
        ProblemReporter.reported_as_id.in_([one.id for one in problems])
    )
    firms = {problem: firm for problem, firm in db.session.execute(said) if firm is not None}
    codes = {one.id: one.code for one in identity.organisations_by_id(set(firms.values())).values()}
    found: dict[Key, Row] = {}
    for one in problems:
        row: Row = {
            "ref": str(one.source).removeprefix(SOURCE),
            "enterprise": codes.get(firms.get(one.id, 0), ""),
            "category": one.category,
            "place": one.place_path,
            "text": one.text,
            "theme": one.theme or "",
        }
        found[key_of(REPORTS, row)] = row
    return found


def resolve(_actor: Actor, lines: Sequence[Line]) -> Resolved:
    """Firms by their code, places by their path or name; who is unknown is said, a place may be in words."""
    paths = {name: one.path for one in places.list_places() for name in (one.path, places.name_of(one))}
    found, faults = [], []
    for line in lines:
        values = dict(line.values)
        code = str(values.get("enterprise") or "")
        if code and identity.find_organisation(code) is None:
            faults.append(Fault(line.row, "enterprise", "organisation_not_found", {"code": code}))
            continue
        place = str(values.get("place") or "")
        values["place"] = paths.get(place, place)
        found.append(Line(line.row, values))
    return found, faults


def prepare(_actor: Actor, changes: Sequence[Change]) -> dict[str, int]:
    """Places by their path; nothing is written where a row is one that came before with other words."""
    for change in changes:
        if change.old is not None:
            raise Conflict("problem_sheet_known", ref=str(change.new["ref"]))
    return {one.path: one.id for one in places.list_places()}


def write(actor: Actor, changes: Sequence[Change], known: Mapping[str, int]) -> None:
    for change in changes:
        register(actor, _report(change.new, known))


def _report(row: Row, known: Mapping[str, int]) -> Report:
    def text(name: str) -> str:
        return str(row.get(name) or "").strip()

    firm = identity.find_organisation(text("enterprise")) if text("enterprise") else None
    return Report(
        category=text("category"),
        text=text("text"),
        place=known.get(text("place")),
        place_path=text("place"),
        firm=firm.id if firm is not None else None,
        theme=text("theme") or None,
        source=f"{SOURCE}{text('ref')}",
    )


def remove(_actor: Actor, _keys: Sequence[Key], _found: object) -> None:
    """A report that has a number and a clock is answered, not taken back."""
    raise Conflict("problem_sheet_stays")


def stamp(_actor: Actor) -> object:
    counted = sa.select(sa.func.count(), sa.func.max(Problem.id)).where(Problem.source.like(f"{SOURCE}%"))
    return tuple(db.session.execute(counted).one())


SHEETS = (
    SheetKind(
        table=REPORTS,
        title=_l("报修与诉求"),
        purpose=_l("企业在电话里或纸上说的，一行一件；每件马上有编号和时限，同一序号只登记一次"),
        icon="message-report",
        may=lambda actor: bool(actor.may(roles.CLASSIFIES_PROBLEMS)),
        current=current,
        resolve=resolve,
        prepare=prepare,
        write=write,
        remove=remove,
        stamp=stamp,
        at_once=limits.SHEET_CHUNK,
        back="problems.triage",
    ),
)
