"""Short Chinese and English texts as weighted term vectors, so that needs and offers can be compared.

Method: character bigrams of each run of Chinese characters, whole words of everything else, plus the words a
segmenter found, weighted by term frequency × smoothed inverse document frequency and compared by the cosine
(Salton & Buckley, 1988). No model, no download, and every shared term can be shown as the reason.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[a-z0-9]+(?:[.+#-][a-z0-9]+)*")
#: Words that say "this is a need" or "this is an offer" and nothing about its subject.
STOP_TERMS = frozenset(
    [
        "需要",
        "需求",
        "寻求",
        "寻找",
        "希望",
        "提供",
        "可以",
        "可提",
        "供给",
        "我们",
        "我司",
        "公司",
        "本公",
        "企业",
        "园区",
        "服务",
        "合作",
        "以及",
        "或者",
        "能够",
        "支持",
        "进行",
        "相关",
        "使用",
        "用于",
        "对外",
        "开放",
        "一家",
        "一批",
        "长期",
        "目前",
        "现有",
        "要求",
        "the",
        "and",
        "for",
        "with",
        "our",
        "from",
        "need",
        "needs",
        "offer",
        "offers",
        "we",
        "of",
        "to",
        "in",
        "a",
        "an",
        "求购",
        "采购",
        "供应",
        "出租",
        "承接",
        "诚征",
        "征集",
        "急需",
        "家的",
        "们的",
        "我方",
        "贵方",
        "联系",
        "供需",
    ]
)


def normalise(text: str) -> str:
    """Fold width, case and compatibility forms, so that spelling variants compare equal.

    >>> normalise("ＮＣＭ８１１　正极")
    'ncm811 正极'
    """
    return unicodedata.normalize("NFKC", text).casefold()


def terms(text: str, words: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the terms of a text: Chinese bigrams, other words whole, and the given segmenter words.

    Parameters
    ----------
    text : str
        Free text.
    words : iterable of str
        Words a segmenter found; only those of three characters and more add something to the bigrams.

    >>> terms("湿法隔膜 NCM811")
    ('湿法', '法隔', '隔膜', 'ncm811')
    >>> terms("锂电池", words=["锂电池", "的"])
    ('锂电', '电池', '锂电池')
    """
    found: list[str] = []
    for run in _RUN.findall(normalise(text)):
        if run[0] < "\u3400" or len(run) == 1:
            found.append(run)
        else:
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
    found.extend(word for word in map(normalise, words) if len(word) > 2 and _RUN.fullmatch(word))
    return tuple(term for term in found if term not in STOP_TERMS)


@dataclass(frozen=True)
class Weights:
    """Inverse document frequencies of one collection of texts."""

    documents: int
    frequency: Mapping[str, int]

    def of(self, term: str) -> float:
        """Return the weight of a term: rare terms weigh more, an unseen one most."""
        return math.log((1 + self.documents) / (1 + self.frequency.get(term, 0))) + 1.0


def weigh(collection: Iterable[Sequence[str]]) -> Weights:
    """Count in how many documents each term occurs.

    >>> weigh([("a", "a", "b"), ("a",)]).frequency["a"]
    2
    """
    documents = 0
    frequency: Counter[str] = Counter()
    for document in collection:
        documents += 1
        frequency.update(set(document))
    return Weights(documents, frequency)


def vector(document: Sequence[str], weights: Weights) -> dict[str, float]:
    """Return the unit-length tf-idf vector of a document; empty for an empty document.

    >>> vector((), weigh([]))
    {}
    >>> round(sum(x * x for x in vector(("a", "b", "b"), weigh([("a",)])).values()), 9)
    1.0
    """
    counts = Counter(document)
    raw = {term: (1.0 + math.log(n)) * weights.of(term) for term, n in sorted(counts.items())}
    length = math.sqrt(math.fsum(x * x for x in raw.values()))
    return {term: x / length for term, x in raw.items()} if length else {}


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """Return the cosine of two unit vectors, between 0 and 1, the same in either direction.

    >>> cosine({"a": 1.0}, {"a": 1.0}), cosine({"a": 1.0}, {"b": 1.0})
    (1.0, 0.0)
    """
    shared = sorted(one.keys() & other.keys())
    return min(1.0, math.fsum(one[term] * other[term] for term in shared))


def shared_phrases(
    one: Sequence[str], other: Sequence[str], weights: Mapping[str, float], most: int = 4
) -> tuple[str, ...]:
    """Return what two texts have in common as people would read it: runs of shared bigrams joined again.

    Parameters
    ----------
    one, other : sequence of str
        Terms of both texts in their order.
    weights : mapping
        How telling each term is; heavier phrases come first.

    >>> shared_phrases(terms("电芯产气成分分析"), terms("气相色谱分析产气成分"), {"产气": 1, "气成": 1, "成分": 1, "分析": 1})
    ('产气成分', '分析')
    """
    known = set(other)
    neighbours = set(pairwise(other))
    found: dict[str, float] = {}
    phrase, weight, last = "", 0.0, ""
    for term in (*one, ""):
        joins = (
            bool(last) and (last, term) in neighbours and len(last) == len(term) == 2 and last[1] == term[0]
        )
        if joins and term >= "\u3400":
            phrase, weight = phrase + term[1], weight + weights.get(term, 0.0)
        else:
            if phrase:
                found[phrase] = max(weight, found.get(phrase, 0.0))
            shared = term in known
            phrase, weight = (term, weights.get(term, 0.0)) if shared else ("", 0.0)
        last = term if phrase else ""
    ranked = sorted(found, key=lambda p: (-found[p], p))
    kept: list[str] = []
    for candidate in sorted(ranked, key=len, reverse=True):
        if not any(candidate in longer for longer in kept):
            kept.append(candidate)
    return tuple(p for p in ranked if p in kept)[:most]


@dataclass(frozen=True)
class Similar:
    """One text of a collection that resembles the query."""

    id: int
    ratio: float
    terms: tuple[str, ...]


def most_similar(
    query: Sequence[str],
    collection: Mapping[int, Sequence[str]],
    *,
    least: float = 0.2,
    most: int = 5,
) -> list[Similar]:
    """Return the members of a collection most like the query, best first, ties by id.

    Parameters
    ----------
    query : sequence of str
        Terms of the text being typed.
    collection : mapping of id to terms
        The published texts.
    least : float
        Smallest cosine worth showing, 0–1.
    most : int
        Longest answer.

    >>> [s.id for s in most_similar(terms("光谱仪测试"), {2: terms("光谱仪开放"), 1: terms("仓储物流")})]
    [2]
    """
    weights = weigh(collection.values())
    wanted = vector(query, weights)
    found = []
    for id_, document in sorted(collection.items()):
        other = vector(document, weights)
        ratio = cosine(wanted, other)
        if ratio >= least:
            found.append(Similar(id_, ratio, shared_phrases(query, document, other)))
    return sorted(found, key=lambda s: (-s.ratio, s.id))[:most]
