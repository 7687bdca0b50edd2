"""Every page of the room, for an owner, a visitor and the auditor, answers on the demo park in both languages."""

from __future__ import annotations

import re

import pytest

PATHS = [
    "/sharing/",
    "/sharing/resources",
    "/sharing/resources?kind=patent",
    "/sharing/resources?q=衍射",
    "/sharing/resources?day=2030-01-02&from=09:00&hours=2",
    "/sharing/resources?q=没有这样的东西",
    "/sharing/resources/new",
    "/sharing/timeline",
    "/sharing/timeline?view=day",
    "/sharing/timeline?view=list",
    "/sharing/timeline?category=生物实验",
    "/sharing/bookings",
    "/sharing/bookings?tab=past",
    "/sharing/bookings?tab=waitlist",
    "/sharing/bookings/new",
    "/sharing/desk",
    "/sharing/desk?tab=bookings",
    "/sharing/desk?tab=resources",
    "/sharing/lending",
    "/sharing/utilisation",
    "/sharing/statements",
    "/sharing/statements?side=owner",
    "/sharing/feeds",
    "/sharing/resources/1",
    "/sharing/resources/1/today",
    "/sharing/resources/1/qr.svg",
    "/sharing/statements/pdf",
    "/sharing/statements/xlsx",
    "/sharing/timeline?view=month",
    "/sharing/desk?tab=calendar",
    "/sharing/desk?tab=usage",
    "/sharing/desk?tab=income",
    "/sharing/utilisation.xlsx",
    "/sharing/pool/patent/new",
    "/sharing/pool/talent/new",
    "/sharing/resources/import",
    "/sharing/qualifications",
    "/sharing/terms",
    "/sharing/resources/1/upkeep",
    "/sharing/resources/1/edit",
]


@pytest.mark.parametrize("login", ["e24", "university", "e04", "auditor", "park"])
def test_pages_answer(demo_park, login):
    for lang in ("zh", "en") if login == "park" else ("zh",):
        client = demo_park.browse(login, lang)
        for path in PATHS:
            answer = client.get(path, follow_redirects=True)
            owner_only = login == "auditor" and any(word in path for word in ("desk", "new", "import"))
            owner_only = owner_only or path.endswith(("/terms", "/upkeep", "/edit"))
            assert answer.status_code in ((200, 403) if owner_only else (200,)), (path, answer.status_code)
            if lang == "en" and answer.mimetype == "text/html" and login == "park":
                assert "<h1" in answer.text


def test_every_resource_and_booking_page_answers(demo_park):
    client = demo_park.browse("park")
    text = client.get("/sharing/resources?per_page=100").text
    numbers = sorted({int(n) for n in re.findall(r"/sharing/resources/(\d+)", text)})
    assert len(numbers) >= 35
    for number in numbers:
        assert client.get(f"/sharing/resources/{number}").status_code == 200
    owner = demo_park.browse("university")
    links = set(
        re.findall(r"/sharing/bookings/(\d+)", owner.get("/sharing/desk?tab=bookings&per_page=40").text)
    )
    assert links
    for number in sorted(links)[:25]:
        assert owner.get(f"/sharing/bookings/{number}").status_code == 200


@pytest.mark.parametrize("number", ["²", "①", "-1", "9" * 5000])
@pytest.mark.parametrize(
    "address", ["bookings/new", "bookings/series", "waitlist/new", "wishes/new", "timeline"]
)
def test_a_number_that_is_none_is_no_failure(park, address, number):
    """People edit addresses: what is not a number is nothing asked for, never a failure of ours."""
    park.firm("E01")
    answer = park.browse("e01").get(f"/sharing/{address}", query_string={"resource": number, "page": number})
    assert answer.status_code in (200, 404)
