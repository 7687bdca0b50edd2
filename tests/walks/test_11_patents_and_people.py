"""Story 11: a licence outlives its listing; no name of an expert leaves before the expert has agreed."""

from __future__ import annotations

import datetime as dt
import io

import pytest
import sqlalchemy as sa
from openpyxl import load_workbook

from app.hall import clock
from app.hall.db.base import db
from app.identity.audit.models import AuditEvent
from app.identity.notifications.models import Notification
from app.sharing.catalogue.models import ResourceWord
from tests.factories import Api, Park

NAME, CONTACT = "欧阳暮雪", "muxue@example.invalid"


def patent(owner: Api, number: str = "ZL202610001234.5", **more: object) -> int:
    answer = owner.post(
        "/sharing/resources",
        {
            "kind": "patent",
            "name": "低温电解液添加剂",
            "patent": {"number": number, "fee_fen": 1_250_000, "fee_basis": "yearly", **more},
        },
    )
    assert answer.status_code == 201, answer.json
    return int(answer.json["id"])


def ask(firm: Api, resource: int, months: int = 18) -> tuple[int, dict[str, object]]:
    answer = firm.post("/sharing/licences", {"resource": resource, "months": months, "purpose": "中试"})
    return answer.status_code, answer.json


def test_a_granted_licence_outlives_the_listing_and_a_new_wish_is_refused(park: Park) -> None:
    for code in ("E61", "E62", "E63"):
        park.firm(code)
    owner, holder, late = (park.api(login) for login in ("e61", "e62", "e63"))
    resource = patent(owner)
    status, asked = ask(holder, resource)
    assert (status, asked["state"], asked["fee_fen"]) == (201, "requested", 1_250_000)
    granted = owner.post(f"/sharing/licences/{asked['id']}/grant").json
    today = clock.today()
    assert granted["starts_on"] == today.isoformat()
    # Eighteen months on, the same day of the month.
    ends = dt.date.fromisoformat(granted["ends_on"])
    assert (ends.year * 12 + ends.month) - (today.year * 12 + today.month) == 18
    assert owner.post(f"/sharing/resources/{resource}/withdraw", {"reason": "转让"}).status_code == 200
    mine = holder.get("/sharing/licences").json["items"]
    assert [(row["id"], row["state"], row["valid"]) for row in mine] == [(asked["id"], "granted", True)]
    status, refused = ask(late, resource)
    assert status == 409 and refused["detail"]
    assert late.get("/sharing/licences").json["total"] == 0
    # Its term ends by itself.
    from app.hall.jobs import run_periodic
    from app.hall.standstill import Confirmed

    with clock.frozen(clock.at(ends + dt.timedelta(days=2), 9)):
        with park.app.app_context():
            run_periodic(confirmed=Confirmed(clock=True))
        holder = park.api("e62")  # the token of today has ended long before
        assert holder.get("/sharing/licences").json["items"][0]["state"] == "expired"


def test_a_licence_never_lasts_longer_than_the_patent(park: Park) -> None:
    park.firm("E61"), park.firm("E62")
    owner = park.api("e61")
    last = clock.today() + dt.timedelta(days=200)
    resource = patent(owner, expires_on=last.isoformat())
    _, asked = ask(park.api("e62"), resource, months=240)
    assert owner.post(f"/sharing/licences/{asked['id']}/grant").json["ends_on"] == last.isoformat()


def fetched(park: Park, resource: int, logins: tuple[str, ...]) -> dict[str, str]:
    """Everything that these people can fetch in which the name might lie: API, pages, search, export."""
    seen = {}
    for login in logins:
        api, page = park.api(login), park.browse(login)
        for path in ("/sharing/resources", f"/sharing/resources/{resource}", "/sharing/placements"):
            seen[f"{login} API {path}"] = api.get(path).text
        for path in (
            "/sharing/resources?kind=talent",
            f"/sharing/resources/{resource}",
            "/sharing/lending",
            "/sharing/desk",
            "/search?q=工艺",
            "/sharing/resources/999999",
            "/identity/notifications",
        ):
            seen[f"{login} page {path}"] = page.get(path).text
        workbook = page.get("/sharing/resources.xlsx").data
        rows = load_workbook(io.BytesIO(workbook)).active.iter_rows(values_only=True)
        seen[f"{login} export"] = str(list(rows))
    return seen


def test_no_name_leaves_before_consent(park: Park, capfd: pytest.CaptureFixture[str]) -> None:
    park.staff()
    for code in ("E61", "E62", "E63"):
        park.firm(code)
    owner, asking, other = (park.api(login) for login in ("e61", "e62", "e63"))
    expert = {
        "kind": "talent",
        "name": "涂布工艺专家",
        "description": "十年涂布经验",
        "talent": {
            "person_name": NAME,
            "contact": CONTACT,
            "skills": ["涂布", "辊压"],
            "years": 10,
            "fee_fen_per_day": 150_000,
        },
    }
    resource = int(owner.post("/sharing/resources", expert).json["id"])
    # Even a refused listing does not repeat the name back.
    broken = owner.post("/sharing/resources", expert | {"step_minutes": 7})
    assert broken.status_code == 422 and NAME not in broken.text
    today = clock.today()
    wish = {
        "resource": resource,
        "days": 6,
        "purpose": "产线诊断",
        "starts_on": (today + dt.timedelta(days=10)).isoformat(),
        "ends_on": (today + dt.timedelta(days=40)).isoformat(),
    }
    asked = asking.post("/sharing/placements", wish)
    assert (asked.status_code, asked.json["state"], asked.json["person"]) == (201, "requested", None)
    number = asked.json["id"]

    seen = fetched(park, resource, ("e61", "e62", "e63", "park", "auditor"))
    assert [where for where, text in seen.items() if NAME in text or CONTACT in text] == []
    for word in (NAME, NAME[:2], NAME[2:]):
        assert other.get("/sharing/resources", q=word).json["total"] == 0
    assert other.get("/sharing/resources", q="辊压").json["total"] == 1
    with park.app.app_context():
        stored = [*db.session.scalars(sa.select(ResourceWord.word))]
        for row in db.session.scalars(sa.select(AuditEvent)):
            stored += [row.subject_id, row.reason, str(row.detail)]
        for note in db.session.scalars(sa.select(Notification)):
            stored.append(str(note.params))
    assert not [text for text in stored if NAME in text or NAME[:2] in text or CONTACT in text]

    # The employer may not decide for the person, and nobody else may ask for the link.
    assert owner.post(f"/sharing/placements/{number}/agree").status_code == 409
    assert other.post(f"/sharing/placements/{number}/consent-link").status_code in (403, 404)
    link = owner.post(f"/sharing/placements/{number}/consent-link").json["path"]
    person = park.app.test_client()
    assert NAME not in person.get(link).text
    assert person.post(link, data={"answer": "yes"}).status_code == 303

    # Now the two firms know, and only they.
    assert asking.get("/sharing/placements").json["items"][0]["person"] == NAME
    assert owner.get("/sharing/placements").json["items"][0]["person"] == NAME
    assert other.get("/sharing/placements").json["total"] == 0
    seen = fetched(park, resource, ("e63", "park", "auditor"))
    assert [where for where, text in seen.items() if NAME in text or CONTACT in text] == []
    assert owner.post(f"/sharing/placements/{number}/agree").json["state"] == "agreed"
    assert owner.post(f"/sharing/placements/{number}/begin").json["state"] == "active"
    printed = capfd.readouterr()
    assert NAME not in printed.out + printed.err


def test_a_no_is_a_no_and_names_nobody(park: Park) -> None:
    park.firm("E61"), park.firm("E62")
    owner, asking = park.api("e61"), park.api("e62")
    body = {"kind": "talent", "name": "检测顾问", "talent": {"person_name": NAME, "contact": CONTACT}}
    resource = owner.post("/sharing/resources", body).json["id"]
    day = clock.today() + dt.timedelta(days=5)
    wish = {
        "resource": resource,
        "days": 1,
        "purpose": "评审",
        "starts_on": day.isoformat(),
        "ends_on": day.isoformat(),
    }
    number = asking.post("/sharing/placements", wish).json["id"]
    link = owner.post(f"/sharing/placements/{number}/consent-link").json["path"]
    person = park.app.test_client()
    assert person.post(link, data={"answer": "no"}).status_code == 303
    ended = asking.get("/sharing/placements").json["items"][0]
    assert (ended["state"], ended["person"]) == ("ended", None)
    assert person.post(link, data={"answer": "yes"}).status_code in (404, 409)
