"""What could fill a weak link: of everything the park has, only what has a stated reason to be related."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.ecosystem.market.similarity import normalise

#: What a segment's name ends in without saying anything about its subject.
_SUFFIXES = (
    "材料",
    "制造",
    "系统",
    "生产",
    "组件",
    "部件",
    "产品",
    "加工",
    "设备",
    "服务",
    "集成",
)


@dataclass(frozen=True)
class Gap:
    """A weak link: its code and the words by which its subject is known."""

    segment: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Candidate:
    """Something the park has or could get: a prospect, instrument, patent, person or offer."""

    kind: str
    id: int
    text: str
    segments: frozenset[str] = frozenset()
    adds_wan: float = 0.0


@dataclass(frozen=True)
class Filler:
    """A candidate that could help fill the gap, and why."""

    kind: str
    id: int
    weight: float
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


def words_of(names: Iterable[str], products: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the words by which a segment is known: its names, their stem, and what its firms make.

    >>> words_of(["正极材料", "Cathode material"], ["磷酸铁锂", "铁"])
    ('cathode material', '正极', '正极材料', '磷酸铁锂')
    """
    found: set[str] = set()
    for name in names:
        name = normalise(name).strip()
        found.add(name)
        for suffix in _SUFFIXES:
            stem = name[: -len(suffix)]
            if name.endswith(suffix) and len(stem) >= 2:
                found.add(stem)
    found.update(normalise(product).strip() for product in products)
    return tuple(sorted(word for word in found if len(word) >= 2))


def fillers(gap: Gap, candidates: Iterable[Candidate]) -> list[Filler]:
    """Return the candidates related to the gap, strongest first, ties by kind and id.

    A candidate stands on the segment itself (reason `stands_on`, with the output it would add), or its text
    names the segment's subject (`names_it`, with the words found). Anything else is left out.

    >>> gap = Gap("cathode", words_of(["正极材料"]))
    >>> rows = [Candidate("equipment", 1, "正极粉体粒度仪"), Candidate("equipment", 2, "流式细胞仪"),
    ...         Candidate("prospect", 3, "", frozenset({"cathode"}), 4000.0)]
    >>> [(f.kind, f.id, f.code) for f in fillers(gap, rows)]
    [('prospect', 3, 'stands_on'), ('equipment', 1, 'names_it')]
    """
    found = []
    for candidate in candidates:
        body = normalise(candidate.text)
        words = [word for word in gap.words if word in body]
        words = [w for w in words if not any(w != longer and w in longer for longer in words)]
        if gap.segment in candidate.segments:
            weight = 1000.0 + candidate.adds_wan
            found.append(
                Filler(
                    candidate.kind,
                    candidate.id,
                    weight,
                    "stands_on",
                    {"segment": gap.segment, "adds_wan": candidate.adds_wan},
                )
            )
        elif words:
            found.append(
                Filler(
                    candidate.kind,
                    candidate.id,
                    float(len(words)),
                    "names_it",
                    {"words": tuple(sorted(words))},
                )
            )
    return sorted(found, key=lambda f: (-f.weight, f.kind, f.id))
