"""Story 16 over HTTP: a prospect gets its pack by secret link, meets masked neighbours, leaves with 200 万元 of orders."""

from __future__ import annotations

import io
import re

import pytest

from app.ecosystem.introductions.models import Introduction
from app.ecosystem.packs import service as packs
from app.ecosystem.packs.models import PackItem, ServicePack
from app.ecosystem.packs.service import secret_of
from app.hall.db.base import db
from tests.factories import Park

OFFER = {"tags": ["检测"], "description": "粉体检测与分析"}


@pytest.fixture
def token(park: Park) -> str:
    """A shared pack for 循岛回收 with three offers of three firms in it."""
    park.staff()
    park.trust_posts()
    for n in (1, 2, 3):
        park.firm(f"E0{n}", name_zh=f"园内{'甲乙丙'[n - 1]}厂", name_en=f"Firm Number{n}")
        body = OFFER | {"title": f"粉体粒度检测服务{n}"}
        assert park.api(f"e0{n}").post("/ecosystem/offers", body).status_code == 201
    investment = park.browse("investment")
    made = investment.post(
        "/ecosystem/packs/new",
        data={"name": "循岛回收", "industry": "battery", "prospect_id": 0, "segment": ""},
    )
    assert made.status_code == 303, made.get_data(as_text=True)
    assert investment.post(f"{made.location}/share").status_code == 303
    with park.app.app_context():
        return secret_of(db.session.scalars(db.select(ServicePack)).one())


def items(park: Park) -> list[tuple[int, int]]:
    with park.app.app_context():
        rows = db.session.execute(
            db.select(PackItem.id, PackItem.organisation_id)
            .where(PackItem.organisation_id.is_not(None))
            .order_by(PackItem.id)
        )
        return [(a, b) for a, b in rows]


def test_three_introductions_bring_two_hundred(park: Park, token: str) -> None:
    stranger = park.app.test_client()
    page = stranger.get(f"/ecosystem/welcome/{token}")
    assert page.status_code == 200 and page.headers["Referrer-Policy"] == "no-referrer"
    for name in ("甲厂", "乙厂", "丙厂", "Firm Number", "E01"):
        assert name not in page.get_data(as_text=True)
    paper = stranger.get(f"/ecosystem/welcome/{token}/pack.pdf")
    assert paper.mimetype == "application/pdf"
    from pypdf import PdfReader

    words = "".join(p.extract_text() for p in PdfReader(io.BytesIO(paper.data)).pages)
    assert "循岛回收" in words and "粉体粒度检测服务1" in words and "甲厂" not in words

    for (item, _), login, amount in zip(items(park), ("e01", "e02", "e03"), (80, 70, 50), strict=True):
        assert stranger.post(f"/ecosystem/welcome/{token}/items/{item}/want").status_code == 303
        assert stranger.post(f"/ecosystem/welcome/{token}/items/{item}/want").status_code == 409
        firm = park.browse(login)
        asked = firm.get("/ecosystem/requests").get_data(as_text=True)
        assert "循岛" not in asked and "隐去名称" in asked
        assert park.browse("e02" if login == "e01" else "e01").post(
            f"/ecosystem/requests/{item}/agree"
        ).status_code in (404, 409)
        agreed = firm.post(f"/ecosystem/requests/{item}/agree")
        assert agreed.status_code == 303
        number = int(re.findall(r"\d+$", agreed.location)[0])
        api = park.api("investment")
        for to in ("met", "agreed", "delivering"):
            assert api.post(f"/ecosystem/introductions/{number}/move", {"to": to}).status_code == 200
        body = {"metric": "意向订单", "baseline": 0, "actual": amount, "unit": "万元", "period": "2026"}
        outcome = api.post(f"/ecosystem/introductions/{number}/outcomes", body).json
        assert "+200 万元" not in park.browse("investment").get("/ecosystem/packs").get_data(as_text=True)
        signed = park.api(login).post(f"/ecosystem/introductions/{number}/outcomes/{outcome['id']}/confirm")
        assert signed.status_code == 200, signed.json
    assert "+200 万元" in park.browse("investment").get("/ecosystem/packs").get_data(as_text=True)
    assert "甲厂" in stranger.get(f"/ecosystem/welcome/{token}").get_data(as_text=True)


def test_a_closed_link_opens_nothing(park: Park, token: str) -> None:
    stranger = park.app.test_client()
    assert stranger.get("/ecosystem/welcome/nonsense").status_code == 404
    assert park.browse("investment").post("/ecosystem/packs/1/withdraw").status_code == 303
    for path in ("", "/pack.pdf"):
        assert stranger.get(f"/ecosystem/welcome/{token}{path}").status_code == 404
    assert park.browse("e01").get("/ecosystem/packs/1").status_code == 403


def test_a_landed_prospect_takes_its_introductions_along(park: Park, token: str) -> None:

    (item, _), *_ = items(park)
    park.app.test_client().post(f"/ecosystem/welcome/{token}/items/{item}/want")
    park.browse("e01").post(f"/ecosystem/requests/{item}/agree")
    landed = park.firm("E39", name_zh="循岛回收")
    with park.app.app_context():
        from app.hall.db.transaction import transaction

        with transaction():
            db.session.execute(db.update(ServicePack).values(prospect_id=7))
        assert packs.take_along(7, landed) == 1
        assert packs.take_along(7, landed) == 0
        assert db.session.scalars(db.select(Introduction.asking_id)).one() == landed
    assert park.api("e39").get("/ecosystem/introductions").json["total"] == 1
