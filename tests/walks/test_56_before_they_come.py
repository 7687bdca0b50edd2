"""Story 56: a pack lists basics, neighbours, policies with what is unknown, ways to find people, instruments with their next free hour."""

from __future__ import annotations

import io
import re

from pypdf import PdfReader

from app.ecosystem import door as ecosystem
from app.hall import clock
from tests.factories import Park
from tests.policy.park import NOW, Policies, equal_conditions


def test_the_pack_of_a_newcomer_says_what_fits_and_what_is_still_unknown(park: Park) -> None:
    """Seven conditions are known of the firm; the second policy wants one fact more, the third fits nobody."""
    with clock.frozen(NOW):
        people = Policies(park)
        firm = people.firm("F1")
        people.publish(equal_conditions(7, "seven"))
        people.publish(equal_conditions(8, "eight"))
        people.publish(equal_conditions(9, "nine", mandatory=1))
        people.report(firm, **{f"a{n}": 1 for n in range(2, 8)}, a1=0)
        people.report(firm, a1=1)
        staff = park.api("investment")
        made = staff.post("/ecosystem/packs", {"name": "星汐", "industry": "ai", "enterprise": "F1"})
        assert made.status_code == 201, made.json
        contents = staff.get(f"/ecosystem/packs/{made.json['id']}").json["contents"]
        policies = [(one["title"], one["reason"]) for one in contents if one["kind"] == "policy"]
        assert [reason.startswith("已知条件全部满足，符合度 100.0") for _title, reason in policies] == [
            True,
            False,
            False,
        ]
        assert "还需知道：a8" in policies[1][1] and "a8" in policies[2][1] and "a9" in policies[2][1]
        with park.app.app_context():
            dates = [
                (one.title_zh, one.due_days)
                for one in ecosystem.milestones_of(park.actor("f1").organisation_id)
            ]
        assert dates == [("水电报装", 15), ("装修备案", 60), ("开业", 90)]
        unknown = staff.post("/ecosystem/packs", {"name": "无", "enterprise": "Z99"})
        assert unknown.status_code == 422 and "Z99" in unknown.text


def test_each_industry_is_told_its_own_basics_and_the_park_may_edit_them(park: Park) -> None:
    park.staff()
    staff = park.api("investment")
    for industry, basic, days in (
        ("culture", "版权绿色通道", 30),
        ("crossborder", "海外仓对接", 60),
        ("biotech", "环境影响评价", 90),
        ("nothing_known", "水电报装", 15),
    ):
        made = staff.post("/ecosystem/packs", {"name": "新企业", "industry": industry}).json["id"]
        contents = staff.get(f"/ecosystem/packs/{made}").json["contents"]
        basics = {one["title"]: one["due_days"] for one in contents if one["kind"] == "basic"}
        assert basics[basic] == days, industry
        assert any(one["kind"] == "recruiting" and one["due_days"] is None for one in contents)
    page = park.browse("investment")
    typed = {
        "code": "lowaltitude",
        "name_zh": "低空经济",
        "name_en": "Low-altitude economy",
        "resource_words": "风洞，振动",
        "offer_tags": "",
        "basics": "空域报备 | Airspace filing | 45\n航线 | Route | soon",
        "channels": "飞手培训班 | Pilot school",
    }
    refused = page.post("/ecosystem/packs/industries/new", data=typed)
    assert refused.status_code == 422
    kept = refused.get_data(as_text=True)
    assert "第 2 行的天数" in kept and "空域报备" in kept and "风洞" in kept
    good = typed | {"basics": "空域报备 | Airspace filing | 45"}
    assert page.post("/ecosystem/packs/industries/new", data=good).status_code == 303
    listed = {row["code"]: row for row in staff.get("/ecosystem/industry-packs").json["items"]}
    assert listed["lowaltitude"]["lines"] == [
        {"kind": "basic", "zh": "空域报备", "en": "Airspace filing", "due_days": 45},
        {"kind": "recruiting", "zh": "飞手培训班", "en": "Pilot school", "due_days": None},
    ]
    made = staff.post("/ecosystem/packs", {"name": "鸢飞", "industry": "lowaltitude"}).json["id"]
    contents = staff.get(f"/ecosystem/packs/{made}").json["contents"]
    assert [one["title"] for one in contents if one["kind"] in ("basic", "recruiting")] == [
        "空域报备",
        "飞手培训班",
    ]
    assert park.browse("auditor").get("/ecosystem/packs/industries").status_code == 200
    assert park.browse("auditor").get("/ecosystem/packs/industries/new").status_code == 403


def test_a_biotech_prospect_reads_when_an_instrument_is_free_next(demo_park: Park) -> None:
    staff = demo_park.browse("investment")
    made = staff.post(
        "/ecosystem/packs/new",
        data={"name": "新药企业", "prospect_id": "0", "industry": "biotech", "segment": "", "enterprise": ""},
    )
    assert made.status_code == 303, made.get_data(as_text=True)
    assert staff.post(f"{made.location}/share").status_code == 303
    link = re.findall(
        r'value="http://[^/]+(/ecosystem/welcome/[^"]+)"', staff.get(made.location).get_data(as_text=True)
    )[0]
    page = demo_park.app.test_client().get(link).get_data(as_text=True)
    for heading in ("开办事项", "可预约资源", "适用政策", "招聘渠道", "入驻权益"):
        assert heading in page, heading
    assert "最近空闲" in page
    paper = demo_park.app.test_client().get(f"{link}/pack.pdf")
    words = "".join(part.extract_text() for part in PdfReader(io.BytesIO(paper.data)).pages)
    assert "生物安全备案" in words and "园区季度招聘会" in words
