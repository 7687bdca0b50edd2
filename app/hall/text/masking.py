"""Takes out of a text whatever tells who wrote it or leads round the park, in whatever spelling."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.hall.text.contacts import Span, find_contacts
from app.hall.text.folding import MASKED, Folded, fold
from app.hall.text.names import find_names, skeletons

MASK = MASKED * 2
_MOST_PASSES = (
    3  # what stands between two masked parts becomes an edge; nothing legible hides deeper than that
)


@dataclass(frozen=True, slots=True)
class Masked:
    """A text as others may read it, and why something was taken out."""

    text: str
    names: bool
    contact: bool

    @property
    def gives_away(self) -> bool:
        return self.names or self.contact


def masked(text: str, names: Iterable[str]) -> Masked:
    """Replace names and contact data in a text.

    Parameters
    ----------
    text : str
        What the organisation wrote.
    names : iterable of str
        Everything it is known by: names in all languages, its code, its members' names.

    >>> masked("江澜供货，电话 一三八-零零1３-８000", ["江澜电芯"])
    Masked(text='▇▇供货，电话 ▇▇', names=True, contact=True)
    """
    wanted = skeletons(tuple(names))
    by_name = by_contact = False
    for _pass in range(_MOST_PASSES):
        folded = fold(text)
        contacts = list(find_contacts(folded.text))
        named = list(find_names(folded.text, wanted))
        by_contact |= bool(contacts)
        by_name |= bool(named)
        if not contacts and not named:
            break
        text = _covered(text, folded, [*contacts, *named])
    return Masked(text, by_name, by_contact)


def mask(text: str, names: Iterable[str]) -> str:
    """The text with names and contact data covered.

    >>> mask("E1 and E12, mail a@b.cn", ["E1"])
    '▇▇ and E12, mail ▇▇'
    """
    return masked(text, names).text


def gives_away(text: str, names: Iterable[str]) -> bool:
    """Say whether a text would tell who wrote it.

    >>> gives_away("需要光谱仪", ["江澜电芯"]), gives_away("www.a.cn", [])
    (False, True)
    """
    return masked(text, names).gives_away


def has_contact(text: str) -> bool:
    """Say whether a text carries a way round the park: mail, web address, telephone, messenger.

    >>> has_contact("找李工"), has_contact("电话 13800138000"), has_contact("加V: abc_123")
    (False, True, True)
    """
    return next(find_contacts(fold(text).text), None) is not None


def _covered(text: str, folded: Folded, spans: list[Span]) -> str:
    """The text with the mask in place of every span; spans that meet are one."""
    parts: list[str] = []
    done = 0
    for start, end in sorted((folded.places[a], folded.places[b - 1] + 1) for a, b in spans):
        if start > done or not parts:
            parts += [text[done:start], MASK]
        done = max(done, end)
    return "".join((*parts, text[done:]))
