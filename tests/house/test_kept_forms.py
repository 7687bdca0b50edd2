"""A refused form comes back as it was typed, with its reasons at their fields, also when the session had ended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Blueprint, Flask, render_template_string, request

from app import create_app
from app.hall.errors import Invalid, Reason
from app.hall.web.guards import signed_in
from tests.conftest import running, settings_for
from tests.factories import Park

PAGE = """
{% import "macros.html" as ui %}<!doctype html><title>orders</title>
<form method="post" action="/orders/1/refuse">{{ ui.csrf() }}<input type="hidden" name="row" value="1">
  <label for="r1">Why</label><input id="r1" name="reason"></form>
<details><summary>the other</summary>
<form method="post" action="/orders/2/offer">{{ ui.csrf() }}
  <input id="a" name="amount"><textarea id="w" name="words"></textarea>
  <select name="kind"><option value="x" selected>X</option><option value="y">Y</option></select>
  <input type="checkbox" name="open" value="1"><input type="radio" name="way" value="p"><input type="radio" name="way" value="q">
  <input type="password" name="password" value=""></form></details>
"""
orders = Blueprint("orders", __name__, url_prefix="/orders")


@orders.get("/")
@signed_in
def listed() -> str:
    return render_template_string(PAGE)


@orders.post("/<int:number>/refuse")
@signed_in
def refuse(number: int) -> str:
    raise Invalid("bad_setting", name=str(number))


@orders.post("/<int:number>/offer")
@signed_in
def offer(number: int) -> str:
    if request.form["amount"] == "5":
        return "taken"
    raise Invalid(
        "", [Reason("bad_setting", {"name": "m", "at": "amount"}), Reason("bad_setting", {"name": "f"})]
    )


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[Flask]:
    with running(create_app(settings_for(database_url, tmp_path))) as made:
        made.register_blueprint(orders)
        yield made


def form(text: str, action: str) -> Tag:
    found = BeautifulSoup(text, "html.parser").find("form", action=action)
    assert isinstance(found, Tag)
    return found


def control(where: Tag, name: str, **more: str) -> Tag:
    found = where.find(lambda one: one.get("name") == name and all(one.get(k) == v for k, v in more.items()))
    assert isinstance(found, Tag)
    return found


REFERER = {"Referer": "http://localhost/orders/"}
TYPED = {
    "amount": "12",
    "words": "<b>两行\n字</b>",
    "kind": "y",
    "open": "1",
    "way": "q",
    "password": "secret",
}


def test_what_was_typed_comes_back_and_each_reason_stands_at_its_field(app: Flask, park: Park) -> None:
    park.firm("E1")
    answer = park.browse("e1").post("/orders/2/offer", data=TYPED, headers=REFERER)
    assert answer.status_code == 422
    shown = form(answer.text, "/orders/2/offer")
    amount = control(shown, "amount")
    assert (amount["value"], amount["aria-invalid"]) == ("12", "true")
    told = amount.find_next_sibling(id=amount["aria-describedby"])
    assert isinstance(told, Tag)
    assert told.text
    assert control(shown, "words").text == "<b>两行\n字</b>"
    assert [option["value"] for option in shown.find_all("option", selected=True)] == ["y"]
    assert control(shown, "open").has_attr("checked")
    assert control(shown, "way", value="q").has_attr("checked")
    assert not control(shown, "way", value="p").has_attr("checked")
    assert "secret" not in answer.text
    assert shown.find_parent("details") is not None
    assert shown.find_parent("details").has_attr("open")  # type: ignore[union-attr]
    assert len(shown.select(".pl-alert.pl-bad")) == 1, "the reason without a field stands at the head"
    other = form(answer.text, "/orders/1/refuse")
    assert control(other, "reason").get("value") is None
    assert other.select(".pl-error") == []


def test_one_field_takes_a_reason_that_names_none(app: Flask, park: Park) -> None:
    park.firm("E1")
    answer = park.browse("e1").post("/orders/1/refuse", data={"row": "1", "reason": "短"}, headers=REFERER)
    assert answer.status_code == 422
    assert control(form(answer.text, "/orders/1/refuse"), "reason")["value"] == "短"
    assert control(form(answer.text, "/orders/1/refuse"), "reason")["aria-invalid"] == "true"


@pytest.mark.parametrize("referer", ["", "http://evil.example/orders/", "http://localhost/nowhere"])
def test_without_a_page_of_ours_the_bare_refusal_says_it(app: Flask, park: Park, referer: str) -> None:
    park.firm("E1")
    answer = park.browse("e1").post("/orders/2/offer", data=TYPED, headers={"Referer": referer})
    assert answer.status_code == 422
    assert 'action="/orders/2/offer"' not in answer.text


def test_a_session_that_ended_loses_nothing(app: Flask, park: Park) -> None:
    park.firm("E1")
    stranger = app.test_client()
    asked = stranger.post("/orders/2/offer", data={**TYPED, "amount": "5"}, headers=REFERER)
    assert asked.status_code == 401
    kept = str(control(form(asked.text, "/identity/sign-in"), "kept")["value"])
    assert "secret" not in kept
    wrong = stranger.post("/identity/sign-in", data={"login": "e1", "password": "wrong", "kept": kept})
    assert wrong.status_code in (401, 409, 422, 403)
    assert kept in wrong.text
    back = stranger.post("/identity/sign-in", data={"login": "e1", "password": "parklink-demo", "kept": kept})
    assert back.status_code == 200
    shown = form(back.text, "/orders/2/offer")
    assert control(shown, "amount")["value"] == "5"
    assert stranger.post("/orders/2/offer", data={"amount": "5"}).text == "taken"


def test_a_sealed_form_of_somebody_else_is_not_opened(app: Flask, park: Park) -> None:
    park.firm("E1")
    data = {"login": "e1", "password": "parklink-demo", "kept": "eyJ4IjoxfQ.forged.seal"}
    assert app.test_client().post("/identity/sign-in", data=data).status_code == 303


def test_an_expired_token_keeps_what_was_typed(app: Flask, park: Park) -> None:
    park.firm("E1")
    app.config["WTF_CSRF_ENABLED"] = True
    browser = park.browse("e1")
    answer = browser.post("/orders/2/offer", data={**TYPED, "amount": "5"}, headers=REFERER)
    assert answer.status_code == 400
    shown = form(answer.text, "/orders/2/offer")
    assert control(shown, "amount")["value"] == "5"
    token = str(control(shown, "csrf_token")["value"])
    again = browser.post("/orders/2/offer", data={"amount": "5", "csrf_token": token}, headers=REFERER)
    assert again.text == "taken"
