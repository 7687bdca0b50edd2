"""Every figure of the scorecard opens the rows it sums; the rows add up to it; each room shows its own to whom it may."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

from app.chain.register.models import SupplyLink
from app.credits.ledger.models import Account, Entry, Transfer
from app.ecosystem.introductions.models import Introduction
from app.ecosystem.scorecard import measures
from app.ecosystem.scorecard import service as scorecard
from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from tests.factories import Park

ELSEWHERE = ("links", "hours", "licences", "credits")


def agree_on_a_link(park: Park) -> None:
    """One supply link of the demo is confirmed today by the firm that buys."""
    with park.app.app_context(), transaction() as session:
        link = session.scalars(sa.select(SupplyLink).order_by(SupplyLink.id).limit(1)).one()
        link.confirmed_at = clock.now()


def test_rows_add_up_to_the_figures(demo_park: Park) -> None:
    agree_on_a_link(demo_park)
    actor = demo_park.actor("auditor")
    with demo_park.app.test_request_context():
        seen = dict.fromkeys(scorecard.OWN | dict.fromkeys(ELSEWHERE), 0.0)
        for month in scorecard.scorecard(12):
            for key in ELSEWHERE:
                rows = measures.rows_of(actor, key, month.first)
                assert sum(r.amount for r in rows) == pytest.approx(month.values[key], abs=1e-6), (key, month)
                seen[key] += month.values[key]
            for key in scorecard.OWN:
                assert len(scorecard.rows_of(key, month.first)) == month.values[key], (key, month)
                seen[key] += month.values[key]
        assert all(seen.values()), seen  # the demo park has something of everything


def test_the_ledger_and_the_reports_say_the_same(demo_park: Park) -> None:
    """Hours are those of the sharing room's report; credits are what the ledger's entries add up to."""
    with demo_park.app.test_request_context():
        months = scorecard.scorecard(6)
        for month in months:
            start, end = measures.month_bounds(month.first)
            entries = db.session.scalars(
                sa.select(Entry.amount)
                .join(Transfer, Transfer.id == Entry.transfer_id)
                .join(Account, Account.id == Entry.account_id)
                .where(
                    Account.kind == "enterprise",
                    Entry.amount > 0,
                    Transfer.effective_at >= start,
                    Transfer.effective_at < end,
                )
            )
            assert sum(entries) == month.values["credits"]
    auditor = demo_park.api("auditor")
    for month in months:
        span = [moment.isoformat() for moment in measures.month_bounds(month.first)]
        report: Any = auditor.get("/sharing/utilisation", **{"from": span[0], "to": span[1]})
        assert report.status_code == 200, report.text
        assert report.json["all"]["shared_hours"] == pytest.approx(month.values["hours"], abs=1e-3)


def test_figures_open_over_http_for_whom_their_room_lets(demo_park: Park) -> None:
    agree_on_a_link(demo_park)
    allowed = {
        "auditor": set(ELSEWHERE),
        "park": set(ELSEWHERE),
        "investment": {"links", "hours"},
        "secretary": set(),
    }
    for login, keys in allowed.items():
        browser = demo_park.browse(login)
        page = browser.get("/ecosystem/scorecard").get_data(as_text=True)
        links = set(re.findall(r'href="(/ecosystem/scorecard/[^"]+)"', page))
        assert links
        assert {link.split("/")[3] for link in links} & set(ELSEWHERE) == keys, login
        for link in links:
            assert browser.get(link).status_code == 200, link
        for key in set(ELSEWHERE) - keys:
            assert browser.get(f"/ecosystem/scorecard/{key}/2026-11").status_code == 403, (login, key)
    auditor = demo_park.browse("auditor", "en")
    for key in ELSEWHERE:
        assert auditor.get(f"/ecosystem/scorecard/{key}/1999-13").status_code == 404
        page = auditor.get("/ecosystem/scorecard").get_data(as_text=True)
        link = re.findall(rf'href="(/ecosystem/scorecard/{key}/[^"]+)"', page)[0]
        rows = auditor.get(link).get_data(as_text=True)
        for url in {u.replace("&amp;", "&") for u in re.findall(r'<td><a href="([^"]+)"', rows)}:
            assert auditor.get(url).status_code == 200, url


def test_only_like_units_are_added_up(park: Park) -> None:
    """80 万元 and 12,500 元 are 81.25 万元; hours stay hours; a mW is no MW; contested and unsigned ones count nowhere."""
    park.staff()
    a, b = park.firm("E01"), park.firm("E24")
    with park.app.app_context(), transaction() as session:
        row = Introduction(
            origin="staff",
            title="粒度检测",
            asking_id=a,
            giving_id=b,
            state="delivering",
            opened_at=clock.now(),
            last_noted_at=clock.now(),
        )
        session.add(row)
        session.flush()
        path = f"/ecosystem/introductions/{row.id}/outcomes"
    giving, asking = park.api("e24"), park.api("e01")
    rows = (
        ("新增订单", 0, 80, "万元"),
        ("节约检测费", 0, 12_500, "元"),
        ("到货时间", 72, 6, "小时"),
        ("功率", 0, 3, "MW"),
        ("功率", 0, 5, "mW"),
    )
    for metric, baseline, actual, unit in rows:
        body = {"metric": metric, "baseline": baseline, "actual": actual, "unit": unit, "period": "2026"}
        made = giving.post(path, body)
        assert asking.post(f"{path}/{made.json['id']}/confirm").status_code == 200
    unsigned = giving.post(path, {"metric": "x", "baseline": 0, "actual": 999, "unit": "万元", "period": "y"})
    assert unsigned.status_code == 201
    api = park.api("auditor")
    now = api.get("/ecosystem/scorecard", months=1).json["items"][0]
    assert now["confirmed"] == {"万元": 81.25, "MW": 3, "mW": 5, "小时": -66}
    assert now["outcomes"] == 5
    browser = park.browse("auditor")
    page = browser.get("/ecosystem/scorecard").get_data(as_text=True)
    links = re.findall(r'href="(/ecosystem/scorecard/outcomes/[^"]+unit=[^"]+)">([^<]+)<', page)
    assert [figure for _, figure in links] == ["+81.25", "+3", "+5", "−66"]
    rows_page = browser.get(links[0][0].replace("&amp;", "&")).get_data(as_text=True)
    assert "新增订单" in rows_page and "节约检测费" in rows_page and "到货时间" not in rows_page
    assert "共 2 条" in rows_page and "+81.25 万元" in rows_page
