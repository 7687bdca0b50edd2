"""Guides as pages: the Markdown of `docs/guide`, of which only what the guides use is read."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from app.hall.config import beside

NAME = re.compile(r"[a-z][a-z-]{0,60}")
LINK = re.compile(r"(!?)\[([^\[\]]{0,400})\]\(([^()\s]{1,400})\)")


@dataclass(frozen=True)
class Guide:
    """One guide: its address, its title, and its text as HTML."""

    name: str
    title: str
    html: str


def folder(lang: str) -> Path:
    return beside("docs/guide") / ("en" if lang == "en" else "zh")


@functools.cache
def guides(lang: str) -> dict[str, Guide]:
    """Every guide of a language, by name, the first steps first."""
    paths = sorted(folder(lang).glob("*.md"), key=lambda path: (path.stem != "start", path.stem))
    return {path.stem: read_guide(path.stem, path.read_text("utf-8")) for path in paths}


def read_guide(name: str, text: str) -> Guide:
    """
    >>> read_guide("x", "# Title\\n\\nSome **bold** `code`.\\n\\n- one\\n- two").html
    '<p>Some <b>bold</b> <code>code</code>.</p>\\n<ul><li>one</li><li>two</li></ul>'
    """
    lines = text.splitlines()
    title = lines[0].lstrip("# ").strip() if lines else name
    return Guide(name, title, "\n".join(_blocks(lines[1:])))


def _blocks(lines: list[str]) -> Iterator[str]:
    block: list[str] = []
    for line in [*lines, ""]:
        if line.strip():
            block.append(line)
            continue
        if block:
            yield from _block(block)
        block = []


def _block(lines: list[str]) -> Iterator[str]:
    first = lines[0]
    if first.startswith("#"):
        depth = min(4, len(first) - len(first.lstrip("#")))
        yield f"<h{depth}>{inline(first.lstrip('# '))}</h{depth}>"
        if lines[1:]:
            yield from _block(lines[1:])
    elif first.startswith("<img") or (first.startswith("[") and "guide." in first):
        return  # pictures stay in the repository; the table of contents stands beside the guide
    elif first.startswith("|"):
        yield _table(lines)
    elif first.startswith("```"):
        yield f"<pre>{escape(chr(10).join(lines[1:]).removesuffix('```'))}</pre>"
    else:
        yield from _text_and_lists(lines)


ITEM = re.compile(r"\s{0,20}(?:([-*])|\d{1,3}\.)\s+(.*)")


def _text_and_lists(lines: list[str]) -> Iterator[str]:
    """A paragraph, and the lists that begin in it without an empty line."""
    text: list[str] = []
    items: list[str] = []
    kind = "ul"
    for line in lines:
        found = ITEM.fullmatch(line)
        if found:
            kind = "ul" if found[1] else "ol"
            items.append(found[2])
        elif items:
            items[-1] += " " + line.strip()
        else:
            text.append(line.strip())
    if text:
        yield f"<p>{inline(' '.join(text))}</p>"
    if items:
        listed = "".join(f"<li>{inline(item)}</li>" for item in items)
        yield f"<{kind}>{listed}</{kind}>"


def _table(lines: list[str]) -> str:
    rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines]
    head, *body = [row for row in rows if not all(re.fullmatch(r":?-+:?", cell) for cell in row)]
    heads = "".join(f'<th scope="col">{inline(cell)}</th>' for cell in head)
    cells = "".join("<tr>" + "".join(f"<td>{inline(cell)}</td>" for cell in row) + "</tr>" for row in body)
    return (
        f'<div class="pl-table-wrap" tabindex="0"><table class="pl-table"><thead><tr>{heads}</tr></thead>'
        f"<tbody>{cells}</tbody></table></div>"
    )


def inline(text: str) -> str:
    """Bold, code and links of one line; everything else is text.

    >>> inline("[市场](market.md#x) and <b>")
    '<a href="/help/market#x">市场</a> and &lt;b&gt;'
    """
    parts, at = [], 0
    for found in LINK.finditer(text):
        parts += [_plain(text[at : found.start()]), _link(found)]
        at = found.end()
    return "".join([*parts, _plain(text[at:])])


def _plain(text: str) -> str:
    codes = re.split(r"`([^`]+)`", text)
    for number, part in enumerate(codes):
        safe = escape(part, quote=False)
        codes[number] = (
            f"<code>{safe}</code>" if number % 2 else re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", safe)
        )
    return re.sub(r"(?<![\w*])\*([^*]+)\*(?![\w*])", r"<em>\1</em>", "".join(codes))


def _link(found: re.Match[str]) -> str:
    """A link to another guide leads to its page; what is not a guide stays words."""
    picture, words, target = found.groups()
    path, _hash, place = target.partition("#")
    name = Path(path).stem
    if picture or not path.endswith(".md") or "/" in path or not NAME.fullmatch(name):
        return "" if picture else _plain(words)
    return f'<a href="/help/{name}{"#" + escape(place, quote=True) if place else ""}">{_plain(words)}</a>'
