"""What the round table should talk about, computed from what firms say and what the other rooms measure.

Order: overdue resolutions (a promise comes before a new idea), then what rooms above cannot bring to an end alone
(problems, alerts) and causes outside the park that several must act on, then concerns shared by several firms, then new
weak links, then demand that was refused. Every proposal names the rows it comes from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from app.ecosystem.round_table.rules import is_overdue

ORDER = ("overdue", "overdue_problem", "alert", "initiative", "concern", "weak_link", "refused_demand")

BROUGHT = ("overdue_problem", "alert", "initiative")  # by the rooms that know of them


@dataclass(frozen=True)
class Voice:
    """One thing an organisation said: a published need or a signal, with its tags and segment."""

    kind: str
    id: int
    organisation: int
    tags: frozenset[str] = frozenset()
    segment: str | None = None


@dataclass(frozen=True)
class Idle:
    """An offer nobody has taken up yet."""

    id: int
    organisation: int
    tags: frozenset[str] = frozenset()
    segment: str | None = None


@dataclass(frozen=True)
class OpenResolution:
    """A resolution that is not done."""

    id: int
    due_on: date
    owner: int = 0


@dataclass(frozen=True)
class WeakLink:
    """A weak link of the chain, the rank it had when the table last met (None: not ranked), how many firms make it."""

    segment: str
    rank: int
    shortfall_wan: float
    rank_before: int | None = None
    firms: int | None = None


@dataclass(frozen=True)
class RefusedDemand:
    """Booking wishes for one class of instrument that could not be met."""

    topic: str
    refusals: int
    hours: float
    organisations: int


@dataclass(frozen=True)
class Item:
    """One proposed agenda item.

    Attributes
    ----------
    kind : one of ORDER.
    key : stable name of the subject, so that it is not put on the agenda twice.
    params : what fills the sentence.
    evidence : (kind, id) of every row it was computed from.
    """

    kind: str
    key: str
    weight: float
    params: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class _Cluster:
    topic: str
    by: str
    voices: tuple[Voice, ...]
    organisations: frozenset[int]


def _clusters(voices: Sequence[Voice], least: int) -> list[_Cluster]:
    groups: dict[tuple[str, str], list[Voice]] = {}
    for voice in voices:
        for tag in voice.tags:
            groups.setdefault(("tag", tag), []).append(voice)
        if voice.segment:
            groups.setdefault(("segment", voice.segment), []).append(voice)
    found = [
        _Cluster(
            topic,
            by,
            tuple(sorted(rows, key=lambda v: (v.kind, v.id))),
            frozenset(v.organisation for v in rows),
        )
        for (by, topic), rows in groups.items()
    ]
    found = [c for c in found if len(c.organisations) >= least]
    found.sort(key=lambda c: (-len(c.organisations), c.by != "tag", c.topic))
    kept: list[_Cluster] = []
    for cluster in found:
        if not any(set(cluster.voices) <= set(bigger.voices) for bigger in kept):
            kept.append(cluster)
    return kept


def _concern(cluster: _Cluster, idle: Sequence[Idle], groups: Mapping[str, frozenset[int]]) -> Item:
    answers = [
        o
        for o in idle
        if (cluster.topic in o.tags if cluster.by == "tag" else cluster.topic == o.segment)
        and o.organisation not in cluster.organisations
    ]
    firms = len(cluster.organisations)
    params: dict[str, object] = {
        "topic": cluster.topic,
        "by": cluster.by,
        "firms": firms,
        "offers": len(answers),
    }
    share, best = 0.0, ""
    for label, members in sorted(groups.items()):
        inside = len(cluster.organisations & members)
        if inside >= 2 and inside / len(members) > share:
            share, best = inside / len(members), label
            params |= {"group": label, "inside": inside, "size": len(members)}
    evidence = tuple((v.kind, v.id) for v in cluster.voices) + tuple(
        ("offer", o.id) for o in sorted(answers, key=lambda o: o.id)
    )
    weight = firms + (share if share >= 0.5 and best else 0.0)
    return Item("concern", f"{cluster.by}:{cluster.topic}", weight, params, evidence)


def propose(
    *,
    today: date,
    voices: Iterable[Voice] = (),
    idle: Iterable[Idle] = (),
    resolutions: Iterable[OpenResolution] = (),
    weak_links: Iterable[WeakLink] = (),
    refused: Iterable[RefusedDemand] = (),
    groups: Mapping[str, frozenset[int]] | None = None,
    others: Iterable[Item] = (),
    least_firms: int = 3,
    least_refusals: int = 3,
) -> list[Item]:
    """Return the proposed agenda, most urgent first, ties by key.

    Parameters
    ----------
    today : date
        Decides what is overdue.
    voices : iterable of Voice
        Open needs and recent signals; a firm counts once per topic however often it says it.
    idle : iterable of Idle
        Offers that could answer a concern.
    groups : mapping of label to organisations
        Kinds of firm with a known size, e.g. 专精特新: "six of eight say …".
    others : iterable of Item
        What other rooms bring, of the kinds `overdue_problem`, `alert` and `initiative`.
    least_firms : int
        A concern is shared when at least so many firms have it.

    >>> said = [Voice("signal", i, i, frozenset({"技术转化难"})) for i in range(1, 7)]
    >>> items = propose(today=date(2026, 11, 23), voices=said, groups={"专精特新": frozenset(range(1, 9))})
    >>> [(i.kind, i.params["topic"], i.params["inside"], i.params["size"]) for i in items]
    [('concern', '技术转化难', 6, 8)]
    """
    unanswered = sorted(idle, key=lambda o: o.id)
    items = [
        Item(
            "overdue",
            f"resolution:{r.id}",
            float((today - r.due_on).days),
            {"days": (today - r.due_on).days, "resolution": r.id, "owner": r.owner},
            (("resolution", r.id),),
        )
        for r in resolutions
        if is_overdue("open", r.due_on, today)
    ]
    items += [one for one in others if one.kind in BROUGHT]
    items += [_concern(c, unanswered, groups or {}) for c in _clusters(list(voices), least_firms)]
    items += [
        Item(
            "weak_link",
            f"weak:{w.segment}",
            w.shortfall_wan,
            {
                "segment": w.segment,
                "rank": w.rank,
                "shortfall_wan": w.shortfall_wan,
                "before": w.rank_before,
                "firms": w.firms,
            },
        )
        for w in weak_links
        if w.rank_before is None or w.rank < w.rank_before
    ]
    items += [
        Item(
            "refused_demand",
            f"refused:{d.topic}",
            d.hours,
            {
                "topic": d.topic,
                "refusals": d.refusals,
                "hours": d.hours,
                "firms": d.organisations,
            },
        )
        for d in refused
        if d.refusals >= least_refusals
    ]
    return sorted(items, key=lambda i: (ORDER.index(i.kind), -i.weight, i.key))
