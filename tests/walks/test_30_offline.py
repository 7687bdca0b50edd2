"""Story 30, the server's half: what a phone wrote in a basement arrives once each, in whatever order."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.hall import clock
from app.hall.db.base import db
from tests.voice.crew import Crew, at
from tests.walks.seeds import SEEDS, draw_for


def send(page: FlaskClient, key: str, made_at: str, **body: Any) -> TestResponse:
    entry = {"key": key, "kind": "voice.remark", "title": "走访", "made_at": made_at, "body": body}
    return page.post("/offline/entries", data={"entry": json.dumps(entry)})


@pytest.mark.parametrize("seed", SEEDS)
def test_remarks_arrive_once_each_and_the_receipts_name_nobody(crew: Crew, seed: int) -> None:
    draw = draw_for(30, seed)
    count = draw.randrange(3, 6)
    hidden_one, skew = draw.randrange(count), draw.choice([-2, 2])
    order = draw.sample(range(count), count)
    sent = [*order, *draw.sample(order, 2)]  # some of them twice
    with clock.frozen(at("2026-11-02T08:00")):
        visit = crew.visit("E06", "2026-11-02")
    page = crew.park.browse("old")
    assert 'data-offline="voice.remark"' in page.get(f"/voice/visits/{visit}").text
    keys = [str(uuid.uuid4()) for _n in range(count)]
    for minute, n in enumerate(sent):
        key = keys[n]
        said = {
            "visit": str(visit),
            "text": f"第 {n} 句",
            "visibility": "park_only" if n == hidden_one else "named",
        }
        # the phone's clock is two hours fast, or slow: the server's moment counts
        with clock.frozen(at(f"2026-11-02T18:0{minute}")):
            answer = send(page, key, f"2026-11-02T{18 + skew}:00:00+08:00", **said)
            assert answer.status_code in (200, 201), answer.text
            assert answer.json is not None and answer.json["answer"] == {"next": f"/voice/visits/{visit}"}
    with clock.frozen(at("2026-11-02T18:10")):
        shown = crew.get("old", f"/voice/visits/{visit}")
        assert [one["text"] for one in shown["remarks"]] == [
            f"第 {n} 句" for n in [*(one for one in order if one != hidden_one), hidden_one]
        ]
        assert shown["state"] == "recorded"
        for one in shown["remarks"]:
            crew.post("old", f"/voice/feedback/{one['id']}/no-action", {"reason": "已当场说明"})
        crew.post("old", f"/voice/visits/{visit}/close")
        late = send(page, str(uuid.uuid4()), "2026-11-02T12:00:00+08:00", visit=str(visit), text="又想起一句")
        assert late.json is not None and late.json["state"] == "kept"
        quiet = {"visit": str(visit), "text": "悄悄话", "visibility": "park_only"}
        hidden = send(page, str(uuid.uuid4()), "2026-11-02T12:00:00+08:00", **quiet)
        assert hidden.status_code == 422
        # Too early for a visit of tomorrow: what was said by name is kept beside, the rest stays on the phone.
        tomorrow = str(crew.visit("E07", "2026-11-03"))
        early = send(page, str(uuid.uuid4()), "2026-11-02T12:00:00+08:00", visit=tomorrow, text="先说一句")
        assert early.json is not None and early.json["state"] == "kept"
        quiet["visit"] = tomorrow
        assert send(page, str(uuid.uuid4()), "2026-11-02T12:00:00+08:00", **quiet).status_code == 422
    with crew.park.app.app_context():
        kept = db.session.scalars(sa.text("SELECT body FROM offline_receipt WHERE state = 'kept'")).all()
        said = [(json.loads(one) if isinstance(one, str) else one)["text"] for one in kept]
        assert sorted(said) == ["先说一句", "又想起一句"]
