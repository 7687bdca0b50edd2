"""What the statement says is told in the reader's language, whoever posted it; old memos stay as they are."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import force_locale

from app.credits.ledger import memos
from app.hall.db.base import db
from app.hall.text import language
from tests.credits.conftest import CreditsPark


def test_one_memo_two_languages(credits_park: CreditsPark) -> None:
    stored = memos.memo("memo_booking", number=7)
    with credits_park.app.test_request_context():
        with force_locale("zh"):
            assert memos.told(stored) == "仪器预约 7"
        with force_locale("en"):
            assert memos.told(stored) == "Instrument booking 7"
            note = {"number": "RD-1", "reference": memos.read(stored)}
            assert "Instrument booking 7" in language.message("redemption_fulfilled_note", note)


def test_a_claim_is_stored_without_a_language(credits_park: CreditsPark) -> None:
    credits_park.earn("e01", "invention_patent", "ZL 2026 1 0000001.9")
    with credits_park.app.test_request_context():
        stored = db.session.scalar(sa.text("SELECT memo FROM transfer WHERE kind = 'earn'"))
        assert stored == '{"code":"memo_claim","title":{"zh":"规则","en":"Rule"}}'
        with force_locale("en"):
            assert memos.told(stored) == "Rule"


def test_what_people_typed_and_older_ledgers_hold_is_shown_as_it_is(credits_park: CreditsPark) -> None:
    with credits_park.app.test_request_context(), force_locale("en"):
        for text in ("发明专利授权", "仪器预约 3", '{"code":"cut off', ""):
            assert memos.told(text) == text
