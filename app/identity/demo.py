"""The people and firms of the fictional demo park 瀛洲生态产业园（虚构）."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from app.hall import clock
from app.hall.db.base import db
from app.identity import roles
from app.identity.members.service import add_member
from app.identity.organisations.models import Enterprise, Organisation
from app.identity.sessions.passwords import DEMO_PASSWORD, hash_password

STAFF = (
    ("park", "沈知远", roles.PARK_ADMIN),
    ("investment", "顾望舒", roles.INVESTMENT_STAFF),
    ("reviewer", "秦允文", roles.CREDIT_REVIEWER),
    ("reviewer2", "何书仪", roles.CREDIT_REVIEWER),
    ("secretary", "罗清和", roles.COMMITTEE_SECRETARY),
    ("auditor", "季正言", roles.AUDITOR),
    ("policy", "叶疏影", roles.POLICY_OFFICER),
    ("property", "周牧之", roles.DEPARTMENT_HEAD),
    ("it", "方听雪", roles.DEPARTMENT_HEAD),
    ("logistics", "许望川", roles.DEPARTMENT_HEAD),
    ("finance", "温若谷", roles.DEPARTMENT_HEAD),
    ("vp", "陆承安", roles.VICE_PRESIDENT),
    ("specialist", "宋知秋", roles.SERVICE_SPECIALIST),
    ("analyst", "白露霜", roles.ANALYST),
    ("specialist2", "程见微", roles.SERVICE_SPECIALIST),
    ("keeper", "江若渔", roles.VOICE_KEEPER),
)
ALSO_HEADS = ("policy", "investment")
# Days since a firm entered the business register; the others' are spread over the ten years before the park knew them.
REGISTERED_DAYS_AGO = {"E25": 200, "E32": 45, "E37": 120}


APPLIED_DAYS_AGO = 2  # who waits for the park has waited for days, not for a year


def registered_on(code: str) -> dt.date:
    """An invented day, the same at every start."""
    number = int(code[1:])
    ago = REGISTERED_DAYS_AGO.get(code, 420 + number * 397 % 3200)
    return clock.today() - dt.timedelta(days=ago)


def load() -> None:
    """Organisations and their administrators; everybody's password is the published demo password."""
    data = json.loads(Path(__file__).with_name("demo.json").read_text("utf-8"))
    registered = {
        row["code"]: registered_on(row["code"])
        for row in data["organisations"]
        if row["kind"] == "enterprise" and row.get("status", "active") == "active"
    }
    asked = clock.at(clock.today() - dt.timedelta(days=APPLIED_DAYS_AGO), 10)
    with clock.as_of(clock.at(clock.today() - dt.timedelta(days=400), 9)):
        shared = hash_password(DEMO_PASSWORD)
        for row in data["organisations"]:
            kind = row["kind"]
            make = Enterprise if kind == "enterprise" else Organisation
            db.session.add(
                make(
                    code=row["code"],
                    kind=kind,
                    name_zh=row["zh"],
                    name_en=row["en"],
                    industry=row.get("industry", ""),
                    size=row.get("size", ""),
                    building=row.get("building", ""),
                    status=row.get("status", "active"),
                    created_at=asked if row.get("status") == "pending" else clock.now(),
                    registered_on=registered.get(row["code"]),
                )
            )
        db.session.flush()
        ids = {row.code: row.id for row in db.session.query(Organisation)}
        for login, name, role in STAFF:
            more = [roles.DEPARTMENT_HEAD] if login in ALSO_HEADS else []
            _member(ids["PARK"], login, name, [role, *more], shared)
        _member(ids["U01"], "university", "温敬之", [roles.UNIVERSITY_OFFICE, roles.STEWARD], shared)
        for row in data["organisations"]:
            for login, name, held in row.get("people", ()):
                _member(ids[row["code"]], login, name, held, shared)


def _member(organisation_id: int, login: str, name: str, held: list[str], password_hash: str) -> None:
    member = add_member(organisation_id, login, name, "", held)
    member.password_hash = password_hash
    member.email = f"{login}@example.invalid"
