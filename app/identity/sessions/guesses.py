"""What anybody would try first: common passwords, and those made of what is known of their owner."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

# Words that lists of leaked passwords of ten and more characters are built around, in England and in China.
COMMON = frozenset(
    [
        "password",
        "passw",
        "passwords",
        "passphrase",
        "administrator",
        "admin",
        "root",
        "user",
        "guest",
        "default",
        "welcome",
        "letmein",
        "changeme",
        "secret",
        "qwerty",
        "qwertyuiop",
        "qwertyui",
        "qwert",
        "asdfgh",
        "asdfghjkl",
        "zxcvbn",
        "zxcvbnm",
        "qazwsx",
        "qazwsxedc",
        "qweasd",
        "qweasdzxc",
        "qweqwe",
        "abcdef",
        "abcdefg",
        "abcdefgh",
        "abcdefghij",
        "iloveyou",
        "iloveu",
        "sunshine",
        "princess",
        "football",
        "baseball",
        "superman",
        "batman",
        "dragon",
        "monkey",
        "master",
        "shadow",
        "michael",
        "jennifer",
        "trustno",
        "starwars",
        "whatever",
        "computer",
        "internet",
        "samsung",
        "google",
        "facebook",
        "parklink",
        "woaini",
        "woaiwojia",
        "woaiziji",
        "mima",
        "woshishui",
        "nihao",
        "zhongguo",
        "beijing",
        "shanghai",
        "yuanqu",
        "yuanlian",
        "qiye",
        "huawei",
        "tencent",
        "alibaba",
        "aini",
        "wodemima",
        "denglu",
        "guanli",
        "guanliyuan",
        "ceshi",
        "test",
        "testtest",
        "testing",
        "temp",
        "temporary",
        "demo",
        "passwd",
        "pass",
        "abc",
        "abcd",
        "aa",
        "aaa",
        "qq",
        "qaz",
        "wsx",
        "q",
        "w",
        "e",
        "a",
        "p",
        "x",
        "asd",
        "zxc",
        "qwe",
        "edc",
    ]
)
ROWS = (
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb",
)
LEET = str.maketrans({"@": "a", "0": "o", "1": "l", "3": "e", "$": "s", "5": "s", "!": "i", "4": "a"})
LONGEST_NUMBER = 14  # a phone number, a day of birth, both: nobody chooses more digits by heart
OWN_LETTERS = 6  # what must remain when what is known has been taken out


def easy_to_guess(password: str, about: Iterable[str] = ()) -> str:
    """The code of the reason why this password is among the first that somebody would try; else nothing.

    Parameters
    ----------
    about
        What everybody knows of the owner: login, names and code of the firm.

    >>> easy_to_guess("P@ssw0rd2026!"), easy_to_guess("13800138000"), easy_to_guess("abcabcabcabc")
    ('password_common', 'password_common', 'password_common')
    >>> easy_to_guess("jianglan-2026", ["Jianglan"]), easy_to_guess("three blind mice run")
    ('password_about_you', '')
    """
    plain = unicodedata.normalize("NFKC", password).lower().strip()
    if _is_common(plain):
        return "password_common"
    rest = plain
    for part in sorted(_parts(about), key=lambda known: (-len(known), known)):
        rest = rest.replace(part, "")
    if rest != plain and sum(char.isalpha() for char in rest) < OWN_LETTERS:
        return "password_about_you"
    return ""


def _is_common(plain: str) -> bool:
    if not any(char.isalpha() for char in plain) and len(plain) <= LONGEST_NUMBER:
        return True
    if any(_repeats(plain, size) for size in range(1, 5)) or _runs(plain):
        return True
    cores = (_letters(plain), _letters(plain.rstrip("0123456789!@#$%^&*._-? ").translate(LEET)))
    return any(core in COMMON for core in cores)


def _letters(text: str) -> str:
    return "".join(char for char in text if char.isalpha())


def _repeats(text: str, size: int) -> bool:
    return (text[:size] * (len(text) // size + 1))[: len(text)] == text


def _runs(text: str) -> bool:
    """Whether the whole text walks along the keyboard or the alphabet, forwards or backwards."""
    return any(text in row * 3 or text[::-1] in row * 3 for row in ROWS)


def _parts(about: Iterable[str]) -> set[str]:
    """What is known, whole and word by word; two letters say nothing."""
    found: set[str] = set()
    for known in about:
        plain = unicodedata.normalize("NFKC", known).lower().strip()
        words = [plain, plain.replace(" ", ""), *plain.replace("@", " ").replace(".", " ").split()]
        found.update(word for word in words if len(word) >= 3)
    return found
