"""What is handed in can be checked: numbers with their check letter, scans, links; the desk goes on to the next."""

from __future__ import annotations

import datetime as dt
import io

import pytest

from app.credits.claims.proof import is_proven, settled_value
from app.hall import clock
from app.hall.errors import Invalid
from tests.pictures import png

# 2024 2 3456789: 2·2+0·3+2·4+4·5+2·6+3·7+4·8+5·9+6·2+7·3+8·4+9·5 = 252 = 22·11 + 10, hence X.


def test_a_missing_check_letter_is_computed_and_a_wrong_one_refused():
    assert settled_value("patent_no", " zl 2024 2 3456789 ") == "zl 2024 2 3456789.X"
    assert settled_value("patent_no", "ZL2024 2 3456789.x") == "ZL2024 2 3456789.x"
    assert settled_value("patent_no", "CN 214000123 U") == "CN 214000123 U"
    assert settled_value("event_no", "ZL 2024 2 3456789.1") == "ZL 2024 2 3456789.1"
    for wrong in ("ZL 2024 2 3456789.1", "２０２４２３４５６７８９０"):
        with pytest.raises(Invalid) as refused:
            settled_value("patent_no", wrong)
        assert (refused.value.code, refused.value.params["right"]) == ("patent_check_letter", "X")


@pytest.mark.parametrize(
    ("evidence", "files", "proven"),
    [
        ([("event_no", "随便写的")], 0, False),
        ([("event_no", "随便写的")], 1, True),
        ([("event_no", "沙龙"), ("url", "https://expo.example/2026?id=3")], 0, True),
        ([("url", "expo.example")], 0, False),
        ([("patent_no", "ZL 2024 2 3456789.X")], 0, True),
        ([("patent_no", "US 10,123,456 B2")], 0, False),
        ([("patent_no", "CN 214000123 U")], 0, True),
        ([("company_no", "91350100M000100Y43")], 0, True),
        ([("company_no", "9135")], 0, False),
    ],
)
def test_words_alone_prove_nothing(evidence, files, proven):
    assert is_proven(evidence, files) is proven


def test_the_form_refuses_words_alone_at_once_and_keeps_them(credits_park):
    firm = credits_park.browse("e01")
    form = {"occurred_on": clock.today().isoformat(), "number": "随便写的", "submit_now": "1"}
    path = "/credits/claims/new/industry_event"
    refused = firm.post(path, data=form)
    assert refused.status_code == 422
    assert "只凭文字不能证明" in refused.text and 'value="随便写的"' in refused.text
    assert credits_park.api("e01").get("/credits/claims").json["total"] == 0
    assert firm.post(path, data=form | {"files": (io.BytesIO(png(1, 1)), "签到表.png")}).status_code == 303
    patent = "/credits/claims/new/invention_patent"
    wrong = firm.post(patent, data=form | {"number": "ZL 2024 2 3456789.3"})
    assert wrong.status_code == 422 and "应为 X" in wrong.text
    done = firm.post(patent, data=form | {"number": "ZL 2024 2 3456789"})
    assert done.status_code == 303
    assert "ZL 2024 2 3456789.X" in firm.get(done.location).text


def test_after_a_decision_comes_the_one_that_waited_longest(credits_park):
    """Three claims of different days; the reviewer's own house is left out; the last decision leads to the list."""
    park = credits_park
    park.firm("E02")
    park.member("inside", park.actor("e02").organisation_id, "credit_reviewer")
    numbers = {}
    for back, login in ((7, "e02"), (5, "e01"), (3, "e02"), (0, "e01")):
        with clock.frozen(clock.now() - dt.timedelta(days=back)):
            value = f"ZL 2021 1 00000{back}1"
            numbers[back] = park.claim(login, "invention_patent", value).json["id"]
    desk = park.browse("inside")
    page = desk.get("/credits/review").text
    assert "已等待 7 天" in page and "已等待 3 天" in page
    assert "已等待 5 天" in desk.get(f"/credits/review/{numbers[5]}").text

    def decided(browser, back: int, decision: str) -> str:
        path = f"/credits/review/{numbers[back]}/{decision}"
        return browser.get(browser.post(path, data={"reason": "见附件"}).location).location

    assert decided(desk, 5, "approve").endswith(f"/credits/review/{numbers[0]}")
    assert decided(desk, 0, "reject").endswith("/credits/review")
    assert decided(park.browse("reviewer"), 3, "return").endswith(f"/credits/review/{numbers[7]}")
