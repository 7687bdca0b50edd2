"""The ways a firm's name may be written, and where they stand in a folded text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.hall.text.folding import MASKED, digit_of, fold

_MOST_BETWEEN_LETTERS = 3
_LEGAL = (
    "股份有限公司",
    "有限责任公司",
    "有限公司",
    "公司",
    "集团",
    "（虚构）",
    "(虚构)",
    "虚构",
)
_PLACE = re.compile(
    r"^(?:中国|江苏省?|浙江省?|上海市?|北京市?|深圳市?|广州市?|苏州市?|南通市?|南京市?|杭州市?)"
)
#: What a firm does, not who it is: taken off the end of a name, longest first, until the distinctive part is left.
_TRADES_TEXT = """
新能源 新材料 半导体 机器人 科技 技术 电芯 电池 电子 电气 材料 正极 负极 隔膜 电解液 智能 装备 设备 精密 制造 生物 医药 医疗 器械 信息 软件 数据 网络 文化 创意 传媒 贸易
跨境 物流 供应链 检测 仪器 光电 化工 化学 环保 循环 回收 再生 能源 汽车 动力 系统 自动化 机械 模具 包装 食品 农业 实业 投资 金融 咨询 服务 工程 研究院 研究所 大学 学院
银行 协会 实验室
"""
_TRADES = tuple(_TRADES_TEXT.split())
_TRADE_WORDS_TEXT = """
cell cells battery batteries tech technology technologies materials material energy power new smart
bio pharma medical data software network culture creative media trade logistics co ltd inc corp
company group limited university institute bank association park the of and china jiangsu shanghai
suzhou nantong industrial precision equipment systems science sciences research lab laboratory
intelligent robotics optics electronics chemical recycling digital design
"""
_TRADE_WORDS = frozenset(_TRADE_WORDS_TEXT.split())
_SHORTEST_WORD = 4


def spellings(names: Iterable[str]) -> list[str]:
    """The ways a name may be written in a text, longest first: without its legal form, place and trade.

    >>> spellings(["苏州江澜电芯有限公司"])
    ['苏州江澜电芯有限公司', '江澜电芯有限公司', '苏州江澜电芯', '江澜电芯', '苏州江澜', '江澜']
    >>> spellings(["苏州大学", "新能源汽车协会"])
    ['新能源汽车协会', '苏州大学']
    >>> spellings(["Jianglan Cell Co"])
    ['Jianglan Cell Co', 'Jianglan Cell', 'Jianglan']
    """
    found: set[str] = set()
    for name in (one.strip() for one in names):
        for written in _without_endings(name, _LEGAL):
            found.add(written)
            bare = _PLACE.sub("", written)
            for one in {written, bare}:
                found.update(_without_trades(one))
            if bare in found or (not bare.isascii() and _distinctive(bare)):
                found.add(bare)
    return sorted((n for n in found if _long_enough(n)), key=lambda n: (-len(n), n))


def _long_enough(name: str) -> bool:
    return len(name) > 1 and any(character.isalnum() for character in name)


def _without_endings(name: str, endings: Iterable[str]) -> Iterator[str]:
    while len(name) > 1:
        yield name
        shorter = next((name[: -len(end)].strip() for end in endings if name.endswith(end)), "")
        if not shorter:
            return
        name = shorter


def _distinctive(name: str) -> bool:
    """Say whether something is left of a Chinese name when its legal form and every trade at its end are gone."""
    *_longer, core = _without_endings(name, (*_LEGAL, *_TRADES)) if len(name) > 1 else ("",)
    return len(core) > 1 and core not in _TRADES and not _PLACE.fullmatch(core)


def _without_trades(name: str) -> Iterator[str]:
    """The distinctive part: Chinese without the trades at its end, English without the trade words at its end."""
    if not name.isascii():
        if _distinctive(name):
            yield from (one for one in _without_endings(name, _TRADES) if len(one) > 1)
        return
    words = name.split()
    while len(words) > 1 and words[-1].strip(".,").lower() in _TRADE_WORDS:
        words.pop()
        if len(words) > 1 or (len(words[0]) >= _SHORTEST_WORD and words[0].lower() not in _TRADE_WORDS):
            yield " ".join(words)


@dataclass(frozen=True, slots=True)
class _Skeleton:
    """Letters and digits only, with the place of each in the folded text; where a sentence breaks stands a NUL."""

    letters: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> _Skeleton:
        letters: list[str] = []
        places: list[int] = []
        between = 0
        for place, character in enumerate(text):
            if character.isalnum():
                letters.append(digit_of(character) or character)
                places.append(place)
                between = 0
                continue
            between += 1
            if (
                (between == _MOST_BETWEEN_LETTERS + 1 or character in _BREAKS)
                and letters
                and letters[-1] != "\0"
            ):
                letters.append("\0")
                places.append(place)
        return cls("".join(letters).strip("\0"), tuple(places))


_BREAKS = frozenset(f"。！？；，、：,;:!?\n{MASKED}()（）")


@lru_cache(maxsize=256)
def skeletons(names: tuple[str, ...]) -> tuple[str, ...]:
    """What of these names is looked for: letters and digits only, longest first.

    >>> skeletons(("E-01", "Jianglan Cell"))
    ('jianglancell', 'jianglan', 'e01')
    """
    found = (_Skeleton.of(fold(name).text).letters for name in spellings(names))
    return tuple(dict.fromkeys(letters for letters in found if letters))


def find_names(text: str, wanted: Iterable[str]) -> Iterator[tuple[int, int]]:
    """The places in a folded text where a name stands, whatever is put between its letters.

    >>> list(find_names("we are e-01 of jianglan", ("jianglan", "e01")))
    [(15, 23), (7, 11)]
    """
    whole = _Skeleton.of(text)
    for name in wanted:
        size = len(name)
        at = whole.letters.find(name)
        while at >= 0:
            start, end = whole.places[at], whole.places[at + size - 1] + 1
            if _on_edges(text, start, end):
                yield start, end
                at = whole.letters.find(name, at + size)
            else:
                at = whole.letters.find(name, at + 1)


def _on_edges(text: str, start: int, end: int) -> bool:
    """A name in Latin letters stands by itself; Chinese knows no spaces."""
    return not (_latin(text[start]) and start and _latin(text[start - 1])) and not (
        _latin(text[end - 1]) and end < len(text) and _latin(text[end])
    )


def _latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
