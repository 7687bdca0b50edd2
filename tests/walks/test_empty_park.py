"""A park is founded empty and lives a day later: organisations, starter rules, departments, a landing, a joining, a leaving."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.hall import clock
from app.hall.text.official_numbers import check_letter
from app.identity.leaving.service import let_go
from tests.chain.folders import write
from tests.chain.test_room import bring_in
from tests.factories import Api, Park
from tests.walks.credits_words import balance, earn
from tests.walks.founded import FOUND, PASSWORD

PARTNERS = ("university", "institute", "association", "bank", "government")
WEEKDAY = {"from": "09:00", "to": "17:00"}


class Empty:
    """The founded park, and everybody who came in by a link."""

    def __init__(self, app: Flask) -> None:
        self.park = Park(app)
        found = app.test_cli_runner().invoke(args=FOUND)
        assert found.exit_code == 0, found.output
        secret = re.search(r"/identity/reset/(\S+)", found.output)
        assert secret is not None, found.output
        self.enter(f"/identity/reset/{secret[1]}", {"password": PASSWORD, "again": PASSWORD})

    def enter(self, url: str, data: dict[str, str]) -> None:
        path = re.sub(r"^https?://[^/]+", "", url)
        answer = self.park.app.test_client().post(path, data=data)
        assert answer.status_code == 303, answer.text

    def accept(self, url: str, login: str) -> Api:
        self.enter(url, {"name": login, "login": login, "password": PASSWORD, "again": PASSWORD})
        return self.park.api(login)

    def colleague(self, login: str, *roles: str) -> Api:
        """Somebody of the park's staff whom the founder invites."""
        page: FlaskClient = self.park.browse("founder")
        page.post("/identity/members/invite", data={"name": login, "email": "", "roles": list(roles)})
        link = re.search(
            r'value="http://[^/"]+(/identity/invitation/[^"]+)"', page.get("/identity/members").text
        )
        assert link is not None
        return self.accept(link[1], login)


@pytest.fixture
def empty(app: Flask) -> Iterator[Empty]:
    yield Empty(app)


def code(number: int) -> str:
    first = f"91320500MA{number:07d}"
    return first + check_letter(first)


def bring(api: Api, number: int, **body: object) -> dict[str, str]:
    """An organisation with its first administrator; answers its code and the link."""
    answer = api.post(
        "/identity/organisations", {"credit_code": code(number), "administrator": {"name": "首任"}, **body}
    )
    assert answer.status_code == 201, answer.text
    return {"code": answer.json["code"], "url": answer.json["invitation"]["url"]}


def test_an_empty_park_moves_in(empty: Empty, tmp_path: Path) -> None:
    park = empty.park
    assert park.api("founder").get("/identity/organisations").json["total"] == 1
    one = empty.colleague("one", "park_admin")
    two = empty.colleague("two", "park_admin", "credit_reviewer", "department_head")
    staff = empty.colleague("investment", "investment_staff")

    # Starter rules in one act of two people; one line is struck out.
    offered = [line["key"] for line in one.get("/identity/starter").json["items"]]
    assert "earn_rule:invention_patent" in offered
    proposed = one.post("/identity/starter", {"strike": ["earn_rule:standard_led"]}).json
    assert one.post(f"/identity/starter/{proposed['id']}/decide", {"agree": True}).status_code == 403
    assert two.post(f"/identity/starter/{proposed['id']}/decide", {"agree": True}).json["state"] == "in_force"
    left = [line["key"] for line in one.get("/identity/starter").json["items"]]
    assert left == ["earn_rule:standard_led"]

    # A department with its head.
    page = park.browse("one")
    page.post("/identity/departments", data={"code": "service", "name_zh": "企业服务部", "name_en": ""})
    head = two.get("/identity/me").json["id"]
    duty = {
        "kind": "head",
        "member_id": head,
        "department_id": "1",
        "instead_of_id": "0",
        "from_on": clock.today().isoformat(),
    }
    assert page.post("/identity/duties", data=duty).status_code == 303

    # Five organisations and twenty firms with their administrators.
    for number, kind in enumerate(PARTNERS):
        bring(one, 900 + number, kind=kind, name_zh=f"白洲{number}号{kind}")
    firms = [bring(staff, number, name_zh=f"白洲{name}制造有限公司") for number, name in enumerate(NAMES)]
    assert one.get("/identity/organisations", kind="enterprise").json["total"] == 20
    seller = empty.accept(firms[0]["url"], "seller")

    # A chain, and a prospect who lands and signs in.
    write(
        tmp_path / "chain",
        segments=[("yarn", "纱线", "Yarn", ""), ("fabric", "面料", "Fabric", "")],
        inputs=[("yarn", "fabric", 0.5)],
        positions=[(firms[0]["code"], "", "yarn", 5000, "yes"), (firms[1]["code"], "", "fabric", 800, "yes")],
    )
    bring_in(park, tmp_path / "chain", chain="+", new_code="textile", new_name="纺织")
    data = {"name": "东织科技", "segment": "fabric", "output": "4000", "chain": "textile"}
    assert park.browse("investment").post("/chain/prospects", data=data).status_code == 303
    for state in ("contacted", "visited", "negotiating", "signed"):
        staff.post("/chain/prospects/P01/move", {"state": state})
    landing = {"state": "landed", "credit_code": code(500), "contact": "王", "administrator": {"name": "王"}}
    landed = staff.post("/chain/prospects/P01/move", landing).json
    weaver = empty.accept(landed["invitation"]["url"], "weaver")

    # It finds a supplier, books, claims and redeems.
    suppliers = weaver.get(f"/chain/enterprises/{landed['organisation']}/matches", side="suppliers").json[
        "items"
    ]
    assert suppliers[0]["segment"] == "yarn", "masked until both say yes"
    loom = seller.post(
        "/sharing/resources",
        {
            "kind": "equipment",
            "name": "拉力机",
            "price_fen_per_hour": 5000,
            "approval": "automatic",
            "opening": [{"weekday": day, **WEEKDAY} for day in range(1, 8)],
        },
    ).json
    start = clock.at(clock.today() + dt.timedelta(days=2), 10)
    wish = {
        "resource": loom["id"],
        "start": start.isoformat(),
        "end": (start + dt.timedelta(hours=2)).isoformat(),
        "purpose": "试样",
    }
    assert weaver.post("/sharing/bookings", wish).status_code == 201
    for number in ("202610123451.7", "202610123452.1"):
        earn(weaver, two, "invention_patent", "patent_no", f"ZL{number}")
    assert balance(weaver) == (200, 0)
    redeemed = weaver.post("/credits/redemptions", {"reward": "meeting_room_day", "quantity": 1}).json
    two.post(f"/credits/redemptions/{redeemed['id']}/approve")
    two.post(f"/credits/redemptions/{redeemed['id']}/fulfil", {"reference": "A1"})
    assert balance(weaver) == (160, 0)

    # It is renamed; another row of it is joined; a firm leaves, and the chain shows the hole.
    weaver.post(f"/identity/organisations/{landed['organisation']}/facts", {"name_zh": "东方织造"})
    change = one.get("/identity/changes").json["items"][0]
    assert one.post(f"/identity/changes/{change['id']}/decide", {"agree": True}).json["state"] == "in_force"
    found = one.get("/identity/organisations", q="东织科技").json["items"]
    assert [row["name_zh"] for row in found] == ["东方织造"]
    twin = one.post("/identity/organisations", {"name_zh": "东方织造有限公司", "another": True}).json["code"]
    assert (
        one.post(
            f"/identity/organisations/{twin}/join", {"into": landed["organisation"], "reason": "同一家"}
        ).status_code
        == 201
    )
    before = staff.get("/chain/segments", chain="textile").json["total_shortfall_wan"]
    last = clock.today() + dt.timedelta(days=1)
    told = one.post(
        f"/identity/organisations/{firms[0]['code']}/leave", {"day": last.isoformat(), "reason": "搬迁"}
    ).json
    assert any("缺口" in line["happens"] for line in told["open"]), "the hole is shown before it happens"
    with clock.frozen(clock.at(last, 9)), park.app.app_context():
        let_go()
    assert staff.get("/chain/segments", chain="textile").json["total_shortfall_wan"] > before
    booking = weaver.get("/sharing/bookings").json["items"][0]
    assert booking["state"] == "cancelled", "its instrument is closed, the holder is told"
    for path in (
        "/identity/organisations",
        "/identity/starter",
        "/identity/changes",
        "/identity/departments",
    ):
        assert page.get(path).status_code == 200, path
    assert park.app.test_cli_runner().invoke(args=["credits", "audit"]).exit_code == 0


NAMES = (
    "青岚",
    "赤松",
    "云杉",
    "石榴",
    "海桐",
    "银杏",
    "丹桂",
    "白桦",
    "木棉",
    "紫荆",
    "翠柏",
    "黄杨",
    "红枫",
    "乌桕",
    "香樟",
    "梧桐",
    "合欢",
    "女贞",
    "苦楝",
    "水杉",
)
