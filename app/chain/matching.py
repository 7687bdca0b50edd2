"""Whom a firm should buy from or sell to: candidates with reasons a person can check."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import fsum

from app.chain.facts import Chain
from app.errors import Reason

SUPPLIERS, CUSTOMERS = "suppliers", "customers"


@dataclass(frozen=True, slots=True)
class Match:
    """One partner the firm does not have yet; `value_wan` is what both sides could move in a year."""

    enterprise: str
    segment: str
    score: float
    value_wan: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a firm beyond its positions: capacity per segment and its products in words."""

    capacity_wan: Mapping[str, float]
    products: str = ""


class _Park:
    """Sums over the supply rows that every pair needs."""

    def __init__(self, chain: Chain, profiles: Mapping[str, Profile]) -> None:
        self.profiles = profiles
        self.made: dict[tuple[str, str], float] = {}
        self.stands: dict[str, list[str]] = {}
        for position in chain.positions:
            if position.in_park:
                self.made[position.enterprise, position.segment] = position.output_wan or 0.0
                self.stands.setdefault(position.segment, []).append(position.enterprise)
        sold: dict[tuple[str, str], list[float]] = {}
        bought: dict[tuple[str, str], list[float]] = {}
        self.partners: dict[str, set[str]] = {}
        self.sellers: dict[tuple[str, str], set[str]] = {}
        for row in chain.supplies:
            sold.setdefault((row.supplier, row.segment), []).append(row.value_wan)
            bought.setdefault((row.customer, row.segment), []).append(row.value_wan)
            self.partners.setdefault(row.supplier, set()).add(row.customer)
            self.partners.setdefault(row.customer, set()).add(row.supplier)
            self.sellers.setdefault((row.customer, row.segment), set()).add(row.supplier)
        self.sold = {key: fsum(values) for key, values in sold.items()}
        self.bought = {key: fsum(values) for key, values in bought.items()}
        self.links = [(row.supplier, row.customer, row.segment) for row in chain.supplies]
        self.segment_of: dict[str, set[str]] = {}
        for firm, segment in self.made:
            self.segment_of.setdefault(firm, set()).add(segment)

    def spare(self, firm: str, segment: str) -> float:
        """What it could still sell: capacity, or output where no capacity is known, less what it sells."""
        profile = self.profiles.get(firm)
        capacity = (profile.capacity_wan.get(segment) if profile else None) or self.made.get(
            (firm, segment), 0.0
        )
        return max(0.0, capacity - self.sold.get((firm, segment), 0.0))

    def similar(self, supplier: str, customer: str, segment: str) -> tuple[int, int]:
        """(firms like the customer that buy from firms like the supplier, firms like the customer)."""
        alike = {
            f for s in self.segment_of.get(customer, ()) for f in self.stands.get(s, ()) if f != customer
        }
        alike.discard(supplier)
        buying = {c for _s, c, k in self.links if k == segment and c in alike}
        return len(buying), len(alike)


def _grams(text: str) -> set[str]:
    clean = "".join(text.split()).lower()
    return {clean[n : n + 2] for n in range(len(clean) - 1)}


def matches(
    chain: Chain,
    firm: str,
    side: str,
    declined: Collection[tuple[str, str]] = (),
    profiles: Mapping[str, Profile] | None = None,
) -> list[Match]:
    """Candidates for `firm`, best first; ties by firm and segment.

    Never the firm itself, never anybody it has a supply row with (in either direction), never a declined pair
    (supplier, customer).

    score = 0.45 · share of the open need that the partner's spare capacity can move + 0.25 · weight of the
    input in the product + 0.15 · share of similar firms that trade this way + 0.15 · the buyer has one
    supplier or none for it; a common word in the products adds up to 0.05. Between 0 and 1.

    >>> from app.chain.facts import Input, Position, Segment
    >>> chain = Chain((Segment("ore"), Segment("wire")), (Input("ore", "wire", 0.5),),
    ...               (Position("A", "", "ore", 9.0), Position("B", "", "wire", 10.0)))
    >>> [(m.enterprise, m.segment, m.value_wan) for m in matches(chain, "B", "suppliers")]
    [('A', 'ore', 5.0)]
    """
    park = _Park(chain, profiles or {})
    refused = set(declined)
    best: dict[tuple[str, str], Match] = {}
    heaviest: dict[str, float] = {}
    for row in chain.inputs:
        heaviest[row.target] = max(heaviest.get(row.target, 0.0), row.coefficient)
    for row in chain.inputs:
        if side == SUPPLIERS:
            pairs = [(other, firm) for other in park.stands.get(row.source, ())]
            mine = row.target
        else:
            pairs = [(firm, other) for other in park.stands.get(row.target, ())]
            mine = row.source
        if (firm, mine) not in park.made:
            continue
        for supplier, customer in pairs:
            other = supplier if side == SUPPLIERS else customer
            if (
                supplier == customer
                or other in park.partners.get(firm, ())
                or (supplier, customer) in refused
            ):
                continue
            weight = row.coefficient / heaviest[row.target] if heaviest[row.target] else 0.0
            match = _match(park, supplier, customer, row.source, row.target, row.coefficient, weight, other)
            if match is None:
                continue
            known = best.get((match.enterprise, match.segment))
            if known is None or match.score > known.score:
                best[match.enterprise, match.segment] = match
    return sorted(best.values(), key=lambda m: (-round(m.score, 9), m.enterprise, m.segment))


def _match(
    park: _Park,
    supplier: str,
    customer: str,
    segment: str,
    target: str,
    coefficient: float,
    weight: float,
    other: str,
) -> Match | None:
    need = coefficient * park.made[customer, target]
    have = park.bought.get((customer, segment), 0.0)
    open_need = max(0.0, need - have)
    spare = park.spare(supplier, segment)
    if need <= 0:
        return None
    value = min(open_need, spare)
    params = {"segment": segment, "target": target, "coefficient": coefficient}
    reasons = [
        Reason("chain_match_input", params | {"output_wan": park.made[customer, target], "need_wan": need})
    ]
    if open_need > 0:
        reasons.append(Reason("chain_match_open", {"open_wan": open_need, "have_wan": have}))
    if spare > 0:
        reasons.append(Reason("chain_match_spare", {"spare_wan": spare}))
    count = len(park.sellers.get((customer, segment), ()))
    fragile = count <= 1
    if count == 1:
        reasons.append(Reason("chain_match_second_source", {"segment": segment}))
    elif count == 0:
        reasons.append(Reason("chain_match_no_source", {"segment": segment}))
    buying, alike = park.similar(supplier, customer, segment)
    if buying:
        reasons.append(Reason("chain_match_similar", {"buying": buying, "alike": alike}))
    one, two = park.profiles.get(supplier), park.profiles.get(customer)
    words = _grams(one.products) & _grams(two.products) if one and two else set()
    if words:
        reasons.append(Reason("chain_match_words", {"words": "、".join(sorted(words)[:3])}))
    share = min(1.0, spare / open_need) if open_need else 0.0
    score = 0.45 * share + 0.25 * weight + 0.15 * (buying / alike if alike else 0.0) + 0.15 * fragile
    score = min(1.0, score + min(0.05, 0.01 * len(words)))
    return Match(other, segment, score, value, tuple(reasons))
