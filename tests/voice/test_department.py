"""All that a department may get, before and after a remark in confidence: pages, exports, calls, views, its backup.

What was there before the remark may stay (a firm stands in the park's directory); the remark may add no trace of who
said it, and every new row of the database outside the one table of authors must be without the firm and its people.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook
from pypdf import PdfReader

from app.hall import clock, jobs
from app.hall.db.base import Base, db
from tests.guardian.pages import walk
from tests.voice.crew import Crew, at

NOON = at("2026-11-03T13:37")
FIRM, PERSON, PHONE = "隐光器件", "闻人静", "13912345678"
SAID = f"{FIRM}的{PERSON}（{PHONE}）说食堂太咸"
HEADS = ("logistics", "property")  # whose problem it becomes, and another
CALLS = (
    "/problems",
    "/problems/report",
    "/voice/feedback",
    "/voice/channels",
    "/ecosystem/signals",
    "/ecosystem/needs",
    "/identity/notifications",
    "/identity/audit",
    "/insight/series?dimension=living",
    "/insight/alerts",
    "/insight/heat?by=layer",
)
SHEETS = ("/problems/figures?as=xlsx", "/voice/feedback?as=xlsx", "/identity/audit?as=xlsx")
VIEWS = ("bi_dimension", "bi_score", "bi_alert", "bi_figure")
# Pages that tell of remarks, problems and people; others, such as the list of firms, are compared where both walks came.
ABOUT = re.compile(
    r"\w+ (api |search )?/?(problems|voice|me|desk|insight|ecosystem/signals|identity/(noti|audit|search))"
)
# Where the firm may stand (its own token tells when it called): with its author's row in the table that one module reads, in what was sent to itself, and as
# any firm that is heard and visited: a day's contact and the next visit lead to no remark and to no problem.
OWN = {"author", "api_token", "notification", "notification_delivery", "contact", "visit"}


@pytest.fixture
def backend() -> str:
    return "sqlite"


@pytest.fixture
def firm(crew: Crew) -> tuple[int, int]:
    number = crew.park.firm("ZZ07731", name_zh=FIRM, name_en="Hidden Light", building="3号楼", size="small")
    with crew.park.app.app_context():
        person = db.session.execute(
            sa.text("SELECT id FROM member WHERE organisation_id = :o"), {"o": number}
        ).scalar_one()
        with db.engine.begin() as connection:
            connection.execute(
                sa.text("UPDATE member SET name = :n WHERE id = :id"), {"n": PERSON, "id": person}
            )
    return int(number), int(person)


def _names(text: str) -> Counter[str]:
    return Counter(
        {name: text.count(name) for name in (FIRM, PERSON, PHONE, "ZZ07731", "zz07731", "Hidden Light")}
    )


def _cells(data: bytes) -> str:
    book = load_workbook(io.BytesIO(data))
    return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)


def _text(answer: Any) -> str:
    if answer.data[:2] == b"PK":
        return _cells(answer.data)
    if answer.data[:4] == b"%PDF":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    return answer.get_data(as_text=True)


def _got(crew: Crew) -> dict[str, Counter[str]]:
    """Everything the people of two departments can open, and how often the author stands in it."""
    found: dict[str, Counter[str]] = {}
    for login in HEADS:
        browser, api = crew.park.browse(login), crew.api(login)
        walked = walk(browser, limit=120)
        assert len(walked.pages) > 15, login
        found |= {f"{login} {path}": _names(html) for path, html in walked.pages.items()}
        found |= {f"{login} {path}": _names(_text(answer)) for path, answer in walked.other.items()}
        for path in SHEETS:
            found[f"{login} {path}"] = _names(_text(browser.get(path)))
        for path in CALLS:
            found[f"{login} api {path}"] = _names(
                api.client.get(f"/api/v1{path}", headers=api.headers).get_data(as_text=True)
            )
        for words in ("食堂", "太咸", PHONE):
            found[f"{login} search {words}"] = _names(browser.get(f"/identity/search?q={words}").text)
    with crew.park.app.app_context():
        for view in VIEWS:
            rows = db.session.execute(sa.text(f"SELECT * FROM {view}")).all()
            found[f"view {view}"] = _names(str(rows))
        db.session.remove()
    return found


def _rows(crew: Crew) -> dict[str, Counter[str]]:
    """Every row of every table, as a backup would hold it."""
    found = {}
    with crew.park.app.app_context():
        for table in Base.metadata.sorted_tables:
            rows = db.session.execute(sa.select(table)).mappings().all()
            found[table.name] = Counter(
                repr(sorted(dict(row).items(), key=lambda one: one[0])) for row in rows
            )
        db.session.remove()
    return found


def _pointing(table: sa.Table, numbers: dict[str, int]) -> list[str]:
    """The columns of a table that point at organisations or members, with the number that is looked for."""
    return [
        f"('{column.name}', {numbers[key.column.table.name]})"
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in numbers
    ]


def _said(crew: Crew) -> int:
    """The firm speaks in confidence; the canteen's department answers, asks, is answered and settles it."""
    said = crew.say("ZZ07731", SAID, heard_on="2026-11-03", visibility="park_only", promise="下周回话")
    number = int(said["id"])
    crew.post("old", f"/voice/feedback/{number}/acknowledge", {"text": "收到"})
    linked = crew.post("old", f"/voice/feedback/{number}/link", {"kind": "problem", "category": "canteen"})
    crew.post("old", f"/voice/feedback/{number}/link", {"kind": "signal"})
    problem = int(linked["links"][0]["id"])
    team = crew.team
    team.do("desk", problem, "classify", {"class": "process"})
    team.do("desk", problem, "assign", {"departments": ["logistics"], "responsible": "logistics"})
    team.do("logistics", problem, "respond", {"text": "会改"})
    team.do("logistics", problem, "ask", {"text": "哪天？"})
    team.do("zz07731", problem, "reply", {"text": "上周"})
    plan = {"what": "少放盐", "owner": "logistics", "until_on": "2026-11-20"}
    team.do("logistics", problem, "plan", plan)
    team.do("logistics", problem, "progress", {"text": "在改"})
    team.do("logistics", problem, "resolve", {"text": "改好了"})
    team.do("zz07731", problem, "confirm", {"solved": "yes"})
    with crew.park.app.app_context():
        jobs.deliver_outbox()
    return problem


def test_29_a_department_gets_nothing_that_names_the_author(crew: Crew, firm: tuple[int, int]) -> None:
    organisation, person = firm
    with clock.frozen(NOON):
        with crew.park.app.app_context():
            jobs.run_periodic()  # what the clockwork keeps anyway is kept before
        crew.team.api("zz07731")
        before, rows_before = _got(crew), _rows(crew)
        problem = _said(crew)
        after, rows_after = _got(crew), _rows(crew)
        number = crew.get("logistics", f"/problems/{problem}")["number"]
        assert f"logistics /problems/{number}" in after, "the problem itself was among what was opened"
    for where, names in after.items():
        if where not in before and not ABOUT.match(where):
            continue
        gained = names - before.get(where, Counter())
        assert not +gained, (where, gained)

    pointers = {"organisation": organisation, "member": person}
    holding = set()
    for table in Base.metadata.sorted_tables:
        new = rows_after[table.name] - rows_before[table.name]
        told = _pointing(table, pointers)
        if any(mark in row for row in new for mark in (FIRM, PERSON, PHONE, *told)):
            holding.add(table.name)
    # The words as said stand in `feedback`, which departments may not read; they name nobody there but by themselves.
    assert holding <= OWN | {"feedback"}, holding
