"""The desk and the park's own pages, in both languages and for every role."""

from __future__ import annotations

import csv
import io
import re

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.identity.notifications.service import notify_member
from app.identity.organisations.models import Organisation
from tests.factories import Park

MINE = (
    "/",
    "/identity/todo",
    "/identity/search",
    "/identity/search?q=E0",
    "/identity/notifications",
    "/identity/profile",
    "/identity/security",
    "/identity/tokens",
    "/identity/members",
)
OFFICE = (
    "/identity/registrations",
    "/identity/registrations?status=active",
    "/identity/organisations",
    "/identity/organisations?kind=enterprise&q=E0&sort=name&desc=1",
    "/identity/audit",
    "/identity/audit?action=sign_in&since=2026-01-01",
)
DOORS = (
    "/identity/sign-in",
    "/identity/register",
    "/identity/registered",
    "/identity/invitation/x",
    "/identity/reset/x",
)
CHINESE = re.compile(r"[\u3400-\u9fff]")


def words(page: str) -> str:
    """What a reader sees of the page: no code, no names."""
    page = page[page.index("<main") :].split('<nav class="pl-bottom"')[0]
    seen = re.sub(r"(?s)<(script|style)\b.*?</\1>", " ", page)
    seen = re.sub(r'(?s)<a class="pl-lang".*?</a>', " ", seen)
    labels = " ".join(re.findall(r'(?:aria-label|placeholder|title|data-[a-z]+)="([^"]*)"', seen))
    return re.sub(r"(?s)<[^>]+>", " ", seen) + labels


@pytest.fixture
def office(park: Park) -> Park:
    """A park with its staff, two firms and one that waits, all with names in Latin letters."""
    park.staff()
    for number in (1, 2):
        park.firm(f"E0{number}", name_zh=f"Firm {number}")
    park.firm("E03", name_zh="Firm 3", status="pending")
    return park


def test_pages_answer_in_both_languages(office: Park) -> None:
    for login, pages in (("e01", MINE), ("park", MINE + OFFICE), ("auditor", OFFICE)):
        for lang in ("zh", "en"):
            client = office.browse(login, lang)
            for url in pages:
                answer = client.get(url)
                assert answer.status_code == 200, url
                assert f'<html lang="{"en" if lang == "en" else "zh-CN"}"' in answer.text
                assert "<h1>" in answer.text
                if lang == "en":
                    left = words(answer.text).replace("先生", "").replace("中文", "").replace("PARK公司", "")
                    assert not CHINESE.search(left), (url, CHINESE.search(left), left[:2000])


def test_doors_answer_in_both_languages(park: Park) -> None:
    for lang in ("zh", "en"):
        client = park.app.test_client()
        client.get(f"/identity/language?lang={lang}")
        for url in DOORS:
            page = client.get(url).text
            assert "<h1>" in page, url
            assert bool(CHINESE.search(words(page))) is (lang == "zh"), url


def test_only_the_office_sees_its_pages(office: Park) -> None:
    firm, reviewer, auditor = (office.browse(login) for login in ("e01", "reviewer", "auditor"))
    for url in OFFICE:
        assert firm.get(url).status_code == 403, url
    assert reviewer.get("/identity/organisations").status_code == 200
    assert reviewer.get("/identity/audit").status_code == 403
    assert reviewer.get("/identity/registrations").status_code == 403
    assert auditor.post("/identity/registrations/4", data={"decision": "approve"}).status_code == 403
    assert office.app.test_client().get("/identity/audit").status_code == 302


def test_the_navigation_shows_what_the_role_may_open(office: Park) -> None:
    assert "/identity/audit" not in office.browse("e01").get("/").text
    page = office.browse("park").get("/").text
    assert "/identity/audit" in page
    assert "入驻申请等待审批" in page


def test_the_directory_filters_sorts_and_pages(office: Park) -> None:
    client = office.browse("investment")
    page = client.get("/identity/organisations?kind=enterprise&sort=code&desc=1&per_page=2").text
    assert page.index("Firm 3") < page.index("Firm 2")
    assert "Firm 1" not in page
    assert "1 / 2" in page
    assert "per_page=2" in re.findall(r'rel="next" href="([^"]+)"', page)[0]
    assert "没有符合这些条件的内容" in client.get("/identity/organisations?q=nothing-like-this").text
    assert "清除筛选" in client.get("/identity/organisations?q=Firm").text


def count_queries(client: FlaskClient, url: str) -> int:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        seen.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        assert client.get(url).status_code == 200
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    return len(seen)


@pytest.mark.parametrize(
    "url",
    [
        "/identity/organisations",
        "/identity/registrations",
        "/identity/members",
        "/identity/audit",
        "/identity/notifications",
    ],
)
def test_a_longer_list_costs_no_more_queries(office: Park, url: str) -> None:
    client = office.browse("park")
    client.get(url)
    few = count_queries(client, url)
    park_id = office.actor("park").organisation_id
    for number in range(10, 16):
        office.firm(f"E{number}", status="pending" if number % 2 else "active")
        office.member(f"clerk{number}", park_id, "auditor", "credit_reviewer")
        with office.app.app_context():
            notify_member(
                office.actor("park").member_id, "enterprise_registered_note", "/", name=f"E{number}"
            )
    client.get(
        url
    )  # whatever was written drops the frame's kept numbers: they are counted anew once, not per row
    assert count_queries(client, url) == few


def test_wild_cards_in_a_search_are_just_letters(office: Park) -> None:
    client = office.browse("park")
    assert "没有符合这些条件的内容" in client.get("/identity/organisations?q=%25").text
    assert "没有符合这些条件的内容" in client.get("/identity/audit?q=%25").text


def test_an_organisation_page_shows_members_and_record(office: Park) -> None:
    with office.app.app_context():
        from app.hall.db.base import db

        firm = db.session.query(Organisation).filter_by(code="E01").one().id
    page = office.browse("investment").get(f"/identity/organisations/{firm}").text
    assert "e01 先生" in page
    assert "停用" not in page  # looking after members is the administrator's
    assert office.browse("investment").get("/identity/organisations/9999").status_code == 404


def test_the_trail_is_filtered_and_exported(office: Park) -> None:
    office.app.test_client().post("/identity/sign-in", data={"login": "=cmd()", "password": "wrong password"})
    office.app.test_client().post("/identity/sign-in", data={"login": "e01", "password": "parklink-demo"})
    client = office.browse("auditor")
    page = client.get("/identity/audit?q=e01").text
    assert "登录" in page
    assert "=cmd()" not in page
    assert "=cmd()" in client.get("/identity/audit?action=sign_in").text
    answer = client.get("/identity/audit.csv?action=sign_in")
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0][:3] == ["at", "actor", "action"]
    assert [row[2] for row in rows[1:]] == ["sign_in", "sign_in.refused"]
    assert rows[2][1] == "'=cmd()"  # no formula for a spreadsheet to run
    assert "没有符合这些条件的内容" in client.get("/identity/audit?until=2020-01-01").text
    assert client.get("/identity/audit?since=nonsense").status_code == 200


def test_search_finds_organisations_for_the_office_only(office: Park) -> None:
    assert "Firm 2" in office.browse("park").get("/identity/search?q=Firm").text
    assert "Firm 2" not in office.browse("e01").get("/identity/search?q=Firm").text


def test_the_search_box_suggests_while_typing(office: Park) -> None:
    client = office.browse("park")
    fragment = client.get("/identity/search?q=Firm", headers={"HX-Request": "true"}).text
    assert "<html" not in fragment
    assert fragment.count("/identity/organisations/") == 3
    assert "查看全部结果" in fragment
    assert client.get("/identity/search?q=", headers={"HX-Request": "true"}).text.strip() == ""


def test_the_api_names_firms_to_the_office_only(office: Park) -> None:
    answer = office.api("investment").get("/identity/enterprises", q="Firm", limit=1)
    assert answer.get_json()["total"] == 2
    assert [item["code"] for item in answer.get_json()["items"]] == ["E01"]
    assert office.api("investment").get("/identity/enterprises/e02").get_json()["name_zh"] == "Firm 2"
    assert office.api("investment").get("/identity/enterprises/E99").status_code == 404
    assert office.api("e01").get("/identity/enterprises").status_code == 403
    assert office.api("park").get("/identity/enterprises", status="pending").get_json()["total"] == 1
