"""Rule files that must be refused: every fault with line and column, nothing half read."""

from __future__ import annotations

import pytest

from app.policy.rules.reading import read_policy

HEAD = """\
format: parklink-policy/1
id: p
valid: {from: 2026-01-01}
facts: [a, b, t, day]
parameters:
  n: {2026-01-01: 3}
  names: {2026-01-01: [x, y]}
conditions:
"""
USED = "a > 0 and b > 0 and t == 'x' and months_since(day) > 0"


def faults(text: str) -> list[tuple[int, int, str]]:
    policy, found = read_policy(text.encode())
    assert (policy is None) == bool(found)
    return [(fault.line, fault.column, fault.code) for fault in found]


def condition(expr: str, **more: str) -> str:
    extra = "".join(f", {key}: {value}" for key, value in more.items())
    return f'  - {{id: c, weight: 1, expr: "{expr}"{extra}}}\n'


def in_expression(expr: str) -> list[tuple[int, str]]:
    """(column counted from 0 inside the expression, fault), beside a condition that fixes the kinds."""
    text = HEAD + f'  - {{id: d, weight: 1, expr: "{USED}"}}\n' + condition(expr)
    start = len('  - {id: c, weight: 1, expr: "') + 1
    return [
        (column - start, code.removeprefix("policy_")) for line, column, code in faults(text) if line == 10
    ]


@pytest.mark.parametrize(
    ("expr", "place", "code"),
    [
        ("__import__('os').system('x') == 1", 0, "unknown_function"),
        ("a > 1 and __import__", 10, "unknown_fact"),
        ("a ** 2 > 1", 0, "not_allowed"),
        ("b > 1 or a // 2 > 1", 9, "not_allowed"),
        ("a % 2 > 1", 0, "not_allowed"),
        ("a.real > 1", 0, "not_allowed"),
        ("p.n.real > 1", 0, "not_allowed"),
        ("t.__class__ == 'x'", 0, "not_allowed"),
        ("1 < a < 3", 0, "chain_of_comparisons"),
        ("a > 1 and 3 > b >= 1", 10, "chain_of_comparisons"),
        ("a in [x for x in [1]]", 5, "not_allowed"),
        ("any(x for x in [1])", 0, "unknown_function"),
        ("a not in [1]", 0, "not_allowed"),
        ("a is 1", 0, "not_allowed"),
        ("(a if b > 1 else 1) > 1", 1, "not_allowed"),
        ("(lambda: 1) == 1", 1, "not_allowed"),
        ("(a := 1) > 1", 1, "not_allowed"),
        ("a[0] > 1", 0, "not_allowed"),
        ("a > True", 4, "not_allowed"),
        ("a > None", 4, "not_allowed"),
        ("a > 0x10", 4, "not_allowed"),
        ("a > 1_000", 4, "not_allowed"),
        ("a > 1e400", 4, "not_allowed"),
        ("a > 2j", 4, "not_allowed"),
        ("t == b'x'", 5, "not_allowed"),
        ("t == f'x'", 5, "not_allowed"),
        ("-a > 1", 0, "not_allowed"),
        ("~a > 1", 0, "not_allowed"),
        ("a > nan", 4, "unknown_fact"),
        ("a > p.missing", 4, "unknown_parameter"),
        ("q > 1", 0, "unknown_fact"),
        ("streak > 1", 0, "function_without_call"),
        ("p > 1", 0, "function_without_call"),
        ("streak(a) >= 3", 7, "streak_wants_comparison"),
        ("streak(a + 1 > 2) >= 3", 7, "streak_wants_comparison"),
        ("streak(a > 1 and b > 1) >= 3", 7, "streak_wants_comparison"),
        ("streak(a > b) >= 3", 0, "streak_bound"),
        ("latest(a, 3) > 1", 0, "arguments"),
        ("latest(fact=a) > 1", 0, "arguments"),
        ("latest(*[a]) > 1", 0, "arguments"),
        ("latest(a + 1) > 1", 7, "wants_fact"),
        ("total(a, 0) > 1", 9, "months"),
        ("total(a, 1.5) > 1", 9, "months"),
        ("total(a, 100000) > 1", 9, "months"),
        ("total(a, b) > 1", 9, "months"),
        ("max(a, b) > 1", 0, "unknown_function"),
        ("a", 0, "not_a_truth"),
        ("a + 1", 0, "not_a_truth"),
        ("'x'", 0, "not_a_truth"),
        ("a and b > 1", 0, "truth_wanted"),
        ("not a", 0, "truth_wanted"),
        ("(a > 1) == (b > 1)", 0, "not_comparable"),
        ("a > 'x'", 0, "wrong_kind"),
        ("t > 1", 0, "wrong_kind"),
        ("t + 1 > 1", 0, "fact_of_two_kinds"),
        ("day > 1", 0, "wrong_kind"),
        ("months_since(a) > 1", 0, "fact_of_two_kinds"),
        ("average(t, 3) > 1", 0, "fact_of_two_kinds"),
        ("a in 3", 0, "list_wanted"),
        ("a in p.n", 0, "list_wanted"),
        ("a in [1, 'x']", 0, "wrong_kind"),
        ("a in p.names", 0, "wrong_kind"),
        ("a in [b]", 0, "bad_list_item"),
        ("a == [1]", 5, "not_allowed"),
        ("a > p.names", 0, "not_comparable"),
        ("a > 1; b > 1", 5, "not_an_expression"),
        ("a >", 0, "not_an_expression"),
        ("a = 1", 2, "not_an_expression"),
        ("a > 1 # staff", 6, "not_allowed"),
        ("not " * 70 + "a > 1", 0, "expression_too_deep"),
        ("a > 1 or " * 56 + "b > 1", 500, "expression_too_long"),
    ],
)
def test_an_expression_is_refused_where_it_leaves_the_language(expr: str, place: int, code: str) -> None:
    assert (place, code) in in_expression(expr)


def test_five_hundred_characters_are_allowed_and_one_more_is_not() -> None:
    expr = "a > 1 or " * 55
    fits = expr[: 500 - 5].rstrip().removesuffix("or").rstrip()
    fits = fits + " " * (500 - len(fits))
    assert in_expression(fits) == []
    assert in_expression(fits + " ") == [(500, "expression_too_long")]


@pytest.mark.parametrize(
    "expr",
    [
        "a > -1.5 and a * 2 + 1 - b / 3 != 0",
        "t in ['x', 'y'] or t in p.names or not (t == '中文')",
        "streak(a in [1, 2]) > 1 and streak(t == 'x') == 2",
        "total(a, p.n) >= average(b, 12) and latest(a) <= 3",
        "3 <= streak(a > p.n * 2)",
        "day >= '2024-01-01' and '2025-01-01' > day",
        "t < 'm'",
        "t != '#1'",
    ],
)
def test_all_of_the_language_is_read(expr: str) -> None:
    assert in_expression(expr) == []


@pytest.mark.parametrize(
    ("written", "line", "column"),
    [
        ("a > 0 and zz > 1", 0, 21),
        ("'t == ''x'' and zz > 1'", 0, 27),
        (r'"t == \"x\" and zz > 1"', 0, 27),
        (r'"t == \u0022x\u0022 and zz > 1"', 0, 35),
        ("a > 0\n      and zz > 1", 1, 11),
        ('"a > 0\n      and zz > 1"', 1, 11),
        ('"a > 0 \\\n      and zz > 1"', 1, 11),
        (">-\n      a > 0\n      and zz > 1", 2, 11),
        (">-\r\n      a > 0\r\n      and zz > 1", 2, 11),
        ("|\n      a > 0 and zz > 1", 1, 17),
        ("'t == \"园区😀\" and zz > 1'", 0, 27),
    ],
)
def test_a_fault_in_an_expression_stands_where_the_file_shows_it(
    written: str, line: int, column: int
) -> None:
    text = HEAD + f'  - {{id: d, weight: 1, expr: "{USED}"}}\n  - id: c\n    weight: 1\n    expr: {written}\n'
    assert faults(text) == [(12 + line, column, "policy_unknown_fact")]


def rule(old: str, new: str) -> list[tuple[int, int, str]]:
    text = HEAD + condition(USED) + "tests: []\n"
    assert faults(text) == []
    assert old in text
    return faults(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("id: p", "id: §&p p", "anchor"),
        ("id: p", "id: §*p", "alias"),
        ("id: p", "id: §!!str p", "tag"),
        ("id: p", "id: §!python/object p", "tag"),
        ("id: p", "id: p\n§id: q", "key_twice"),
        ("id: p", "id: p\n§author: q", "unknown_key"),
        ("id: p", "id: §[p]", "bad_id"),
        ("parklink-policy/1", "§parklink-policy/2", "format"),
        ("weight: 1", "weight: §0", "wants_whole"),
        ("weight: 1", "weight: §101", "wants_whole"),
        ("weight: 1", "weight: §1.5", "wants_whole"),
        ("weight: 1", "weight: §²", "wants_whole"),
        ("weight: 1", "weight: §-1", "wants_whole"),
        ("weight: 1", "weight: §.nan", "wants_whole"),
        ("weight: 1", "weight: 1, §weight: 2", "key_twice"),
        ("weight: 1", "weight: 1, mandatory: §yes", "wants_truth"),
        ("weight: 1", "weight: 1, §when: x", "unknown_key"),
        ("{2026-01-01: 3}", "{2026-01-01: §.nan}", "not_a_number"),
        ("{2026-01-01: 3}", "{2026-01-01: §NaN}", "not_a_number"),
        ("{2026-01-01: 3}", "{2026-01-01: §-.inf}", "not_a_number"),
        ("{2026-01-01: 3}", "{§2026-02-30: 3}", "not_a_day"),
        ("{2026-01-01: 3}", "{2026-01-01: 3, 2027-01-01: §x}", "parameter_kinds"),
        ("{2026-01-01: 3}", "§3", "wants_days"),
        ("{2026-01-01: 3}", "§{}", "wants_days"),
        ("{from: 2026-01-01}", "{from: 2026-01-01, to: §2025-12-31}", "ends_before"),
        ("{from: 2026-01-01}", "§{to: 2026-01-01}", "missing_key"),
        ("{from: 2026-01-01}", "§2026-01-01", "wants_mapping"),
        ("[a, b, t, day]", "[a, b, t, day, §a]", "twice"),
        ("[a, b, t, day]", "[a, b, t, day, §p]", "bad_fact"),
        ("[a, b, t, day]", "[a, b, t, day, §3d]", "bad_fact"),
        ("conditions:\n", "conditions: §[]\nx:\n", "no_conditions"),
        ("tests: []", "§---\nid: q", "second_document"),
        ("tests: []", "tests: [[[[[[[[[[[§[[1]]]]]]]]]]]]]", "too_deep"),
        ("tests: []", "claim: §never", "wants_one_of"),
        ("tests: []", "title: {zh: a, §fr: b}", "unknown_key"),
    ],
)
def test_a_fault_is_told_where_it_stands(old: str, new: str, code: str) -> None:
    """The place is where § stands."""
    text = HEAD + condition(USED) + "tests: []\n"
    marked = text.replace(old, new, 1)
    before = marked[: marked.index("§")]
    place = (before.count("\n") + 1, len(before) - before.rfind("\n"), f"policy_{code}")
    assert place in faults(marked.replace("§", ""))


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("id: p", "", 1, "missing_key"),
        ("[a, b, t, day]", "[b, t, day]", 9, "unknown_fact"),
        ("tests: []", "tests: [1", 11, "not_yaml"),
    ],
)
def test_what_is_not_there_is_told_where_it_is_missed(old: str, new: str, line: int, code: str) -> None:
    assert (line, f"policy_{code}") in [(at, found) for at, _column, found in rule(old, new)]


TEST = "{name: n, as_of: 2026-02-01, month: 2026-01, facts: {a: 1}, expect: {fit: 0}}"


@pytest.mark.parametrize(
    ("old", "new", "column", "code"),
    [
        ("2026-02-01", "2026-02-30", 22, "not_a_day"),
        ("month: 2026-01", "month: 2026-13", 41, "not_a_month"),
        ("{a: 1}", "{zz: 1}", 58, "unknown_fact"),
        ("{a: 1}", "{a: x}", 61, "fact_kind"),
        ("{a: 1}", "{a: '1'}", 61, "fact_kind"),
        ("{a: 1}", "{a: .nan}", 61, "not_a_number"),
        ("{a: 1}", "{a: true}", 61, "plain_truth"),
        ("{a: 1}", "{a: {2026-13: 1}}", 62, "not_a_month"),
        ("{a: 1}", "{day: 2026-02-30}", 63, "fact_kind"),
        ("{a: 1}", "{a: [1]}", 61, "wants_value"),
        ("fit: 0", "fit: 100.1", 79, "bad_fit"),
        ("fit: 0", "fits: 1", 74, "unknown_key"),
        ("fit: 0", "state: perhaps", 81, "wants_one_of"),
        ("fit: 0", "ask: [zz]", 80, "unknown_condition"),
        ("fit: 0", "push: no", 80, "wants_truth"),
        ("{fit: 0}", "{}", 73, "expects_nothing"),
        ("name: n, ", "", 5, "missing_key"),
    ],
)
def test_a_test_inside_the_file_is_checked_too(old: str, new: str, column: int, code: str) -> None:
    text = HEAD + condition(USED) + "tests:\n  - " + TEST.replace(old, new, 1) + "\n"
    assert [(line, code) for line, _column, code in faults(text)] == [(11, f"policy_{code}")]
    assert faults(text)[0][1] == column


def test_all_faults_come_at_once_in_the_order_of_the_file() -> None:
    found = rule("id: p", "id: p\nid: q\nauthor: x")
    assert [code for _line, _column, code in found] == ["policy_key_twice"]
    text = HEAD + condition("a ** 2 > q and p.zz > 1 and max(a) > 1").replace("weight: 1", "weight: 0")
    assert [code.removeprefix("policy_") for _line, _column, code in faults(text)] == [
        "wants_whole",
        "not_allowed",
        "unknown_fact",
        "unknown_parameter",
        "unknown_function",
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "policy_empty_file"),
        (b"\xff\xfea", "policy_not_utf8"),
        (b"id: \xe5\x9b", "policy_not_utf8"),
        (b"id: \x00", "policy_control_character"),
        (b"%YAML 1.1\n---\nid: p", "policy_directive"),
        (b"- a", "policy_wants_mapping"),
        (b"? [a]\n: b", "policy_key_not_text"),
        (b"a" * (256 * 1024 + 1), "policy_file_too_large"),
        (b"a: " + b"[" * 100_000, "policy_too_deep"),
        (b"a:\n" + b"- 1\n" * 60_000, "policy_too_many_parts"),
    ],
)
def test_a_file_that_is_none_is_refused(data: bytes, code: str) -> None:
    policy, found = read_policy(data)
    assert policy is None
    assert code in [fault.code for fault in found]


def test_numbers_are_exact_and_a_byte_order_mark_is_no_fault() -> None:
    policy, found = read_policy(("\ufeff" + HEAD + condition(USED + " and a > 0.1 + 0.2")).encode())
    assert found == () and policy is not None
    assert policy.kinds == {"a": "number", "b": "number", "t": "text", "day": "day"}


@pytest.mark.parametrize("name", ["and", "in", "class", "is"])
def test_a_name_that_no_expression_can_say_is_refused(name: str) -> None:
    text = HEAD.replace("[a, b, t, day]", f"[a, b, t, day, {name}]") + condition(USED)
    assert faults(text) == [(4, 23, "policy_bad_fact")]
    text = HEAD.replace("  n: {", f"  {name}: {{2026-01-01: 1}}\n  n: {{") + condition(USED)
    assert faults(text) == [(6, 3, "policy_bad_parameter")]


def test_only_the_share_of_research_may_not_be_below_zero() -> None:
    head = HEAD.replace("[a,", "[rd_ratio, margin_ratio, a,")
    text = head + condition(f"{USED} and rd_ratio > 0 and margin_ratio > 0")
    case = (
        "tests:\n  - {name: x, as_of: 2026-01-01, month: 2026-01, expect: {push: false}, facts: {%s: -0.1}}\n"
    )
    assert faults(text + case % "margin_ratio") == []
    assert [code for _line, _column, code in faults(text + case % "rd_ratio")] == ["policy_negative_ratio"]
