"""Charts as SVG drawn on the server: colours by class, a word for whoever cannot see them, no figure below 11 px."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDE, HIGH = 600, 290
LEFT, RIGHT, TOP, BOTTOM = 8, 8, 30, 34


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a waterfall: its name, what it adds, the address of its rows."""

    label: str
    value: float
    url: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """One month of a line: None where nothing may be shown, `shaded` where a rule looked."""

    label: str
    value: float | None
    url: str = ""
    shaded: bool = False


def _text(x: float, y: float, words: str, style: str = "", anchor: str = "middle") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="in-t {style}">{escape(words)}</text>'


def _link(url: str, inside: str, name: str = "") -> str:
    """`name` is what a screen reader says of a link without words."""
    said = f' aria-label="{escape(name)}"' if name else ""
    return f'<a href="{escape(url)}"{said}>{inside}</a>' if url else inside


def _svg(inside: Sequence[str], says: str, wide: int = WIDE, high: int = HIGH) -> str:
    drawn = "".join(inside)
    role = "group" if "<a href" in drawn else "img"  # a picture may hold nothing that is pressed
    head = f'<svg class="in-chart" viewBox="0 0 {wide} {high}" role="{role}" aria-label="{escape(says)}">'
    return head + drawn + "</svg>"


def waterfall(start: Bar, parts: Sequence[Bar], end: Bar, target: float, says: str, axis: str) -> str:
    """From the index of one month to that of another; an axis that does not begin at zero says where it does.

    >>> 'class="in-up"' in waterfall(Bar("a", 70.0), [Bar("b", 5.0)], Bar("c", 75.0), 75.0, "", "{0}")
    True
    """
    heights, level = [start.value, end.value, target], start.value
    for part in parts:
        level += part.value
        heights.append(level)
    low = max(0.0, 5 * ((min(heights) - 2.5) // 5))
    high = max(heights) + 1
    step = (WIDE - LEFT - RIGHT) / (len(parts) + 2)

    def y(value: float) -> float:
        return TOP + (HIGH - TOP - BOTTOM) * (high - value) / (high - low)

    floor = y(low)
    drawn = [
        f'<line x1="0" x2="{WIDE}" y1="{floor:.1f}" y2="{floor:.1f}" class="in-axis"/>',
        f'<line x1="0" x2="{WIDE}" y1="{y(target):.1f}" y2="{y(target):.1f}" class="in-target"/>',
    ]
    level = 0.0
    for place, bar in enumerate((start, *parts, end)):
        whole = place in (0, len(parts) + 1)
        begin = low if whole else level
        level = bar.value if whole else level + bar.value
        top, foot = y(max(begin, level)), y(min(begin, level))
        x, width = LEFT + place * step + step * 0.09, step * 0.82
        style = "in-start" if place == 0 else "in-end" if whole else "in-up" if bar.value >= 0 else "in-down"
        words = f"{bar.value:.2f}" if whole else f"{bar.value:+.2f}".replace("-", "−")
        inside = (
            f'<rect x="{x:.1f}" y="{top:.1f}" width="{width:.1f}" height="{max(foot - top, 2):.1f}" rx="3"'
            f' class="{style}"/>' + _text(x + width / 2, top - 6, words, "in-b" if whole else "")
        )
        drawn.append(_link(bar.url, inside))
        drawn.append(_text(x + width / 2, HIGH - BOTTOM + 17, bar.label, "in-s"))
    drawn.append(_text(WIDE, HIGH - 2, axis.format(f"{low:g}"), "in-s", "end"))
    return _svg(drawn, says)


def line(
    points: Sequence[Point],
    target: float,
    says: str,
    mark: tuple[int, str] | None = None,
    wide: int = 420,
    digits: int = 1,
) -> str:
    """A series with its target, the months of the rule shaded and the month a measure began marked.

    >>> 'in-shade' in line([Point("7", 74.0, shaded=True), Point("8", 68.0)], 75.0, "")
    True
    """
    high = 190
    known = [one.value for one in points if one.value is not None] + [target]
    low, top = max(0.0, min(known) - 6), min(100.0, max(known) + 6)
    step = (wide - 40) / max(1, len(points) - 1)

    def x(place: int) -> float:
        return 20 + place * step

    def y(value: float) -> float:
        return 24 + (high - 52) * (top - value) / (top - low or 1)

    drawn = []
    for place, one in enumerate(points):
        if one.shaded:
            drawn.append(
                f'<rect x="{x(place) - step / 2:.1f}" y="8" width="{step:.1f}" height="{high - 34}" class="in-shade"/>'
            )
    drawn.append(f'<line x1="0" x2="{wide}" y1="{y(target):.1f}" y2="{y(target):.1f}" class="in-target"/>')
    for run in _runs(points):
        path = " ".join(f"{x(place):.1f},{y(value):.1f}" for place, value in run)
        drawn.append(f'<polyline points="{path}" class="in-line"/>')
    if mark is not None:
        drawn.append(
            f'<line x1="{x(mark[0]):.1f}" x2="{x(mark[0]):.1f}" y1="8" y2="{high - 26}" class="in-mark"/>'
        )
        late = x(mark[0]) > wide / 2
        drawn.append(
            _text(
                x(mark[0]) + (-4 if late else 4), high - 32, mark[1], "in-ok in-s", "end" if late else "start"
            )
        )
    every = max(1, len(points) // 6)
    for place, one in enumerate(points):
        if one.value is not None:
            below = one.value < target
            dot = f'<circle cx="{x(place):.1f}" cy="{y(one.value):.1f}" r="4" class="{"in-bad" if below else "in-dot"}"/>'
            shown = one.shaded or place in (0, len(points) - 1) or len(points) <= 9
            words = (
                _text(x(place), y(one.value) - 9, f"{one.value:.{digits}f}", "in-b" if one.shaded else "")
                if shown
                else ""
            )
            drawn.append(_link(one.url, dot + words, f"{one.label} {one.value:.{digits}f}"))
        left = len(points) - 1 - place
        if not left or (place % every == 0 and left >= every):
            drawn.append(_text(x(place), high - 6, one.label, "in-s"))
    return _svg(drawn, says, wide, high)


def _runs(points: Sequence[Point]) -> list[list[tuple[int, float]]]:
    """Stretches of months without a hole: what is unknown is not bridged."""
    runs: list[list[tuple[int, float]]] = [[]]
    for place, one in enumerate(points):
        if one.value is None:
            runs.append([])
        else:
            runs[-1].append((place, one.value))
    return [run for run in runs if run]


def bars(values: Sequence[Point], says: str, style: str = "in-end", high: int = 72) -> str:
    """Bars from zero, the last one strong; none where nothing is known.

    >>> bars([Point("1", 2.0), Point("2", 4.0)], "x").count("<rect")
    2
    """
    most = max((one.value or 0 for one in values), default=0) or 1
    step = WIDE / max(1, len(values))
    drawn = []
    for place, one in enumerate(values):
        if one.value is None:
            continue
        tall = (high - 4) * one.value / most
        soft = "" if place == len(values) - 1 else " in-soft"
        rect = (
            f'<rect x="{place * step + step * 0.12:.1f}" y="{high - tall:.1f}" width="{step * 0.76:.1f}"'
            f' height="{max(tall, 1):.1f}" rx="3" class="{style}{soft}"><title>{escape(one.label)}</title></rect>'
        )
        drawn.append(_link(one.url, rect))
    return _svg(drawn, says, WIDE, high)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of several parts on top of each other, and what is written under and over it."""

    label: str
    parts: Sequence[float]
    over: str = ""
    url: str = ""


def columns(
    values: Sequence[Column], styles: Sequence[str], says: str, wide: int = 720, high: int = 190
) -> str:
    """Columns from zero, their parts stacked in these styles, labels under them.

    >>> columns([Column("Q1", (2.0, 1.0), "3"), Column("Q2", (4.0, 0.0))], ("in-end", "in-up"), "x").count("<rect")
    3
    """
    most = max((sum(one.parts) for one in values), default=0) or 1
    step = wide / max(1, len(values))
    floor = high - 22
    drawn = [f'<line x1="0" x2="{wide}" y1="{floor}" y2="{floor}" class="in-axis"/>']
    for place, one in enumerate(values):
        x, width, y = place * step + step * 0.16, step * 0.68, float(floor)
        inside = []
        for part, style in zip(one.parts, styles, strict=True):
            tall = (floor - 22) * part / most
            if part:
                y -= tall
                inside.append(
                    f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{max(tall, 1):.1f}" class="{style}"/>'
                )
        title = f"<title>{escape(one.label)}: {escape(one.over)}</title>"
        drawn.append(
            _link(one.url, f"<g>{title}{''.join(inside)}</g>{_text(x + width / 2, y - 6, one.over)}")
        )
        drawn.append(_text(x + width / 2, high - 5, one.label, "in-s"))
    return _svg(drawn, says, wide, high)
