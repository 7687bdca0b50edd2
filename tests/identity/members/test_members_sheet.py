"""A list of colleagues from a sheet: an invitation each, other roles for who is there, never the last administrator gone."""

from __future__ import annotations

import io
import re
from typing import Any

from tests.factories import Park
from tests.hall.tables import book

HEADS = ["姓名", "邮箱", "角色", "登录名"]


def send(browser: Any, data: bytes, name: str = "同事.xlsx") -> Any:
    return browser.post(
        "/sheets/members", data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data"
    )


def test_a_firm_brings_its_people_in(park: Park) -> None:
    firm = park.firm("E01")
    park.member("li.wei", firm, "enterprise_member")
    park.member("liwei", firm, "enterprise_member")
    browser = park.browse("e01")
    rows = [
        ["E01公司同事名单"],
        HEADS,
        ["李红", "hong@e01.example", "企业成员；设备管理员", None],
        ["王五", None, "企业成员", None],
        [None, None, "设备管理员", "li.wei"],
        ["合计", 3],
    ]
    rows[4][0] = "li.wei 先生"
    looked = send(browser, book(("名单", rows)))
    assert "新增 2 · 变更 1 · 不变 0" in browser.get(looked.location).text
    browser.post(f"{looked.location}/apply")
    page = browser.get("/identity/members").text
    assert page.count("等待接受的邀请") == 1
    assert all(name in page for name in ("李红", "hong@e01.example", "王五"))
    assert park.api("li.wei").get("/identity/me").json["roles"] == ["steward"]
    assert park.api("liwei").get("/identity/me").json["roles"] == ["enterprise_member"], "another login"
    for lang in ("zh", "en"):
        out = park.browse("e01", lang).get("/sheets/members/export.xlsx").data
        assert "不变 5" in browser.get(send(browser, out).location).text
    link = re.search(r"/identity/invitations/\d+/renew", page)
    assert link
    renewed = browser.post(link[0], follow_redirects=True).text
    secret = re.search(r"/identity/invitation/[^\"]+", renewed)
    assert secret
    assert park.app.test_client().get(secret[0]).status_code == 200
    assert browser.post(f"{looked.location}/undo").status_code == 303
    assert "等待接受的邀请" not in browser.get("/identity/members").text
    assert park.api("li.wei").get("/identity/me").json["roles"] == ["enterprise_member"]


def test_what_the_page_refuses_the_sheet_refuses_in_one_go(park: Park) -> None:
    park.staff()
    park.firm("E01")
    browser = park.browse("e01")
    rows = [
        HEADS,
        ["李红", "no address", "企业成员", None],
        ["王五", "a@b.example", "掌门人", None],
    ]
    text = send(browser, book(("名单", rows))).text
    assert "no address" in text
    rows = [
        [*HEADS, "单位编号"],
        ["李红", None, "掌门人", None, None],
        ["王五", None, "园区管理员", None, None],
        ["赵六", None, None, None, None],
        ["e01 先生", None, "企业成员", "e01", None],
        ["钱七", None, "企业成员", "qian", None],
        ["孙八", None, "企业成员", None, "PARK"],
        ["周九", None, "企业成员", None, None],
        ["周九", None, "企业成员", None, None],
    ]
    answer = send(browser, book(("名单", rows)))
    assert answer.status_code == 422
    for row, words in (
        (2, "没有角色“掌门人”"),
        (3, "不能授予"),
        (4, "请至少写一个角色"),
        (5, "最后一位管理员"),
        (6, "没有登录名 qian"),
        (7, "没有找到该机构"),
        (9, "周九"),
    ):
        assert re.search(rf":{row}:[^<]*{words}", answer.text), (row, words)
    assert "等待接受的邀请" not in browser.get("/identity/members").text


def test_the_park_invites_first_people_and_nobody_elses_colleagues(park: Park) -> None:
    park.staff()
    park.firm("E01")
    park.organisation("U01", "university")
    browser = park.browse("park")
    rows = [
        ["姓名", "角色", "单位编号"],
        ["陈", None, "U01"],
        ["林", "企业成员", "E01"],
        ["何", "审计员", None],
    ]
    looked = send(browser, book(("名单", rows)))
    page = browser.get(looked.location).text
    assert "新增 2 · 变更 0" in page
    assert "第 3 行没有读入" in page
    browser.post(f"{looked.location}/apply")
    found = park.api("park").get("/identity/organisations", kind="university").json["items"][0]
    assert "已邀请陈" in browser.get(f"/identity/organisations/{found['id']}").text
    assert park.browse("auditor").get("/sheets/members").status_code == 404
