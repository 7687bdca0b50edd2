"""What stands in the way of a need or offer, and what a person should look at before it goes out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.ecosystem.limits import MOST_TAGS, SHORTEST_TITLE
from app.ecosystem.market import similarity
from app.ecosystem.market.rules import Draft, clean_tags
from app.hall.errors import Invalid, Reason
from app.hall.text import masking


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft as it is kept, what others read of it, and what a person should look at."""

    draft: Draft
    shown_title: str
    shown_description: str
    shown_product: str
    shown_unit: str
    flags: tuple[str, ...]


def check(draft: Draft, names: Sequence[str], segments: Collection[str], today: date) -> Checked:
    """Return the draft as it is kept and as it is shown; refuse it with all its reasons. Linear in its text.

    Parameters
    ----------
    draft : Draft
        What was typed.
    names : sequence of str
        Everything the writer is known by: no tag may give it away.
    segments : collection of str
        Codes of the park's chains; where there are none, none is asked for.
    today : date
        No post ends before it.

    Returns
    -------
    Checked
        Flags are `contact` or `gives_away` (will be masked) and `too_little` (too few words to compare).

    Raises
    ------
    Invalid
        `post_refused` with every reason.

    >>> found = check(Draft(" 光谱仪测试服务 ", "电话 13800138000"), ["江澜电芯"], (), date(2026, 3, 1))
    >>> found.draft.title, found.shown_description, found.flags
    ('光谱仪测试服务', '电话 ▇▇', ('contact',))
    >>> check(Draft("测试", tags=("江澜电芯",), segment="x"), ["江澜电芯"], {"cell"}, date(2026, 3, 1))
    Traceback (most recent call last):
    ...
    app.hall.errors.Invalid: post_refused
    """
    clean = replace(
        draft,
        title=draft.title.strip(),
        description=draft.description.strip(),
        product=draft.product.strip(),
        tags=clean_tags(draft.tags),
        segment=(draft.segment or "").strip() or None,
        unit=draft.unit.strip(),
    )
    if reasons := list(_reasons(clean, names, segments, today)):
        raise Invalid("post_refused", reasons=reasons)
    shown = [
        masking.masked(text, names) for text in (clean.title, clean.description, clean.product, clean.unit)
    ]
    title, description, product, unit = (one.text for one in shown)
    return Checked(clean, title, description, product, unit, tuple(_flags(clean, shown)))


def _reasons(draft: Draft, names: Sequence[str], segments: Collection[str], today: date) -> Iterator[Reason]:
    if len(draft.title) < SHORTEST_TITLE:
        yield Reason("post_title_too_short")
    if len(draft.tags) > MOST_TAGS:
        yield Reason("post_too_many_tags")
    if draft.deadline and draft.deadline < today:
        yield Reason("post_deadline_past")
    if draft.segment and segments and draft.segment not in segments:
        yield Reason("post_unknown_segment", {"segment": draft.segment})
    for tag in draft.tags:
        if masking.gives_away(tag, names):
            yield Reason("tag_gives_away", {"tag": tag})


def _flags(draft: Draft, shown: Sequence[masking.Masked]) -> Iterator[str]:
    if any(one.contact for one in shown):
        yield "contact"
    elif any(one.names for one in shown):
        yield "gives_away"
    if len(similarity.terms("\n".join((draft.title, draft.description, draft.product, draft.unit)))) < 2:
        yield "too_little"
