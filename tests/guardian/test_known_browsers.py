"""Somebody else's attack on a login never delays the member's own browser, by login, by address or by a storm."""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pyotp
import pytest
from flask.testing import FlaskClient

from app import create_app
from app.hall import clock
from app.identity.sessions import passwords
from app.identity.sessions.browsers import COOKIE
from app.identity.sessions.passwords import DEMO_PASSWORD
from tests.conftest import running, settings_for
from tests.factories import Park
from tests.guardian.test_accounts import guess
from tests.identity.factors.test_pages_factors import with_totp

NOON = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"
NEW = "three blind mice run"


@pytest.fixture
def limited(database_url: str, tmp_path: Path) -> Iterator[Park]:
    """A park whose limits per address count, as outside of tests."""
    with running(create_app(settings_for(database_url, tmp_path, testing=False))) as app:
        app.config["WTF_CSRF_ENABLED"] = False
        yield Park(app)


def known(park: Park, login: str, address: str = HOME) -> FlaskClient:
    """A browser that signed in as this login and out again."""
    browser = park.app.test_client()
    assert guess(browser, login, DEMO_PASSWORD, address) == (303, 0)
    browser.post("/identity/sign-out")
    return browser


def test_neither_login_nor_address_keeps_the_members_own_browser_out(limited: Park) -> None:
    """At its own address a thief spends the login's tries and the address's, from elsewhere the login's."""
    limited.firm("E01")
    own = known(limited, "e01")
    for address in (HOME, ELSEWHERE):
        thief = limited.app.test_client()
        answers = [guess(thief, "e01", f"guess {n}", address)[0] for n in range(6)]
        answers += [guess(thief, f"nobody{n}", "guess", address)[0] for n in range(16)]
        assert 429 in answers[:6]
        assert answers[-1] == 429  # the address is closed for every login
        assert guess(own, "e01", DEMO_PASSWORD, address) == (303, 0)
        own.post("/identity/sign-out")


def test_a_storm_of_strangers_leaves_a_place_for_who_is_known(
    park: Park, monkeypatch: pytest.MonkeyPatch
) -> None:
    park.firm("E01")
    own = known(park, "e01")
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 0.01)
    with contextlib.ExitStack() as storm:
        for _place in range(passwords.AT_ONCE):
            storm.enter_context(passwords._one_of_few())
        assert guess(park.app.test_client(), "e01", DEMO_PASSWORD)[0] == 503
        assert guess(own, "e01", DEMO_PASSWORD)[0] == 303


def second_step(client: FlaskClient, code: str, address: str) -> int:
    return client.post(
        "/identity/second-step", data={"code": code}, environ_base={"REMOTE_ADDR": address}
    ).status_code


def test_who_stole_the_password_cannot_spend_the_codes_of_a_known_browser(limited: Park) -> None:
    limited.firm("E01")
    own = limited.app.test_client()
    with clock.frozen(NOON):
        assert guess(own, "e01", DEMO_PASSWORD)[0] == 303
        totp, _codes = with_totp(own)
        own.post("/identity/sign-out")
    later = NOON + dt.timedelta(seconds=60)
    right = pyotp.TOTP(totp.secret).at(later)
    wrong = "999999" if right != "999999" else "888888"
    with clock.frozen(later):
        thief, stranger = limited.app.test_client(), limited.app.test_client()
        assert guess(thief, "e01", DEMO_PASSWORD)[0] == 303
        tries = [second_step(thief, wrong, HOME) for _try in range(6)]
        assert tries == [422] * 5 + [429]
        for _junk in range(61):  # nobody who typed no password closes the step for an address
            second_step(stranger, wrong, HOME)
        assert guess(own, "e01", DEMO_PASSWORD)[0] == 303
        assert second_step(own, right, HOME) == 303


def test_a_known_browser_has_a_bound_of_its_own_and_for_this_login_only(park: Park) -> None:
    """A stolen cookie guesses twenty times, then waits longer each time; the member's other browsers do not."""
    park.firm("E01")
    park.firm("E02")
    with clock.frozen(NOON):
        stolen, other = known(park, "e01"), known(park, "e01")
        assert [guess(stolen, "e01", f"guess {n}", f"203.0.113.{n}") for n in range(21)] == [(422, 0)] * 21
        assert guess(stolen, "e01", DEMO_PASSWORD, ELSEWHERE) == (429, 31)
        assert guess(other, "e01", DEMO_PASSWORD) == (303, 0)
        assert [guess(stolen, "e02", f"guess {n}")[0] for n in range(6)] == [422] * 5 + [429]
    with clock.frozen(NOON + dt.timedelta(seconds=31)):
        assert guess(stolen, "e01", "guess 22") == (422, 0)
        assert guess(stolen, "e01", DEMO_PASSWORD) == (429, 61)


def test_a_forged_cookie_is_no_known_browser(park: Park) -> None:
    park.firm("E01")
    own = known(park, "e01")
    cookie = own.get_cookie(COOKIE)
    assert cookie is not None
    thief = park.app.test_client()
    thief.set_cookie(COOKIE, cookie.value[:-2] + "AA")
    assert [guess(thief, "e01", f"guess {n}")[0] for n in range(6)] == [422] * 5 + [429]


def by_password(park: Park, here: FlaskClient) -> None:
    data = {"current": DEMO_PASSWORD, "password": NEW, "again": NEW}
    assert here.post("/identity/security", data=data).status_code == 303


def by_signing_out_the_others(park: Park, here: FlaskClient) -> None:
    assert here.post("/identity/security/sessions/end").status_code == 303


def by_ending_one(park: Park, here: FlaskClient) -> None:
    theirs = park.app.test_client()
    assert guess(theirs, "e01", DEMO_PASSWORD)[0] == 303
    (other,) = re.findall(r"/identity/security/sessions/\d+/end", here.get("/identity/security").text)
    assert here.post(other).status_code == 303
    assert theirs.get("/").status_code == 302


def by_a_second_factor(park: Park, here: FlaskClient) -> None:
    with_totp(here)


@pytest.mark.parametrize("end", [by_password, by_signing_out_the_others, by_ending_one, by_a_second_factor])
def test_a_lost_notebook_is_a_stranger_again(park: Park, end: Callable[[Park, FlaskClient], None]) -> None:
    park.firm("E01")
    with clock.frozen(NOON - dt.timedelta(hours=1)):
        lost, here = known(park, "e01"), park.app.test_client()
        assert guess(here, "e01", DEMO_PASSWORD)[0] == 303
    with clock.frozen(NOON):
        end(park, here)
        here.post("/identity/sign-out")
        assert [guess(lost, "e01", f"guess {n}")[0] for n in range(6)] == [422] * 5 + [429]
        assert guess(here, "e01", "guess", HOME)[0] == 422  # the browser that did it is known as before


def test_whoever_is_switched_off_has_no_known_browser(park: Park) -> None:
    park.staff()
    park.firm("E01")
    firm = park.actor("e01").organisation_id
    park.member("second", firm, "enterprise_member")
    with clock.frozen(NOON - dt.timedelta(hours=1)):
        lost = known(park, "second")
    with clock.frozen(NOON):
        number = park.actor("second").member_id
        chief = park.browse("e01")
        for step in ("deactivate", "activate"):
            assert chief.post(f"/identity/members/{number}/{step}").status_code == 303
        assert [guess(lost, "second", f"guess {n}")[0] for n in range(6)] == [422] * 5 + [429]


@pytest.mark.parametrize(
    ("path", "field"), [("/identity/security", "current"), ("/identity/second-factor/totp", "password")]
)
def test_an_open_browser_is_no_place_to_guess_either(park: Park, path: str, field: str) -> None:
    park.staff()
    park.firm("E01")
    with clock.frozen(NOON):
        found = park.app.test_client()
        assert guess(found, "e01", DEMO_PASSWORD)[0] == 303
        found.delete_cookie(COOKIE)
        more = {"password": NEW, "again": NEW} if field == "current" else {}
        answers = [found.post(path, data={**more, field: f"guess number {n}"}) for n in range(6)]
        assert [answer.status_code for answer in answers] == [422] * 5 + [429]
        assert answers[-1].headers["Retry-After"] == "31"
