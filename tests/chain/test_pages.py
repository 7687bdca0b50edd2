"""What officers see beside the map: what-if, changes, strength, scenarios, the list of firms."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.chain.alerts.rules import news
from tests.chain.folders import FIRMS, battery
from tests.chain.test_room import bring_in, upload
from tests.factories import Park


@pytest.fixture
def chain(park: Park, tmp_path: Path) -> Park:
    park.staff()
    for code, name, _segment, _output in FIRMS[:6]:
        park.firm(code, name_zh=name)
    bring_in(park, battery(tmp_path / "park", supply=[("E01", "E03", "cell", 10000)]))
    return park


def text_of(park: Park, path: str, login: str = "investment", lang: str = "zh") -> str:
    answer = park.browse(login, lang).get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def row(gap: float, mark: str) -> list[object]:
    return [gap, None, [], None, mark]


def test_news_of_two_snapshots() -> None:
    """A gap tells before fragility does; 5 % more is worse, 4 % more is not; new segments count from nothing."""
    before = {
        "a": row(0.0, "strong"),
        "b": row(100.0, "weak"),
        "c": row(100.0, "weak"),
        "d": row(100.0, "weak"),
        "e": row(0.0, "strong"),
        "f": row(0.0, "weak"),
        "g": [0.0, None, [], None],
    }
    now = {
        "a": row(5.0, "weak"),
        "b": row(0.0, "weak"),
        "c": row(106.0, "weak"),
        "d": row(104.0, "weak"),
        "e": row(0.0, "weak"),
        "f": row(0.0, "strong"),
        "g": row(0.0, "weak"),
        "h": row(7.0, "missing"),
    }
    assert news(before, now) == [
        ("a", "appeared", 0.0, 5.0),
        ("b", "relieved", 100.0, 0.0),
        ("c", "worsened", 100.0, 106.0),
        ("e", "fragile", 0.0, 0.0),
        ("f", "steady", 0.0, 0.0),
        ("h", "appeared", 0.0, 7.0),
    ]


def test_the_answer_of_a_what_if_alone(chain: Park) -> None:
    """3,000 more cathode from a firm typed by hand: 10,200 falls to 7,200; its own inputs open 1,650 and 750."""
    query = "name=新厂&segment=cathode&output=3000"
    page = text_of(chain, f"/chain/what-if/answer?{query}")
    assert "<html" not in page
    assert "12,640" in page  # 13,240 − 3,000 + 0.55 · 3,000 + 0.25 · 3,000
    assert "−600" in page
    assert "保存为情景" in page
    wrong = chain.browse("investment").get(
        "/chain/what-if/answer?leave=E77&name=甲&segment=cathode&output=-1"
    )
    assert wrong.status_code == 422
    assert chain.browse("e04").get("/chain/what-if/answer").status_code == 403
    assert "保存为情景" not in text_of(chain, f"/chain/what-if/answer?{query}", "auditor")


def test_one_supplier_less_is_told_though_no_gap_opens(chain: Park, tmp_path: Path) -> None:
    """Two of three firms go and the third makes up for it: nothing is short, but all hangs on one now."""
    folder = battery(tmp_path / "next")
    path = folder / "positions.csv"
    lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith(("E12,", "E13,"))]
    path.write_text("\n".join(lines).replace("casing,700", "casing,1800") + "\n", encoding="utf-8")
    client = chain.browse("investment")
    place = upload(client, folder, chain="battery").headers["Location"]
    preview = client.get(place).get_data(as_text=True)
    assert "缺口合计 13,240 → 13,240 万元" in preview
    assert "没有环节的缺口会变" in preview
    assert client.post(f"{place.split('?')[0]}/apply", data={"chain": "battery"}).status_code == 303
    assert "供给够用，但只靠一家" in text_of(chain, "/identity/notifications")
    page = text_of(chain, "/chain/changes")
    assert "/chain/segments/casing" in page
    assert "新出现" in page


def test_strength_can_be_searched_and_sorted(chain: Park) -> None:
    page = text_of(chain, "/chain/strength?sort=gap&desc=1")
    assert page.index("/segments/cathode") < page.index("/segments/precursor") < page.index("/segments/cell")
    assert "/segments/cell?" not in text_of(chain, "/chain/strength?q=cathode").split("<tbody>")[1]
    assert "清除筛选" in text_of(chain, "/chain/strength?q=nothing-like-it")
    assert "还没有地区参考数据" in page
    assert chain.browse("e04").get("/chain/strength").status_code == 403


def test_a_scenario_is_the_authors_until_it_is_shared(chain: Park) -> None:
    author, other = chain.browse("investment"), chain.browse("park")
    wish = {"chain": "battery", "title": "停一家", "leave": "E16"}
    assert author.post("/chain/scenarios", data=wish).status_code == 303
    assert "停一家" in author.get("/chain/scenarios").get_data(as_text=True)
    assert "停一家" not in other.get("/chain/scenarios").get_data(as_text=True)
    share = {"chain": "battery", "shared": "1"}
    assert other.post("/chain/scenarios/1/share", data=share).status_code == 404
    assert author.post("/chain/scenarios/1/share", data=share).status_code == 303
    assert "停一家" in other.get("/chain/scenarios").get_data(as_text=True)
    assert other.post("/chain/scenarios/1/share", data=share).status_code == 403


def test_the_list_of_firms_is_searched_and_shows_what_waits(chain: Park) -> None:
    page = text_of(chain, "/chain/my-matches?q=白鹭")
    assert "白鹭正极" in page
    assert "海岸负极" not in page
    firm = chain.browse("e04")
    position = (
        firm.get("/chain/firms/E04").get_data(as_text=True).split('name="position" value="')[1].split('"')[0]
    )
    data = {"position": position, "output_wan": "2100", "capacity_wan": "", "chain": "battery"}
    assert firm.post("/chain/firms/E04/corrections", data=data).status_code == 303
    assert "企业更正待确认" in text_of(chain, "/chain/my-matches")
