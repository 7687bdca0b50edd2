"""Whoever is asked sees on both buttons what they do: the act by its name, and what stays when it is not done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

TEMPLATES = Path(__file__).resolve().parents[2] / "app" / "templates"
NAMED = re.compile(r"(\w+)\s*=(?!=)")
VAGUE = {"确定", "确认", "好", "是", "结束", "删除", "终止", "停用", "作废", "解除", "退出", "移除", "报废"}


def calls(text: str, name: str) -> Iterator[str]:
    """The arguments of every call of a macro."""
    for found in re.finditer(rf"(?<!macro ){name}\(", text):
        depth, quote, end = 1, "", found.end()
        while depth:
            sign = text[end]
            if quote:
                quote = "" if sign == quote else quote
            elif sign in "'\"":
                quote = sign
            else:
                depth += (sign == "(") - (sign == ")")
            end += 1
        yield text[found.end() : end - 1]


def arguments(call: str) -> tuple[list[str], dict[str, str]]:
    """Its arguments by place and by name."""
    parts, depth, quote, part = [], 0, "", ""
    for sign in call + ",":
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        else:
            depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and not depth and not quote:
            parts.append(part.strip())
            part = ""
        else:
            part += sign
    named = {found[1]: one for one in parts if (found := NAMED.match(one))}
    return [one for one in parts if not NAMED.match(one)], named


def test_every_button_that_asks_tells_on_both_answers_what_they_do() -> None:
    asked, wrong = 0, []
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = path.read_text("utf-8")
        for call in calls(text, r"ui\.post_button"):
            placed, named = arguments(call)
            if len(placed) < 3 and "confirm" not in named:
                continue
            asked += 1
            label = re.fullmatch(r"_\('(.+)'\)", placed[1])
            vague = label is not None and label[1] in VAGUE and "yes" not in named
            if "keep" not in named or vague:
                wrong.append(f"{path.relative_to(TEMPLATES)}: {placed[1]}")
    assert wrong == [] and asked > 50


def test_every_form_that_asks_says_what_stays() -> None:
    for path in TEMPLATES.rglob("*.html"):
        text = path.read_text("utf-8")
        assert text.count('data-confirm="') == text.count("data-confirm-keep="), path
