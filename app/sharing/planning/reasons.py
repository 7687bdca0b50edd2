"""Why a wish got no place, and the smallest change that would have given it one, in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from app.hall.db.base import db
from app.hall.errors import Reason
from app.hall.text import language, units
from app.sharing.calendar.park_time import moment_of
from app.sharing.catalogue.models import Resource, ResourceUnit
from app.sharing.planning.engine.checker import Fault
from app.sharing.planning.models import ScheduleRun, SlotRequest
from app.sharing.planning.rules import minutes_of


class Teller:
    """Knows how the slots and instruments of one round are called by people."""

    def __init__(self, row: ScheduleRun, names: Mapping[int, str]) -> None:
        self.start = int(row.instance["window_start"])
        self.grain = int(row.instance["slot_minutes"])
        self.names = names

    def sentences(self, reason: object) -> list[tuple[str, str]]:
        """(code, sentence) of a reason, and of the changes that were tried and fit."""
        if not isinstance(reason, Mapping):
            return [(str(reason), language.message(str(reason)))]
        code = str(reason["code"])
        word = "over_quota" if code == "quota" else code  # `quota` is what the desk says of a week
        told = [(code, str(reason.get("text") or language.message(word, self._params(reason))))]
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
        for key, name in (("start_slot", "start"), ("from_slot", "from"), ("to_slot", "to")):
            if key in facts:
                params[name] = units.moment(moment_of(minutes_of(int(facts[key]), self.start, self.grain)))
        return params


SAID = ("not_eligible", "length", "window", "closed", "busy", "taken", "cap", "quota")


def told(row: ScheduleRun, faults: Iterable[Fault]) -> list[Reason]:
    """What is wrong with an edited plan, each with the wish, the instrument and the hour it is about."""
    faults = list(faults)
    start, grain = int(row.instance["window_start"]), int(row.instance["slot_minutes"])
    resources = unit_names({int(f.instrument) for f in faults if f.instrument})
    wishes = _wish_names({int(name) for f in faults for name in (f.request, f.other) if name})
    reasons = []
    for fault in faults:
        if fault.kind not in SAID:
            reasons.append(Reason("schedule_problem", {"text": fault.text}))
            continue
        at = "" if fault.slot is None else units.moment(moment_of(minutes_of(fault.slot, start, grain)))
        names = {"wish": wishes.get(fault.request, ""), "other": wishes.get(fault.other, "")}
        where = {"resource": resources.get(fault.instrument, ""), "at": at}
        reasons.append(Reason(f"schedule_{fault.kind}", names | where))
    return reasons


def unit_names(ids: Iterable[int]) -> dict[str, str]:
    """Unit by its number in a plan, as people call it: the instrument, and which of several."""
    rows = db.session.execute(
        sa.select(ResourceUnit.id, ResourceUnit.label, Resource.name)
        .join(Resource, Resource.id == ResourceUnit.resource_id)
        .where(ResourceUnit.id.in_(list(ids)))
    )
    return {str(row.id): f"{row.name} {row.label}".strip() for row in rows}


def _wish_names(ids: Iterable[int]) -> dict[str, str]:
    query = sa.select(SlotRequest.id, SlotRequest.purpose).where(SlotRequest.id.in_(list(ids)))
    return {str(row.id): f"#{row.id} {row.purpose}".strip() for row in db.session.execute(query)}
