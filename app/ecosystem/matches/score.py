"""Who could work with whom: scores every published need against every published offer, with reasons.

The score is a weighted mean of the factors that are *known on both sides*; a missing field neither helps
nor hurts. Place, price and history only order what text, tags or the chain have made relevant: two neighbours
with nothing to say to each other are never proposed, and a good price lifts a weak pair only a little. Nothing in here knows a name: it sees ids.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain as _chain
from typing import Any

from app.ecosystem.market import similarity

#: What each factor weighs. Subject factors decide whether a pair is relevant at all.
WEIGHTS: Mapping[str, float] = {
    "text": 0.40,
    "tags": 0.20,
    "chain": 0.20,
    "budget": 0.10,
    "place": 0.05,
    "history": 0.05,
}
SUBJECT = ("text", "tags", "chain")
#: Text similarity that is evidence on its own; below it tags or the chain must speak too.
TEXT_EVIDENCE = 0.12
#: A shared-text cosine of this much already means "the same thing" for texts as short as these.
TEXT_FULL = 0.60


@dataclass(frozen=True)
class Post:
    """One published need or offer as the algorithm sees it.

    `amount_fen` is the budget of a need and the price of an offer; `quantity` what is asked or available, in
    the same `unit` on both sides or it is not compared.
    """

    id: int
    organisation: int
    terms: tuple[str, ...] = ()
    tags: frozenset[str] = frozenset()
    segment: str | None = None
    place: str | None = None
    amount_fen: int | None = None
    quantity: float | None = None
    unit: str = ""


@dataclass(frozen=True)
class Why:
    """One reason for (or against) a pair: a code with parameters, and what it added to the score."""

    code: str
    ratio: float
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Proposal:
    """A need and an offer that could meet."""

    need: int
    offer: int
    need_organisation: int
    offer_organisation: int
    score: float
    reasons: tuple[Why, ...]


@dataclass(frozen=True)
class Surroundings:
    """What the pair's score depends on besides the two posts.

    Attributes
    ----------
    inputs : pairs (input segment, output segment) of the chain.
    proven : organisations with a confirmed outcome behind them. With whom does not matter: a history of
        just these two would tell each of them who the other is.
    """

    inputs: frozenset[tuple[str, str]] = frozenset()
    proven: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Refused:
    """A "no" that still stands: this need with this offer, and the two organisations about either of them."""

    need: int
    offer: int
    need_organisation: int
    offer_organisation: int

    def covers(self, need: Post, offer: Post) -> bool:
        """Say whether the pair is the refused one, or one side's repeated try on the same subject.

        >>> no = Refused(1, 7, 10, 20)
        >>> [no.covers(Post(n, 10), Post(o, 20)) for n, o in ((1, 7), (1, 8), (2, 7), (2, 8))]
        [True, True, True, False]
        """
        if (need.organisation, offer.organisation) != (
            self.need_organisation,
            self.offer_organisation,
        ):
            return False
        return need.id == self.need or offer.id == self.offer


def _chain_factor(need: Post, offer: Post, inputs: Collection[tuple[str, str]]) -> tuple[float, Why] | None:
    if not need.segment or not offer.segment:
        return None
    if need.segment == offer.segment:
        return 1.0, Why("segment_same", 1.0, {"segment": need.segment})
    if (offer.segment, need.segment) in inputs:
        return 0.7, Why("segment_feeds", 0.7, {"input": offer.segment, "output": need.segment})
    if (need.segment, offer.segment) in inputs:
        return 0.5, Why("segment_next", 0.5, {"input": need.segment, "output": offer.segment})
    return 0.0, Why("segment_apart", 0.0, {})


def _budget_factor(need: Post, offer: Post) -> tuple[float, Why] | None:
    if not need.amount_fen or offer.amount_fen is None:
        return None
    if offer.amount_fen <= need.amount_fen:
        return 1.0, Why("budget_fits", 1.0, {})
    ratio = max(0.0, 1.0 - (offer.amount_fen / need.amount_fen - 1.0))
    return ratio, Why("budget_over", ratio, {})


def _capacity_factor(need: Post, offer: Post) -> Why | None:
    if not need.quantity or offer.quantity is None or need.unit != offer.unit:
        return None
    ratio = min(1.0, offer.quantity / need.quantity)
    return Why(
        "capacity_fits" if ratio >= 1.0 else "capacity_part",
        ratio,
        {"percent": round(100 * ratio)},
    )


def score(
    need: Post,
    offer: Post,
    need_vector: Mapping[str, float],
    offer_vector: Mapping[str, float],
    around: Surroundings,
) -> tuple[float, tuple[Why, ...]]:
    """Return the score (0–1) of one pair and its reasons, strongest contribution first.

    A pair without a subject in common scores 0 with no reasons.

    >>> a = Post(1, 10, ("光谱", "谱仪"), frozenset({"检测"}))
    >>> b = Post(2, 20, ("光谱", "谱仪"), frozenset({"检测"}))
    >>> w = similarity.weigh([a.terms, b.terms])
    >>> value, why = score(a, b, similarity.vector(a.terms, w), similarity.vector(b.terms, w), Surroundings())
    >>> round(value, 3), [r.code for r in why]
    (1.0, ['text', 'tags'])
    """
    factors: dict[str, tuple[float, Why]] = {}
    cosine = similarity.cosine(need_vector, offer_vector)
    same = min(1.0, cosine / TEXT_FULL)
    factors["text"] = (
        same,
        Why("text", same),
    )
    if need.tags and offer.tags:
        both = need.tags & offer.tags
        ratio = len(both) / min(len(need.tags), len(offer.tags))
        factors["tags"] = ratio, Why("tags", ratio, {"tags": tuple(sorted(both))})
    if position := _chain_factor(need, offer, around.inputs):
        factors["chain"] = position
    subject = cosine >= TEXT_EVIDENCE or any(factors[k][0] > 0 for k in ("tags", "chain") if k in factors)
    if not subject:
        return 0.0, ()
    if need.place and offer.place and need.place == offer.place:
        factors["place"] = 1.0, Why("place", 1.0, {"place": need.place})
    if money := _budget_factor(need, offer):
        factors["budget"] = money
    if {need.organisation, offer.organisation} <= around.proven:
        factors["history"] = 1.0, Why("history", 1.0, {})
    weight = sum(WEIGHTS[k] for k in factors if k in SUBJECT)
    relevance = sum(WEIGHTS[k] * factors[k][0] for k in SUBJECT if k in factors) / weight
    trust = min(1.0, relevance / 0.5)
    for key in factors.keys() - set(SUBJECT):
        weight += WEIGHTS[key]
    value = (
        sum(WEIGHTS[k] * f[0] * (1.0 if k in SUBJECT else trust) for k, f in sorted(factors.items())) / weight
    )
    capacity = _capacity_factor(need, offer)
    if capacity is not None:
        value *= 0.5 + 0.5 * capacity.ratio
    ranked = sorted(factors, key=lambda k: (-WEIGHTS[k] * factors[k][0], k))
    reasons = [factors[k][1] for k in ranked if factors[k][0] > 0 or factors[k][1].code == "budget_over"]
    return value, tuple(reasons) + ((capacity,) if capacity else ())


def _worded(
    reasons: tuple[Why, ...], need: Post, offer: Post, weights: Mapping[str, float]
) -> tuple[Why, ...]:
    """Say what the two texts have in common, only for pairs that are proposed."""
    return tuple(
        Why(w.code, w.ratio, {"terms": similarity.shared_phrases(need.terms, offer.terms, weights)})
        if w.code == "text"
        else w
        for w in reasons
    )


def propose(
    needs: Sequence[Post],
    offers: Sequence[Post],
    *,
    around: Surroundings | None = None,
    refused: Iterable[Refused] = (),
    known: Collection[tuple[int, int]] = (),
    open_by_organisation: Mapping[int, int] | None = None,
    most_open: int = 5,
    least: float = 0.25,
    about: Collection[int] | None = None,
) -> list[Proposal]:
    """Return new pairs worth proposing, best first.

    Parameters
    ----------
    needs, offers : sequence of Post
        All published ones. Their order does not matter.
    around : Surroundings
        Chain and history.
    refused : iterable of Refused
        "No"s whose period has not ended: these are never proposed, whatever their score.
    known : collection of (need id, offer id)
        Pairs that already are a match in some state.
    open_by_organisation : mapping of organisation to number
        Open matches each organisation already has.
    most_open : int
        No organisation gets more open matches than this.
    least : float
        Smallest score worth a person's attention.
    about : collection of post ids, optional
        Only pairs with one of these posts; the others still weigh the words, so it changes no score.

    Returns
    -------
    list of Proposal
        By score descending, then need id, then offer id: the same input gives the same answer.

    Notes
    -----
    O(needs × offers × shared terms). The limit per organisation is filled greedily from the best pair down,
    so a better pair is never left out for a worse one of the same two organisations.

    >>> need = Post(1, 10, similarity.terms("正极材料检测"))
    >>> offers = [Post(5, 20, similarity.terms("正极检测服务")), Post(6, 10, similarity.terms("正极材料检测"))]
    >>> [p.offer for p in propose([need], offers)]
    [5]
    """
    around = around or Surroundings()
    standing: dict[tuple[int, int], list[Refused]] = {}
    for no in refused:
        standing.setdefault((no.need_organisation, no.offer_organisation), []).append(no)
    weights = similarity.weigh(post.terms for post in _chain(needs, offers))
    offer_vectors = {offer.id: similarity.vector(offer.terms, weights) for offer in offers}
    taken = set(known)
    found: list[Proposal] = []
    for need in needs:
        need_vector = similarity.vector(need.terms, weights)
        for offer in offers:
            if need.organisation == offer.organisation or (need.id, offer.id) in taken:
                continue
            if about is not None and need.id not in about and offer.id not in about:
                continue
            nos = standing.get((need.organisation, offer.organisation), ())
            if any(no.covers(need, offer) for no in nos):
                continue
            value, reasons = score(need, offer, need_vector, offer_vectors[offer.id], around)
            if reasons and value >= least:
                found.append(
                    Proposal(
                        need.id,
                        offer.id,
                        need.organisation,
                        offer.organisation,
                        round(value, 4),
                        _worded(reasons, need, offer, need_vector),
                    )
                )
    found.sort(key=lambda p: (-p.score, p.need, p.offer))
    return _within(found, open_by_organisation or {}, most_open)


def _within(
    found: Iterable[Proposal], open_by_organisation: Mapping[int, int], most_open: int
) -> list[Proposal]:
    """The pairs in their order, but for those whose organisation has its fill."""
    count = Counter(open_by_organisation)
    chosen = []
    for proposal in found:
        if count[proposal.need_organisation] < most_open and count[proposal.offer_organisation] < most_open:
            count.update((proposal.need_organisation, proposal.offer_organisation))
            chosen.append(proposal)
    return chosen


def still_standing(
    found: Iterable[Proposal],
    *,
    refused: Iterable[Refused] = (),
    known: Collection[tuple[int, int]] = (),
    open_by_organisation: Mapping[int, int] | None = None,
    most_open: int = 5,
) -> list[Proposal]:
    """Return those of some pairs, best first, that what happened since they were found has not overtaken.

    The parameters are those of `propose`. Linear in pairs and refusals.

    >>> pair = Proposal(1, 5, 10, 20, 0.9, ())
    >>> still_standing([pair]) == [pair], still_standing([pair], known={(1, 5)})
    (True, [])
    """
    standing: dict[tuple[int, int], list[Refused]] = {}
    for no in refused:
        standing.setdefault((no.need_organisation, no.offer_organisation), []).append(no)
    free = [
        pair
        for pair in found
        if (pair.need, pair.offer) not in known
        and not any(
            pair.need == no.need or pair.offer == no.offer
            for no in standing.get((pair.need_organisation, pair.offer_organisation), ())
        )
    ]
    return _within(free, open_by_organisation or {}, most_open)
