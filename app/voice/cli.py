"""`flask voice …`: the file commands of the room; no database, no server, nothing kept."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from app.hall.files.cells import Problem
from app.hall.files.commands import as_option, option, print_json, stop_on, table, write_json
from app.hall.files.jsonfile import read_json
from app.hall.files.values import read_day, read_whole
from app.hall.text.language import message
from app.voice.gatherings.reading import read_firms
from app.voice.gatherings.rules import TeaTalk, answer, choose
from app.voice.surveys.lint import Finding, has_error, lint, seconds
from app.voice.surveys.questions import Survey
from app.voice.surveys.reading import read_survey
from app.voice.visits.reading import read_week
from app.voice.visits.week import EXACT, OPTIMAL, Week, plan_week

voice_group = AppGroup("voice", help="Tea talks, questionnaires and the week of visits from files.")
PLACE = click.Path(path_type=Path)


@voice_group.command("tea-talk")
@click.argument("file", type=PLACE)
@click.option("--on", "day_text", required=True, help="Day of the talk, YYYY-MM-DD.")
@click.option("--seats", "seats_text", default="10", show_default=True, help="How many firms to invite.")
@click.option(
    "--rest-months",
    "rest_text",
    default="3",
    show_default=True,
    help="Leave an invited firm in peace so long.",
)
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a table.")
def tea_talk_command(file: Path, day_text: str, seats_text: str, rest_text: str, as_json: bool) -> None:
    """Whom of FILE to invite to a tea talk, whom not and why."""

    day, no_day = as_option("on", day_text, read_day)
    seats, no_seats = as_option("seats", seats_text, partial(read_whole, low=1, high=100_000))
    rest_months, no_rest = as_option("rest-months", rest_text, partial(read_whole, low=0, high=600))
    firms, problems = read_firms(file)
    stop_on([*no_day, *no_seats, *no_rest, *problems])
    found = choose(firms, day, seats, rest_months)
    if as_json:
        print_json(answer(found))
    else:
        _show_tea(found)


def _show_tea(found: TeaTalk) -> None:
    rows = [
        (guest.enterprise, guest.industry, str(guest.silence_days), message(f"tea_{guest.reason}"))
        for guest in found.selected
    ]
    head = (_("企业"), _("行业"), _("沉默天数"), _("理由"))
    click.echo(table([head, *rows], (False, False, True, False)))
    click.echo(
        _(
            "共沉默 %(days)s 天，%(industries)s 个行业",
            days=found.total_silence_days,
            industries=found.industries,
        )
    )
    if found.shortfall:
        click.echo(_("行业比席位少 %(shortfall)s 个", shortfall=found.shortfall))
    for one in found.excluded:
        click.echo(f"{one.enterprise}  {message(f'tea_{one.reason}')}")


@voice_group.command("lint")
@click.argument("file", type=PLACE)
@click.option("--json", "as_json", is_flag=True, help="JSON instead of a list.")
def lint_command(file: Path, as_json: bool) -> None:
    """What is wrong with the questions of FILE; exit code 1 when there is an error."""

    node, source = read_json(file)
    survey = read_survey(node) if node is not None else None
    stop_on(source.problems)
    assert survey is not None
    found = lint(survey)
    if as_json:
        print_json({"problems": [_lint_row(one, survey) for one in found], "seconds": seconds(survey)})
    else:
        for one in found:
            row = _lint_row(one, survey)
            click.echo(f"{row['question'] or '–'}  {row['level']}  {row['code']}  {row['message']}")
        click.echo(_("预计 %(seconds)s 秒", seconds=seconds(survey)))
    sys.exit(1 if has_error(found) else 0)


def _lint_row(found: Finding, survey: Survey) -> dict[str, str | None]:
    params = (
        {"seconds": seconds(survey), "limit": f"{survey.limit_seconds:g}"} if found.question is None else {}
    )
    return {
        "question": found.question,
        "code": found.code,
        "level": found.level,
        "message": message(f"lint_{found.code}", params),
    }


@voice_group.command("plan-week")
@click.argument("file", type=PLACE)
@click.option("--seconds", "seconds_text", default="10", show_default=True, help="Longest time to search.")
@click.option("--out", required=True, type=PLACE, help="JSON: status, value, assignments, left_over")
def plan_week_command(file: Path, seconds_text: str, out: Path) -> None:
    """Who of FILE visits whom on which day, proven or with the bound."""

    limit = option("seconds", seconds_text, partial(read_whole, low=1, high=3600))
    node, source = read_json(file)
    wishes, specialists = read_week(node) if node is not None else ([], [])
    stop_on(source.problems)
    if not out.absolute().parent.is_dir():
        stop_on([Problem(str(out), 1, "--out", "table_no_such_place")])
    week = plan_week(wishes, specialists, limit)
    write_json(out, _week_answer(week))
    click.echo(
        _(
            "%(placed)s 次走访已排，%(left)s 次未排：优先级 %(priority)s，熟悉企业 %(known)s，换楼 %(moves)s",
            placed=len(week.assignments),
            left=len(week.left_over),
            priority=week.value[0],
            known=week.value[1],
            moves=-week.value[2],
        )
    )
    if week.status != OPTIMAL:
        click.echo(_("尚未证明最优：换楼不会少于 %(moves)s", moves=-week.bound[2]))
    elif week.ties != EXACT:
        click.echo(_("数值已证明最优；同值方案中的先后次序未能在时限内证明"))
    for one in week.left_over:
        click.echo(f"{one.visit}  " + _("、").join(message(f"week_{reason}") for reason in one.reasons))


def _week_answer(week: Week) -> dict[str, object]:
    return {
        "status": week.status,
        "value": list(week.value),
        "bound": list(week.bound),
        "gap": week.gap,
        "ties": week.ties,
        "assignments": [
            {"visit": one.visit, "specialist": one.specialist, "day": one.day} for one in week.assignments
        ],
        "left_over": [{"visit": one.visit, "reasons": list(one.reasons)} for one in week.left_over],
    }
