"""Scores nobody is asked for: a firm's verdict on its problem, the hours to the first answer (stories 36 and 43)."""

from __future__ import annotations

import datetime as dt

from app.hall import clock
from app.hall.jobs import deliver_outbox
from tests.factories import Park


def test_a_verdict_and_the_hours_to_the_answer_become_scores(demo_park: Park) -> None:
    park = demo_park
    start = clock.now()
    with clock.frozen(start):
        report = (
            park.api("e07").post("/problems", {"category": "lamp", "text": "门口的灯不亮", "place": 1}).json
        )
    desk, head = park.api("specialist"), park.api("property")
    with clock.frozen(start + dt.timedelta(hours=21)):  # 4 h or less 100, 72 h or more 0: 21 h is 75
        path = f"/problems/{report['id']}"
        desk.post(path + "/classify", {"class": "immediate"})
        body = {"departments": ["property"], "responsible": "property"}
        assert desk.post(path + "/assign", body).status_code == 200
        assert head.post(path + "/respond", {"text": "今晚更换。"}).status_code == 200
        assert head.post(path + "/progress", {"text": "已更换"}).status_code == 200
        assert head.post(path + "/resolve", {"text": "灯已更换。"}).status_code == 200
        assert park.api("e07").post(path + "/confirm", {"solved": "partly"}).json["score"] == 50
        with park.app.app_context():
            deliver_outbox()
        month = f"{clock.today():%Y-%m}"
        rows = park.api("vp").get("/insight/rows", figure=f"firm:E07:infrastructure:{month}").json["items"]
        assert {75.0, 50.0} <= {row["amount"] for row in rows}
