"""The firm's own page: repairs, remarks, needs, policies and questionnaires in one, each firm its own."""

from __future__ import annotations

import re

import pytest

from app.hall import clock
from tests.factories import Park
from tests.voice.crew import Crew, at


def test_the_page_of_a_firm_carries_its_remarks_needs_policies_and_verdicts(crew: Crew) -> None:
    with clock.frozen(at("2026-11-02T10:00")):
        crew.team.report("e04", text="三楼灯不亮")
        crew.say("E04", "班车早高峰太挤", heard_on="2026-11-02")
        crew.say("E04", "悄悄说一句", heard_on="2026-11-02", visibility="park_only")
        need = {"title": "找一家做表面处理的伙伴", "draft": True}
        crew.post("e04", "/ecosystem/needs", need, 201)
        firm = crew.park.browse("e04")
        page = firm.get("/me").text
        assert "三楼灯不亮" in page and 'hx-get="/desk/sections"' in page
        part = firm.get("/desk/sections", headers={"HX-Request": "true"}).text
        assert re.findall(r"<h2>([^<]+)</h2>", part) == [
            "头几天",
            "我的诉求",
            "我的需求",
            "给我的政策",
            "等我评价",
        ]
        for said in (
            "班车早高峰太挤",
            "悄悄说一句",
            "找一家做表面处理的伙伴",
            "草稿",
            "现在没有符合的政策。",
        ):
            assert said in part
        assert "<h1>" not in part and "<h1>" in firm.get("/desk/sections").text
        english = crew.park.browse("e04", "en").get("/desk/sections").text
        assert re.findall(r"<h2>([^<]+)</h2>", english) == [
            "The first days",
            "What we said",
            "Our needs",
            "Policies for us",
            "Waiting for our verdict",
        ]
        other = crew.park.browse("e05").get("/desk/sections").text
        assert "班车" not in other and "悄悄" not in other and "表面处理" not in other
        for login in ("desk", "property", "keeper", "vp"):  # the park's people have their desk instead
            assert "pl-section-head" not in crew.park.browse(login).get("/desk/sections").text


@pytest.mark.parametrize("backend", ["sqlite"])
def test_the_demo_firm_reads_what_fits_what_waits_and_what_falls_due(demo_park: Park) -> None:
    part = demo_park.browse("e31").get("/desk/sections").text
    for said in (
        "维保记录都是手写的",
        "共享仪器券",
        "100.0%",
        "还差：",
        "食堂午餐",
        "匿名",
        "到期的设备",
        "数控带锯",
    ):
        assert said in part
