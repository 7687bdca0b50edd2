"""Takes out of a text whatever tells who wrote it, so that a counterpart stays masked until both said yes."""

from __future__ import annotations

import re
from collections.abc import Iterable

MASK = "▇▇"
_CONTACT = re.compile(
    r"""[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+            # mail
    | (?:https?://|www\.)[^\s，。；、）)]+              # web address
    | (?<!\d)(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{4}[-\s]?\d{4}(?!\d)   # mobile
    | (?<!\d)0\d{2,3}[-\s]\d{7,8}(?!\d)               # landline
    | (?:微信|wechat|vx|qq)\s*(?:号)?\s*[:：]?\s*[a-z0-9_-]{5,20}   # messengers
    """,
    re.IGNORECASE | re.VERBOSE,
)
_GENERIC = (
    "股份有限公司",
    "有限责任公司",
    "有限公司",
    "公司",
    "集团",
    "（虚构）",
    "(虚构)",
    "虚构",
)


def spellings(names: Iterable[str]) -> list[str]:
    """Return the ways a name may be written in a text, longest first.

    >>> spellings(["江澜电芯有限公司（虚构）"])
    ['江澜电芯有限公司（虚构）', '江澜电芯有限公司', '江澜电芯']
    """
    found: set[str] = set()
    for name in names:
        name = name.strip()
        while len(name) > 1:
            found.add(name)
            shorter = next((name[: -len(g)].strip() for g in _GENERIC if name.endswith(g)), "")
            if not shorter:
                break
            name = shorter
    return sorted((n for n in found if len(n) > 1), key=lambda n: (-len(n), n))


def mask(text: str, names: Iterable[str]) -> str:
    """Replace names and contact data in a text.

    Parameters
    ----------
    text : str
        What the organisation wrote.
    names : iterable of str
        Everything it is known by: names in all languages, its code, its members' names.

    >>> mask("江澜 电芯供应电芯，电话 138 0013 8000", ["江澜电芯"])
    '▇▇供应电芯，电话 ▇▇'
    >>> mask("E1 and E12, mail a@b.cn", ["E1"])
    '▇▇ and E12, mail ▇▇'
    """
    text = _CONTACT.sub(MASK, text)
    for name in spellings(names):
        letters = r"\s*".join(re.escape(ch) for ch in name if not ch.isspace())
        edge = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"
        before = edge[0] if name[0].isascii() and name[0].isalnum() else ""
        after = edge[1] if name[-1].isascii() and name[-1].isalnum() else ""
        text = re.sub(before + letters + after, MASK, text, flags=re.IGNORECASE)
    return text


def gives_away(text: str, names: Iterable[str]) -> bool:
    """Say whether a text would tell who wrote it.

    >>> gives_away("需要光谱仪", ["江澜电芯"]), gives_away("www.a.cn", [])
    (False, True)
    """
    return mask(text, names) != text


def has_contact(text: str) -> bool:
    """Say whether a text carries a way round the park: mail, web address, telephone, messenger.

    >>> has_contact("找李工"), has_contact("电话 13800138000")
    (False, True)
    """
    return _CONTACT.search(text) is not None
