"""The rows behind fits: the lock of a firm, the versions that count, what was found before."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from app.hall.db.base import db, is_sqlite
from app.hall.db.transaction import locked
from app.hall.text import language
from app.policy.fits.models import FirmCheck, Fit
from app.policy.rules.fits import Bound, bind
from app.policy.rules.policy import Policy as RuleFile
from app.policy.rules.reading import read_policy
from app.policy.versions.models import Policy, PolicyVersion


@dataclass(frozen=True, slots=True)
class Version:
    """A version of a policy as it is judged by on one day."""

    id: int
    policy_id: int
    code: str
    title_zh: str
    title_en: str
    kind: str
    claim: str
    authority: str
    valid_from: dt.date
    valid_to: dt.date | None
    bound: Bound

    @property
    def title(self) -> str:
        return (self.title_en if language.lang() == "en" else "") or self.title_zh or self.code

    @property
    def titles(self) -> dict[str, str]:
        """For a message whose reader's language is not known yet."""
        return {"zh": self.title_zh or self.code, "en": self.title_en or self.title_zh or self.code}


@lru_cache(maxsize=1024)
def rule_file(_sha256: str, text: str) -> RuleFile:
    """The rules of a stored text; it was sound when it was stored."""
    policy, faults = read_policy(text.encode())
    assert policy is not None, faults
    return policy


@lru_cache(maxsize=1024)
def bound_on(_sha256: str, text: str, day: dt.date) -> Bound:
    """Compiled once per day and process."""
    return bind(rule_file(_sha256, text), day)


_VERSION = (
    PolicyVersion.id,
    PolicyVersion.policy_id,
    Policy.code,
    PolicyVersion.title_zh,
    PolicyVersion.title_en,
    PolicyVersion.kind,
    PolicyVersion.claim,
    PolicyVersion.authority,
    PolicyVersion.valid_from,
    PolicyVersion.valid_to,
)


def _versions(query: sa.Select[*tuple[Any, ...]], day: dt.date) -> list[Version]:
    return [_version(row, day) for row in db.session.execute(query)]


def _version(row: Sequence[Any], day: dt.date) -> Version:
    *values, sha256, text = row
    return Version(*values, bound_on(sha256, text, day))  # type: ignore[call-arg]


def _select() -> sa.Select[*tuple[Any, ...]]:
    return sa.select(*_VERSION, PolicyVersion.sha256, PolicyVersion.text).join(
        Policy, Policy.id == PolicyVersion.policy_id
    )


def _in_force(day: dt.date) -> sa.Select[*tuple[Any, ...]]:
    return (
        _select()
        .where(
            PolicyVersion.state == "in_force",
            PolicyVersion.valid_from <= day,
            sa.or_(PolicyVersion.valid_to.is_(None), PolicyVersion.valid_to >= day),
        )
        .order_by(Policy.code)
    )


def versions_in_force(day: dt.date) -> list[Version]:
    """What counts on this day, by the code of the policy: one statement."""
    return _versions(_in_force(day), day)


def versions_and_check(organisation_id: int, day: dt.date) -> tuple[list[Version], bool]:
    """The same, and whether this firm was looked at on this day."""
    checked = sa.select(FirmCheck.checked_on).where(FirmCheck.organisation_id == organisation_id)
    rows = db.session.execute(_in_force(day).add_columns(checked.scalar_subquery())).all()
    last = rows[0][-1] if rows else db.session.scalar(checked)
    return [_version(row[:-1], day) for row in rows], last == day


def versions_by_id(ids: Iterable[int], day: dt.date) -> dict[int, Version]:
    """These versions as they are judged by on this day, in force or not."""
    query = _select().where(PolicyVersion.id.in_(sorted(set(ids))))
    return {version.id: version for version in _versions(query, day)}


def lock_firms(organisation_ids: Sequence[int]) -> None:
    """Nobody else writes facts or fits of these firms until the commit; always locked in the order of their ids."""
    ids = sorted(set(organisation_ids))
    insert = (sqlite if is_sqlite() else postgresql).insert(FirmCheck)
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        if not part:
            continue
        db.session.execute(
            insert.values([{"organisation_id": number} for number in part]).on_conflict_do_nothing(
                index_elements=["organisation_id"]
            )
        )
        query = sa.select(FirmCheck.organisation_id).where(FirmCheck.organisation_id.in_(part))
        db.session.execute(locked(query.order_by(FirmCheck.organisation_id))).all()


@dataclass(frozen=True, slots=True)
class Known:
    """A fit as it stands in the database: its weights follow from the results, a version never changes."""

    id: int
    state: str
    results: list[Any]
    ask: list[str]
    month: int


def fits_of(organisation_ids: Sequence[int], version_ids: Sequence[int]) -> dict[tuple[int, int], Known]:
    """What was found before, by (firm, version)."""
    found = {}
    for start in range(0, len(organisation_ids), 500):
        query = sa.select(
            Fit.organisation_id, Fit.policy_version_id, Fit.id, Fit.state, Fit.results, Fit.ask, Fit.month
        ).where(
            Fit.organisation_id.in_(organisation_ids[start : start + 500]),
            Fit.policy_version_id.in_(version_ids),
        )
        for firm, version, *values in db.session.execute(query):
            known: list[Any] = values
            found[firm, version] = Known(*known)
    return found
