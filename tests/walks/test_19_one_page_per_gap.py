"""Story 19: one page per gap with everything that could fill it, each with its reason, and nothing unrelated."""

from __future__ import annotations

import re

from tests.factories import Park
from tests.walks.test_05_all_reasons import at, next_weekday, spectrometer

RELATED = {
    "equipment": "前驱体共沉淀反应釜",
    "patent": "前驱体窄粒径控制方法",
    "offer": "磷酸铁前驱体小批量代工",
}
UNRELATED = ("细胞冻存仪", "跨境包裹集货", "流式细胞仪", "海外仓", "版权")


def cards(page: str) -> dict[str, str]:
    """The cards of the page by their headings."""
    main = page[page.index("<main") :]
    return {re.sub(r"<.*", "", part).strip(): part for part in main.split("<h2>")[1:]}


def test_everything_that_could_fill_the_gap_and_nothing_else(demo_park: Park) -> None:
    owner, asking = demo_park.api("e28"), demo_park.api("e05")
    kettle = spectrometer(owner, name=RELATED["equipment"])
    spectrometer(owner, name="细胞冻存仪")
    patent = {"kind": "patent", "name": RELATED["patent"], "patent": {"number": "ZL202610077001.2"}}
    assert owner.post("/sharing/resources", patent).status_code == 201
    offer = {"title": RELATED["offer"], "description": "每月五吨，可试样。", "segment": "precursor"}
    assert owner.post("/ecosystem/offers", offer).json["state"] == "published"
    assert owner.post("/ecosystem/offers", {"title": "跨境包裹集货", "tags": ["跨境"]}).status_code == 201
    assert (
        asking.post("/ecosystem/needs", {"title": "前驱体包覆试验", "segment": "precursor"}).status_code
        == 201
    )
    sunday = next_weekday(7)
    for hour in (9, 12):  # two wishes of two hours that nobody could meet: it is closed on Sundays
        wish = {"resource": kettle, "start": at(sunday, hour), "end": at(sunday, hour + 2), "purpose": "试样"}
        assert asking.post("/sharing/bookings", wish).status_code == 409

    staff = demo_park.browse("investment")
    assert 'href="/ecosystem/gaps/precursor"' in staff.get("/ecosystem/gaps").get_data(as_text=True)
    page = staff.get("/ecosystem/gaps/precursor").get_data(as_text=True)
    found = cards(page)
    assert "循岛电池回收" in found["可引进企业"] and "可增加产出 3,000 万元" in found["可引进企业"]
    assert RELATED["equipment"] in found["闲置设备"] and "内容涉及：前驱体" in found["闲置设备"]
    assert RELATED["patent"] in found["可用专利"] and "内容涉及：前驱体" in found["可用专利"]
    assert RELATED["offer"] in found["企业供给"] and "正在「前驱体」环节" in found["企业供给"]
    assert "前驱体包覆试验" in found["需求证据"]
    assert "预约 2 次未能满足" in found["需求证据"] or "预约 2 次未满足，共 4 小时" in found["需求证据"]
    for word in UNRELATED:
        assert word not in page[page.index("<main") :], word
    # The recruiting list is not the secretary's, the page not the firms'.
    assert "循岛" not in demo_park.browse("secretary").get("/ecosystem/gaps/precursor").get_data(as_text=True)
    assert demo_park.browse("e28").get("/ecosystem/gaps/precursor").status_code == 403
