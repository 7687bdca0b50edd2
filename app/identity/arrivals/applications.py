"""An application's number: whoever holds it reads how far the application is, nobody can guess it."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass

import sqlalchemy as sa

from app.hall.db.base import db
from app.identity.members.codes import code_of, plain_code
from app.identity.organisations.models import Organisation

_LETTERS = 10  # 50 bits, and sixty tries an hour


@dataclass(frozen=True)
class Application:
    """What the applicant may read: the state, and the reason of a refusal."""

    name: str
    status: str
    note: str


def number_of(organisation_id: int) -> str:
    """The number of an application: which row, and a part that only the park's key makes."""
    return f"{organisation_id}-{_secret(organisation_id)}"


def _secret(organisation_id: int) -> str:
    return code_of(f"application:{organisation_id}")[:_LETTERS]


def find_application(number: str) -> Application | None:
    """The application with this number, as it stands today; None for any other text."""
    found = re.fullmatch(r"\s*([0-9]{1,12})\s*-\s*([A-Za-z0-9 -]{1,30})", number, re.ASCII)
    if found is None:
        return None
    organisation_id = int(found[1])
    if not hmac.compare_digest(plain_code(found[2]).encode(), _secret(organisation_id).encode()):
        return None
    row = db.session.execute(
        sa.select(Organisation.name_zh, Organisation.status, Organisation.note).where(
            Organisation.id == organisation_id
        )
    ).one_or_none()
    if row is None:
        return None
    return Application(row.name_zh, row.status, row.note if row.status == "rejected" else "")
