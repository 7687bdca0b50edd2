"""Whom a firm should buy from or sell to: candidates with reasons a person can check."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import fsum

from app.chain.partners.complementarity import Features, Learnt, learn
from app.chain.register.facts import Chain
from app.hall.errors import Reason

SUPPLIERS, CUSTOMERS = "suppliers", "customers"
_MOST_LESSONS = 2_000
_MOST_RIVALS = 20


@dataclass(frozen=True, slots=True)
class Match:
    """One partner the firm does not have yet; `value_wan` is what both sides could move in a year.

    `open_score` rests only on what the firm that asks may know: it and the order by it say nothing of the
    partner's output, capacity and customers.
    """

    enterprise: str
    segment: str
    score: float
    open_score: float
    value_wan: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Meant:
    """Which proposed partner is meant: on which side of the firm, by which handle (or code), for which segment."""

    side: str
    handle: str
    segment: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a firm beyond its positions: capacity per segment and its products in words."""

    capacity_wan: Mapping[str, float]
    products: str = ""


@dataclass(frozen=True, slots=True)
class _Pair:
    """One supplier, one customer, the input between them, and what holds for the two."""

    supplier: str
    customer: str
    segment: str
    target: str
    coefficient: float
    need: float
    bought: float
    spare: float
    sources: int
    buying: int
    alike: int
    served: int
    words: tuple[str, ...]
    features: Features


def _grams(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters inside each word."""
    return frozenset(word[n : n + 2] for word in text.lower().split() for n in range(len(word) - 1))


class Market:
    """The rows of a park made ready for many questions: who makes, who buys, who could."""

    def __init__(self, chain: Chain, profiles: Mapping[str, Profile] | None = None) -> None:
        self._chain = chain
        self._profiles = profiles or {}
        self._made: dict[tuple[str, str], float] = {}
        self._stands: dict[str, list[str]] = {}
        self._segments_of: dict[str, set[str]] = {}
        for position in chain.positions:
            if position.in_park:
                key = (position.enterprise, position.segment)
                if key not in self._made:
                    self._stands.setdefault(position.segment, []).append(position.enterprise)
                self._made[key] = self._made.get(key, 0.0) + (position.output_wan or 0.0)
                self._segments_of.setdefault(position.enterprise, set()).add(position.segment)
        self._partners: dict[str, set[str]] = {}
        self._customers: dict[tuple[str, str], set[str]] = {}
        self._sources: dict[tuple[str, str], set[str]] = {}
        self._buyers: dict[str, set[str]] = {}
        sold: dict[tuple[str, str], list[float]] = {}
        bought: dict[tuple[str, str], list[float]] = {}
        for row in chain.supplies:
            sold.setdefault((row.supplier, row.segment), []).append(row.value_wan)
            bought.setdefault((row.customer, row.segment), []).append(row.value_wan)
            self._partners.setdefault(row.supplier, set()).add(row.customer)
            self._partners.setdefault(row.customer, set()).add(row.supplier)
            self._customers.setdefault((row.supplier, row.segment), set()).add(row.customer)
            self._sources.setdefault((row.customer, row.segment), set()).add(row.supplier)
            self._buyers.setdefault(row.segment, set()).add(row.customer)
        self._sold = {key: fsum(values) for key, values in sold.items()}
        self._bought = {key: fsum(values) for key, values in bought.items()}
        self._words = {firm: _grams(profile.products) for firm, profile in self._profiles.items()}
        self._heaviest: dict[str, float] = {}
        for need in chain.inputs:
            self._heaviest[need.target] = max(self._heaviest.get(need.target, 0.0), need.coefficient)

    @cached_property
    def learnt(self) -> Learnt:
        """The weights of the features, from who supplies whom already."""
        return learn(self._lessons())

    def _lessons(self) -> Iterator[tuple[Features, list[Features]]]:
        """Every known supply row as a choice: the supplier taken, and those who could have been, as if it was not there."""
        coefficient = {(row.source, row.target): row.coefficient for row in self._chain.inputs}
        rows = sorted(self._chain.supplies, key=lambda r: (r.supplier, r.customer, r.segment))
        step = max(1, len(rows) // _MOST_LESSONS)
        for row in rows[::step]:
            targets = sorted(
                (
                    t
                    for t in self._segments_of.get(row.customer, ())
                    if coefficient.get((row.segment, t), 0.0) > 0 and self._made[row.customer, t] > 0
                ),
                key=lambda t: (-coefficient[row.segment, t] * self._made[row.customer, t], t),
            )
            if (row.supplier, row.segment) not in self._made or not targets or row.supplier == row.customer:
                continue
            rivals = [
                firm
                for firm in sorted(self._stands[row.segment])
                if firm != row.customer and firm not in self._partners[row.customer]
            ][:_MOST_RIVALS]
            if rivals:
                a = coefficient[row.segment, targets[0]]
                without = (row.supplier, row.value_wan)
                taken, *others = (
                    self._pair(firm, row.customer, row.segment, targets[0], a, without).features
                    for firm in (row.supplier, *rivals)
                )
                yield taken, others

    def _spare(self, firm: str, segment: str) -> float:
        """What it could still sell: capacity, or output where no capacity is known, less what it sells."""
        profile = self._profiles.get(firm)
        known = profile.capacity_wan.get(segment) if profile else None
        capacity = self._made.get((firm, segment), 0.0) if known is None else known
        return max(0.0, capacity - self._sold.get((firm, segment), 0.0))

    def _pair(
        self,
        supplier: str,
        customer: str,
        segment: str,
        target: str,
        coefficient: float,
        without: tuple[str, float] | None = None,
    ) -> _Pair:
        """What holds for the two; `without` leaves out what that supplier sells the customer of this now."""
        need = coefficient * self._made[customer, target]
        bought = self._bought.get((customer, segment), 0.0)
        sources = set(self._sources.get((customer, segment), ()))
        spare = self._spare(supplier, segment)
        if without is not None:
            bought = max(0.0, bought - without[1])
            sources.discard(without[0])
            spare += without[1] if without[0] == supplier else 0.0
        alike = {f for s in self._segments_of[customer] for f in self._stands[s]} - {customer, supplier}
        buying = len(alike & self._buyers.get(segment, set()))
        served = len(alike & self._customers.get((supplier, segment), set()))
        mine, theirs = self._words.get(supplier, frozenset()), self._words.get(customer, frozenset())
        words = tuple(sorted(mine & theirs))
        left = max(0.0, need - bought)
        heaviest = self._heaviest.get(target, 0.0)
        features = Features(
            movable=min(1.0, spare / left) if left else 0.0,
            weight=coefficient / heaviest if heaviest else 0.0,
            fragile=float(len(sources) <= 1),
            habit=buying / len(alike) if alike else 0.0,
            served=served / (served + 1),
            words=min(1.0, len(words) / min(len(mine), len(theirs))) if words else 0.0,
        )
        return _Pair(
            supplier,
            customer,
            segment,
            target,
            coefficient,
            need,
            bought,
            spare,
            len(sources),
            buying,
            len(alike),
            served,
            words,
            features,
        )

    def matches(self, firm: str, side: str, declined: Collection[tuple[str, str]] = ()) -> list[Match]:
        """Candidates for `firm`, best first; ties by firm and segment.

        Never the firm itself, never anybody it has a supply row with (in either direction), never a declined
        pair (supplier, customer). The score is the weighted mean of the features, between 0 and 1; the weights
        are those of `learnt`.
        """
        best: dict[tuple[str, str], Match] = {}
        for row in self._chain.inputs:
            mine, theirs = (row.target, row.source) if side == SUPPLIERS else (row.source, row.target)
            if (firm, mine) not in self._made:
                continue
            for other in self._stands.get(theirs, ()):
                supplier, customer = (other, firm) if side == SUPPLIERS else (firm, other)
                if other == firm or other in self._partners.get(firm, ()) or (supplier, customer) in declined:
                    continue
                pair = self._pair(supplier, customer, row.source, row.target, row.coefficient)
                if pair.need <= 0:
                    continue
                known = best.get((other, row.source))
                match = self._match(pair, other, side)
                if known is None or match.score > known.score:
                    best[other, row.source] = match
        return sorted(best.values(), key=lambda m: (-round(m.score, 9), m.enterprise, m.segment))

    def _match(self, pair: _Pair, other: str, side: str) -> Match:
        left = max(0.0, pair.need - pair.bought)
        visible = pair.features.visible_to_buyer() if side == SUPPLIERS else pair.features.visible_to_seller()
        return Match(
            other,
            pair.segment,
            self.learnt.score(pair.features),
            self.learnt.score(visible),
            min(left, pair.spare),
            tuple(_reasons(pair, self._made[pair.customer, pair.target], left)),
        )


def _reasons(pair: _Pair, output: float, left: float) -> Iterator[Reason]:
    params = {"segment": pair.segment, "target": pair.target, "coefficient": pair.coefficient}
    yield Reason("chain_match_input", params | {"output_wan": output, "need_wan": pair.need})
    if left > 0:
        yield Reason("chain_match_open", {"open_wan": left, "have_wan": pair.bought})
    if pair.spare > 0:
        yield Reason("chain_match_spare", {"spare_wan": pair.spare})
    if pair.sources == 1:
        yield Reason("chain_match_second_source", {"segment": pair.segment})
    elif pair.sources == 0:
        yield Reason("chain_match_no_source", {"segment": pair.segment})
    if pair.buying:
        yield Reason("chain_match_similar", {"buying": pair.buying, "alike": pair.alike})
    if pair.served:
        yield Reason("chain_match_served", {"segment": pair.segment, "served": pair.served})
    if pair.words:
        yield Reason("chain_match_words", {"words": "、".join(pair.words[:3])})


def matches(
    chain: Chain,
    firm: str,
    side: str,
    declined: Collection[tuple[str, str]] = (),
    profiles: Mapping[str, Profile] | None = None,
) -> list[Match]:
    """Candidates for one firm of a chain; see `Market.matches`.

    >>> from app.chain.partners.complementarity import STATED
    >>> from app.chain.register.facts import Input, Position, Segment
    >>> chain = Chain((Segment("ore"), Segment("wire")), (Input("ore", "wire", 0.5),),
    ...               (Position("A", "", "ore", 9.0), Position("B", "", "wire", 10.0)))
    >>> [(m.enterprise, m.segment, m.value_wan) for m in matches(chain, "B", "suppliers")]
    [('A', 'ore', 5.0)]
    >>> Market(chain).learnt.weights == STATED
    True
    """
    return Market(chain, profiles).matches(firm, side, declined)
