"""Words to find a resource by: Chinese in overlapping pairs, so that every two-character word is found."""

from __future__ import annotations

import re
import unicodedata

_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_PLAIN = re.compile(r"[a-z0-9]+")


def normalised(text: str) -> str:
    """Full-width forms folded, lower case.

    >>> normalised("ＸＲＤ 衍射")
    'xrd 衍射'
    """
    return unicodedata.normalize("NFKC", text).lower()


def words_of(text: str) -> frozenset[str]:
    """All words of a text: runs of letters and digits, and every pair of neighbouring Chinese characters.

    A Chinese run of one character is a word itself. Pairs need no dictionary: a two-character word is found
    wherever it stands, a longer one when all of its pairs are there.

    >>> sorted(words_of("X 射线衍射仪 XRD-7000"))
    ['7000', 'x', 'xrd', '射仪', '射线', '线衍', '衍射']
    """
    folded = normalised(text)
    found = set(_PLAIN.findall(folded))
    for run in _CHINESE.findall(folded):
        if len(run) == 1:
            found.add(run)
        found |= {run[i : i + 2] for i in range(len(run) - 1)}
    return frozenset(found)


def query_words(text: str, most: int = 12) -> list[str]:
    """The words a search must find, in order, at most `most`.

    >>> query_words("电池 测试")
    ['电池', '测试']
    """
    folded = normalised(text)[:100]
    found: list[str] = []
    for run in re.findall(r"[\u3400-\u9fff]+|[a-z0-9]+", folded):
        if run.isascii() or len(run) == 1:
            found.append(run)
        else:
            found += [run[i : i + 2] for i in range(len(run) - 1)]
    return list(dict.fromkeys(found))[:most]
