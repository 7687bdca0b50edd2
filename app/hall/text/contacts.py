"""Finds the ways round the park in a folded text: mail, web address, telephone, messenger.

Every search is linear in the text: patterns begin only where a run begins and hold no two neighbours that match the
same character, and each step looks at a bounded number of characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.hall.text.folding import MASKED, digit_of

Span = tuple[int, int]

_LONGEST_LOCAL_PART = 64
_AT = re.compile(r"\s?(?:@|\(at\)|\[at\]|艾特)\s?[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+")
_WEB = re.compile(r"(?:https?://|www\.)[^\s，。；、）)▇]+")
_DOTS = r"(?:\.|。|点|\s?\(dot\)\s?|\s?\[(?:dot|\.)\]\s?)"
_ENDINGS = "com|cn|net|org|io|co|cc|me|tv|top|xyz|vip|shop|site|tech|info|biz|edu|gov|ai|app|dev|link|ltd|hk|tw|中国|网络|公司"
_DOMAIN = re.compile(
    rf"(?<![a-z0-9-])([a-z0-9-]{{1,63}}(?:{_DOTS}[a-z0-9-]{{1,63}}){{0,4}}){_DOTS}(?:{_ENDINGS})(?![a-z0-9-])(?:/[^\s，。；、）)▇]{{0,400}})?"
)
_MESSENGER = re.compile(
    r"""(?:微信|威信|薇信|徽信|微芯|扣扣|企鹅号|钉钉号|飞书号|v信|加\s?[v微薇威]信?
    |(?<![a-z])(?:wechat|weixin|we\schat|vx|wx|qq|q\sq|telegram|whatsapp|skype))
    (?:\s|号|群|id|是|为|[:：=\-—→>()（）"'“”]){0,12}""",
    re.VERBOSE,
)
_ACCOUNT = re.compile(r"[a-z0-9](?:[a-z0-9_-]|[. ](?=[a-z0-9_-](?![a-z]))){3,40}")
_SPELLED = re.compile(r"(?<![a-z])(?:zero|one|two|three|four|five|six|seven|eight|nine)(?![a-z])")
_WORD_DIGITS = {
    word: str(n)
    for n, word in enumerate(("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"))
}
_TELEPHONE_BEGINS = re.compile(r"(?:0086|86)?1[3-9]|0[1-9]|400|800")
_MOST_BETWEEN_DIGITS = 3
_LONGEST_NUMBER = 17  # 0086, and a mobile of 11 digits, and two to spare


def find_contacts(text: str) -> Iterator[Span]:
    """The places of contact data in a folded text; they may overlap.

    >>> list(find_contacts("a@b.cn or 13800138000"))
    [(0, 6), (2, 6), (10, 21)]
    """
    yield from _mails(text)
    yield from (found.span() for found in _WEB.finditer(text))
    yield from (found.span() for found in _DOMAIN.finditer(text) if _names_a_host(found.group(1)))
    digits = _digits(text)
    yield from _telephones(text, digits)
    yield from _messengers(text, digits)


def _names_a_host(labels: str) -> bool:
    """`1.ai` begins a list, `163.com` is a host."""
    return len(labels) > 2 or any(c.isalpha() for c in labels)


def _mails(text: str) -> Iterator[Span]:
    """From each @ that a domain follows, back over what stands before it."""
    for found in _AT.finditer(text):
        start = found.start()
        least = max(0, start - _LONGEST_LOCAL_PART)
        while start > least and (
            text[start - 1].isascii() and (text[start - 1].isalnum() or text[start - 1] in "._%+-")
        ):
            start -= 1
        yield start, found.end()


@dataclass(frozen=True, slots=True)
class _Digit:
    value: str
    start: int
    end: int
    opens: bool  # nothing but the text's own words before it: a number may begin here
    joins: bool  # belongs to the number before it


def _digits(text: str) -> list[_Digit]:
    """Every digit in whatever way it is written, in order, with what ties it to the one before."""
    words = {found.start(): found for found in _SPELLED.finditer(text)}
    found: list[_Digit] = []
    at = 0
    while at < len(text):
        word = words.get(at)
        value = _WORD_DIGITS[word.group()] if word else digit_of(text[at])
        end = word.end() if word else at + 1
        if value:
            gap = at - found[-1].end if found else -1
            joins = 0 <= gap <= _MOST_BETWEEN_DIGITS and all(_separates(c) for c in text[at - gap : at])
            found.append(_Digit(value, at, end, gap != 0, joins))
        at = end
    return found


def _separates(character: str) -> bool:
    return not character.isalnum() and character not in (MASKED, "\n", "%", "¥", "￥", "$", "~")


def _telephones(text: str, digits: list[_Digit]) -> Iterator[Span]:
    """Numbers that begin and end with a group of digits and have the length and first digits of a telephone."""
    values = "".join(digit.value for digit in digits)
    for n, first in enumerate(digits):
        if not first.opens or not _TELEPHONE_BEGINS.match(values, n):
            continue
        number = ""
        for k in range(n, min(n + _LONGEST_NUMBER, len(digits))):
            if k > n and not digits[k].joins:
                break
            number += digits[k].value
            closes = k + 1 == len(digits) or digits[k + 1].opens
            if closes and _is_telephone(number, text[max(0, first.start - 1) : digits[k].end]):
                yield first.start, digits[k].end
                break


def _is_telephone(number: str, written: str) -> bool:
    for prefix in ("0086", "86", ""):
        rest = number.removeprefix(prefix)
        if number.startswith(prefix) and len(rest) == 11 and rest[0] == "1" and rest[1] in "3456789":
            return True
    if "." in written:  # a row of decimals is no landline
        return False
    if number[0] == "0" and number[1:2] not in ("", "0"):
        return len(number) in (11, 12) or (len(number) == 10 and "-" in written)
    return len(number) == 10 and number[:3] in ("400", "800") and ("-" in written or " " in written)


def _messengers(text: str, digits: list[_Digit]) -> Iterator[Span]:
    """The name of a messenger and the account after it: letters, or five digits and more however they are written."""
    starts = {digit.start: n for n, digit in enumerate(digits)}
    for found in _MESSENGER.finditer(text):
        end = _account_end(text, digits, starts.get(found.end(), -1), found.end())
        if end:
            yield found.start(), end


def _account_end(text: str, digits: list[_Digit], n: int, at: int) -> int:
    account = _ACCOUNT.match(text, at)
    end = account.end() if account and len(account.group().replace(" ", "")) > 4 else 0
    if n < 0:
        return end
    last = n
    while last + 1 < len(digits) and last - n < _LONGEST_NUMBER and digits[last + 1].joins:
        last += 1
    return max(end, digits[last].end) if last - n >= 4 else end
