"""A park with 24 instruments and 60 flexible wishes: planned, edited and published in the browser."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, expect

from app import create_app
from app.hall import clock
from app.hall.db.base import db
from app.identity.actor import Actor
from app.sharing.catalogue.models import Resource
from app.sharing.planning import wishes
from app.sharing.planning.models import SlotRequest
from tests.browser.conftest import violations
from tests.conftest import Databases, running, settings_for
from tests.factories import Park
from tests.live import serving

WISHES = 60


@pytest.fixture
def busy_park(databases: Databases, tmp_path: Path) -> Iterator[tuple[str, Park]]:
    with (
        databases.copy("sqlite", tmp_path, with_demo=True) as url,
        running(create_app(settings_for(url, tmp_path))) as app,
    ):
        park = Park(app)
        actors = [park.actor(f"e{number:02d}") for number in (1, 2, 3, 20, 21, 22)]
        with app.app_context():
            _wish(actors)
        with serving(app) as base:
            yield base, park


def _wish(actors: list[Actor]) -> None:
    """Sixty wishes over one week, each for one of two instruments, more than fit on the wanted ones."""
    day = clock.today() + dt.timedelta(days=(7 - clock.today().weekday()) % 7 or 7)
    instruments = db.session.scalars(
        sa.select(Resource)
        .where(Resource.kind == "equipment", Resource.status == "listed", Resource.qualification_id.is_(None))
        .order_by(Resource.id)
    ).all()
    waiting = db.session.scalar(sa.select(sa.func.count()).where(SlotRequest.state == "open")) or 0
    for number in range(WISHES - waiting):
        first = instruments[number % 6]
        minutes = max(first.min_minutes, 2 * first.step_minutes)
        date = day + dt.timedelta(days=number % 5)
        wishes.ask(
            actors[number % len(actors)],
            [first.id, instruments[6 + number % (len(instruments) - 6)].id],
            [(clock.at(date, 9), clock.at(date, 17))],
            minutes,
            preferred_at=clock.at(date, 10),
            priority=1 + number % 5,
            purpose=f"试样 {number + 1}",
        )


@pytest.mark.browser
def test_sixty_wishes_are_planned_edited_and_published(browser: Browser, busy_park: tuple[str, Park]) -> None:
    base, park = busy_park
    with park.app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).where(Resource.kind == "equipment")) >= 24
    context = browser.new_context(base_url=base, locale="zh-CN", viewport={"width": 1440, "height": 900})
    cookie = park.browse("park").get_cookie("parklink")
    assert cookie is not None
    context.add_cookies([{"name": "parklink", "value": cookie.value, "url": base}])
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto("/sharing/rounds")
    page.get_by_label("到（含）").fill((clock.today() + dt.timedelta(days=14)).isoformat())
    page.get_by_label("计算时间").fill("5")
    page.get_by_role("button", name="开始排期").click()
    expect(page.get_by_text("比先到先得")).to_be_visible()
    assert violations(page) == []
    rows = page.locator("table:has(caption:text-is('已安排')) tbody tr")
    placed = rows.count()
    assert placed >= 30
    page.get_by_role("button", name="移出").first.click()
    expect(page.get_by_text("已移出方案")).to_be_visible()
    expect(rows).to_have_count(placed - 1)
    page.get_by_role("button", name="发布方案").click()
    page.locator("dialog[open]").get_by_role("button").last.click()
    expect(page.get_by_text("已发布：安排")).to_be_visible()
    with park.app.app_context():
        done = db.session.scalar(sa.select(sa.func.count()).where(SlotRequest.state == "placed"))
    assert done == placed - 1
    context.close()
