"""A list of patents or an event's attendance as claims: by the form's rules, used numbers named, withdrawn by undoing."""

from __future__ import annotations

import io
import re
from typing import Any

from tests.credits.conftest import CreditsPark
from tests.hall.tables import book


def send(browser: Any, data: bytes, name: str = "清单.xlsx") -> Any:
    return browser.post(
        "/sheets/claims", data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data"
    )


def states(park: CreditsPark) -> list[str]:
    items = park.api("e01").get("/credits/claims").json["items"]
    return sorted(one["state"] for one in items)


def test_a_list_of_patents(credits_park: CreditsPark) -> None:
    browser = credits_park.browse("e01")
    rows = [
        ["国家知识产权局授权清单"],
        ["序号", "事项", "授权公告日", "专利号", "专利名称", "是否提交"],
        [1, "invention_patent", "2026年3月1日", "ZL 2026 1 0000001.9", "一种电芯", "是"],
        [2, "invention_patent", "2026/3/2", "ZL202610000002", "一种隔膜", None],
        ["合计", 2],
    ]
    looked = send(browser, book(("清单", rows)))
    assert "新增 2 · 变更 0 · 不变 0" in browser.get(looked.location).text
    assert states(credits_park) == []
    assert browser.post(f"{looked.location}/apply").status_code == 303
    assert states(credits_park) == ["draft", "submitted"]
    for lang in ("zh", "en"):
        out = credits_park.browse("e01", lang).get("/sheets/claims/export.xlsx").data
        assert "不变 2" in browser.get(send(browser, out).location).text
    again = "规则,日期,专利号,说明\ninvention_patent,2026-03-02,2026 1 0000002,补充说明\n".encode("gb18030")
    changed = send(browser, again, "补充.csv").location
    assert "新增 0 · 变更 1" in browser.get(changed).text
    browser.post(f"{changed}/apply")
    assert browser.post(f"{changed}/undo").status_code == 303
    page = browser.get(looked.location).text
    assert "新增的申报将撤回" in page, "what undoing does is said before"
    undone = browser.post(f"{looked.location}/undo", follow_redirects=True).text
    assert "新增的申报将撤回" in undone
    assert "数据恢复原样" not in undone
    assert states(credits_park) == ["withdrawn", "withdrawn"]
    assert "新增 2" in browser.get(send(browser, book(("清单", rows))).location).text, (
        "the numbers are free again"
    )


def test_every_refusal_of_the_form_is_told_with_its_row(credits_park: CreditsPark) -> None:
    credits_park.rule("expo", 10, evidence_kind="event_no", cap_period="year", cap_claims=0, title_zh="参展")
    assert credits_park.claim("e01", "invention_patent", "ZL 2026 1 0000001.9").status_code == 200
    browser = credits_park.browse("e01")
    rows = [
        ["积分规则", "发生日期", "证明编号", "提交", "公开网址"],
        ["没有这条", "2026-03-01", "A-1", None, None],
        ["invention_patent", "2099-03-01", "ZL202610000003", None, None],
        ["invention_patent", "2026-03-01", "ZL 2026 1 0000004.9", None, None],
        ["invention_patent", "2019-03-01", "ZL202610000005", None, None],
        ["industry_event", "2026-03-01", "EV-1", "是", None],
        ["industry_event", "2026-03-01", "ev 1", None, None],
        ["invention_patent", "2026-03-01", "ZL 2026 1 0000001", None, None],
    ]
    answer = send(browser, book(("清单", rows)))
    assert answer.status_code == 422
    for row in range(2, 9):
        assert re.search(rf":{row}:", answer.text), row
    for row, words in ((2, "没有这条"), (4, "校验"), (7, "6"), (8, "已经提交|已提交")):
        assert re.search(rf":{row}:[^<]*(?:{words})", answer.text), (row, words)
    assert states(credits_park) == ["submitted"]
    assert credits_park.browse("reviewer").get("/sheets/claims").status_code == 404
