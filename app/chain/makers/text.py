"""One spelling for product texts: full-width, case and spaces must not decide who makes something."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import numpy as np
from scipy import sparse

_KEPT = re.compile(r"[0-9a-z\u00c0-\u024f\u0370-\u04ff]+|[\u3040-\u30ff\u3400-\u9fff\U00020000-\U0003ffff]+")


_TORN = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")


def normalise(text: str) -> str:
    """Fold width and case; keep runs of letters and digits and runs of characters, one space between them. Spaces
    between characters mean nothing in Chinese and go.

    >>> normalise("ＬＥＤ显示屏（模组） ")
    'led 显示屏 模组'
    >>> normalise("水 泥")
    '水泥'
    """
    return " ".join(_KEPT.findall(_TORN.sub("", unicodedata.normalize("NFKC", text).casefold())))


def grams(text: str, shortest: int = 1, longest: int = 2, edges: bool = True) -> list[str]:
    """Cut a normalised text into character n-grams; no gram crosses a space.

    Chinese product names end with the head noun (锂电池**隔膜**), so the last one and two characters count once more
    as edges, and so do the first two. A run of letters and digits counts as a whole and by threes: its single letters
    mean nothing.

    >>> grams("隔膜")
    ['隔', '膜', '隔膜', '膜$', '隔膜$', '^隔膜']
    >>> grams("oled", edges=False)
    ['ole', 'led', 'oled$']
    """
    found: list[str] = []
    for part in text.split():
        if part[0] < "\u3040":
            found += [part[start : start + 3] for start in range(len(part) - 2)]
            found.append(part + "$")
            continue
        for size in range(shortest, longest + 1):
            found += [part[start : start + size] for start in range(len(part) - size + 1)]
        if edges:
            found += [part[-1] + "$", part[-2:] + "$", "^" + part[:2]]
    return found


_EMPTY_ENDS = ("材料", "产品", "制品", "系统", "设备", "装置", "组件", "部件", "配件", "器件", "模块", "系列")


def head(text: str) -> str:
    """What kind of thing a normalised product name says it is: its last two characters, empty words at the end left off.

    >>> [head(text) for text in ("锂电池隔膜", "锂离子电池用隔膜材料", "隔膜", "led 显示屏", "膜", "材料")]
    ['隔膜', '隔膜', '隔膜', '示屏', '膜', '材料']
    """
    last = text.rsplit(" ", 1)[-1]
    if last[:1] < "\u3040":
        return last
    while len(last) >= 4 and last.endswith(_EMPTY_ENDS):
        last = last[:-2]
    return last[-2:]


class Vocabulary:
    """The grams of a set of texts, each with a column; texts become rows of counts."""

    def __init__(
        self, texts: Iterable[str], shortest: int = 1, longest: int = 2, edges: bool = True, least: int = 1
    ) -> None:
        self._cut = (shortest, longest, edges)
        held: dict[str, int] = {}
        for text in texts:
            for gram in set(grams(text, *self._cut)):
                held[gram] = held.get(gram, 0) + 1
        self.columns = {gram: place for place, gram in enumerate(sorted(g for g in held if held[g] >= least))}

    def counts(self, texts: Iterable[str]) -> sparse.csr_array:
        """Count the known grams of each normalised text: float32, texts × grams."""
        starts, columns = [0], []
        for text in texts:
            columns += [self.columns[gram] for gram in grams(text, *self._cut) if gram in self.columns]
            starts.append(len(columns))
        matrix = sparse.csr_array(
            (np.ones(len(columns), np.float32), np.array(columns, np.int32), np.array(starts, np.int32)),
            shape=(len(starts) - 1, max(1, len(self.columns))),
        )
        matrix.sum_duplicates()
        return matrix
