"""A what-if as a form or a body asks it, and its answer as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pydantic import Field
from werkzeug.datastructures import MultiDict

from app.chain.limits import LARGEST_AMOUNT_WAN, WHAT_IF_ROWS
from app.chain.schemas import Amount, Code, Name
from app.chain.weak_links.schemas import assessment_answer
from app.chain.what_if import shapes
from app.chain.what_if.rules import Result, Wish, changes, newcomers
from app.hall.api.fields import ApiModel
from app.hall.errors import Invalid
from app.hall.text import language
from app.hall.web.money import in_wan

if TYPE_CHECKING:
    from app.chain.register.facts import Chain
    from app.chain.weak_links.rules import Assessment


class NewPosition(ApiModel):
    name: Name
    segment: Code
    output_wan: Amount


class WhatIfBody(ApiModel):
    chain: str = Field("", max_length=64)
    positions: list[NewPosition] = Field(default_factory=list, max_length=500)
    prospects: list[Code] = Field(default_factory=list, max_length=200)
    without: list[Code] = Field(default_factory=list, max_length=500)


def what_if_answer(
    before: Assessment, chain: Chain, after: Assessment, changed: Chain, lang: str
) -> shapes.WhatIf:
    """Before and after in the shape of 2.1, and per segment the change."""
    return {
        "before": assessment_answer(before, chain, lang),
        "after": assessment_answer(after, changed, lang),
        "changes": cast("list[shapes.SegmentChange]", changes(before, after)),
    }


def answer(result: Result) -> shapes.WhatIfKept:
    found: shapes.WhatIf = what_if_answer(
        result.before, result.chain, result.after, result.changed, language.lang()
    )
    return {**found, "kept_before_wan": result.kept_before_wan, "kept_after_wan": result.kept_after_wan}


def wish_from(values: MultiDict[str, str]) -> Wish:
    """Who comes (`come`), who leaves (`leave`), and firms typed by hand (`name`, `segment`, `output`)."""
    rows = []
    for name, segment, output in typed_rows(values):
        try:
            amount = float(output)
        except ValueError:
            amount = -1.0
        if not name.strip() or not segment.strip() or not 0 <= amount <= LARGEST_AMOUNT_WAN:
            raise Invalid("chain_what_if_row", name=name[:40] or "—")
        rows.append({"name": name.strip()[:100], "segment": segment, "output_wan": amount})
    return Wish(
        newcomers(rows[:WHAT_IF_ROWS]),
        tuple(dict.fromkeys(code for code in values.getlist("come") if code))[:WHAT_IF_ROWS],
        tuple(dict.fromkeys(code.strip() for code in values.getlist("leave") if code.strip()))[:WHAT_IF_ROWS],
    )


def typed_rows(values: MultiDict[str, str]) -> list[tuple[str, str, str]]:
    """Rows that hold anything, their amounts in 万元."""
    lists = (values.getlist(name) for name in ("name", "segment", "output"))
    rows = [row for row in zip(*lists, strict=False) if any(cell.strip() for cell in row)][:WHAT_IF_ROWS]
    return [(name, segment, in_wan(output)) for name, segment, output in rows]
