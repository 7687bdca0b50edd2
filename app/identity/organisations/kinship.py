"""Whether two organisations look like one: the same applicant, telephone number or e-mail domain."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

import sqlalchemy as sa

from app.hall.db.base import db
from app.identity.members.models import Member

OPEN_DOMAINS = frozenset(
    [
        "qq.com",
        "163.com",
        "126.com",
        "yeah.net",
        "139.com",
        "189.cn",
        "sina.com",
        "sina.cn",
        "sohu.com",
        "foxmail.com",
        "aliyun.com",
        "outlook.com",
        "hotmail.com",
        "gmail.com",
        "icloud.com",
        "yahoo.com",
        "example.com",
        "example.org",
        "example.net",
        "example.invalid",
    ]
)
"""Where anybody has an address: it tells nothing of a firm."""
DIGITS = 11


def likenesses(organisation_id: int, others: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """For each of the others what it shares with this organisation: of 'applicant', 'phone', 'domain'; mostly nothing."""
    wanted = set(others) - {organisation_id}
    if not wanted:
        return {}
    traits = _traits({organisation_id, *wanted})
    own = traits[organisation_id]
    kinds = ("applicant", "phone", "domain")
    found = {}
    for other in sorted(wanted):
        shared = {kind for kind, _ in own & traits[other]}
        found[other] = tuple(kind for kind in kinds if kind in shared)
    return found


def _traits(ids: set[int]) -> dict[int, set[tuple[str, str]]]:
    rows = db.session.execute(
        sa.select(Member.organisation_id, Member.name, Member.phone, Member.email)
        .where(Member.organisation_id.in_(sorted(ids)))
        .order_by(Member.id)
    )
    found: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        if row.organisation_id not in found:  # its first member applied for it
            found[row.organisation_id].add(("applicant", "".join(row.name.split()).casefold()))
        phone = re.sub(r"[^0-9]", "", row.phone)[-DIGITS:]
        if phone:
            found[row.organisation_id].add(("phone", phone))
        domain = row.email.rpartition("@")[2].strip().casefold()
        if domain and domain not in OPEN_DOMAINS:
            found[row.organisation_id].add(("domain", domain))
    return found
