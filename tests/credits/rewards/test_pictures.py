"""A reward carries a picture: proposed with it, agreed by two, shown to all; what is no picture never gets in."""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path
from typing import Any

from app.hall import clock
from tests.credits.conftest import CreditsPark
from tests.pictures import png, webp

PNG = png()
WEBP = webp()
PAGE = "/credits/rewards/propose?code=office_3_months"
FORM = {
    "code": "office_3_months",
    "name_zh": "办公空间",
    "name_en": "Office",
    "category": "space",
    "icon": "building",
    "cost_credits": "300",
    "valid_from": "2020-01-01",
    "fulfilment": "manual",
    "picture_zh": "一间明亮的办公室",
    "picture_en": "A bright office",
    "reason": "换上照片",
}


def decided(park: CreditsPark, answer: Any) -> str:
    assert answer.status_code == 303, answer.get_data(as_text=True)
    url = str(answer.headers["Location"])
    assert park.browse("reviewer").post(f"{url}/approve").status_code == 303
    return url


def pictures_on(html: str) -> list[str]:
    return re.findall(r'<img src="(/credits/rewards/pictures/[0-9a-f]{64})"', html)


def test_a_picture_is_proposed_agreed_shown_replaced_and_taken_off(credits_park: CreditsPark) -> None:
    park = credits_park
    staff, firm = park.browse("park"), park.browse("e01", "en")
    assert pictures_on(firm.get("/credits/rewards").get_data(as_text=True)) == []
    sent = staff.post(PAGE, data={**FORM, "upload": (io.BytesIO(PNG), "../../../etc/办公室.html")})
    shown = f"/credits/rewards/pictures/{hashlib.sha256(PNG).hexdigest()}"
    assert firm.get(shown).status_code == 404  # nobody has agreed yet
    assert park.browse("reviewer").get(shown).data == PNG
    assert shown in park.browse("reviewer").get(sent.headers["Location"]).get_data(as_text=True)
    decided(park, sent)
    for page in ("/credits/rewards", "/credits/", "/credits/rewards/office_3_months"):
        html = firm.get(page).get_data(as_text=True)
        assert pictures_on(html) == [shown], page
        assert 'alt="A bright office"' in html
    answer = firm.get(shown)
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "image/png", PNG)
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert park.app.test_client().get(shown).status_code == 302  # signed in or not at all

    again = staff.get(PAGE).get_data(as_text=True)
    kept = re.search(r'name="picture"[^>]*value="([0-9a-f]{64})"', again)
    assert kept is not None
    decided(park, staff.post(PAGE, data={**FORM, "picture": kept[1], "cost_credits": "280"}))
    assert pictures_on(firm.get("/credits/rewards").get_data(as_text=True)) == [shown]
    decided(park, staff.post(PAGE, data={**FORM, "picture": kept[1], "upload": (io.BytesIO(WEBP), "b.png")}))
    replaced = f"/credits/rewards/pictures/{hashlib.sha256(WEBP).hexdigest()}"
    assert pictures_on(firm.get("/credits/rewards").get_data(as_text=True)) == [replaced]
    assert firm.get(replaced).mimetype == "image/webp"
    assert firm.get(shown).status_code == 404  # no reward shows it any more
    decided(
        park,
        staff.post(PAGE, data={**FORM, "picture": replaced.rsplit("/", 1)[-1], "drop_picture": "y"}),
    )
    assert pictures_on(firm.get("/credits/rewards").get_data(as_text=True)) == []
    assert "#building" in firm.get("/credits/rewards").get_data(as_text=True)


# a script, a vector picture that may run one, other kinds of files, a program, a picture behind something else
HOSTILE = (
    b"<script>alert(1)</script>",
    b"<svg onload=alert(1)>",
    b"%PDF-1.7",
    b"GIF89a",
    b"MZ\x90",
    b" " + PNG,
)


def test_what_is_no_picture_is_refused_and_nothing_typed_is_lost(credits_park: CreditsPark) -> None:
    staff, api = credits_park.browse("park"), credits_park.api("park")
    for data in HOSTILE:
        sent = staff.post(PAGE, data={**FORM, "upload": (io.BytesIO(data), "photo.png")})
        assert sent.status_code == 422, data
        assert "换上照片" in sent.get_data(as_text=True)
        refused = api.client.post("/api/v1/credits/reward-pictures", data=data, headers=api.headers)
        assert refused.status_code == 422, data
    assert api.get("/credits/proposals", state="proposed").json["total"] == 0
    assert not (Path(credits_park.app.instance_path) / "reward-pictures").exists()


def test_a_picture_survives_another_mistake_on_the_form(credits_park: CreditsPark) -> None:
    staff = credits_park.browse("park")
    data = {**FORM, "cost_credits": "0", "upload": (io.BytesIO(PNG), "a.png")}
    page = staff.post(PAGE, data=data)
    assert page.status_code == 422
    assert f'value="{hashlib.sha256(PNG).hexdigest()}"' in page.get_data(as_text=True)


def test_the_same_over_the_api(credits_park: CreditsPark) -> None:
    park, firm = credits_park.api("park"), credits_park.api("e01")
    url = "/api/v1/credits/reward-pictures"
    headers = {**park.headers, "Idempotency-Key": "p1"}
    sent = [park.client.post(url, data=PNG, headers=headers) for _ in range(2)]
    assert [(one.status_code, one.json) for one in sent] == [
        (201, {"picture": hashlib.sha256(PNG).hexdigest()})
    ] * 2
    assert (
        park.client.post(url, data=WEBP, headers=headers).status_code == 409
    )  # the key was for another file
    assert park.client.post(url, data=b"", headers=park.headers).status_code == 422
    too_big = PNG + bytes(3 * 1024 * 1024)
    assert park.client.post(url, data=too_big, headers=park.headers).status_code == 422
    assert firm.client.post(url, data=PNG, headers=firm.headers).status_code == 403
    picture = sent[0].json["picture"]
    reward = {
        "code": "lab_tour",
        "name_zh": "开放日",
        "name_en": "Lab day",
        "category": "university",
        "cost_credits": 90,
        "valid_from": clock.today().isoformat(),
        "picture": picture,
        "picture_zh": "实验室",
        "picture_en": "The lab",
        "reason": "新",
    }
    unknown = park.post("/credits/proposals/rewards", {**reward, "picture": "0" * 64})
    assert (unknown.status_code, unknown.json["type"].rsplit(":", 1)[-1]) == (422, "picture_not_found")
    assert (
        park.post("/credits/proposals/rewards", {**reward, "picture": "../" * 20 + "etc/"}).status_code == 422
    )
    assert firm.get(f"/credits/reward-pictures/{picture}").status_code == 404
    made = park.post("/credits/proposals/rewards", reward).json
    credits_park.api("reviewer").post(f"/credits/proposals/{made['id']}/approve")
    offers = {one["code"]: one for one in firm.get("/credits/rewards").json["items"]}
    assert (offers["lab_tour"]["picture"], offers["lab_tour"]["picture_text"]) == (picture, "实验室")
    assert offers["office_3_months"]["picture"] is None
    assert firm.get(f"/credits/reward-pictures/{picture}").data == PNG
    assert firm.get("/credits/reward-pictures/" + "0" * 64).status_code == 404
