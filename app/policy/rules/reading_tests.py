"""The tests inside a rule file: facts, a day, a month and what is expected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from app.policy.rules.faults import shown
from app.policy.rules.months import read_month
from app.policy.rules.policy import STATES, Expected, PolicyTest
from app.policy.rules.scalars import Shape, read_value
from app.policy.rules.situation import FirmFacts, Given
from app.policy.rules.values import NUMBER, TEXT, as_kind, read_number, written
from app.policy.rules.yaml_tree import Node

MOST_TESTS = 1_000
SOURCE = "test"
_KEYS = ("name", "as_of", "month", "facts", "expect")
_LISTS = ("met", "unmet", "unknown", "ask")
_EXPECT = ("fit", "push", "state", *_LISTS)


def read_tests(
    shape: Shape, node: Node | None, kinds: Mapping[str, str], conditions: Sequence[str]
) -> tuple[PolicyTest, ...]:
    """All tests; facts and conditions that the policy does not have are faults."""
    if node is not None and node.empty:
        return ()
    found = []
    for item in shape.list_of(node, MOST_TESTS):
        if shape.mapping(item, _KEYS, _KEYS):
            test = _test(shape, item, kinds, conditions)
            if test is not None:
                found.append(test)
    return tuple(found)


def _test(shape: Shape, node: Node, kinds: Mapping[str, str], conditions: Sequence[str]) -> PolicyTest | None:
    as_of = shape.day(shape.value(node, "as_of"))
    month = _month(shape, shape.value(node, "month"))
    facts = _facts(shape, shape.value(node, "facts"), kinds)
    expect = _expect(shape, shape.value(node, "expect"), conditions)
    name = shape.text(shape.value(node, "name"))
    if as_of is None or month is None:
        return None
    return PolicyTest(name, as_of, month, facts, expect, node.place)


def _month(shape: Shape, node: Node | None) -> int | None:
    found = read_month(node.text) if node is not None and node.kind == "scalar" else None
    if node is not None and found is None:
        shape.say(node, "policy_not_a_month", value=shown(node.text))
    return found


def _facts(shape: Shape, node: Node | None, kinds: Mapping[str, str]) -> FirmFacts:
    plain: dict[str, Given] = {}
    monthly: dict[str, dict[int, Given]] = {}
    if node is None or node.empty:
        return FirmFacts()
    if node.kind != "mapping":
        shape.say(node, "policy_wants_mapping")
        return FirmFacts()
    for name, (key, value) in node.pairs.items():
        if name not in kinds:
            shape.say(key, "policy_unknown_fact", name=shown(name))
        elif value.kind == "mapping":
            monthly[name] = _by_month(shape, value, name, kinds[name])
        else:
            given = _given(shape, value, name, kinds[name])
            if given is not None:
                plain[name] = given
    return FirmFacts("", plain, monthly)


def _by_month(shape: Shape, node: Node, name: str, kind: str) -> dict[int, Given]:
    found = {}
    for text, (key, value) in node.pairs.items():
        month = read_month(text)
        if month is None:
            shape.say(key, "policy_not_a_month", value=shown(text))
        given = _given(shape, value, name, kind)
        if month is not None and given is not None:
            found[month] = given
    return found


def _given(shape: Shape, node: Node, name: str, kind: str) -> Given | None:
    """One value, of the kind that the conditions read; a plain null is a value that is not known."""
    if node.empty:
        return None
    value = read_value(shape, node)
    if value is None:
        return None
    if kind == TEXT and not node.quoted:
        return Given(node.text.strip() if not isinstance(value, str) else value, SOURCE)
    if node.quoted and kind == NUMBER:
        shape.say(node, "policy_fact_kind", name=name, kind=kind, value=shown(node.text))
        return None
    read = as_kind(value, kind)
    if read is None:
        shape.say(node, "policy_fact_kind", name=name, kind=kind, value=shown(written(value)))
        return None
    if name == "rd_ratio" and isinstance(read, (int, Fraction)) and read < 0:
        shape.say(node, "policy_negative_ratio", name=name)
    return Given(read, SOURCE)


def _expect(shape: Shape, node: Node | None, conditions: Sequence[str]) -> dict[str, Expected]:
    found: dict[str, Expected] = {}
    if node is None or not shape.mapping(node, _EXPECT, ()):
        return found
    if not node.pairs:
        shape.say(node, "policy_expects_nothing")
    for key, (_key, value) in node.pairs.items():
        if key == "fit":
            fit = None if value.kind != "scalar" or value.quoted else read_number(value.text)
            if fit is None or not 0 <= fit <= 100:
                shape.say(value, "policy_bad_fit")
            else:
                found[key] = fit
        elif key == "push":
            found[key] = shape.truth(value)
        elif key == "state":
            found[key] = shape.choice(value, STATES, "")
        elif key in _LISTS:
            found[key] = _ids(shape, value, conditions)
    return found


def _ids(shape: Shape, node: Node, conditions: Sequence[str]) -> tuple[str, ...]:
    found = []
    for item in shape.list_of(node, 1_000):
        if item.kind != "scalar" or (conditions and item.text not in conditions):
            shape.say(item, "policy_unknown_condition", name=shown(item.text))
        else:
            found.append(item.text)
    return tuple(found)
