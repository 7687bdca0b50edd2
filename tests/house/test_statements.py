"""How many statements a page of the demo costs, as every demo login: at most fifteen."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.hall import clock
from app.hall.db.base import db
from app.hall.web.frame import pages_for
from tests.factories import Park
from tests.guardian.pages import shape

MOST = 15
LOGINS = ("park", "investment", "reviewer", "secretary", "auditor", "university", "e01", "e20")
SERVICE = (
    "specialist",
    "keeper",
    "property",
    "vp",
    "e32",
)  # who works on problems and visits, and a firm they serve


# Pages of one thing, which no menu names: of whom, what is counted, and where it is found.
SINGLE = (
    ("e31", "SELECT min(o.id) FROM work_order o JOIN machine m ON m.id = o.machine_id", "/upkeep/orders/{}"),
    ("e31", "SELECT min(m.id) FROM machine m", "/upkeep/machines/{}"),
    ("e31", "SELECT 2026", "/upkeep/year?year={}"),
    ("property", "SELECT 'step'", "/problems?by={}"),
    ("specialist", "SELECT 'open'", "/problems/all?state={}"),
    ("specialist", "SELECT 1", "/problems/triage?page={}"),
    ("specialist", "SELECT 1", "/problems/figures?rows={}"),
    ("secretary", "SELECT min(id) FROM initiative", "/ecosystem/initiatives/{}"),
    ("e31", "SELECT 'part'", "/desk/sections?{}"),
    ("e31", "SELECT 'own'", "/me?{}"),
    ("e01", "SELECT id FROM organisation WHERE code = 'E01'", "/identity/organisations/{}/portrait"),
    ("park", "SELECT 'own'", "/desk/figures?{}"),
    ("e01", "SELECT 'own'", "/desk/figures?{}"),
    ("park", "SELECT 'own'", "/identity/todo?{}"),
)
WRITES = ("INSERT", "UPDATE", "DELETE")  # who opens a page changes nothing
OF_FIRM = " WHERE m.organisation_id = (SELECT id FROM organisation WHERE code = 'E31')"


@pytest.fixture
def backend() -> str:
    return "sqlite"


@pytest.fixture
def counted(demo_park: Park, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is said to the database while the clocks stand still.

    What a process keeps for some seconds (the frame's numbers for ten, the park's settings for sixty) is read once and
    then kept, however slow the machine is: no page of the count happens to be the one that reads it again.
    """
    said: list[str] = []
    second = clock.machine_seconds()
    monkeypatch.setattr(clock, "machine_seconds", lambda: second)

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")):
            said.append(statement)

    with demo_park.app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", note)
    with clock.frozen(clock.now()):
        yield said
    sa.event.remove(engine, "before_cursor_execute", note)


def cost(client: FlaskClient, path: str, said: list[str]) -> int:
    """Statements of a page; one that is over is read again: it may be the first that a process reads of its kind."""
    counts = []
    while not counts or (counts[-1] > MOST and len(counts) < 2):
        said.clear()
        with client.get(path) as answer:
            assert answer.status_code in (200, 302, 303), path
        assert [one for one in said if one.startswith(WRITES)] == [], path
        counts.append(len(said))
    return min(counts)


def test_a_page_costs_fifteen_statements_at_most(demo_park: Park, counted: list[str]) -> None:
    found: dict[str, int] = {}
    for login in LOGINS:
        actor = demo_park.actor(login)
        client = demo_park.browse(login)
        with demo_park.app.test_request_context("/"):
            paths = list(dict.fromkeys(page.url for page in pages_for(actor)))
        client.get("/identity/profile")  # what a process reads once
        for path in paths:
            name = shape(path).rstrip("?")
            found[name] = max(found.get(name, 0), cost(client, path, counted))
    if out := os.environ.get("PARKLINK_COSTS"):
        with open(out, "w", encoding="utf-8") as file:  # noqa: PTH123
            file.writelines(
                f"{count:4} {name}\n" for name, count in sorted(found.items(), key=lambda one: -one[1])
            )
    assert len(found) > 40
    assert {name: count for name, count in found.items() if count > MOST} == {}


def test_a_page_of_one_thing_costs_no_more(demo_park: Park, counted: list[str]) -> None:
    found: dict[str, int] = {}
    browsers: dict[str, FlaskClient] = {}
    for login, asked, path in SINGLE:
        with demo_park.app.app_context():
            number = db.session.scalar(sa.text(asked + (OF_FIRM if "machine" in asked else "")))
        if login not in browsers:
            browsers[login] = demo_park.browse(login)
            browsers[login].get("/identity/profile")
        found[path] = cost(browsers[login], path.format(number), counted)
    assert {path: count for path, count in found.items() if count > MOST} == {}


CONCERNED = (
    "SELECT p.number FROM problem p JOIN problem_department c ON c.problem_id = p.id AND c.concerned"
    " JOIN department d ON d.id = c.department_id AND d.code = 'property'"
)
OWN = (
    "SELECT p.number FROM problem p JOIN problem_reporter r ON r.problem_id = p.id"
    " JOIN organisation o ON o.id = r.organisation_id AND o.code = 'E32'"
)
# Every problem, visit, remark and gathering of the demo, in whatever state, for who may open it.
EVERY = (
    ("specialist", "SELECT number FROM problem", "/problems/{}"),
    ("vp", "SELECT number FROM problem", "/problems/{}"),
    ("property", CONCERNED, "/problems/{}"),
    ("e32", OWN, "/problems/{}"),
    ("specialist", "SELECT id FROM visit", "/voice/visits/{}"),
    ("keeper", "SELECT id FROM visit", "/voice/visits/{}"),
    ("keeper", "SELECT id FROM feedback", "/voice/feedback/{}"),
    ("specialist", "SELECT id FROM gathering", "/voice/gatherings/{}"),
)


@pytest.mark.parametrize("login", SERVICE)
def test_pages_of_problems_and_visits_cost_fifteen_at_most(
    demo_park: Park, counted: list[str], login: str
) -> None:
    """What stands in the menu of who works on them, and every single one behind it."""
    client = demo_park.browse(login)
    with demo_park.app.test_request_context("/"):
        paths = [page.url for page in pages_for(demo_park.actor(login)) if page.url != "/"]
    behind = [(asked, path) for whose, asked, path in EVERY if whose == login]
    with demo_park.app.app_context():
        for asked, path in behind:
            numbers = db.session.scalars(sa.text(asked)).all()
            assert numbers
            paths += [path.format(number) for number in numbers]
    client.get("/identity/profile")
    for path in [path for path in paths if path.startswith(("/problems/", "/voice/visits/"))][:1]:
        client.get(path)  # the chain, which a process reads once
    found = {path: cost(client, path, counted) for path in dict.fromkeys(paths)}
    assert {path: count for path, count in found.items() if count > MOST} == {}


POLICY = {
    "policy": (
        "/policy/desk",
        "/policy/desk?list=near",
        "/policy/versions",
        "/policy/versions/1",
        "/policy/versions/new",
        "/policy/cases",
        "/policy/cases/2",
        "/policy/firms/E25",
        "/policy/facts?firm=E25",
    ),
    "e25": ("/policy/", "/policy/facts", "/policy/report", "/policy/deadlines.ics"),
    "investment": (
        "/ecosystem/packs",
        "/ecosystem/packs/new",
        "/ecosystem/packs/1",
        "/ecosystem/packs/industries",
    ),
}


@pytest.mark.parametrize("login", POLICY)
def test_a_page_of_policies_or_packs_costs_fifteen_at_most(
    demo_park: Park, counted: list[str], login: str
) -> None:
    """Pages behind a list, which no menu names, as well."""
    client = demo_park.browse(login)
    client.get("/identity/profile")
    found = {path: cost(client, path, counted) for path in POLICY[login]}
    assert {path: count for path, count in found.items() if count > MOST} == {}


# Every thing of a kind that the pages of the menu lead to, for whoever sees most of it.
BEHIND = (
    ("park", "SELECT code FROM segment", "/chain/segments/{}"),
    ("park", "SELECT 'xlsx'", "/chain/report.{}"),
    (
        "park",
        "SELECT strftime('%Y-%m', 'now', 'start of month', '-1 month')",
        "/ecosystem/scorecard/credits/{}",
    ),
    ("park", "SELECT 'university'", "/credits/?enterprise=E01&category={}"),
    ("e01", "SELECT id FROM committee_meeting", "/ecosystem/committee/meetings/{}"),
    ("e01", "SELECT id FROM committee_meeting", "/ecosystem/committee/meetings/{}/together"),
    ("secretary", "SELECT id FROM committee_meeting", "/ecosystem/committee/meetings/{}"),
    ("secretary", "SELECT id FROM committee_meeting", "/ecosystem/committee/meetings/{}/together"),
)


def test_what_a_list_leads_to_costs_fifteen_at_most(demo_park: Park, counted: list[str]) -> None:
    found: dict[str, int] = {}
    for login, asked, path in BEHIND:
        client = demo_park.browse(login)
        with demo_park.app.app_context():
            things = db.session.scalars(sa.text(asked)).all()
        assert things
        client.get("/identity/profile")
        client.get(path.format(things[0]))
        found |= {page: cost(client, page, counted) for page in map(path.format, things)}
    assert {path: count for path, count in found.items() if count > MOST} == {}
