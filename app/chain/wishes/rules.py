"""Which segment a firm means when it says in its own words what it makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

MOST = 10
_NAMED, _MADE_BY = 2.0, 1.0


def likely_segments(
    text: str, names: Mapping[str, Iterable[str]], made_by: Iterable[tuple[str, float]]
) -> list[tuple[str, float]]:
    """The ten most likely segments, the likeliest first: by name, and by who makes something like it.

    Parameters
    ----------
    text
        What the firm makes, in free words.
    names
        Segment to its names and the products noted on it.
    made_by
        (segment, score from 0 to 1) of every firm that makes something alike.

    >>> names = {"cathode": ["正极材料"], "anode": ["负极材料"], "cell": ["电芯"]}
    >>> [code for code, _score in likely_segments("磷酸铁锂正极材料", names, [("anode", 0.1)])]
    ['cathode', 'anode']
    """
    scores: dict[str, float] = {}
    for code, called in names.items():
        score = max((_named(text, name) for name in called), default=0.0)
        if score > 0:
            scores[code] = _NAMED * score
    best: dict[str, float] = {}
    for code, score in made_by:
        if code in names:
            best[code] = max(best.get(code, 0.0), score)
    for code, score in best.items():
        scores[code] = scores.get(code, 0.0) + _MADE_BY * score
    return sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST]


def _named(text: str, name: str) -> float:
    """How much of a segment's name stands in the text: its pairs of characters that are found there."""
    text, name = text.casefold().replace(" ", ""), name.casefold().replace(" ", "")
    pairs = {name[at : at + 2] for at in range(len(name) - 1)}
    if not pairs:
        return 1.0 if name and name in text else 0.0
    return sum(pair in text for pair in pairs) / len(pairs)
