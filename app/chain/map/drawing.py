"""The chain map as a drawing of its own: columns by stage, marks by line as well as by colour, a legend below."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

CARD_W, CARD_H, STEP_X, STEP_Y, EDGE, TOP, FOOT = 148, 44, 204, 58, 24, 100, 44
FAMILY = "Park Sans, PingFang SC, HarmonyOS Sans SC, Microsoft YaHei, Noto Sans CJK SC, sans-serif"
# line, fill, ink, dash: nobody has to tell colours apart
LOOKS = {
    "strong": ("#0d8a63", "#e2f6ee", "#08704f", ""),
    "weak": ("#c47a00", "#fff3dc", "#945000", "7 4"),
    "missing": ("#c8283c", "#fdeaec", "#a61e30", "2 4"),
    "end": ("#98a2b3", "#f5f7fa", "#4a566a", "1 3"),
}
PLAIN = ("#98a2b3", "#ffffff", "#18212f", "")
Drawn = Mapping[str, Any]  # the map, and one segment of it, as `service.map_data` answers
LINE_EMS = 10.6  # how much of a name stands in one line of a card


@dataclass(frozen=True)
class Words:
    """What stands beside the drawing; `marks` are those explained in the legend, in their order."""

    title: str
    note: str
    marks: Mapping[str, str]
    firms: str  # with {n}
    none: str


def svg(data: Drawn, words: Words) -> str:
    """The map as SVG 1.1; `data` is what `service.map_data` answers. O(segments + inputs).

    >>> one = {"code": "a", "name": "<甲>", "column": 0, "row": 0, "firms": 2, "mark": "weak"}
    >>> drawn = svg({"stages": [{"name": "上游"}], "nodes": [one], "links": []}, Words("链", "", {}, "{n} 家", "无"))
    >>> "&lt;甲&gt;" in drawn, "2 家" in drawn, 'stroke-dasharray="7 4"' in drawn
    (True, True, True)
    """
    width, height = size(data)
    nodes, parts = data["nodes"], []
    heads = enumerate(data["stages"])
    parts += [
        _text(_x(n) + CARD_W / 2, TOP - 14, stage["name"], 13, "#4a566a", "middle") for n, stage in heads
    ]
    parts += [_link(nodes[link["s"]], nodes[link["t"]], link["mark"]) for link in data["links"]]
    parts += [_card(node, words) for node in nodes]
    parts += _legend(words, height - 20)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
        f' font-family="{FAMILY}" role="img"><title>{_safe(words.title)}</title>'
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
        f"{_text(EDGE, 32, words.title, 18, '#18212f')}{_text(EDGE, 52, words.note, 11.5, '#667085')}"
        f"{''.join(parts)}</svg>"
    )


def size(data: Drawn) -> tuple[int, int]:
    """Width and height of the drawing in its own units."""
    rows = max((node["row"] + 1 for node in data["nodes"]), default=1)
    width = 2 * EDGE + STEP_X * (max(len(data["stages"]), 1) - 1) + CARD_W
    return max(width, 640), TOP + rows * STEP_Y + FOOT


def _x(column: int) -> float:
    return EDGE + column * STEP_X


def _y(row: int) -> float:
    return TOP + row * STEP_Y


def _link(source: Drawn, target: Drawn, mark: str) -> str:
    line, _fill, _ink, dash = LOOKS.get(mark, PLAIN)
    x1, y1 = _x(source["column"]) + CARD_W, _y(source["row"]) + CARD_H / 2
    x2, y2 = _x(target["column"]), _y(target["row"]) + CARD_H / 2
    bend = max(28.0, (x2 - x1) / 2)
    return (
        f'<path class="link" d="M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}" fill="none"'
        f' stroke="{line}" stroke-width="1.2" stroke-opacity="0.55"{_dashed(dash)}/>'
    )


def _card(node: Drawn, words: Words) -> str:
    line, fill, ink, dash = LOOKS.get(node["mark"], PLAIN)
    x, y = _x(node["column"]), _y(node["row"])
    said = words.firms.replace("{n}", str(node["firms"])) if node["firms"] else words.none
    mark = words.marks.get(node["mark"], "")
    below = " · ".join(part for part in (said, mark) if part)
    return (
        f'<g class="segment"><rect x="{x:g}" y="{y:g}" width="{CARD_W}" height="{CARD_H}" rx="8" fill="{fill}"'
        f' stroke="{line}" stroke-width="1.5"{_dashed(dash)}/>'
        f"{_text(x + 10, y + 18, fitted(node['name']), 12.5, ink)}{_text(x + 10, y + 35, below, 10.5, '#4a566a')}"
        f"<title>{_safe(node['name'])}</title></g>"
    )


def _legend(words: Words, y: float) -> list[str]:
    found, x = [], float(EDGE)
    for mark, said in words.marks.items():
        line, fill, _ink, dash = LOOKS.get(mark, PLAIN)
        found.append(
            f'<rect x="{x:g}" y="{y - 11:g}" width="22" height="14" rx="4" fill="{fill}" stroke="{line}"'
            f' stroke-width="1.5"{_dashed(dash)}/>{_text(x + 30, y, said, 12, "#4a566a")}'
        )
        x += 52 + 12 * ems(said)
    return found


def ems(text: str) -> float:
    """About how wide a text is, in ems.

    >>> ems("电芯 A"), ems("")
    (3.1, 0)
    """
    return round(sum(1.0 if ord(c) > 0x2E7F else 0.55 for c in text), 2)


def fitted(name: str) -> str:
    """The name as far as it fits on a card.

    >>> fitted("正极材料"), fitted("一二三四五六七八九十甲乙")
    ('正极材料', '一二三四五六七八九…')
    """
    if ems(name) <= LINE_EMS:
        return name
    kept = name
    while ems(kept) > LINE_EMS - 1:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _text(x: float, y: float, said: str, size_px: float, ink: str, anchor: str = "") -> str:
    where = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{x:g}" y="{y:g}" font-size="{size_px:g}" fill="{ink}"{where}>{_safe(said)}</text>'


def _dashed(dash: str) -> str:
    return f' stroke-dasharray="{dash}"' if dash else ""


def _safe(text: Sequence[str] | str) -> str:
    return escape(str(text), quote=False)
