"""A problem that names something is evidence there; a machine gets its order, a missing service becomes a need."""

from __future__ import annotations

import re

import sqlalchemy as sa

from app.ecosystem.signals.models import Signal
from app.hall import clock
from app.hall.db.base import db
from app.hall.jobs import deliver_outbox
from app.problems.reports.models import Problem
from app.upkeep.orders.models import WorkOrder
from tests.factories import Park
from tests.problems.team import Keeper, Team, codes
from tests.walks.test_05_all_reasons import at, next_weekday, spectrometer
from tests.walks.test_09_charged_time import book


def test_a_named_segment_hears_it_on_the_chain_and_on_the_gap_page(demo_park: Park) -> None:
    desk = demo_park.browse("investment")
    segment = re.findall(r"/chain/segments/([a-z_]+)\?", desk.get("/chain/weak-links?all=1").text)[-1]
    body = {"category": "chain", "text": "隔膜交期拖到七周", "segment": segment, "theme": "交期"}
    made = demo_park.api("e03").post("/problems", body)
    assert made.status_code == 201, made.text
    assert "隔膜交期拖到七周" in desk.get(f"/chain/segments/{segment}").text
    for page in (f"/ecosystem/gaps/{segment}", f"/ecosystem/signals?segment={segment}"):
        assert "隔膜交期拖到七周" in desk.get(page).text, page
    seen = demo_park.browse("park").get(f"/ecosystem/signals?segment={segment}").text
    assert f'href="/problems/{made.json["number"]}"' in seen  # the way back, for who may see the problem
    wrong = demo_park.api("e03").post("/problems", {**body, "segment": "nowhere"})
    assert wrong.status_code == 422 and wrong.json["reasons"][0]["code"] == "post_unknown_segment"


def _signals(team: Team) -> list[tuple[str, str | None, int | None, int | None]]:
    with team.park.app.app_context():
        rows = db.session.scalars(sa.select(Signal).order_by(Signal.id))
        return [(one.kind, one.source, one.resource_id, one.organisation_id) for one in rows]


def test_the_evidence_of_a_hidden_author_names_nobody_and_is_one_row(team: Team, keeper: Keeper) -> None:
    resource = spectrometer(team.api("e02"))
    made = team.report("e01", category="aircon", text="机房太热", resource=resource, visibility="park_only")
    team.do("desk", made["id"], "classify", {"class": "immediate"})
    team.do("desk", made["id"], "subject", {"resource": resource})
    assert _signals(team) == [("repair", f"problem:{made['id']}", resource, None)]
    assert team.do("desk", made["id"], "subject", {}, 422)["type"] == "urn:parklink:problem_subject_missing"
    assert keeper.kept[made["id"]]


def test_a_machine_to_mend_gets_one_order_and_its_calendar_closes(team: Team) -> None:
    resource = spectrometer(team.api("e02"))
    day = next_weekday(3)
    with clock.frozen(clock.at(day, 8)):
        team.park.firm("E09")
        held = book(team.park, "e09", resource, at(day, 10), at(day, 11))
        problem = team.assigned("power", "property", text="光谱仪通电后跳闸")
        refused = team.do("property", problem, "work-order", {}, 409)
        assert codes(refused) == ["names_no_machine"]
        team.do("property", problem, "subject", {"resource": resource})
        shown = team.do("property", problem, "work-order", {"stops": True})
        [order] = [one for one in shown["about"] if one["kind"] == "work_order"]
        assert (order["name"], order["state"], order["url"]) == ("光谱仪通电后跳闸", "due", "")
        again = team.do("property", problem, "work-order", {}, 409)
        assert codes(again) == ["mended_before"]
        assert team.api("e01").get(f"/problems/{problem}").json["about"][-1]["state"] == "due"
        with team.park.app.app_context():
            deliver_outbox()
        wish = {"resource": resource, "start": at(day, 15), "end": at(day, 16), "purpose": "测试"}
        assert team.api("e09").post("/sharing/bookings", wish).status_code == 409
        assert team.api("e09").get(f"/sharing/bookings/{held}").json["state"] == "cancelled"
        told = team.api("e09").get("/identity/notifications").json["items"]
        assert any("光谱仪" in one["text"] for one in told)
        [row] = team.api("e02").get("/upkeep/work-orders").json["items"]
        page = team.park.browse("e02").get(f"/upkeep/orders/{row['id']}").text
        assert (
            "光谱仪通电后跳闸" in page and "/problems/" not in page
        )  # its owner mends it and learns no number
    with clock.frozen(clock.at(day, 9)):
        done = team.api("e02").post(f"/upkeep/work-orders/{row['id']}/done", {"note": "换了保险"})
        assert done.status_code == 200, done.text
        assert team.api("e09").post("/sharing/bookings", wish).status_code == 201
        steps = [one.get("act") for one in team.api("property").get(f"/problems/{problem}").json["path"]]
        assert steps[-2:] == ["mend", "mended"]
    with team.park.app.app_context():
        source = db.session.scalar(sa.select(WorkOrder.source))
        assert source == f"problem:{problem}"


def test_a_service_nobody_offers_becomes_a_need_in_the_name_of_who_said_it(
    team: Team, keeper: Keeper
) -> None:
    named = team.assigned("other", "it", text="园区没有海外仓服务")
    shown = team.do("it", named, "need", {"title": "海外仓服务"})
    assert [one["kind"] for one in shown["about"]] == ["need"]
    [need] = team.api("e01").get("/ecosystem/needs", mine="true").json["items"]
    assert need["title"] == "海外仓服务"
    assert (
        f"/problems/{shown['number']}" in team.park.browse("e01").get(f"/ecosystem/posts/{need['id']}").text
    )
    assert codes(team.do("it", named, "need", {"title": "海外仓服务"}, 409)) == ["sought_before"]
    hidden = team.assigned("other", "it", text="没有夜间货运", visibility="park_only")
    made = team.do("it", hidden, "need", {"title": "夜间货运服务"})["about"][0]
    assert team.api("e01").get(f"/ecosystem/posts/{made['name'][1:]}").status_code == 404  # the park's own
    assert keeper.kept[hidden]


def test_what_was_said_at_the_old_place_is_a_problem_and_one_signal(team: Team) -> None:
    page = team.park.browse("e01").get("/ecosystem/signals/new?resource=7")
    assert (page.status_code, page.headers["Location"]) == (302, "/problems/report?resource=7")
    told = team.api("e01").post(
        "/ecosystem/signals", {"kind": "complaint", "text": "排队久", "tags": ["检测"]}
    )
    assert told.status_code == 201 and told.json["tags"] == ["检测"]
    [problem] = team.api("e01").get("/problems").json["items"]
    assert (problem["text"], problem["class"], problem["state"]) == ("排队久", "process", "registered")
    assert _signals(team) == [
        ("complaint", f"problem:{problem['id']}", None, team.park.actor("e01").organisation_id)
    ]
    visit = team.api("park").post(
        "/ecosystem/signals", {"kind": "visit", "text": "参观", "enterprise": "E01"}
    )
    assert visit.status_code == 201
    with team.park.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Problem)) == 1
