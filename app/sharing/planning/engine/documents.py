"""Reads and writes the schedule format; every problem of a file is named with its place, none is guessed away."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from app.sharing.planning.engine.model import (
    FORMAT,
    Assignment,
    Instance,
    Instrument,
    Interval,
    Plan,
    Quota,
    Rejection,
    Request,
)

MAX_SLOTS = 1_100_000  # two years of minutes are 1,051,200
MAX_INSTRUMENTS = 5_000
MAX_REQUESTS = 50_000
MAX_QUOTAS = 50_000
MAX_PRIORITY = 1_000
MAX_PRICE_FEN = 10**13  # a whole day in one slot at the highest price per hour an owner may ask for
MAX_EFFICIENCY = 1_000
MAX_TEXT = 200

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong (a code with its parameters), and where (keys and positions into the document)."""

    path: Path
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def where(self) -> str:
        """The path as people write it.

        >>> Problem(("instruments", 3, "open", 0), "reversed").where
        'instruments[3].open[0]'
        """
        text = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in self.path)
        return text.removeprefix(".")

    def __str__(self) -> str:
        return f"{self.where or 'document'}: {self.code} {dict(self.params)}"


class BadInstance(ValueError):
    """The document is not an instance; `problems` says all that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("; ".join(str(p) for p in problems[:5]))


def instance_from(document: object) -> Instance:
    """Check a decoded document wholly and build the instance.

    Raises
    ------
    BadInstance
        With every problem found, in the order of the document.

    Examples
    --------
    >>> try:
    ...     instance_from({"format": "parklink-schedule/1", "slot_minutes": 30, "slots": 0,
    ...                    "instruments": [], "requests": []})
    ... except BadInstance as bad:
    ...     print(bad)
    slots: not_whole {'low': 1, 'high': 1100000, 'value': '0'}
    """
    reader = _Reader()
    instance = reader.instance(document)
    if reader.problems or instance is None:
        raise BadInstance(reader.problems)
    return instance


def joined(intervals: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """The same slots in intervals that do not overlap; two that only touch stay two.

    >>> joined(((0, 4), (2, 3), (3, 6), (6, 8)))
    ((0, 6), (6, 8))
    """
    found: list[Interval] = []
    for lo, hi in intervals:
        if found and lo < found[-1][1]:
            found[-1] = (found[-1][0], max(hi, found[-1][1]))
        else:
            found.append((lo, hi))
    return tuple(found)


def distinct(windows: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """Without the windows that lie inside another: what fits in them fits there. Overlapping ones are not joined.

    >>> distinct(((0, 4), (0, 6), (2, 6), (5, 9), (5, 9)))
    ((0, 6), (5, 9))
    """
    found: list[Interval] = []
    for lo, hi in sorted(windows, key=lambda w: (w[0], -w[1])):
        if not found or hi > found[-1][1]:
            found.append((lo, hi))
    return tuple(found)


class _Reader:
    """Collects problems while it builds; a value that is wrong is replaced by a harmless one."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def bad(self, path: Path, code: str, **params: object) -> None:
        self.problems.append(Problem(path, code, params))

    # -- single values ---------------------------------------------------------------------------------
    def get(self, of: Mapping[str, Any], key: str, path: Path) -> object:
        if key not in of:
            self.bad((*path, key), "missing")
            return _MISSING
        return of[key]

    def whole(self, value: object, path: Path, low: int, high: int) -> int:
        if value is _MISSING:
            return low
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.bad(path, "not_whole", low=low, high=high, value=_shown(value))
            return low
        return value

    def text(self, value: object, path: Path) -> str:
        if value is _MISSING:
            return ""
        if not isinstance(value, str) or not value.strip() or len(value) > MAX_TEXT or not _is_text(value):
            self.bad(path, "not_text", most=MAX_TEXT, value=_shown(value))
            return ""
        return value

    def ratio(self, value: object, path: Path) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= MAX_EFFICIENCY:
            self.bad(path, "not_ratio", most=MAX_EFFICIENCY, value=_shown(value))
            return 1.0
        return float(value)

    def items(self, value: object, path: Path, most: int) -> list[object]:
        if value is _MISSING:
            return []
        if not isinstance(value, list):
            self.bad(path, "not_list", value=_shown(value))
            return []
        if len(value) > most:
            self.bad(path, "too_many", count=len(value), most=most)
            return []
        return value

    def intervals(self, value: object, path: Path, slots: int) -> tuple[Interval, ...]:
        found: list[Interval] = []
        for n, item in enumerate(self.items(value, path, slots)):
            here = (*path, n)
            if not isinstance(item, list) or len(item) != 2 or not all(_is_whole(x) for x in item):
                self.bad(here, "not_pair", value=_shown(item))
            elif item[0] >= item[1]:
                self.bad(here, "reversed", value=_shown(item))
            elif item[0] < 0 or item[1] > slots:
                self.bad(here, "beyond", slots=slots, value=_shown(item))
            else:
                found.append((int(item[0]), int(item[1])))
        return tuple(sorted(found))

    def entry(self, value: object, path: Path) -> Mapping[str, Any] | None:
        if not isinstance(value, dict):
            self.bad(path, "not_object", value=_shown(value))
            return None
        return value

    # -- the document ----------------------------------------------------------------------------------
    def instance(self, document: object) -> Instance | None:
        top = self.entry(document, ())
        if top is None:
            return None
        if top.get("format") != FORMAT:
            self.bad(("format",), "format", format=FORMAT, value=_shown(top.get("format")))
            return None
        minutes = self.whole(self.get(top, "slot_minutes", ()), ("slot_minutes",), 1, 1440)
        before = len(self.problems)
        slots = self.whole(self.get(top, "slots", ()), ("slots",), 1, MAX_SLOTS)
        if len(self.problems) > before:
            slots = MAX_SLOTS
        cap = top.get("max_slots_per_enterprise")
        if cap is not None:
            cap = self.whole(cap, ("max_slots_per_enterprise",), 0, 10**9)
        rows = self.items(self.get(top, "instruments", ()), ("instruments",), MAX_INSTRUMENTS)
        instruments = [self.instrument(row, ("instruments", n), slots) for n, row in enumerate(rows)]
        known: set[str] | None = self.unique([i.id if i else None for i in instruments], "instruments")
        listed = isinstance(top.get("instruments"), list) and len(rows) == len(top["instruments"])
        if not listed or not all(i and i.id for i in instruments):
            known = None  # an id that is not found may be that of an instrument that could not be read
        rows = self.items(self.get(top, "requests", ()), ("requests",), MAX_REQUESTS)
        requests = [self.request(row, ("requests", n), slots, known) for n, row in enumerate(rows)]
        self.unique([r.id if r else None for r in requests], "requests")
        enterprises = {r.enterprise if r else "" for r in requests}
        rows = self.items([] if top.get("quotas") is None else top["quotas"], ("quotas",), MAX_QUOTAS)
        quotas = [self.quota(row, ("quotas", n), slots, known, enterprises) for n, row in enumerate(rows)]
        readable = tuple(i for i in instruments if i), tuple(r for r in requests if r)
        return Instance(minutes, slots, *readable, cap, tuple(q for q in quotas if q))

    def unique(self, ids: list[str | None], kind: str) -> set[str]:
        seen: dict[str, int] = {}
        for n, name in enumerate(ids):
            if not name:
                continue
            if name in seen:
                self.bad((kind, n, "id"), "id_twice", value=_shown(name), other=f"{kind}[{seen[name]}]")
            else:
                seen[name] = n
        return set(seen)

    def instrument(self, value: object, path: Path, slots: int) -> Instrument | None:
        row = self.entry(value, path)
        if row is None:
            return None
        return Instrument(
            id=self.text(self.get(row, "id", path), (*path, "id")),
            open=joined(self.intervals(self.get(row, "open", path), (*path, "open"), slots)),
            busy=joined(self.intervals(row.get("busy", []), (*path, "busy"), slots)),
            price_fen_per_slot=self.whole(
                self.get(row, "price_fen_per_slot", path), (*path, "price_fen_per_slot"), 0, MAX_PRICE_FEN
            ),
            efficiency=self.ratio(row.get("efficiency", 1.0), (*path, "efficiency")),
            buffer_slots=self.whole(row.get("buffer_slots", 0), (*path, "buffer_slots"), 0, MAX_SLOTS),
        )

    def request(self, value: object, path: Path, slots: int, known: set[str] | None) -> Request | None:
        row = self.entry(value, path)
        if row is None:
            return None
        preferred = row.get("preferred_slot")
        windows = self.get(row, "windows", path)
        if windows == []:
            self.bad((*path, "windows"), "no_window")
        return Request(
            id=self.text(self.get(row, "id", path), (*path, "id")),
            enterprise=self.text(self.get(row, "enterprise", path), (*path, "enterprise")),
            duration_slots=self.whole(
                self.get(row, "duration_slots", path), (*path, "duration_slots"), 1, MAX_SLOTS
            ),
            windows=distinct(self.intervals(windows, (*path, "windows"), slots)),
            eligible=self.eligible(self.get(row, "eligible", path), (*path, "eligible"), known),
            priority=self.whole(self.get(row, "priority", path), (*path, "priority"), 0, MAX_PRIORITY),
            preferred_slot=(
                None if preferred is None else self.whole(preferred, (*path, "preferred_slot"), 0, slots)
            ),
        )

    def quota(
        self, value: object, path: Path, slots: int, known: set[str] | None, enterprises: set[str]
    ) -> Quota | None:
        row = self.entry(value, path)
        if row is None:
            return None
        enterprise = self.text(self.get(row, "enterprise", path), (*path, "enterprise"))
        if enterprise and "" not in enterprises and enterprise not in enterprises:
            self.bad((*path, "enterprise"), "unknown_enterprise", value=_shown(enterprise))
        only, before = row.get("instruments"), len(self.problems)
        first, last = (
            self.whole(self.get(row, key, path), (*path, key), 0, slots) for key in ("from_slot", "to_slot")
        )
        if len(self.problems) == before and first >= last:
            self.bad((*path, "to_slot"), "reversed", value=_shown([first, last]))
        return Quota(
            enterprise,
            None if only is None else self.eligible(only, (*path, "instruments"), known),
            first,
            last,
            self.whole(self.get(row, "slots", path), (*path, "slots"), 0, 10**9),
        )

    def eligible(self, value: object, path: Path, known: set[str] | None) -> tuple[str, ...]:
        if value == []:
            self.bad(path, "no_instrument")
        chosen: dict[str, int] = {}
        for n, name in enumerate(self.items(value, path, MAX_INSTRUMENTS)):
            if not isinstance(name, str):
                self.bad((*path, n), "not_text", most=MAX_TEXT, value=_shown(name))
            elif known is not None and name not in known:
                self.bad((*path, n), "unknown_instrument", value=_shown(name))
            elif name in chosen:
                self.bad((*path, n), "named_twice", value=_shown(name))
            else:
                chosen[name] = n
        return tuple(chosen)


_MISSING = object()


def _is_text(value: str) -> bool:
    """Whether it can be written as UTF-8 (JSON lets half a surrogate pair through)."""
    return not any("\ud800" <= c <= "\udfff" for c in value)


def _is_whole(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value) and value.is_integer() and abs(value) < 1e15
    return isinstance(value, int) and not isinstance(value, bool)


def _shown(value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "backslashreplace").decode()
    except (ValueError, RecursionError):
        text = type(value).__name__
    return text if len(text) <= 60 else text[:57] + "..."


def document_of(instance: Instance) -> dict[str, object]:
    """The instance as the document it is written as."""
    return {
        "format": FORMAT,
        "slot_minutes": instance.slot_minutes,
        "slots": instance.slots,
        "max_slots_per_enterprise": instance.max_slots_per_enterprise,
        "instruments": [
            {
                "id": i.id,
                "open": [list(x) for x in i.open],
                "busy": [list(x) for x in i.busy],
                "price_fen_per_slot": i.price_fen_per_slot,
                "efficiency": i.efficiency,
                "buffer_slots": i.buffer_slots,
            }
            for i in instance.instruments
        ],
        "requests": [
            {
                "id": r.id,
                "enterprise": r.enterprise,
                "duration_slots": r.duration_slots,
                "windows": [list(x) for x in r.windows],
                "eligible": list(r.eligible),
                "priority": r.priority,
                "preferred_slot": r.preferred_slot,
            }
            for r in instance.requests
        ],
        **({"quotas": [_quota_document(q) for q in instance.quotas]} if instance.quotas else {}),
    }


def _quota_document(quota: Quota) -> dict[str, object]:
    only = None if quota.instruments is None else list(quota.instruments)
    return {**asdict(quota), "instruments": only}


def plan_document(plan: Plan) -> dict[str, object]:
    """The plan as the document it is written as."""
    return {
        "status": plan.status,
        "value": plan.value,
        "bound": plan.bound,
        "gap_ratio": round(plan.gap_ratio, 9),
        "seconds": round(plan.seconds, 3),
        "assignments": [
            {"request": a.request, "instrument": a.instrument, "start_slot": a.start_slot, "slots": a.slots}
            for a in plan.assignments
        ],
        "rejected": [{"request": r.request, "reasons": [dict(x) for x in r.reasons]} for r in plan.rejected],
        **({"notes": dict(plan.notes)} if plan.notes else {}),
    }


def plan_from(document: Mapping[str, Any]) -> Plan:
    """A plan read back from its document (one that `plan_document` wrote)."""
    return Plan(
        status=document["status"],
        value=document["value"],
        bound=document["bound"],
        seconds=document["seconds"],
        assignments=tuple(
            Assignment(a["request"], a["instrument"], a["start_slot"], a["slots"])
            for a in document["assignments"]
        ),
        rejected=tuple(Rejection(r["request"], tuple(r["reasons"])) for r in document["rejected"]),
        notes=document.get("notes", {}),
    )
