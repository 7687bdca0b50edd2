"""What is asked of the planner: over the API as JSON, on the page as its address."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from app.chain.limits import LARGEST_AMOUNT_WAN, WHAT_IF_ROWS
from app.chain.planner.service import TYPED, Ask, Choice
from app.chain.recruit.rules import KEPT, SHORTFALL
from app.chain.schemas import Amount, Code
from app.hall.api.fields import ApiModel
from app.hall.errors import Invalid, Reason
from app.hall.text.numbers import whole

MOST_FIRMS = 200
Percent = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]


class CandidateBody(ApiModel):
    """What is said of one candidate; `outputs` only of a firm that is not in the data."""

    enterprise: Code
    cost: Amount | None = None
    group: str = Field("", max_length=40)
    must: bool = False
    out: bool = False
    spread_percent: Percent = 0
    name: str = Field("", max_length=100)
    outputs: dict[Code, Amount] = Field(default_factory=dict, max_length=20)


class RecruitBody(ApiModel):
    """Who should come, within so many firms and so much cost together."""

    chain: str = Field("", max_length=64)
    objective: Literal["kept", "shortfall"] = "kept"
    firms: int | None = Field(None, ge=0, le=MOST_FIRMS)
    budget: Amount | None = None
    candidates: list[CandidateBody] = Field(default_factory=list, max_length=500)


def ask_from_body(body: RecruitBody) -> Ask:
    """Return the question of a call; a candidate said twice is refused."""
    codes = [one.enterprise for one in body.candidates]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise Invalid(
            "recruit_twice", reasons=[Reason("recruit_twice", {"value": c}) for c in twice], value=twice[0]
        )
    said = {one.enterprise: one for one in body.candidates}
    typed = tuple(
        Choice(code, one.name or code, tuple((s, _exact(o)) for s, o in sorted(one.outputs.items())), TYPED)
        for code, one in said.items()
        if one.outputs
    )
    return Ask(
        body.objective,
        body.firms,
        None if body.budget is None else _exact(body.budget),
        {code: _exact(one.cost) for code, one in said.items() if one.cost is not None},
        {code: one.group for code, one in said.items() if one.group},
        frozenset(code for code, one in said.items() if one.must),
        frozenset(code for code, one in said.items() if one.out),
        {code: _exact(one.spread_percent) / 100 for code, one in said.items() if one.spread_percent},
        typed,
    )


def _exact(value: float) -> Fraction:
    return Fraction(str(value))


_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?")


def number_from(text: str) -> Fraction | None:
    """Return an amount as typed, full width too; None where it is none.

    >>> number_from("１，２００.5"), number_from("-1"), number_from("1e9")
    (Fraction(2401, 2), None, None)
    """
    plain = unicodedata.normalize("NFKC", text).replace(",", "").strip()
    if not _NUMBER.fullmatch(plain):
        return None
    found = Fraction(plain)
    return found if found <= LARGEST_AMOUNT_WAN else None


def ask_from_address(
    args: Mapping[str, str], names: list[str], segments: list[str], outputs: list[str]
) -> Ask:
    """Return the question of a page, all that is wrong in it said at once.

    `cost.CODE`, `group.CODE`, `must.CODE`, `out.CODE`, `spread.CODE` speak of one candidate;
    `names`, `segments`, `outputs` are the rows of typed firms.
    """
    wrong: list[Reason] = []
    numbers: dict[str, dict[str, Fraction]] = {"cost": {}, "spread": {}}
    words: dict[str, dict[str, str]] = {"group": {}, "must": {}, "out": {}}
    for key, value in args.items():
        kind, _dot, code = key.partition(".")
        if kind in numbers and code and value.strip():
            read = number_from(value)
            if read is None or (kind == "spread" and read > 100):
                wrong.append(Reason("chain_not_a_number", {"value": value[:40], "field": key}))
            else:
                numbers[kind][code] = read
        elif kind in words and code and value.strip():
            words[kind][code] = value.strip()[:40]
    budget = _limit(args.get("budget", ""), "budget", wrong)
    firms = args.get("firms", "").strip()
    most = whole(firms, MOST_FIRMS) if firms else None
    if firms and most is None:
        wrong.append(Reason("chain_not_a_number", {"value": firms[:40], "field": "firms"}))
    typed = _typed(names, segments, outputs, wrong)
    if wrong:
        raise Invalid(wrong[0].code, reasons=wrong, **wrong[0].params)
    return Ask(
        SHORTFALL if args.get("objective") == SHORTFALL else KEPT,
        most,
        budget,
        numbers["cost"],
        words["group"],
        frozenset(words["must"]),
        frozenset(words["out"]),
        {code: share / 100 for code, share in numbers["spread"].items()},
        typed,
    )


def _limit(text: str, name: str, wrong: list[Reason]) -> Fraction | None:
    read = number_from(text) if text.strip() else None
    if text.strip() and read is None:
        wrong.append(Reason("chain_not_a_number", {"value": text[:40], "field": name}))
    return read


def _typed(
    names: list[str], segments: list[str], outputs: list[str], wrong: list[Reason]
) -> tuple[Choice, ...]:
    """Rows of one name are one firm; its code is its name with a plus before it."""
    made: dict[str, list[tuple[str, Fraction]]] = {}
    for name, segment, output in list(zip(names, segments, outputs, strict=False))[:WHAT_IF_ROWS]:
        if not name.strip():
            continue
        read = number_from(output)
        if read is None:
            wrong.append(Reason("chain_not_a_number", {"value": output[:40], "field": "output"}))
        else:
            made.setdefault(name.strip()[:60], []).append((segment, read))
    return tuple(Choice(f"+{name}", name, tuple(rows), TYPED) for name, rows in made.items())
