"""`flask policy …`: rule files tested, matched and compared from files; no database, nothing kept."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from app.hall import clock
from app.hall.files.cells import Problem
from app.hall.files.commands import print_json, refuse, stop_on, write_csv
from app.hall.text.language import message
from app.policy.facts.rules import by_firm, read_facts
from app.policy.rules.answer import fit_answer
from app.policy.rules.comparison import changes
from app.policy.rules.fits import bind, wanted_facts
from app.policy.rules.months import read_day, read_month
from app.policy.rules.reading import read_policy
from app.policy.rules.situation import situation
from app.policy.rules.trial import run_tests
from app.policy.rules.values import as_json
from app.policy.rules.values import as_json as number
from app.policy.rules.versions import in_force, twins
from app.policy.rules.yaml_tree import LARGEST_FILE

if TYPE_CHECKING:
    import datetime as dt

    from app.policy.rules.answer import Answer
    from app.policy.rules.policy import Policy
    from app.policy.rules.situation import FirmFacts
    from app.policy.rules.trial import Trial

policy_group = AppGroup("policy", help="What fits a firm: rule files tested, matched and compared.")
PLACE = click.Path(path_type=Path)
AS_OF = click.option(
    "--as-of", "as_of", help="Day that parameters and versions are judged by; default today."
)
MONTH = click.option("--month", help="Month that facts are read for; default the last finished month.")
JSON = click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")


@policy_group.command("test")
@click.argument("place", type=PLACE)
@JSON
def test_command(place: Path, as_json: bool) -> None:
    """Run the tests inside the rule file or folder PLACE; exit 1 when one fails."""

    found: list[tuple[str, Trial]] = []
    for _path, policy in _read_policies(place):
        found.extend((policy.id, trial) for trial in run_tests(policy))
    if as_json:
        print_json({"tests": [_test_answer(name, trial) for name, trial in found]})
    else:
        for name, trial in found:
            click.echo(_test_line(name, trial))
        passed = sum(trial.passed for _name, trial in found)
        click.echo(_("%(passed)s / %(all)s 个用例通过", passed=passed, all=len(found)))
    sys.exit(0 if all(trial.passed for _name, trial in found) else 1)


@policy_group.command("match")
@click.option("--policies", type=PLACE, required=True, help="Folder of rule files, or one file.")
@click.option("--facts", type=PLACE, required=True, help="enterprise, fact, period, value, source")
@MONTH
@AS_OF
@JSON
def match_command(policies: Path, facts: Path, month: str | None, as_of: str | None, as_json: bool) -> None:
    """Fit of every firm of the facts for every policy in force, with reasons and questions."""

    asked, day = _month_and_day(month, as_of)
    files = _read_policies(policies)
    _stop_on_twins(files)
    bound = [bind(policy, day) for policy in in_force((policy for _path, policy in files), day)]
    firms = _read_firms(facts, [one.policy for one in bound])
    wanted = wanted_facts(one.policy for one in bound)
    items: list[Answer] = []
    for firm in firms:
        known = situation(firm, asked, wanted)
        items.extend(fit_answer(one, one.fit(known), known) for one in bound)
    if as_json:
        print_json({"items": items})
        return
    keys = ("enterprise", "policy", "version", "fit_percent", "possible_percent", "state")
    write_csv(None, (*keys, "ask"), ([*(item[key] for key in keys), _joined(item["ask"])] for item in items))


def _joined(ids: object) -> str:
    return ";".join(ids) if isinstance(ids, list) else ""


@policy_group.command("diff")
@click.argument("old", type=PLACE)
@click.argument("new", type=PLACE)
@click.option("--facts", type=PLACE, required=True, help="enterprise, fact, period, value, source")
@MONTH
@AS_OF
@JSON
def diff_command(
    old: Path, new: Path, facts: Path, month: str | None, as_of: str | None, as_json: bool
) -> None:
    """One line per firm whose state or fit changes from the version OLD to the version NEW."""

    asked, day = _month_and_day(month, as_of)
    before, after = _read_files([old, new])
    firms = _read_firms(facts, [before, after])
    found = changes(bind(before, day), bind(after, day), firms, asked)
    keys = ("enterprise", "old_state", "new_state", "old_fit_percent", "new_fit_percent")
    rows = [
        (c.enterprise, c.before.state, c.after.state, c.before.fit_percent, c.after.fit_percent)
        for c in found
    ]
    if as_json:
        print_json(
            {
                "changes": [
                    dict(zip(keys, row, strict=True))
                    | {"conditions": list(change.conditions)}
                    | {"fit_change": number(change.after.fit - change.before.fit)}
                    for row, change in zip(rows, found, strict=True)
                ]
            }
        )
        return
    write_csv(
        None,
        (*keys, "conditions"),
        ((*row, ";".join(change.conditions)) for row, change in zip(rows, found, strict=True)),
    )


def _test_answer(policy: str, trial: Trial) -> dict[str, object]:

    expected = {
        key: list(value) if isinstance(value, tuple) else value if isinstance(value, bool) else as_json(value)
        for key, value in trial.test.expect.items()
    }
    name = trial.test.name
    return {"policy": policy, "name": name, "passed": trial.passed, "expected": expected, "got": trial.got}


def _test_line(policy: str, trial: Trial) -> str:
    answer = _test_answer(policy, trial)
    line = f"{'✓' if answer['passed'] else '✗'} {policy}: {answer['name']}"
    if answer["passed"]:
        return line
    expected, got = answer["expected"], answer["got"]
    assert isinstance(expected, dict) and isinstance(got, dict)
    wrong = [
        _("%(key)s 应为 %(expected)s，实为 %(got)s", key=key, expected=_short(value), got=_short(got[key]))
        for key, value in expected.items()
        if value != got[key]
    ]
    return f"{line} – {'; '.join(wrong)}"


def _short(value: object) -> str:
    return "[" + ", ".join(map(str, value)) + "]" if isinstance(value, list) else str(value)


def _month_and_day(month: str | None, as_of: str | None) -> tuple[int, dt.date]:

    today = clock.today()
    asked = today.year * 12 + today.month - 2 if month is None else read_month(month)
    day = today if as_of is None else read_day(as_of)
    problems = []
    if asked is None:
        problems.append(Problem("--month", 1, "month", "policy_not_a_month", {"value": month}))
    if day is None:
        problems.append(Problem("--as-of", 1, "as-of", "policy_not_a_day", {"value": as_of}))
    stop_on(problems)
    assert asked is not None and day is not None
    return asked, day


def _read_policies(place: Path) -> list[tuple[Path, Policy]]:
    """Every rule file of a folder by name, or the one file; ends with one line per fault."""
    if not place.exists():
        refuse(f"{place}:1:1: {message('table_no_such_place')}")
    if not place.is_dir():
        return [(place, policy) for policy in _read_files([place])]
    files = sorted(path for path in place.iterdir() if path.suffix in (".yaml", ".yml"))
    if not files:
        refuse(f"{place}:1:1: {message('policy_no_files')}")
    return list(zip(files, _read_files(files), strict=True))


def _read_files(files: Sequence[Path]) -> list[Policy]:

    found, problems = [], []
    for path in files:
        try:
            with path.open("rb") as stream:
                data = stream.read(LARGEST_FILE + 1)
        except OSError as error:
            detail = error.strerror or str(error)
            problems.append(Problem(str(path), 1, "1", "table_unreadable", {"detail": detail}))
            continue
        policy, faults = read_policy(data)
        problems += [Problem(str(path), f.line, str(f.column), f.code, f.params) for f in faults]
        if policy is not None:
            found.append(policy)
    stop_on(problems)
    return found


def _stop_on_twins(files: Sequence[tuple[Path, Policy]]) -> None:

    problems = []
    for place, first in twins([policy for _path, policy in files]):
        path, policy = files[place]
        line, column = policy.place
        params = {"id": policy.id, "version": policy.version, "file": files[first][0].name}
        problems.append(Problem(str(path), line, str(column), "policy_version_twice", params))
    stop_on(problems)


def _read_firms(path: Path, policies: Sequence[Policy]) -> list[FirmFacts]:

    rows, problems = read_facts(path, wanted_facts(policies))
    stop_on(problems)
    return by_firm(rows)
