"""Text of a condition to its expression: a small part of Python's own syntax, everything else refused by its place."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from collections.abc import Callable, Collection

from app.policy.rules.expressions import (
    Arith,
    Compare,
    Const,
    Expr,
    Fact,
    Junction,
    Latest,
    Listing,
    MonthsSince,
    Not,
    Param,
    Streak,
    Window,
)
from app.policy.rules.faults import shown
from app.policy.rules.months import read_day
from app.policy.rules.values import clean_text, read_number

LONGEST = 500
DEEPEST = 60
MOST_MONTHS = 240
FUNCTIONS = ("streak", "latest", "total", "average", "months_since")
RESERVED = (*FUNCTIONS, "p")
_NUMBER = re.compile(r"[0-9]{1,24}(\.[0-9]{0,24})?|\.[0-9]{1,24}")
_COMPARES: dict[type[ast.cmpop], str] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.In: "in",
}
_ARITHMETIC: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}

Say = Callable[..., None]  # say(offset in the text, message id, **params)


class _Refused(Exception):
    """This expression has a fault that was said."""


def parse(text: str, facts: Collection[str], parameters: Collection[str], say: Say) -> Expr | None:
    """The expression of a text; nothing where it has a fault, each said with its offset in the text.

    Parameters
    ----------
    text : str
        At most 500 characters.
    facts, parameters : collection of str
        The names that may be used.
    say : callable
        Called as `say(offset, code, **params)`; the offset counts characters from 0.

    Examples
    --------
    >>> parse("patents >= p.least", ["patents"], ["least"], print)
    Compare(op='>=', left=Fact(name='patents'), right=Param(name='least'))
    >>> parse("patents ** 2 >= 1", ["patents"], [], lambda *place, **params: print(place, params))
    (0, 'policy_not_allowed') {'what': '**'}
    """
    if len(text) > LONGEST:
        say(LONGEST, "policy_expression_too_long", most=LONGEST, length=len(text))
        return None
    tree = _tree(text, say)
    if tree is None:
        return None
    reader = _Reader(text, facts, parameters, say)
    expr = reader.read(tree.body)
    return None if reader.refused else expr


def _tree(text: str, say: Say) -> ast.Expression | None:
    start = len(text) - len(text.lstrip())
    body = text.strip()
    if not body:
        say(0, "policy_empty")
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(body, mode="eval")
    except SyntaxError as error:
        say(_offset_of(body, error) + start, "policy_not_an_expression")
        return None
    except (ValueError, MemoryError, RecursionError):
        say(start, "policy_not_an_expression")
        return None
    if _depth(tree) > DEEPEST:
        say(start, "policy_expression_too_deep", most=DEEPEST)
        return None
    comment = _comment(body)
    if comment is not None:
        say(comment + start, "policy_not_allowed", what="#")
        return None
    return tree


def _comment(body: str) -> int | None:
    """Where a remark starts, which Python would pass over; `#` inside a text is none."""
    if "#" not in body:
        return None
    lines = body.split("\n")
    for token in tokenize.generate_tokens(io.StringIO(body).readline):
        if token.type == tokenize.COMMENT:
            return sum(len(line) + 1 for line in lines[: token.start[0] - 1]) + token.start[1]
    return None


def _offset_of(body: str, error: SyntaxError) -> int:
    lines = body.split("\n")
    line = min(max((error.lineno or 1) - 1, 0), len(lines) - 1)
    column = min(max((error.offset or 1) - 1, 0), len(lines[line]))
    return sum(len(one) + 1 for one in lines[:line]) + column


def _depth(tree: ast.AST) -> int:
    depth, layer = 0, [tree]
    while layer:
        depth += 1
        layer = [child for node in layer for child in ast.iter_child_nodes(node)]
    return depth


class _Reader:
    """Walks the syntax tree once; every node that the language has no word for is refused where it stands."""

    def __init__(self, text: str, facts: Collection[str], parameters: Collection[str], say: Say) -> None:
        self.body = text.strip()
        self.start = len(text) - len(text.lstrip())
        self.lines = self.body.split("\n")
        self.facts, self.parameters = facts, parameters
        self._say = say
        self.refused = False

    def offset(self, node: ast.expr) -> int:
        line = self.lines[node.lineno - 1]
        column = len(line.encode()[: node.col_offset].decode("utf-8", "replace"))
        return self.start + sum(len(one) + 1 for one in self.lines[: node.lineno - 1]) + column

    def refuse(self, node: ast.expr, code: str, **params: object) -> _Refused:
        self.refused = True
        self._say(self.offset(node), code, **params)
        return _Refused()

    def read(self, node: ast.expr) -> Expr:
        try:
            return self._read(node)
        except _Refused:
            return Const(0)  # the rest is read too, so that one look shows all faults

    def _read(self, node: ast.expr) -> Expr:
        readers: dict[type[ast.expr], Callable[[ast.expr], Expr]] = {
            ast.Constant: self._constant,
            ast.UnaryOp: self._unary,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.BoolOp: self._junction,
            ast.BinOp: self._arithmetic,
            ast.Compare: self._compare,
            ast.Call: self._call,
        }
        reader = readers.get(type(node))
        if reader is None:
            raise self.refuse(node, "policy_not_allowed", what=_word(node))
        return reader(node)

    def _constant(self, node: ast.expr) -> Const:
        assert isinstance(node, ast.Constant)
        if isinstance(node.value, str) and not self._source(node).startswith(("b", "B", "u", "U", "r", "R")):
            text = clean_text(node.value)
            if text is None:
                raise self.refuse(node, "policy_bad_text")
            return Const(read_day(text) or text)  # a day in quotes is a day, as in a table
        if type(node.value) in (int, float) and _NUMBER.fullmatch(self._source(node)):
            number = read_number(self._source(node))
            if number is not None:
                return Const(number)
        raise self.refuse(node, "policy_not_allowed", what=shown(self._source(node)))

    def _source(self, node: ast.expr) -> str:
        return ast.get_source_segment(self.body, node) or ""

    def _unary(self, node: ast.expr) -> Expr:
        assert isinstance(node, ast.UnaryOp)
        if isinstance(node.op, ast.Not):
            return Not(self.read(node.operand))
        if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            inner = self._constant(node.operand)
            if not isinstance(inner.value, str) and not hasattr(inner.value, "isoformat"):
                return Const(-inner.value)
        raise self.refuse(node, "policy_not_allowed", what=shown(self._source(node)))

    def _name(self, node: ast.expr) -> Fact:
        assert isinstance(node, ast.Name)
        if node.id not in self.facts:
            code = "policy_function_without_call" if node.id in RESERVED else "policy_unknown_fact"
            raise self.refuse(node, code, name=shown(node.id))
        return Fact(node.id)

    def _attribute(self, node: ast.expr) -> Param:
        assert isinstance(node, ast.Attribute)
        if not (isinstance(node.value, ast.Name) and node.value.id == "p"):
            raise self.refuse(node, "policy_not_allowed", what="." + shown(node.attr))
        if node.attr not in self.parameters:
            raise self.refuse(node, "policy_unknown_parameter", name=shown(node.attr))
        return Param(node.attr)

    def _junction(self, node: ast.expr) -> Junction:
        assert isinstance(node, ast.BoolOp)
        word = "and" if isinstance(node.op, ast.And) else "or"
        return Junction(word, tuple(self.read(value) for value in node.values))

    def _arithmetic(self, node: ast.expr) -> Arith:
        assert isinstance(node, ast.BinOp)
        op = _ARITHMETIC.get(type(node.op))
        if op is None:
            raise self.refuse(node, "policy_not_allowed", what=_word(node))
        return Arith(op, self.read(node.left), self.read(node.right))

    def _compare(self, node: ast.expr) -> Compare:
        assert isinstance(node, ast.Compare)
        if len(node.ops) > 1:
            raise self.refuse(node, "policy_chain_of_comparisons")
        op = _COMPARES.get(type(node.ops[0]))
        if op is None:
            raise self.refuse(node, "policy_not_allowed", what=_word(node.ops[0]))
        left = self.read(node.left)
        return Compare(
            op, left, self._listing(node.comparators[0]) if op == "in" else self.read(node.comparators[0])
        )

    def _listing(self, node: ast.expr) -> Expr:
        if isinstance(node, (ast.List, ast.Tuple)):
            return Listing(tuple(self.read(item) for item in node.elts))
        return self.read(node)

    def _call(self, node: ast.expr) -> Expr:
        assert isinstance(node, ast.Call)
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name not in FUNCTIONS:
            raise self.refuse(node, "policy_unknown_function", name=shown(self._source(node.func)))
        wanted = 2 if name in ("total", "average") else 1
        if node.keywords or len(node.args) != wanted or any(isinstance(a, ast.Starred) for a in node.args):
            raise self.refuse(node, "policy_arguments", name=name, wanted=wanted)
        if name == "streak":
            return self._streak(node.args[0])
        fact = self._fact_argument(node.args[0], name)
        if name == "latest":
            return Latest(fact)
        return MonthsSince(fact) if name == "months_since" else Window(name, fact, self._months(node.args[1]))

    def _fact_argument(self, node: ast.expr, name: str) -> str:
        if not isinstance(node, ast.Name):
            raise self.refuse(node, "policy_wants_fact", name=name)
        return self._name(node).name

    def _streak(self, node: ast.expr) -> Streak:
        if not isinstance(node, ast.Compare):
            raise self.refuse(node, "policy_streak_wants_comparison")
        found = self._compare(node)
        if not isinstance(found.left, Fact):
            if not self.refused:
                raise self.refuse(node, "policy_streak_wants_comparison")
            raise _Refused
        return Streak(found.left.name, found.op, found.right)

    def _months(self, node: ast.expr) -> Const | Param:
        found = self.read(node)
        if isinstance(found, Param):
            return found
        if self.refused and found == Const(0) and not isinstance(node, ast.Constant):
            raise _Refused
        whole = isinstance(found, Const) and isinstance(found.value, int)
        if not (isinstance(found, Const) and whole and 1 <= found.value <= MOST_MONTHS):  # type: ignore[operator]
            raise self.refuse(node, "policy_months", most=MOST_MONTHS)
        return found


_WORDS: dict[type[ast.AST], str] = {
    ast.Pow: "**",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.MatMult: "@",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.NotIn: "not in",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.IfExp: "if … else",
    ast.Lambda: "lambda",
    ast.NamedExpr: ":=",
    ast.Subscript: "[…]",
    ast.List: "[…]",
    ast.Tuple: ",",
    ast.Dict: "{…}",
    ast.Set: "{…}",
    ast.ListComp: "for",
    ast.SetComp: "for",
    ast.DictComp: "for",
    ast.GeneratorExp: "for",
    ast.JoinedStr: 'f"…"',
    ast.Starred: "*",
    ast.Await: "await",
}


def _word(node: ast.AST) -> str:
    if isinstance(node, ast.BinOp):
        node = node.op
    return _WORDS.get(type(node), type(node).__name__)
