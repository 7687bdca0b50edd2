"""A client that openapi-python-client makes from our file, nothing written by hand, books, claims and redeems."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.hall import clock
from tests.factories import Park

# The generator knows JSON and bytes; what else a call answers is bytes to it.
CONFIG = {
    "package_name_override": "made_client",
    "post_hooks": [],
    "content_type_overrides": dict.fromkeys(
        (
            "application/pdf",
            "application/zip",
            "image/png",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        "application/octet-stream",
    ),
}


@pytest.fixture
def made(busy_park: Park, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Any]:
    """The modules of the generated client by name; the generator found nothing to complain of."""
    pytest.importorskip("openapi_python_client")
    file, config = tmp_path / "openapi.json", tmp_path / "config.json"
    file.write_bytes(busy_park.app.test_client().get("/api/v1/openapi.json").data)
    config.write_text(json.dumps(CONFIG), "utf-8")
    command = [
        sys.executable,
        "-m",
        "openapi_python_client",
        "generate",
        "--fail-on-warning",
        "--meta",
        "none",
    ]
    command += ["--path", str(file), "--config", str(config), "--output-path", str(tmp_path / "made_client")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [one for one in sys.modules if one.split(".")[0] == "made_client"]:
        monkeypatch.delitem(sys.modules, name)
    return lambda name: importlib.import_module(f"made_client.{name}" if name else "made_client")


def test_a_generated_client_books_claims_and_redeems(busy_park: Park, made: Callable[[str], Any]) -> None:
    import httpx

    models = made("models")

    def signed_in(login: str) -> Any:
        token = busy_park.api(login).headers["Authorization"].removeprefix("Bearer ")
        transport = httpx.WSGITransport(app=busy_park.app)
        return made("").AuthenticatedClient(
            base_url="http://localhost", token=token, httpx_args={"transport": transport}
        )

    def call(name: str, client: Any, *place: Any, **given: Any) -> Any:
        room = {"credits": "credits_"}.get(name.split("_")[0], name.split("_")[0])
        return made(f"api.{room}.{name}").sync(*place, client=client, **given)

    firm, reviewer = signed_in("e01"), signed_in("reviewer")
    happened = clock.today() - dt.timedelta(days=30)

    claim = call(
        "credits_create_claim",
        firm,
        body=models.CreditsClaimBody(
            rule="invention_patent",
            occurred_on=happened,
            evidence=[models.EvidenceBody(kind="patent_number", value="ZL202610000007.6")],
        ),
        idempotency_key="generated-claim",
    )
    assert isinstance(claim, models.Claim)
    assert (claim.enterprise, claim.state, claim.occurred_on) == ("E01", "draft", happened)
    assert call("credits_submit_claim", firm, claim.id).state == "submitted"
    approved = call(
        "credits_approve_claim", reviewer, claim.id, body=models.CreditsReasonBody(reason="核对无误")
    )
    assert (approved.state, approved.id) == ("approved", claim.id)
    account = call("credits_account", firm)
    assert account.available_credits > 0

    wish = models.CreditsRedemptionBody(reward="university_support_20h", quantity=1)
    redeemed = call("credits_create_redemption", firm, body=wish, idempotency_key="generated-wish")
    assert isinstance(redeemed, models.Redemption)
    assert redeemed.requested_at < redeemed.expires_at
    again = call("credits_create_redemption", firm, body=wish, idempotency_key="generated-wish")
    assert again.id == redeemed.id, "the same key answers the first result"
    assert call("credits_account", firm).held_credits == account.held_credits + redeemed.cost_credits

    instruments = call(
        "sharing_list_resources", firm, kind=models.SharingListResourcesKind.EQUIPMENT, limit=200
    )
    free_on = clock.now() + dt.timedelta(days=7)
    booked = None
    for one in instruments.items:
        if one.owner == "E01" or one.approval != "automatic":
            continue
        free = call(
            "sharing_availability", firm, one.id, from_=free_on, to=free_on + dt.timedelta(days=7)
        ).free
        for gap in free:
            start = dt.datetime.fromisoformat(gap.start)
            hours = models.SharingBookingBody(resource=one.id, start=start, end=start + dt.timedelta(hours=2))
            booked = call("sharing_create_booking", firm, body=hours)
            if isinstance(booked, models.Booking):
                break
        if isinstance(booked, models.Booking):
            break
    assert isinstance(booked, models.Booking), booked
    assert booked.state in ("confirmed", "requested")
    assert call("sharing_show_booking", firm, booked.id).start == booked.start
    refused = call("sharing_create_booking", firm, body=hours)
    assert isinstance(refused, models.Problem), "the same hours again are refused, with reasons"
    assert (refused.status, refused.reasons[0].code) == (409, "taken")
