"""A fit as pages show it: conditions in words, values with their source, what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.policy import words
from app.policy.facts.kinds import EXPENSE, RATIO, REVENUE
from app.policy.facts.models import FactKind
from app.policy.fits.questions import Open, Question, next_question
from app.policy.fits.service import Seen
from app.policy.fits.store import Version
from app.policy.rules.policy import Condition

ORDER = {"push": 0, "ask": 1, "near": 2, "no": 3, "ineligible": 4}


@dataclass(frozen=True, slots=True)
class Line:
    """One condition: its words, its result, the values it used as (label, value, source), what it lacks."""

    text: str
    mandatory: bool
    weight: int
    result: str
    uses: tuple[tuple[str, str, str], ...]
    missing: tuple[str, ...]
    gap: str


@dataclass(frozen=True, slots=True)
class Card:
    """One policy as it fits one firm."""

    version: Version
    state: str
    percent: float
    possible: float
    lines: tuple[Line, ...]
    missing: tuple[tuple[str, str | None], ...]
    lacks: str

    @property
    def met(self) -> list[Line]:
        return [line for line in self.lines if line.result == "met"]


def lines_of(
    answer: Mapping[str, Any], conditions: Sequence[Condition], kinds: Mapping[str, FactKind]
) -> tuple[Line, ...]:
    """The conditions of an answer in the reader's language."""
    texts = {condition.id: condition.text for condition in conditions}
    found = []
    for one in answer["conditions"]:
        uses = tuple(
            (
                words.heading(words.fact_label(kinds.get(use["fact"]), use["fact"], use["period"])),
                words.value_text(kinds.get(use["fact"]), use["value"]),
                words.source_name(use["source"]),
            )
            for use in one["uses"]
        )
        lacks = tuple(
            words.fact_label(kinds.get(part["fact"]), part["fact"], part["period"]) for part in one["missing"]
        )
        text = words.both(texts[one["id"]]) if one["id"] in texts else ""
        gap = _gap(one, kinds)
        found.append(
            Line(text or one["id"], one["mandatory"], one["weight"], one["result"], uses, lacks, gap)
        )
    return tuple(found)


def _gap(one: Mapping[str, Any], kinds: Mapping[str, FactKind]) -> str:
    """How far an unmet number is from its bound; nothing for others."""
    if one["result"] != "unmet" or one["gap"] is None or len({use["fact"] for use in one["uses"]}) != 1:
        return ""
    if not one["gap"]:
        return ""
    kind = kinds.get(one["uses"][0]["fact"])
    return words.value_text(kind if kind and kind.value_kind == "number" else None, one["gap"])


def card_of(seen: Seen, kinds: Mapping[str, FactKind]) -> Card:
    answer = seen.answer
    conditions = answer["conditions"]
    assert isinstance(conditions, list)
    lacking = {one["id"]: one["missing"] for one in conditions}
    missing = dict.fromkeys((part["fact"], part["period"]) for name in seen.fit.ask for part in lacking[name])
    return Card(
        seen.version,
        seen.fit.state,
        seen.fit.fit_percent,
        seen.fit.possible_percent,
        lines_of(answer, seen.version.bound.policy.conditions, kinds),
        tuple(missing),
        lacking_words(tuple(missing), kinds),
    )


def lacking_words(missing: Sequence[tuple[str, str | None]], kinds: Mapping[str, FactKind]) -> str:
    """What is missing in one line; many months of one fact are named by the first and the last."""
    months: dict[str, list[str]] = {}
    for fact, period in missing:
        months.setdefault(fact, []).extend([period] if period else [])
    found = []
    for fact, periods in months.items():
        name, known = words.kind_name(kinds.get(fact), fact), sorted(periods)
        if len(known) > 1:
            span = _("%(first)s 至 %(last)s", first=known[0], last=known[-1])
            found.append(_("%(name)s · %(month)s", name=name, month=span))
        else:
            found.append(words.fact_label(kinds.get(fact), fact, known[0] if known else None))
    return _("、").join(found)


def cards_of(seen: Sequence[Seen], kinds: Mapping[str, FactKind]) -> list[Card]:
    """Best first: what fits, what one answer would decide, what is near."""
    cards = [card_of(one, kinds) for one in seen]
    return sorted(
        cards,
        key=lambda card: (ORDER[card.state], len(card.missing), -card.percent, card.version.code),
    )


def question_of(cards: Sequence[Card], kinds: Mapping[str, FactKind]) -> Question | None:
    """The one fact to ask for now."""
    waiting = [Open(card.version.code, card.possible, card.missing) for card in cards if card.state == "ask"]
    return next_question(waiting, frozenset(code for code, kind in kinds.items() if not kind.source))


def asked_kinds(question: Question, kinds: Mapping[str, FactKind]) -> list[FactKind]:
    """What stands in the form of a question: a ratio is asked for by its two amounts."""
    if question.fact == RATIO and EXPENSE in kinds and REVENUE in kinds:
        return [kinds[EXPENSE], kinds[REVENUE]]
    return [kinds[question.fact]]
