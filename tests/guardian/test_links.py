"""Secrets of feeds and of experts' links: hashed at rest, over on their day, ended with the password that opened them."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import Base, db
from app.hall.db.transaction import transaction
from app.identity.sessions.passwords import DEMO_PASSWORD
from app.sharing.bookings.feeds import create_feed
from app.sharing.catalogue.models import Resource, Talent
from app.sharing.lending.placements import CONSENT_DAYS
from tests.factories import Park

NEW = "three blind mice run"


def everything(park: Park) -> str:
    """What a thief of the database reads."""
    with park.app.app_context():
        tables = Base.metadata.sorted_tables
        return "\n".join(
            str(dict(row._mapping)) for one in tables for row in db.session.execute(sa.select(one))
        )


def feed_of(park: Park, login: str) -> str:
    with park.app.app_context():
        return create_feed(park.actor(login))


def opens(park: Park, secret: str) -> int:
    return park.app.test_client().get(f"/sharing/feeds/{secret}.ics").status_code


def test_a_feed_is_kept_as_a_hash_and_ends_after_a_year(park: Park) -> None:
    park.firm("E01")
    begun = clock.now()
    secret = feed_of(park, "e01")
    assert secret not in everything(park)
    for days, status in ((0, 200), (364, 200), (366, 404)):
        with clock.frozen(begun + dt.timedelta(days=days)):
            assert opens(park, secret) == status


@pytest.mark.parametrize(("keep", "status"), [("", 404), ("y", 200)])
def test_a_new_password_ends_feeds_unless_they_are_kept(park: Park, keep: str, status: int) -> None:
    park.firm("E01")
    secret = feed_of(park, "e01")
    data = {"current": DEMO_PASSWORD, "password": NEW, "again": NEW} | ({"keep": keep} if keep else {})
    assert park.browse("e01").post("/identity/security", data=data).status_code == 303
    assert opens(park, secret) == status


def test_an_experts_link_is_kept_as_a_hash_and_ends_after_two_months(park: Park) -> None:
    park.firm("E01")
    park.firm("E02")
    with park.app.app_context(), transaction() as session:
        now = clock.now()
        owner = park.actor("e01").organisation_id
        resource = Resource(kind="talent", owner_id=owner, name="焊接专家", updated_at=now, created_at=now)
        session.add(resource)
        session.flush()
        number = resource.id
        session.add(Talent(resource_id=number, person_name="白灵", contact="办公室"))
    today = clock.today()
    wish = {
        "resource": number,
        "days": 3,
        "purpose": "诊断",
        "starts_on": (today + dt.timedelta(days=80)).isoformat(),
        "ends_on": (today + dt.timedelta(days=100)).isoformat(),
    }
    asked = park.api("e02").post("/sharing/placements", wish).json
    path = park.api("e01").post(f"/sharing/placements/{asked['id']}/consent-link").json["path"]
    assert path.rsplit("/", 1)[1] not in everything(park)
    stranger = park.app.test_client()
    assert stranger.get(path).status_code == 200
    with clock.frozen(clock.now() + CONSENT_DAYS + dt.timedelta(hours=1)):
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, data={"answer": "yes"}).status_code == 404
