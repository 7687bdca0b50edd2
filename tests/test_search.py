"""Names are found by what people type: parts, full width, pinyin initials, one wrong character; and only by right."""

from __future__ import annotations

import random
import time

import pytest

from app.hall.rooms import Name
from app.hall.search.find import find
from app.hall.search.index import refresh, write
from app.hall.search.rules import initials
from tests.factories import Park

FIRMS = ("江澜电芯有限公司", "潮声生物科技有限公司", "光屿新能源有限公司", "Lake Battery Ltd")
TYPED = (
    ("江澜", [0]),
    ("江 澜", [0]),
    ("潮", [1]),
    ("jldx", [0]),
    ("JLDX", [0]),
    ("ＬＡＫＥ", [3]),
    ("光宇新能源", [2]),  # one wrong character
    ("e02", [2]),
    ("battery", [3]),
    ("钢铁", []),
    ("", []),
    ("%", []),
)


def names() -> list[Name]:
    return [
        Name("organisation", str(n), name, f"E{n:02}", f"/o/{n}", words=(f"E{n:02}",))
        for n, name in enumerate(FIRMS)
    ]


def test_names_are_found_as_people_type_them(park: Park) -> None:
    with park.app.app_context():
        write(names())
        for typed, found in TYPED:
            assert [one.url for one in find(typed, frozenset(), 0)] == [f"/o/{n}" for n in found], typed


def test_the_table_follows_what_the_rooms_say(park: Park) -> None:
    with park.app.app_context():
        assert write(names()) == 4
        assert write(names()) == 0
        changed = names()[1:]
        changed[0] = Name("organisation", "1", "潮声医药", "E01", "/o/1")
        assert write(changed) == 3  # one dropped, one dropped and written again
        assert find("江澜", frozenset(), 0) == []
        assert [one.title for one in find("潮声", frozenset(), 0)] == ["潮声医药"]


def test_only_who_may_know_finds_a_name(park: Park) -> None:
    park.staff()
    firm = park.firm("E01", name_zh="江澜电芯有限公司")
    park.firm("E02", name_zh="潮声生物有限公司")
    park.member("li", firm, "enterprise_member")
    with park.app.app_context():
        refresh()
    office, own, other = park.browse("park"), park.browse("e01"), park.browse("e02")
    assert "江澜电芯" in office.get("/identity/search?q=jldx").text
    assert "江澜电芯" not in other.get("/identity/search?q=江澜").text
    assert "/identity/members?q=li" in own.get("/identity/search?q=li 先生").text
    assert "/identity/members?q=li" not in other.get("/identity/search?q=li 先生").text
    assert "江澜电芯" in office.get("/identity/search?q=jldx", headers={"HX-Request": "true"}).text


def test_pages_and_actions_are_found_by_their_initials(park: Park) -> None:
    park.firm("E01")
    client = park.browse("e01")
    assert initials("我的预约") == "wdyy"
    assert "页面与操作" in client.get("/identity/search?q=wdyy").text
    assert "页面与操作" in client.get("/identity/search?q=报修").text
    assert "页面与操作" not in client.get("/identity/search?q=审计日志").text  # not a page of a firm


@pytest.mark.parametrize("backend", ["sqlite"])
def test_fifty_thousand_names_are_searched_within_a_tenth_of_a_second(park: Park) -> None:
    """Processor time, so that a busy machine decides nothing."""
    rng = random.Random(7)
    heads = "江河湖海山川云光星辰瑞祥金银铜铁博远宏达新晨创智联合华东西南北中天地安平长兴"
    trades = ("电芯", "材料", "生物", "仪器", "软件", "装备", "新能源", "光电")
    many = [
        Name("organisation", f"n{n}", "".join(rng.choices(heads, k=3)) + rng.choice(trades), "", f"/n/{n}")
        for n in range(50_000)
    ]
    with park.app.app_context():
        write([*many, *names()])
        for typed in ("江澜电芯", "jldx", "新能源", "光宇新能源", "公", "材料"):
            find(typed, frozenset(), 0)  # the first look also makes the statement
            begun = time.thread_time()
            found = find(typed, frozenset(), 0)
            assert time.thread_time() - begun < 0.1, typed
            assert found, typed
