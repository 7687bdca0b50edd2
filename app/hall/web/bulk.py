"""One decision for several rows: each row is its own use case, and what was refused is told with its reason."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import flash, request
from flask_babel import gettext as _
from flask_babel import ngettext

from app.hall.errors import Refusal
from app.hall.text.numbers import whole
from app.hall.web.answers import flash_ok, sentences

MOST = 100


def chosen(name: str = "chosen") -> list[int]:
    """The rows that were ticked, each once, in their order."""
    numbers = (whole(text) for text in request.form.getlist(name)[: 2 * MOST])
    return list(dict.fromkeys(number for number in numbers if number is not None))[:MOST]


def each(rows: Sequence[int], act: Callable[[int], object], name_of: Callable[[int], str]) -> int:
    """Decide every row by itself and say how many went through and which did not; answers how many did."""
    done, refused = 0, []
    for row in rows:
        try:
            act(row)
            done += 1
        except Refusal as refusal:
            refused.append(f"{name_of(row)}：{' '.join(sentences(refusal))}")
    if not rows:
        flash(_("请先勾选要处理的行。"), "bad")
    if done:
        flash_ok(ngettext("已处理 %(num)s 条。", "已处理 %(num)s 条。", done))
    for line in refused[:5]:
        flash(line, "bad")
    if len(refused) > 5:
        more = len(refused) - 5
        flash(ngettext("另有 %(num)s 条没有处理。", "另有 %(num)s 条没有处理。", more), "bad")
    return done
