"""The people and firms of the fictional demo park 瀛洲生态产业园（虚构）."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from app import clock
from app.db import db
from app.identity.models import Enterprise, Organisation
from app.identity.service.joining import add_member
from app.identity.service.passwords import DEMO_PASSWORD, hash_password

STAFF = (
    ("park", "沈知远", "park_admin"),
    ("investment", "顾望舒", "investment_staff"),
    ("reviewer", "秦允文", "credit_reviewer"),
    ("reviewer2", "何书仪", "credit_reviewer"),
    ("secretary", "罗清和", "committee_secretary"),
    ("auditor", "季正言", "auditor"),
)


def load() -> None:
    """Organisations and their administrators; everybody's password is the published demo password."""
    data = json.loads(Path(__file__).with_name("demo.json").read_text("utf-8"))
    with clock.as_of(clock.at(clock.today() - dt.timedelta(days=400), 9)):
        shared = hash_password(DEMO_PASSWORD)
        for row in data["organisations"]:
            kind = row["kind"]
            make = Enterprise if kind == "enterprise" else Organisation
            db.session.add(
                make(
                    code=row["code"], kind=kind, name_zh=row["zh"], name_en=row["en"],
                    industry=row.get("industry", ""), size=row.get("size", ""), building=row.get("building", ""),
                    status=row.get("status", "active"), created_at=clock.now(),
                )
            )  # fmt: skip
        db.session.flush()
        ids = {row.code: row.id for row in db.session.query(Organisation)}
        for login, name, role in STAFF:
            _member(ids["PARK"], login, name, [role], shared)
        _member(ids["U01"], "university", "温敬之", ["university_office", "steward"], shared)
        for row in data["organisations"]:
            for login, name, roles in row.get("people", ()):
                _member(ids[row["code"]], login, name, roles, shared)


def _member(organisation_id: int, login: str, name: str, roles: list[str], password_hash: str) -> None:
    member = add_member(organisation_id, login, name, "", roles)
    member.password_hash = password_hash
    member.email = f"{login}@example.invalid"
