"""Chinese texts to words, as rjieba cuts them."""

from __future__ import annotations

import unicodedata


def words_of(text: str) -> set[str]:
    """Words of at least two characters; signs alone are none.

    >>> "回音" in words_of("一个月都没回音！！")
    True
    """
    import rjieba

    plain = unicodedata.normalize("NFKC", text)
    return {word for word in rjieba.cut(plain) if len(word) >= 2 and any(c.isalnum() for c in word)}
