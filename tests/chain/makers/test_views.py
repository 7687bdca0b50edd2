"""Who makes it, as the investment staff asks: by page and by call, with the row that says so."""

from __future__ import annotations

from tests.factories import Park


def test_separator_finds_the_separator_firms_first_and_says_why(demo_park: Park) -> None:
    found = demo_park.api("investment").get("/chain/makers", q="锂电池隔膜").json["items"]
    assert {found[0]["code"], found[1]["code"]} == {"E07", "E08"}
    assert "隔膜" in found[0]["reason"]
    page = demo_park.browse("investment").get("/chain/makers?q=锂电池隔膜")
    assert page.status_code == 200
    assert found[0]["name"] in page.get_data(as_text=True)


def test_prospects_are_found_and_nonsense_is_not(demo_park: Park) -> None:
    api = demo_park.api("investment")
    assert any(maker["prospect"] for maker in api.get("/chain/makers", q="电池回收").json["items"])
    assert api.get("/chain/makers", q="☃").json["items"] == []
    assert api.get("/chain/makers", q="").status_code == 422


def test_it_is_for_the_park_only(demo_park: Park) -> None:
    assert demo_park.api("e01").get("/chain/makers", q="隔膜").status_code == 403
