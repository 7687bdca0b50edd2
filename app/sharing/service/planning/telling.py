"""Why a wish got no place, and the smallest change that would have given it one, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app import language, units
from app.sharing.models import ScheduleRun
from app.sharing.park_time import moment_of
from app.sharing.rounds import minutes_of


class Teller:
    """Knows how the slots and instruments of one round are called by people."""

    def __init__(self, row: ScheduleRun, names: Mapping[int, str]) -> None:
        self.start = int(row.instance["window_start"])
        self.grain = int(row.instance["slot_minutes"])
        self.names = names

    def sentences(self, reason: Any) -> list[tuple[str, str]]:
        """(code, sentence) of a reason, and of the changes that were tried and fit."""
        if not isinstance(reason, Mapping):
            return [(str(reason), language.message(str(reason)))]
        code = str(reason["code"])
        told = [(code, str(reason.get("text") or language.message(code, self._params(reason))))]
        changes = reason.get("changes") or ([reason["change"]] if reason.get("change") else [])
        for change in changes:
            kind = f"change_{change['kind']}"
            told.append((kind, language.message(kind, self._params(change))))
        return told

    def _params(self, facts: Mapping[str, Any]) -> dict[str, Any]:
        params = {key: value for key, value in facts.items() if isinstance(value, (int, float, str))}
        params["by"] = " ".join(f"#{one}" for one in facts.get("by", ()))
        for name in ("cap", "used", "slots", "shift_slots"):
            if isinstance(facts.get(name), int):
                params[name] = units.hours(abs(facts[name]) * self.grain)
        if "shift_slots" in facts:
            params["later"] = language.message("shift_later" if facts["shift_slots"] > 0 else "shift_earlier")
        if "instrument" in facts:
            params["resource"] = self.names.get(int(facts["instrument"]), "")
        if "start_slot" in facts:
            params["start"] = units.moment(
                moment_of(minutes_of(int(facts["start_slot"]), self.start, self.grain))
            )
        return params
