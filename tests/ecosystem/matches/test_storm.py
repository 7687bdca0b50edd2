"""Many at once: one pair is proposed once, two yeses open one introduction, nobody gets a 500."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.ecosystem.introductions.models import Introduction
from app.ecosystem.matches.models import Match
from app.hall.db.base import db
from tests.factories import Park

pytestmark = pytest.mark.storm


def test_posts_at_the_same_moment_are_matched_once(park: Park) -> None:
    park.trust_posts()
    for n in range(1, 7):
        park.firm(f"E0{n}")
    apis = [park.api(f"e0{n}") for n in range(1, 7)]
    jobs = [(api, kind) for api in apis for kind in ("needs", "offers")]

    def post(job: tuple[object, str]) -> int:
        api, kind = job
        body = {"title": "激光粒度检测服务", "tags": ["检测"], "description": "正极粉体粒度"}
        return int(api.post(f"/ecosystem/{kind}", body).status_code)  # type: ignore[attr-defined]

    with ThreadPoolExecutor(12) as pool:
        assert set(pool.map(post, jobs)) == {201}
    with park.app.app_context():
        rows = db.session.execute(
            db.select(Match.need_id, Match.offer_id, Match.need_organisation_id, Match.offer_organisation_id)
        ).all()
    pairs = Counter((need, offer) for need, offer, _, _ in rows)
    assert pairs and max(pairs.values()) == 1
    load = Counter(side for _, _, a, b in rows for side in (a, b))
    assert max(load.values()) <= 8


def test_both_say_yes_at_the_same_moment(park: Park) -> None:
    park.trust_posts()
    park.firm("E01")
    park.firm("E24")
    body = {"title": "激光粒度检测服务", "tags": ["检测"]}
    a, b = park.api("e01"), park.api("e24")
    a.post("/ecosystem/needs", body)
    b.post("/ecosystem/offers", body)
    match = a.get("/ecosystem/matches").json["items"][0]["id"]
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda api: api.post(f"/ecosystem/matches/{match}/accept").status_code, [a, b] * 4)
        )
    assert Counter(answers) == {200: 2, 409: 6}
    with park.app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Introduction)) == 1
