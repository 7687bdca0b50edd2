"""Takes scores and sentences by firm code: all of them or none, every one that is wrong named at once."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from app.hall.db.transaction import transaction
from app.hall.errors import Invalid, NotAllowed, Reason
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.insight.scores.sources import note
from app.insight.scores.store import NewScore

Given = tuple[int, str, str, Fraction, str, str]


def import_scores(actor: Actor, rows: Sequence[Given]) -> int:
    """Rows (month, enterprise, dimension, score, version, key); the same row again replaces its score."""
    if not actor.may(roles.KEEPS_SCORES):
        raise NotAllowed("insight_analysts_only")
    firms = _firms({row[1] for row in rows})
    scores: dict[str, NewScore] = {}
    for month, code, dimension, score, version, key in rows:
        firm = firms[code.upper()]
        name = f"{firm}:{month}:{dimension}:{version}:{key}"
        # Without a version of its own a row belongs to the version that all such rows share.
        scores[name] = NewScore(firm, month, dimension, score, "import", name, version or "import")
    with transaction():
        note(list(scores.values()))
        identity.audit(actor, "insight_scores.imported", "insight", "scores", count=len(scores))
    return len(scores)


def _firms(codes: set[str]) -> dict[str, int]:
    known = identity.organisations_by_code(codes)
    found = {code: one.id for code, one in known.items() if one.kind == "enterprise"}
    unknown = sorted(code for code in codes if code.upper() not in found)
    if unknown:
        raise Invalid(
            "insight_scores_refused", [Reason("insight_firm_unknown", {"value": code}) for code in unknown]
        )
    return found
