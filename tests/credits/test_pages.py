"""What people do on the pages: claim with a scan, review, redeem, decide with four eyes, take the statement home."""

from __future__ import annotations

import datetime as dt
import io
import re

import sqlalchemy as sa
from PIL import Image

from app.credits.ledger import expiry
from app.hall import clock
from app.hall.db.base import db
from tests.credits.conftest import CreditsPark


def _picture() -> bytes:
    """A small picture as a scanner makes it."""
    made = io.BytesIO()
    Image.new("RGB", (8, 8), "white").save(made, "PNG")
    return made.getvalue()


PNG = _picture()


def location(answer: object) -> str:
    return str(answer.headers["Location"])  # type: ignore[attr-defined]


def test_the_claim_wizard_with_a_scan_and_the_review(credits_park: CreditsPark) -> None:
    park = credits_park
    firm, reviewer = park.browse("e01"), park.browse("reviewer")
    assert "invention_patent" in firm.get("/credits/claims/new").get_data(as_text=True)
    form = {"occurred_on": clock.today().isoformat(), "number": "ZL 2023 1 0100001", "submit_now": "1"}
    refused = firm.post(
        "/credits/claims/new/invention_patent",
        data={**form, "note": "留着这句话", "files": (io.BytesIO(b"<script>alert(1)</script>"), "证书.pdf")},
    )
    assert refused.status_code == 422
    assert "留着这句话" in refused.get_data(as_text=True)  # what was typed stays, nothing was stored
    assert park.api("e01").get("/credits/claims").json["total"] == 0
    done = firm.post(
        "/credits/claims/new/invention_patent",
        data={**form, "files": (io.BytesIO(PNG), "../../etc/证书.PNG")},
    )
    assert done.status_code == 303
    claim_id = int(location(done).rsplit("/", 1)[-1])
    page = reviewer.get(f"/credits/review/{claim_id}").get_data(as_text=True)
    scan = re.search(rf"/credits/claims/{claim_id}/files/\d+", page)
    assert scan is not None
    picture = reviewer.get(scan[0])
    assert (picture.status_code, picture.data, picture.mimetype) == (200, PNG, "image/png")
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    park.firm("E02")
    assert park.browse("e02").get(scan[0]).status_code == 404
    assert park.browse("e02").get(f"/credits/claims/{claim_id}").status_code == 404
    assert firm.post(f"/credits/review/{claim_id}/approve").status_code == 403
    assert reviewer.post(f"/credits/review/{claim_id}/approve").status_code == 303
    assert park.balance("e01") == (100, 0)
    again = firm.post("/credits/claims/new/invention_patent", data={**form, "number": "ｚｌ　2023 1 0100001"})
    assert again.status_code == 409
    assert "ｚｌ" in again.get_data(as_text=True)


def test_a_double_click_is_one_redemption(credits_park: CreditsPark) -> None:
    park = credits_park
    for number in range(4):
        park.earn("e01", "invention_patent", f"CN{number}")
    firm = park.browse("e01")
    page = firm.get("/credits/rewards/university_support_20h").get_data(as_text=True)
    key = re.search(r'name="key"[^>]*value="(\w+)"', page)
    assert key is not None
    sent = [
        firm.post("/credits/rewards/university_support_20h", data={"quantity": "1", "key": key[1]})
        for _ in range(2)
    ]
    assert [one.status_code for one in sent] == [303, 303]
    assert location(sent[0]) == location(sent[1])
    assert park.balance("e01") == (250, 150)
    staff = park.browse("park")
    url = location(sent[0])
    assert staff.post(f"{url}/approve").status_code == 303
    assert staff.post(f"{url}/fulfil", data={"reference": "302 室"}).status_code == 303
    assert "302 室" in firm.get(url).get_data(as_text=True)
    refused = firm.post(
        "/credits/rewards/office_3_months", data={"quantity": "1", "note": "扩编", "key": "k2"}
    )
    assert refused.status_code == 409 and "扩编" in refused.get_data(as_text=True)


def test_the_statement_goes_home_as_pdf_and_excel(credits_park: CreditsPark) -> None:
    import openpyxl
    from pypdf import PdfReader

    park = credits_park
    park.earn("e01", "invention_patent", "CN1")
    park.earn("e01", "industry_event", "EV1", kind="event_no")
    firm = park.browse("e01")
    sheet = openpyxl.load_workbook(io.BytesIO(firm.get("/credits/statement.xlsx").data)).active
    assert [row[7].value for row in sheet.iter_rows(min_row=5)] == [100, 160]  # type: ignore[union-attr]
    text = PdfReader(io.BytesIO(firm.get("/credits/statement.pdf").data)).pages[0].extract_text()
    assert "创新积分对账单" in text and "+100" in text
    only = firm.get("/credits/statement?kind=used").get_data(as_text=True)
    assert "清除筛选" in only
    for odd in ("since=0001-01-01", "until=9999-12-31", "q=TR-²", "q=TR-99999999999999999999999"):
        assert firm.get(f"/credits/statement?{odd}").status_code == 200


def test_four_eyes_for_rules_rewards_and_corrections(credits_park: CreditsPark) -> None:
    park = credits_park
    park.earn("e01", "invention_patent", "CN1")
    proposer, other = park.browse("park"), park.browse("reviewer")
    sent = proposer.post(
        "/credits/adjustments/propose",
        data={"enterprise": "E01", "credits": "-30", "lifetime_days": "365", "reason": "重复入账"},
    )
    url = location(sent)
    assert proposer.post(f"{url}/approve").status_code == 403
    assert park.balance("e01") == (100, 0)
    assert other.post(f"{url}/reject").status_code == 422  # a reason is owed
    assert other.post(f"{url}/approve").status_code == 303
    assert park.balance("e01") == (70, 0)
    assert other.post(f"{url}/approve").status_code == 409
    assert "重复入账" in park.browse("e01").get("/credits/statement").get_data(as_text=True)
    assert park.browse("e01").get("/credits/proposals").status_code == 403
    auditor = park.browse("auditor")
    names = auditor.get("/credits/proposals").get_data(as_text=True)
    assert ">规则</a>" in names  # by name, not by code
    assert auditor.get(url).status_code == 200
    assert auditor.post(f"{url}/approve").status_code == 403
    assert park.audit().exit_code == 0


def test_warnings_30_and_7_days_before_once_each(credits_park: CreditsPark) -> None:
    park = credits_park
    park.rule("short", 50, lifetime_days=60)
    start = dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)
    with clock.frozen(start):
        park.earn("e01", "short", "CN1")
    sent = []
    for days in (10, 35, 36, 50, 55, 56, 61):
        with clock.frozen(start + dt.timedelta(days=days)), park.app.app_context():
            sent.append(expiry.warn_of_expiry())
            count = db.session.scalar(
                sa.text("SELECT count(*) FROM notification WHERE code = 'credits_expire_note'")
            )
    # 60 days of life: 25 left on day 35, 5 left on day 55
    assert sent == [0, 1, 0, 0, 1, 0, 0]
    assert count == 2


def test_a_closed_month_takes_nothing_more(credits_park: CreditsPark) -> None:
    park = credits_park
    park.rule("short", 50, lifetime_days=20)
    with clock.frozen(dt.datetime(2026, 3, 2, 4, tzinfo=dt.UTC)):
        park.earn("e01", "short", "CN1")
    with clock.frozen(dt.datetime(2026, 4, 2, 4, tzinfo=dt.UTC)):
        staff = park.browse("park")
        assert staff.post("/credits/audit/close", data={"month": "2026-04"}).status_code == 409
        assert staff.post("/credits/audit/close", data={"month": "2026-03"}).status_code == 303
        assert staff.post("/credits/audit/close", data={"month": "2026-03"}).status_code == 409
        with park.app.app_context():
            assert (
                expiry.expire_lots() == 1
            )  # it expired on 22 March; March is closed, so it counts from 1 April
            at = db.session.scalar(sa.text("SELECT effective_at FROM transfer WHERE kind = 'expire'"))
        assert at == int(dt.datetime(2026, 3, 31, 16, tzinfo=dt.UTC).timestamp()) * 1_000_000
        assert park.audit().exit_code == 0, park.audit().output


def test_every_page_opens_for_who_may_and_for_nobody_else(credits_park: CreditsPark) -> None:
    park = credits_park
    park.earn("e01", "invention_patent", "CN1")
    staff_only = (
        "/credits/park",
        "/credits/review",
        "/credits/proposals",
        "/credits/audit",
        "/credits/rules/propose",
        "/credits/rewards/propose",
        "/credits/adjustments/propose",
    )
    for_all = (
        "/credits/rewards",
        "/credits/statement",
        "/credits/claims",
        "/credits/redemptions",
        "/credits/rules",
        "/credits/rules/invention_patent",
        "/credits/rewards/office_3_months",
    )
    for lang in ("zh", "en"):
        firm, staff = park.browse("e01", lang), park.browse("park", lang)
        assert [firm.get(path).status_code for path in for_all] == [200] * len(for_all)
        assert [firm.get(path).status_code for path in staff_only] == [403] * len(staff_only)
        assert [staff.get(path).status_code for path in staff_only] == [200] * len(staff_only)
        assert firm.get("/credits/").status_code == 200
    assert park.app.test_client().get("/credits/").status_code == 302
