"""A park's register of firms moves in from the sheet it has: nobody twice, no row lost without a word, all taken back."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from flask_babel import force_locale

from app.hall.text.official_numbers import check_letter
from app.identity.organisations.words import INDUSTRY_NAMES, SIZE_NAMES
from app.identity.register.columns import FIRMS
from tests.factories import Park
from tests.hall.tables import book

HEADS = [
    "序号",
    "企业名称",
    "统一社会信用代码",
    "规模",
    "行业",
    "楼宇",
    "房间",
    "联系人",
    "电话",
    "首位管理员",
    "管理员邮箱",
]


def code_of(number: int) -> str:
    first = f"91320500MA{number:07d}"
    return first + check_letter(first)


ROWS = [
    ["某某园区企业名册"],
    ["填报日期：2026年11月"],
    HEADS,
    [
        1,
        "苏州江澜电芯有限公司",
        code_of(1),
        "小型",
        "新材料",
        "3号楼",
        "B201",
        "王敏",
        13800000001,
        "王敏",
        "wang@a.example",
    ],
    [
        2,
        "昆山白鹭正极材料有限公司",
        code_of(2),
        "中型企业",
        "新能源电池",
        None,
        "B202",
        "李",
        "0512-1",
        None,
        None,
    ],
    ["合计", "2家"],
    ["注：截至十一月"],
]


def send(browser: Any, data: bytes, name: str = "名册.xlsx") -> Any:
    return browser.post(
        "/sheets/firms", data={"file": (io.BytesIO(data), name)}, content_type="multipart/form-data"
    )


def csv(*rows: str) -> bytes:
    return "\n".join(rows).encode("gb18030")


def firms(park: Park) -> dict[str, dict[str, Any]]:
    found = park.api("park").get("/identity/organisations", kind="enterprise").json["items"]
    return {one["code"]: one for one in found}


@pytest.fixture
def browser(park: Park) -> Any:
    park.staff()
    return park.browse("park")


def test_a_register_moves_in_and_out_again(park: Park, browser: Any) -> None:
    looked = send(browser, book(("说明", [["请看下一页"]]), ("名册", ROWS), merged=("F4:F5",)))
    page = browser.get(looked.location).text
    assert "新增 2 · 变更 0 · 不变 0" in page
    assert all(word in page for word in ("序号", "某某园区企业名册", "合计 2家", "注：截至十一月", "说明"))
    assert firms(park) == {}, "nothing is written before somebody says so"
    assert browser.post(f"{looked.location}/apply").status_code == 303
    assert {code: one["name_zh"] for code, one in firms(park).items()} == {
        "E01": "苏州江澜电芯有限公司",
        "E02": "昆山白鹭正极材料有限公司",
    }
    organisation = browser.get(f"/identity/organisations/{firm_id(browser, 'E01')}").text
    assert "已邀请王敏" in organisation, "an invitation waits; no password stood in the sheet"
    out = browser.get("/sheets/firms/export.xlsx?lang=en").data
    assert "不变 2" in browser.get(send(browser, out).location).text
    assert browser.post(f"{looked.location}/undo").status_code == 303
    assert firms(park) == {}
    again = send(browser, book(("名册", ROWS)))
    assert browser.post(f"{again.location}/discard").status_code == 303
    assert (browser.get(again.location).status_code, firms(park)) == (404, {})


def firm_id(browser: Any, code: str) -> int:
    page = browser.get(f"/identity/organisations?q={code}").text
    found = re.search(r"/identity/organisations/(\d+)", page)
    assert found
    return int(found[1])


def test_who_is_there_is_never_written_twice(park: Park, browser: Any) -> None:
    for number, name in enumerate(("苏州江澜电芯有限公司", "昆山白鹭正极材料有限公司"), 1):
        body = {"name_zh": name, "credit_code": code_of(number), "size": "small", "contact": "王"}
        assert park.api("park").post("/identity/organisations", body).status_code == 201
    looked = send(
        browser,
        csv(
            "企业名称,信用代码,联系人,电话,确是另一家",
            f"江澜储能有限公司,{code_of(1)},,0512-9,",  # the same code: renamed, its contact stays
            "江澜电芯,,,,",  # likely: stays out
            "白鹭正极材料,,,,是",  # somebody has looked: another one
            "昆山白鹭正极材料有限公司常熟分公司,,,,",  # a branch: in, and marked
        ),
        "名册.csv",
    )
    page = browser.get(looked.location).text
    assert "新增 2 · 变更 1 · 不变 0" in page
    assert "第 3 行没有读入" in page
    assert "很可能就是 苏州江澜电芯有限公司（E01）" in page
    assert "存疑 2" in page
    browser.post(f"{looked.location}/apply")
    there = firms(park)
    assert [there[code]["name_zh"] for code in sorted(there)] == [
        "江澜储能有限公司",
        "昆山白鹭正极材料有限公司",
        "白鹭正极材料",
        "昆山白鹭正极材料有限公司常熟分公司",
    ]
    exported = browser.get("/sheets/firms/export.xlsx").data
    browser.post(f"{looked.location}/undo")
    there = firms(park)
    assert [there[code]["name_zh"] for code in sorted(there)] == [
        "苏州江澜电芯有限公司",
        "昆山白鹭正极材料有限公司",
    ]
    assert "江澜储能" not in browser.get("/identity/organisations?q=江澜储能").text.partition("<tbody>")[2]
    assert "新增 1 · 变更 1" in browser.get(send(browser, exported).location).text


def test_every_fault_at_once_and_nothing_stored(park: Park, browser: Any) -> None:
    park.firm("E09")
    wrong = code_of(3)[:-1] + ("0" if code_of(3)[-1] != "0" else "1")
    rows = [
        ["企业名称", "统一社会信用代码", "规模", "成立日期", "首位管理员", "管理员邮箱", "编号"],
        ["甲一材料", 9.13205e17, "小型", None, None, None, None],
        ["乙二设备", wrong, "巨型", "2027/13/1", None, None, None],
        ["丙三电子", code_of(4), None, "2099-01-01", None, "x@y.example", None],
        ["丁四软件", code_of(4), None, None, "丁", "not an address", "park"],
        [None, code_of(5), None, None, None, None, None],
    ]
    answer = send(browser, book(("名册", rows)))
    assert answer.status_code == 422
    for row, words in (
        (2, "9.13205E+17"),
        (3, "校验位"),
        (3, "巨型"),
        (3, "2027/13/1"),
        (5, "not an address"),
        (6, "必填"),
    ):
        assert re.search(rf":{row}:[^<]*{re.escape(words)}", answer.text), (row, words)
    rows[1:] = [rows[3], [*rows[4][:5], "d@y.example", "PARK"]]
    answer = send(browser, book(("名册", rows)))
    for words in ("注册日期不能晚于今天", "请填写首位管理员的姓名", "机构编号 PARK 已被使用", "重复"):
        assert words in answer.text, words
    assert list(firms(park)) == ["E09"]
    assert "企业名称、" in send(browser, b"kind,title\nneed,abcd\n", "n.csv").text, "a sheet of another room"
    assert "写错了" in send(browser, csv("企业名称,统一社会信用码,楼宇", "甲,,1"), "n.csv").text


def test_a_firm_that_works_is_not_taken_back(park: Park, browser: Any) -> None:
    looked = send(browser, csv("企业名称,首位管理员", "甲一材料有限公司,王"), "n.csv").location
    browser.post(f"{looked}/apply")
    park.member("wang", firm_id(browser, "E01"), "enterprise_admin")
    assert browser.post(f"{looked}/undo").status_code == 409
    assert list(firms(park)) == ["E01"]
    page = browser.get(
        send(browser, csv("企业名称,首位管理员", "甲一材料有限公司,李"), "n.csv").location
    ).text
    assert "不变 1" in page
    assert "已有成员" in page
    assert park.browse("investment").get("/sheets/firms").status_code == 404


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sizes_and_industries_are_called_as_on_every_page(park: Park, lang: str) -> None:
    with park.app.test_request_context(), force_locale(lang):
        for name, words in (("size", SIZE_NAMES), ("industry", INDUSTRY_NAMES)):
            said = {one.code: one.en if lang == "en" else one.zh for one in FIRMS.column(name).choices}
            assert said == {code: str(word) for code, word in words.items()}
