"""The park brings organisations of every kind in; whoever is there already is found, its first person invited."""

from __future__ import annotations

import re

import pytest

from app.hall.text.official_numbers import check_letter
from tests.factories import Park

KINDS = {
    "university": "university_office",
    "institute": "organisation_admin",
    "association": "organisation_admin",
    "bank": "organisation_admin",
    "government": "organisation_admin",
    "provider": "organisation_admin",
    "enterprise": "enterprise_admin",
}
PASSWORD = "a long enough secret"


def code_number(number: int) -> str:
    """A sound unified social credit code."""
    first = f"91320500MA{number:07d}"
    return first + check_letter(first)


def accept(park: Park, url: str, login: str) -> int:
    data = {"name": "首任", "login": login, "password": PASSWORD, "again": PASSWORD}
    path = re.sub(r"^https?://[^/]+", "", url)
    return park.app.test_client().post(path, data=data).status_code


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_comes_in_with_its_first_person(park: Park, kind: str) -> None:
    park.staff()
    body = {
        "kind": kind,
        "name_zh": f"{kind} 甲",
        "administrator": {"name": "首任", "email": "a@firm.example"},
    }
    answer = park.api("park").post("/identity/organisations", body, key="k1")
    assert answer.status_code == 201, answer.text
    assert answer.json["invitation"]["mailed"] is False
    again = park.api("park").post("/identity/organisations", body, key="k1")
    assert again.json == answer.json, "the same key makes nothing twice and answers the same link"
    assert accept(park, answer.json["invitation"]["url"], "first") == 303
    assert accept(park, answer.json["invitation"]["url"], "second") == 404, "a link used twice"
    me = park.api("first").get("/identity/me").json
    assert KINDS[kind] in me["roles"]
    assert me["organisation"]["code"] == answer.json["code"]
    assert park.browse("first").get("/identity/members/invite").status_code == 200


def test_the_answer_kept_for_a_retry_holds_no_secret(park: Park) -> None:
    from app.hall.api.idempotency import IdempotencyKey
    from app.hall.db.base import db

    park.staff()
    body = {"name_zh": "江澜电芯", "administrator": {"name": "李"}}
    url = park.api("park").post("/identity/organisations", body, key="k").json["invitation"]["url"]
    with park.app.app_context():
        assert url.rsplit("/", 1)[1] not in db.session.query(IdempotencyKey).one().body


def test_investment_brings_in_firms_and_nobody_else(park: Park) -> None:
    park.staff()
    api = park.api("investment")
    assert api.post("/identity/organisations", {"kind": "bank", "name_zh": "甲银行"}).status_code == 403
    assert api.post("/identity/organisations", {"name_zh": "甲公司"}).status_code == 201
    park.firm("E77")
    assert park.api("e77").post("/identity/organisations", {"name_zh": "乙公司"}).status_code == 403
    assert park.browse("auditor").get("/identity/organisations/new").status_code == 403


def test_one_firm_gets_one_row(park: Park) -> None:
    park.staff()
    api = park.api("park")
    first = {"name_zh": "苏州江澜电芯有限公司", "credit_code": code_number(1)}
    assert api.post("/identity/organisations", first).status_code == 201
    same = api.post(
        "/identity/organisations", {"name_zh": "别的名字", "credit_code": code_number(1), "another": True}
    )
    assert same.status_code == 409, "the same credit code is the same firm whatever is said"
    likely = api.post("/identity/organisations", {"name_zh": "江澜电芯"})
    assert likely.status_code == 409
    assert [one["grade"] for one in likely.json["candidates"]] == ["likely"]
    assert "E01" in likely.json["reasons"][0]["message"]
    assert api.post("/identity/organisations", {"name_zh": "江澜电芯", "another": True}).status_code == 201
    elsewhere = api.post("/identity/organisations", {"name_zh": "杭州江澜电芯有限公司", "another": True})
    assert elsewhere.status_code == 201
    assert {one["grade"] for one in elsewhere.json["similar"]} == {"similar"}


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("123", "credit_code_length"),
        (code_number(1)[:-1] + "?", "credit_code_length"),
        ("9132050OMA00000010", "credit_code_letters"),
    ],
)
def test_a_wrong_code_says_what_is_wrong(park: Park, code: str, reason: str) -> None:
    park.staff()
    answer = park.api("park").post("/identity/organisations", {"name_zh": "甲", "credit_code": code})
    assert answer.status_code == 422
    assert [one["code"] for one in answer.json["reasons"]] == [reason]


def test_a_wrong_digit_is_refused_on_the_page_and_nothing_typed_is_lost(park: Park) -> None:
    park.staff()
    sound = code_number(1)
    wrong = sound[:-1] + ("0" if sound[-1] != "0" else "1")
    data = {"kind": "bank", "name_zh": "甲银行", "credit_code": wrong, "contact": "王", "first_name": "王"}
    page = park.browse("park").post("/identity/organisations/new", data=data)
    assert page.status_code == 422
    assert "校验位" in page.text
    assert 'value="甲银行"' in page.text
    wide = "".join(chr(ord(one) + 0xFEE0) for one in sound[:4]) + " " + sound[4:].lower()
    page = park.browse("park").post("/identity/organisations/new", data={**data, "credit_code": wide})
    assert page.status_code == 303, "full width, blanks and small letters do not matter"


def test_who_has_members_invites_them_itself(park: Park) -> None:
    park.staff()
    firm, other = park.firm("E01", name_zh="甲电芯"), park.organisation("E02", name_zh="乙隔膜")
    with park.app.app_context():
        from app.hall.db.base import db

        db.session.execute(db.text("UPDATE member SET email = 'e01@firm.example' WHERE login = 'e01'"))
        db.session.commit()
    api = park.api("park")
    refused = api.post("/identity/organisations/E01/administrator", {"name": "李"})
    assert (refused.status_code, refused.json["reasons"][0]["code"]) == (409, "organisation_has_members")
    elsewhere = api.post(
        "/identity/organisations/E02/administrator", {"name": "李", "email": "E01@firm.example"}
    )
    assert (elsewhere.status_code, elsewhere.json["reasons"][0]["code"]) == (409, "belongs_elsewhere")
    one = api.post("/identity/organisations/E02/administrator", {"name": "李"}).json["invitation"]["url"]
    two = api.post("/identity/organisations/E02/administrator", {"name": "李"}).json["invitation"]["url"]
    assert accept(park, one, "li") == 404, "an earlier link ends with the next one"
    assert accept(park, two, "li") == 303
    assert api.post("/identity/organisations/E99/administrator", {"name": "李"}).status_code == 404
    page = park.browse("investment").get(f"/identity/organisations/{firm}").text
    assert f"/identity/organisations/{firm}/administrator" not in page
    page = park.browse("investment").get(f"/identity/organisations/{other}").text
    assert f"/identity/organisations/{other}/administrator" not in page


def test_an_institute_applies_by_itself_and_follows_its_number(park: Park) -> None:
    park.staff()
    data = {
        "kind": "institute",
        "name_zh": "潮间带研究院",
        "name_en": "",
        "credit_code": code_number(5),
        "industry": "",
        "size": "",
        "applicant": "岑新",
        "email": "cen@inst.example",
        "phone": "",
        "login": "inst",
        "password": PASSWORD,
        "again": PASSWORD,
        "consent": "y",
    }
    visitor = park.app.test_client()
    assert visitor.post("/identity/register", data=data).status_code == 303
    number = re.search(r"(\d+-[A-Z0-9]{10})", visitor.get("/identity/registered").text)
    assert number is not None
    assert "待审批" in visitor.get(f"/identity/application?number={number[1]}").text
    assert visitor.get(f"/identity/application?number={number[1][:-1]}0").status_code == 404
    waiting = park.api("park").get("/identity/organisations", status="pending").json["items"]
    assert [one["kind"] for one in waiting] == ["institute"]
    url = f"/identity/registrations/{waiting[0]['id']}"
    park.browse("park").post(url, data={"decision": "reject", "reason": "材料不全"})
    assert "材料不全" in visitor.get(f"/identity/application?number={number[1]}").text
    firm = park.app.test_client().post(
        "/identity/register", data={**data, "kind": "enterprise", "credit_code": code_number(6)}
    )
    assert firm.status_code == 422, "a firm says its industry and size"


def test_investment_is_offered_firms_only_on_the_page(park: Park) -> None:
    park.staff()
    page = park.browse("investment").get("/identity/organisations/new").text
    assert '<option value="enterprise">' in page
    assert '<option value="bank">' not in page
    assert '<option value="bank">' in park.browse("park").get("/identity/organisations/new").text
