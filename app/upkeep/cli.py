"""`flask upkeep …`: what falls due from a file; no database, nothing kept."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from app.hall import clock
from app.hall.files.cells import Problem
from app.hall.files.commands import print_json, refuse, stop_on, write_csv
from app.hall.text.language import message
from app.upkeep.plans.reading import LARGEST_FILE, read_machines
from app.upkeep.plans.rules import due, warn_on
from app.upkeep.readings.rules import condition

if TYPE_CHECKING:
    from app.upkeep.plans.reading import Machine

upkeep_group = AppGroup("upkeep", help="Maintenance: what falls due by days, hours and condition.")


@upkeep_group.command("due")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--on", "on", help="The day it is seen from; default today.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
def due_command(file: Path, on: str | None, as_json: bool) -> None:
    """When every plan of FILE falls due, and the condition of its machines."""

    today = clock.today()
    day = today if on is None else clock.read_day(on)
    if day is None:
        refuse(f"--on:1:on: {message('upkeep_not_a_day')}")
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        refuse(f"{file}:1:1: {message('table_unreadable', {'detail': error.strerror or str(error)})}")
    machines, faults = read_machines(data, max(day, today))
    stop_on([Problem(str(file), f.line, str(f.column), f.code, f.params) for f in faults])
    answer = due_answer(machines, day)
    if as_json:
        print_json(answer)
        return
    keys = ("machine", "plan", "due_on", "by", "warn_on")
    write_csv(None, keys, ([row[key] or "" for key in keys] for row in answer["due"]))
    for row in answer["conditions"]:
        if row["state"] not in ("normal", "learning"):
            click.echo(_("%(machine)s：状态 %(state)s", machine=row["machine"], state=row["state"]), err=True)


def due_answer(machines: list[Machine], day: dt.date) -> dict[str, list[dict[str, object]]]:
    """The answer of contract 1; plans in the order of the file, machines likewise."""

    dues: list[dict[str, object]] = []
    conditions: list[dict[str, object]] = []
    for machine in machines:
        for plan in machine.plans:
            found = due(plan, day)
            warned = warn_on(plan, found)
            dues.append(
                {
                    "machine": machine.id,
                    "plan": plan.id,
                    "due_on": found.on.isoformat() if found.on else None,
                    "by": found.by,
                    "warn_on": warned.isoformat() if warned else None,
                }
            )
        state = condition(machine.readings, machine.limit, machine.overhauled_on)
        conditions.append(
            {
                "machine": machine.id,
                "state": state.state,
                "median": None if state.median is None else float(state.median),
                "spread": None if state.spread is None else float(state.spread),
                "days_to_limit": state.days_to_limit,
            }
        )
    return {"due": dues, "conditions": conditions}
