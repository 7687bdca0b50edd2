"""Two people read the same sentences apart from each other; Cohen's κ says whether they see the same themes."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from fractions import Fraction

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.hall.errors import Invalid, NotAllowed, NotFound
from app.identity import door as identity
from app.identity.door import Actor, roles
from app.insight.scores.rules import rounded
from app.insight.themes.bench import themes_in_force
from app.insight.themes.models import Coding, SaidRow
from app.insight.themes.rules import kappa

SAMPLE = 24  # sentences
POOL = 3000  # of the newest ones the sample is drawn from
DOUBTFUL_BELOW = Fraction(60, 100)


@dataclass(frozen=True)
class Agreement:
    """How two coders agreed on a theme: their 2×2 table, κ, and whether figures of the theme carry a mark."""

    theme: str
    table: tuple[tuple[int, int], tuple[int, int]]
    kappa: Fraction | None

    @property
    def n(self) -> int:
        return sum(map(sum, self.table))

    @property
    def doubtful(self) -> bool:
        return self.kappa is not None and rounded(self.kappa, 2) < DOUBTFUL_BELOW


def sample() -> list[int]:
    """The sentences to be read twice: drawn by a digest of their numbers, so both coders get the same ones."""
    query = sa.select(SaidRow.id).order_by(SaidRow.id.desc()).limit(POOL)
    ids = list(db.session.scalars(query))
    drawn = sorted(ids, key=lambda one: hashlib.sha256(f"sample:{one}".encode()).digest())[:SAMPLE]
    return sorted({*drawn, *_coded()})


def _coded() -> set[int]:
    """Sentences that somebody coded stay in the sample."""
    return set(db.session.scalars(sa.select(Coding.said_id).distinct()))


def done_by(actor: Actor) -> set[int]:
    """The sentences this person has read."""
    query = sa.select(Coding.said_id).where(Coding.member_id == actor.member_id).distinct()
    return set(db.session.scalars(query))


def code(actor: Actor, said_id: int, themes: Collection[str]) -> None:
    """What this person sees in a sentence of the sample: every theme is either there or not."""
    if not actor.may(roles.CODES_SENTENCES):
        raise NotAllowed("insight_analysts_only")
    known = [one.code for one in themes_in_force()]
    strange = sorted(set(themes) - set(known))
    if strange:
        raise Invalid("insight_theme_unknown", value=strange[0])
    if said_id not in sample():
        raise NotFound("insight_said_not_found")
    with transaction() as session:
        session.execute(
            sa.delete(Coding).where(Coding.said_id == said_id, Coding.member_id == actor.member_id)
        )
        rows = [
            {
                "said_id": said_id,
                "theme": theme,
                "member_id": actor.member_id,
                "present": theme in themes,
                "at": clock.now(),
            }
            for theme in known
        ]
        if rows:
            session.execute(sa.insert(Coding), rows)
        identity.audit(actor, "insight_said.coded", "insight_said", said_id)


def agreements() -> list[Agreement]:
    """Every theme that two people coded, the least agreed first; of more coders the first two of a sentence count."""
    seen: dict[tuple[int, str], list[tuple[int, bool]]] = defaultdict(list)
    query = sa.select(Coding.said_id, Coding.theme, Coding.member_id, Coding.present)
    for said, theme, member, present in db.session.execute(query):
        seen[said, theme].append((member, present))
    tables: dict[str, list[list[int]]] = {}
    for (_said, theme), coders in seen.items():
        if len(coders) >= 2:
            (_first, one), (_second, other) = sorted(coders)[:2]
            tables.setdefault(theme, [[0, 0], [0, 0]])[not one][not other] += 1
    found = [_agreement(theme, table) for theme, table in tables.items()]
    return sorted(found, key=lambda one: (one.kappa is None, one.kappa or 0, one.theme))


def _agreement(theme: str, table: Sequence[Sequence[int]]) -> Agreement:
    (a, b), (c, d) = table
    return Agreement(theme, ((a, b), (c, d)), kappa(table))


def doubtful_themes() -> dict[str, Fraction]:
    """Themes whose figures carry a mark, with their κ."""
    return {one.theme: one.kappa for one in agreements() if one.doubtful and one.kappa is not None}
