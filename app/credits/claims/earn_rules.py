"""Earn rules: which version counts on which day, and a new version by two people."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields

import sqlalchemy as sa

from app.credits.claims import rules
from app.credits.claims.models import Claim, EarnRule
from app.hall.db.base import db
from app.hall.errors import Invalid, NotFound
from app.hall.text import language

PRIMARY_KINDS = {
    "patent_no": (
        "patent",
        "patent_number",
        "patent_id",
        "application_no",
        "publication_no",
        "invention_patent",
    ),
    "event_no": ("event", "event_id", "event_name", "event_number", "industry_event"),
    "company_no": ("company", "company_id", "credit_code", "startup", "startup_id", "company_number", "uscc"),
    "standard_no": ("standard", "standard_number"),
    "contract_no": ("contract", "contract_number"),
    "certificate_no": ("certificate", "certificate_number"),
    "platform": (),
}
OTHER_KINDS = ("url", "other")
_ALIASES = {alias: kind for kind, aliases in PRIMARY_KINDS.items() for alias in aliases}


def evidence_kind(kind: str, rule_kind: str) -> str:
    """The kind under which evidence is kept: known names fold together, an unknown one is taken for the rule's own."""
    kind = _ALIASES.get(kind, kind)
    return kind if kind in PRIMARY_KINDS or kind in OTHER_KINDS else rule_kind


def title_of(rule: EarnRule) -> str:
    return (rule.title_en if language.lang() == "en" else "") or rule.title_zh


def description_of(rule: EarnRule) -> str:
    return (rule.description_en if language.lang() == "en" else "") or rule.description_zh


# What a decision reads: every version of one rule, and what an enterprise has earned by it (revoked claims do not count).
VERSIONS = sa.select(*(getattr(EarnRule, one.name) for one in fields(rules.Rule))).where(
    EarnRule.code == sa.bindparam("code")
)
EARNED = sa.select(Claim.occurred_on, sa.func.coalesce(Claim.credits, 0)).where(
    Claim.organisation_id == sa.bindparam("organisation_id"),
    Claim.rule_code == sa.bindparam("code"),
    Claim.state == "approved",
    Claim.id != sa.bindparam("but"),
)


def pure(row: EarnRule) -> rules.Rule:
    """A version as the rules take it."""
    return rules.Rule(**{one.name: getattr(row, one.name) for one in fields(rules.Rule)})


def versions_of(code: str) -> list[rules.Rule]:
    """Every version of a rule as the rules take it; none where there is no such rule."""
    return [rules.Rule(*row) for row in db.session.execute(VERSIONS, {"code": code})]


def versions(code: str) -> list[EarnRule]:
    """All versions of a rule, newest first."""
    found = list(
        db.session.scalars(sa.select(EarnRule).where(EarnRule.code == code).order_by(EarnRule.version.desc()))
    )
    if not found:
        raise NotFound("rule_not_found", code=code)
    return found


def rule_on(code: str, day: dt.date) -> EarnRule:
    """The version in force on `day`."""
    rows = {row.id: row for row in versions(code)}
    found = rules.version_on([pure(row) for row in rows.values()], day)
    if found is None:
        raise Invalid("rule_not_in_force", code=code, day=day.isoformat())
    return rows[found.id]


def rules_on(day: dt.date) -> list[EarnRule]:
    """Every rule in force on `day`, by code."""
    by_code: dict[str, dict[int, EarnRule]] = {}
    for row in db.session.scalars(sa.select(EarnRule).order_by(EarnRule.code)):
        by_code.setdefault(row.code, {})[row.id] = row
    found = []
    for rows in by_code.values():
        one = rules.version_on([pure(row) for row in rows.values()], day)
        if one is not None:
            found.append(rows[one.id])
    return found


def earned_by(organisation_id: int, code: str, but: int = 0) -> list[rules.Earned]:
    """What an enterprise has earned by a rule, whichever version, this claim not counted."""
    keys = {"organisation_id": organisation_id, "code": code, "but": but}
    return [rules.Earned(*row) for row in db.session.execute(EARNED, keys)]
