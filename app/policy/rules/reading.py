"""A rule file to a `Policy`: every fault of the file with its line and column, nothing half read."""

from __future__ import annotations

import datetime as dt
import keyword
import re
from collections.abc import Iterable

from app.policy.rules.expressions import Expr, Param, walk
from app.policy.rules.faults import Fault, Faults, shown
from app.policy.rules.grammar import RESERVED, parse
from app.policy.rules.kinds import LIST, find_kinds
from app.policy.rules.months import read_day
from app.policy.rules.policy import CLAIMS, KINDS, Condition, Dated, Policy, Words
from app.policy.rules.reading_tests import read_tests
from app.policy.rules.scalars import Shape, read_value
from app.policy.rules.values import Listed, Value, kind_of
from app.policy.rules.yaml_tree import Node, read_tree

FORMAT = "parklink-policy/1"
MOST_CONDITIONS, MOST_FACTS, MOST_DAYS = 100, 100, 200
HEAVIEST = 100
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_KEYS = ("format", "id", "title", "authority", "reference", "valid", "kind", "claim", "facts", "parameters")
_TOP = (*_KEYS, "conditions", "tests")
_NEEDED = ("format", "id", "valid", "facts", "conditions")


def read_policy(data: bytes) -> tuple[Policy | None, tuple[Fault, ...]]:
    """The policy in a file, or its faults.

    What a file needs to be computed must be there (`format, id, valid.from, facts, conditions` with weight and
    expression); title, authority, kind and tests are asked for when a version is approved.

    Parameters
    ----------
    data : bytes
        UTF-8, at most 256 kB.

    Returns
    -------
    policy : Policy or None
        Nothing when there is a fault.
    faults : tuple of Fault
        In the order of the file.

    Examples
    --------
    >>> read_policy(b"format: parklink-policy/2")[1][0].code
    'policy_missing_key'
    """
    faults = Faults()
    root = read_tree(data, faults)
    policy = _Reader(faults).policy(root) if root is not None else None
    return (None if faults else policy), faults.in_order()


def _is_name(text: str) -> bool:
    """Whether an expression can say it: `and` and `class` are words of the syntax and could never be used."""
    return text.isascii() and text.isidentifier() and len(text) <= 64 and not keyword.iskeyword(text)


class _Reader(Shape):
    """Reads the parts of the file in the order in which they need each other."""

    def policy(self, root: Node) -> Policy | None:
        if not self.mapping(root, _TOP, _NEEDED):
            return None
        self._format(root)
        facts = self._facts(self.value(root, "facts"))
        parameters = self._parameters(self.value(root, "parameters"))
        conditions, kinds = self._conditions(self.value(root, "conditions"), facts, parameters)
        valid, since, until = self._valid(self.value(root, "valid"))
        tests = read_tests(self, self.value(root, "tests"), kinds, [c.id for c in conditions])
        return Policy(
            id=self._name(self.value(root, "id")),
            valid_from=since,
            valid_to=until,
            conditions=tuple(conditions),
            facts=tuple(facts),
            kinds=kinds,
            parameters=parameters,
            title=self._words(self.value(root, "title")),
            authority=self.text(self.value(root, "authority")),
            reference=self.text(self.value(root, "reference")),
            kind=self.choice(self.value(root, "kind"), KINDS, ""),
            claim=self.choice(self.value(root, "claim"), CLAIMS, "apply"),
            tests=tests,
            place=valid,
        )

    def _format(self, root: Node) -> None:
        node = self.value(root, "format")
        if node is not None and (node.kind != "scalar" or node.text != FORMAT):
            self.say(node, "policy_format", wanted=FORMAT)

    def _name(self, node: Node | None) -> str:
        if node is None:
            return ""
        if node.kind != "scalar" or not _ID.fullmatch(node.text):
            self.say(node, "policy_bad_id")
            return ""
        return node.text

    def _words(self, node: Node | None) -> Words:
        if node is None or not self.mapping(node, ("zh", "en"), ()):
            return Words()
        return Words(self.text(self.value(node, "zh")), self.text(self.value(node, "en")))

    def _valid(self, node: Node | None) -> tuple[tuple[int, int], dt.date, dt.date | None]:
        never = dt.date.min
        if node is None or not self.mapping(node, ("from", "to"), ("from",)):
            return (1, 1), never, None
        first, last = self.value(node, "from"), self.value(node, "to")
        since = self.day(first) or never
        until = None if last is None or last.empty else self.day(last)
        if until is not None and last is not None and until < since:
            self.say(last, "policy_ends_before")
        return (first.place if first else node.place), since, until

    def _facts(self, node: Node | None) -> list[str]:
        found: list[str] = []
        for item in self.list_of(node, MOST_FACTS):
            name = item.text if item.kind == "scalar" else ""
            if not _is_name(name) or name in RESERVED:
                self.say(item, "policy_bad_fact", name=shown(name))
            elif name in found:
                self.say(item, "policy_twice", name=name)
            else:
                found.append(name)
        return found

    def _parameters(self, node: Node | None) -> dict[str, Dated]:
        found: dict[str, Dated] = {}
        if node is None or node.empty:
            return found
        if node.kind != "mapping":
            self.say(node, "policy_wants_mapping")
            return found
        for name, (key, value) in node.pairs.items():
            if not _is_name(name):
                self.say(key, "policy_bad_parameter", name=shown(name))
                continue
            dated = self._dated(value)
            if dated:
                found[name] = dated
        self.parameter_names = set(node.pairs)
        return found

    def _dated(self, node: Node) -> Dated:
        if node.kind != "mapping" or not node.pairs or len(node.pairs) > MOST_DAYS:
            self.say(node, "policy_wants_days", most=MOST_DAYS)
            return ()
        found: list[tuple[dt.date, Value | Listed]] = []
        kinds: set[object] = set()
        for text, (key, part) in node.pairs.items():
            day = read_day(text)
            if day is None:
                self.say(key, "policy_not_a_day", value=shown(text))
            value = self._parameter_value(part)
            if day is not None and value is not None:
                found.append((day, value))
                kinds |= {(LIST, kind_of(v)) for v in value} if isinstance(value, tuple) else {kind_of(value)}
                if len(kinds) > 1:
                    self.say(part, "policy_parameter_kinds")
        return tuple(sorted(found, key=lambda pair: pair[0]))

    def _parameter_value(self, node: Node) -> Value | Listed | None:
        if node.kind != "list":
            return read_value(self, node)
        items = [read_value(self, item) for item in node.items]
        if not items:
            self.say(node, "policy_empty")
        return None if None in items or not items else tuple(item for item in items if item is not None)

    def _conditions(
        self, node: Node | None, facts: list[str], parameters: dict[str, Dated]
    ) -> tuple[list[Condition], dict[str, str]]:
        read: list[tuple[Node, Condition]] = []
        seen: dict[str, Node] = {}
        items = self.list_of(node, MOST_CONDITIONS)
        if node is not None and node.kind == "list" and not items:
            self.say(node, "policy_no_conditions")
        for item in items:
            condition = self._condition(item, facts)
            if condition is None:
                continue
            where = self.value(item, "id") or item
            if condition.id in seen:
                self.say(where, "policy_twice", name=condition.id)
                continue
            seen[condition.id] = self.value(item, "expr") or item
            read.append((item, condition))
        rules = [(c.id, c.expr) for _item, c in read]
        values = {name: [value for _day, value in dated] for name, dated in parameters.items()}
        sound = [(name, expr) for name, expr in rules if self._computable(expr, parameters)]

        def say(condition: str, code: str, **params: object) -> None:
            self.faults.say(seen[condition].place_of(0), code, **params)

        kinds = find_kinds(sound, facts, values, say)
        return [c for _item, c in read], kinds

    def _computable(self, expr: Expr, parameters: dict[str, Dated]) -> bool:
        """A parameter with a fault of its own is not told of again wherever it is used."""
        return all(part.name in parameters for part in walk(expr) if isinstance(part, Param))

    def _condition(self, node: Node, facts: list[str]) -> Condition | None:
        if not self.mapping(node, ("id", "weight", "mandatory", "text", "expr"), ("id", "weight", "expr")):
            return None
        name = self._name(self.value(node, "id"))
        weight = self.whole(self.value(node, "weight"), 1, HEAVIEST)
        mandatory = self.truth(self.value(node, "mandatory"))
        words = self._words(self.value(node, "text"))
        expr = self._expression(self.value(node, "expr"), facts)
        if not name or weight is None or expr is None:
            return None
        place = self.value(node, "expr")
        return Condition(
            name,
            weight,
            mandatory,
            expr,
            place.text if place else "",
            words,
            place.place if place else (1, 1),
        )

    def _expression(self, node: Node | None, facts: Iterable[str]) -> Expr | None:
        if node is None:
            return None
        if node.kind != "scalar" or node.empty:
            self.say(node, "policy_wants_expression")
            return None

        def say(offset: int, code: str, **params: object) -> None:
            self.faults.say(node.place_of(offset), code, **params)

        return parse(node.text, set(facts), self.parameter_names, say)
