"""A redeemed venue is a place of one's own for so many days; the same place is never given twice."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from app.credits.rewards.models import VenueDay
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from tests.credits.conftest import CreditsPark

NOON = dt.datetime(2026, 1, 31, 4, tzinfo=dt.UTC)


@pytest.fixture
def offices(credits_park: CreditsPark) -> CreditsPark:
    park = credits_park
    park.firm("E02")
    with clock.frozen(NOON):
        place = {"months": 1, "place": "孵化楼"}
        park.reward("office_month", 60, category="space", fulfilment="venue", fulfilment_params=place)
        for login in ("e01", "e02"):
            for number in range(2):
                park.earn(login, "invention_patent", f"{login} CN{number}")
    return park


def fulfil(park: CreditsPark, login: str, quantity: int = 1, **said: Any) -> Any:
    wish = park.api(login).post("/credits/redemptions", {"reward": "office_month", "quantity": quantity}).json
    park.api("park").post(f"/credits/redemptions/{wish['id']}/approve")
    return park.api("park").post(f"/credits/redemptions/{wish['id']}/fulfil", said)


def test_the_first_free_place_until_it_is_free_again(offices: CreditsPark) -> None:
    with clock.frozen(NOON):
        # 31 January and one month: until the end of February, which has 28 days.
        assert fulfil(offices, "e01").json["reference"] == "孵化楼 01 · 2026-01-31 – 2026-02-27"
        assert fulfil(offices, "e02", 2).json["reference"] == "孵化楼 02、孵化楼 03 · 2026-01-31 – 2026-02-27"
        own = offices.api("e01").get("/credits/venues").json
        assert own["items"] == [
            {
                "place": "孵化楼 01",
                "enterprise": "E01",
                "redemption": 1,
                "first_on": "2026-01-31",
                "last_on": "2026-02-27",
            }
        ]
        assert offices.api("park").get("/credits/venues").json["total"] == 3
        assert "孵化楼 03" in offices.browse("park").get("/credits/venues").get_data(as_text=True)
        assert offices.browse("e01").get("/credits/venues").status_code == 403
        later = fulfil(offices, "e01", starts_on="2026-02-28").json
        assert later["reference"] == "孵化楼 01 · 2026-02-28 – 2026-03-27"


def test_a_taken_place_is_refused_and_the_credits_stay_held(offices: CreditsPark) -> None:
    with clock.frozen(NOON):
        assert fulfil(offices, "e01", reference="3 号楼 502").status_code == 200
        refused = fulfil(offices, "e02", reference="3 号楼 502", starts_on="2026-02-27")
        assert refused.status_code == 409 and "2026-02-27" in refused.json["detail"]
        assert offices.balance("e02") == (140, 60)
        for said in ({"starts_on": "2026-01-30"}, {"reference": "甲、乙"}):
            path = "/credits/redemptions/2/fulfil"
            assert offices.api("park").post(path, said).status_code == 422
        assert offices.balance("e02") == (140, 60)
        page = offices.browse("park").post(
            "/credits/redemptions/2/fulfil", data={"reference": "3 号楼 503", "starts_on": "2026-02-02"}
        )
        assert page.status_code == 303
        assert offices.balance("e02") == (140, 0)
        with offices.app.app_context(), pytest.raises(sa.exc.IntegrityError), transaction():
            db.session.add(VenueDay(place="3 号楼 502", day=dt.date(2026, 2, 1), redemption_id=2))
            db.session.flush()
        assert offices.audit().exit_code == 0
