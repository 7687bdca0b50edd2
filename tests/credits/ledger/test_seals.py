"""A seal leaves the house as a letter, a page and a file; whichever an auditor kept, it proves a month or names what was changed."""

from __future__ import annotations

import dataclasses
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from app.credits.ledger import seals
from app.hall import mail
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.identity.members.models import Member
from tests.credits.conftest import CreditsPark
from tests.credits.ledger.test_tampering import unguarded
from tests.credits.lively import live_a_little

MONTH = "2026-03"
FIGURES = {"transfers": 5, "issued": 250, "redeemed": 55, "expired": 0, "adjusted": 0}


def audit(park: CreditsPark, *kept: object) -> Any:
    arguments = [word for one in kept for word in ("--seal", str(one))]
    return park.app.test_cli_runner().invoke(args=["credits", "audit", *arguments, "--month", MONTH])


def letter_of(park: CreditsPark, monkeypatch: pytest.MonkeyPatch) -> EmailMessage:
    """The letter that goes out when the day is sealed."""
    sent: list[EmailMessage] = []
    monkeypatch.setattr(mail, "send", lambda _server, message: sent.append(message))
    park.app.config["SETTINGS"] = dataclasses.replace(
        park.app.config["SETTINGS"],
        smtp_url="smtp://127.0.0.1:25?tls=none",
        mail_from="parklink@park.example",
    )
    with park.app.app_context(), transaction() as session:
        session.execute(
            sa.update(Member).where(Member.login == "auditor").values(email="auditor@city.example")
        )
    park.earn("e01", "invention_patent", "CN99")
    with park.app.app_context():
        assert seals.take_seal() is not None
        assert seals.take_seal() is None  # its own line in the trail is nothing new
    (letter,) = (one for one in sent if one["To"] == "auditor@city.example")
    return letter


def test_a_month_is_proved_from_paper_letter_and_file(
    credits_park: CreditsPark, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    live_a_little(credits_park)
    letter = letter_of(credits_park, monkeypatch)
    with credits_park.app.app_context():
        newest = seals.list_seals(1)[0]
        number, hash_ = newest.id, newest.hash
    auditor = credits_park.browse("auditor")
    page = auditor.get(f"/credits/audit/seals/{number}")
    assert page.status_code == 200 and hash_ in page.text and MONTH in page.text
    assert credits_park.browse("e01").get(f"/credits/audit/seals/{number}").status_code == 403
    assert auditor.get("/credits/audit/seals/999").status_code == 404
    kept = {
        "letter.eml": bytes(letter),
        "page.html": page.data,
        "seals.txt": auditor.get("/credits/audit/seals.txt").data,
    }
    for name, data in kept.items():
        (tmp_path / name).write_bytes(data)
    typed = f" {hash_[:32].upper()} {hash_[32:]} "
    ways = [typed, *(tmp_path / name for name in kept)]
    said = (
        f"{MONTH}: {{transfers}} transfers below the seal, issued {{issued}}, redeemed {{redeemed}}, expired {{expired}},"
        " adjusted {adjusted}; 0 recorded since"
    ).format(**FIGURES)
    for way in ways:
        answer = audit(credits_park, way)
        assert answer.exit_code == 0 and said in answer.output, answer.output
    cells = "".join(f'<td class="pl-num">{FIGURES[one]:,}</td>' for one in FIGURES)
    assert cells in page.text.replace("\n", "").replace("    ", ""), "the paper says the same figures"
    # Now somebody with full rights takes the newest seal away, and with it what it covered of the trail.
    with credits_park.app.app_context(), unguarded(db.engine) as connection:
        connection.execute(sa.text("DELETE FROM seal WHERE id = :id"), {"id": number})
        connection.commit()
    for way in ways:
        missed = audit(credits_park, way)
        assert (
            missed.exit_code == 1
            and f"seal {hash_}: was published and is not in the database" in missed.output
        )
    assert audit(credits_park, tmp_path / "nothing.txt").exit_code == 2


def test_the_trail_rewritten_to_its_end_is_missed_by_paper_alone(credits_park: CreditsPark) -> None:
    """The seal is worked out anew as well: inside everything fits, only the paper does not."""
    live_a_little(credits_park)
    with credits_park.app.app_context():
        paper = seals.list_seals(1)[0].hash
        with unguarded(db.engine) as connection:
            connection.execute(sa.text("DELETE FROM seal"))
            connection.commit()
        db.session.remove()
        assert seals.take_seal() is not None
    inside, outside = audit(credits_park), audit(credits_park, paper)
    assert "FAIL  seals" not in inside.output
    assert "FAIL  seals" in outside.output and outside.exit_code == 1
