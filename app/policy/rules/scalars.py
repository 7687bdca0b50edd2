"""Nodes of a rule file to numbers, days, texts and truths; what is wrong is said at its place."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from app.policy.rules.faults import Faults, shown
from app.policy.rules.months import read_day
from app.policy.rules.values import Value, clean_text, is_not_a_number, read_number
from app.policy.rules.yaml_tree import Node

LONGEST_WORDS = 2_000
_WHOLE = re.compile(r"[0-9]{1,9}")
_TRUTHS = {"true": True, "false": False}
_TRUTH_LIKE = {"true", "false", "yes", "no", "on", "off"}


class Shape:
    """What every part of a file may be asked: is it a mapping with these keys, a list, a day, a truth?"""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        self.parameter_names: set[str] = set()

    def say(self, node: Node, code: str, **params: object) -> None:
        self.faults.say(node.place, code, **params)

    def mapping(self, node: Node, known: Sequence[str], needed: Sequence[str]) -> bool:
        """Whether it is a mapping; unknown and missing keys are said."""
        if node.kind != "mapping":
            self.say(node, "policy_wants_mapping")
            return False
        for name, (key, _value) in node.pairs.items():
            if name not in known:
                self.say(key, "policy_unknown_key", name=shown(name), known=", ".join(known))
        missing = [name for name in needed if name not in node.pairs]
        if missing:
            self.say(node, "policy_missing_key", names=", ".join(missing))
        return True

    def value(self, node: Node, key: str) -> Node | None:
        pair = node.pairs.get(key)
        return pair[1] if pair else None

    def list_of(self, node: Node | None, most: int) -> list[Node]:
        if node is None:
            return []
        if node.kind != "list":
            self.say(node, "policy_wants_list")
            return []
        if len(node.items) > most:
            self.say(node, "policy_too_many", most=most)
            return []
        return node.items

    def text(self, node: Node | None) -> str:
        if node is None or node.empty:
            return ""
        if node.kind != "scalar" or len(node.text) > LONGEST_WORDS or "\x00" in node.text:
            self.say(node, "policy_wants_text", most=LONGEST_WORDS)
            return ""
        return node.text.strip()

    def choice(self, node: Node | None, known: Sequence[str], default: str) -> str:
        if node is None:
            return default
        if node.kind != "scalar" or node.text not in known:
            self.say(node, "policy_wants_one_of", known=", ".join(known))
            return default
        return node.text

    def day(self, node: Node | None) -> dt.date | None:
        found = read_day(node.text) if node is not None and node.kind == "scalar" else None
        if node is not None and found is None:
            self.say(node, "policy_not_a_day", value=shown(node.text))
        return found

    def whole(self, node: Node | None, least: int, most: int) -> int | None:
        if node is None:
            return None
        plain = node.kind == "scalar" and not node.quoted and _WHOLE.fullmatch(node.text)
        if not plain or not least <= int(node.text) <= most:
            self.say(node, "policy_wants_whole", least=least, most=most)
            return None
        return int(node.text)

    def truth(self, node: Node | None, default: bool = False) -> bool:
        if node is None:
            return default
        if node.kind != "scalar" or node.quoted or node.text not in _TRUTHS:
            self.say(node, "policy_wants_truth")
            return default
        return _TRUTHS[node.text]


def read_value(shape: Shape, node: Node) -> Value | None:
    """The value of a fact or parameter: number, day or text; a plain yes or no is refused, quoted it is a text."""
    if node.kind != "scalar":
        shape.say(node, "policy_wants_value")
        return None
    if node.empty:
        shape.say(node, "policy_empty")
        return None
    if node.quoted:
        text = clean_text(node.text)
        if text is None:
            shape.say(node, "policy_bad_text")
            return None
        return read_day(text) or text
    if is_not_a_number(node.text):
        shape.say(node, "policy_not_a_number", value=shown(node.text))
        return None
    return _plain(shape, node)


def _plain(shape: Shape, node: Node) -> Value | None:
    if node.text.lower() in _TRUTH_LIKE:
        shape.say(node, "policy_plain_truth", value=node.text)
        return None
    number = read_number(node.text)
    if number is not None:
        return number
    if node.text[:1].isascii() and node.text[:1] in "0123456789+-." and _looks_like_number(node.text):
        shape.say(node, "policy_not_a_number", value=shown(node.text))
        return None
    text = clean_text(node.text)
    if text is None:
        shape.say(node, "policy_bad_text")
        return None
    return read_day(text) or text


def _looks_like_number(text: str) -> bool:
    return bool(re.fullmatch(r"[+-]?[0-9._,eE+]+", text)) and any(c in "0123456789" for c in text)
