"""`flask insight …`: the file commands of contract-wider section 1; no database, no server, nothing kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from app.hall.files.commands import as_option, print_json, stop_on, table, write_csv
from app.insight.assessing import assess
from app.insight.forecast.rules import NEEDS, forecast, without_hole
from app.insight.reading import read_folder, read_month, read_score, read_series
from app.insight.scores.rules import rounded, shown
from app.insight.themes.codebook import read_codebook, read_texts
from app.insight.themes.rules import Reader, new_words
from app.insight.themes.words import words_of
from app.insight.words import STATES

if TYPE_CHECKING:
    from app.insight.forecast.rules import Forecast

insight_group = AppGroup("insight", help="Alerts, themes and forecasts from files.")
PLACE = click.Path(path_type=Path)
MENTION = ("text_id", "theme", "start", "end", "matched", "pattern", "version")


@insight_group.command("assess")
@click.argument("folder", type=PLACE)
@click.option("--month", help="YYYY-MM: only this month's rows; the earlier ones still count.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
def assess_command(folder: Path, month: str | None, as_json: bool) -> None:
    """Series, alerts, leading warnings, index, mix and outliers of the folder."""

    wanted, problems = as_option("month", month, read_month) if month is not None else (None, [])
    read = read_folder(folder)
    stop_on([*problems, *read.problems])
    found = assess(read, wanted)
    if as_json:
        print_json(found)
    else:
        _show(found)


def _show(found: Mapping[str, Sequence[Mapping[str, object]]]) -> None:

    def text(value: object) -> str:
        return "–" if value is None else f"{value:.1f}" if isinstance(value, float) else str(value)

    rows = [
        (
            str(row["dimension"]),
            str(row["layer"] or _("全部")),
            str(row["month"]),
            str(STATES[str(row["state"])]),
            text(row["points"]),
            text(row["relative_percent"]),
            _("可能偶然") if row["weak"] else "",
        )
        for row in found["alerts"]
        if row["state"] not in ("ok", "unknown")
    ]
    head = (_("维度"), _("分层"), _("月份"), _("状态"), _("变化（分）"), _("变化率"), _("把握"))
    click.echo(table([head, *rows], (False, False, False, False, True, True, False)))
    for row in found["leading"]:
        if row["state"] == "warning":
            click.echo(f"{STATES['warning']}  {row['month']}  {row['dimension']}  {row['theme']}")
    for row in found["index"]:
        index = "–" if row["index"] is None else f"{row['index']:.2f}"
        partial = _("（部分指数）") if row["coverage"] != 1 else ""
        click.echo(f"{_('指数')}  {row['month']}  {index}{partial}")


@insight_group.command("themes")
@click.option("--codebook", required=True, type=PLACE, help="YAML: parklink-codebook/1")
@click.option("--texts", required=True, type=PLACE, help="CSV: text_id, month, enterprise, text")
@click.option("--since", help="YYYY-MM: words are new from this month on (default: the last month).")
@click.option("--out", type=PLACE, help="CSV: mentions with the place of the words")
def themes_command(codebook: Path, texts: Path, since: str | None, out: Path | None) -> None:
    """Which texts speak of which theme, in whose words; new words on standard output.

    Without --out the mentions stand there first, an empty line before the new words.
    """

    start, problems = as_option("since", since, read_month) if since is not None else (None, [])
    book = read_codebook(codebook)
    rows, wrong = read_texts(texts)
    stop_on([*problems, *book.problems, *wrong])
    reader = Reader(book.themes)
    found = [
        (row.id, one.theme, one.start, one.end, one.matched, one.pattern, book.version)
        for row in rows
        for one in reader.marks(row.text)
    ]
    write_csv(out, MENTION, found)
    if out is None:
        click.echo()
    if start is None:
        start = max((row.month for row in rows), default=0)
    now = [words_of(row.text) for row in rows if row.month >= start]
    before = [words_of(row.text) for row in rows if row.month < start]
    write_csv(
        None,
        ("word", "k1", "n1", "k0", "n0", "g2"),
        [
            (w.word, w.k1, w.n1, w.k0, w.n0, f"{float(rounded(Fraction(w.g2), 2)):.2f}")
            for w in new_words(now, before)
        ],
    )


@insight_group.command("forecast")
@click.argument("file", type=PLACE)
@click.option("--target", required=True, metavar="N", help="0 to 100: an early warning below it.")
@click.option("--json", "as_json", is_flag=True, help="JSON instead of text.")
def forecast_command(file: Path, target: str, as_json: bool) -> None:
    """Next month of the series in FILE with its back-test."""

    aim, problems = as_option("target", target, read_score)
    rows, wrong = read_series(file)
    stop_on([*problems, *wrong])
    found = forecast(without_hole(rows), aim)
    if as_json:
        print_json({"state": "insufficient", "needs": NEEDS} if found is None else _answer(found))
    elif found is None:
        click.echo(_("数据不足：至少需要连续 %(needs)s 个月", needs=NEEDS))
    else:
        low, value, high = (f"{float(one):.1f}" for one in (found.low, found.forecast, found.high))
        click.echo(
            _(
                "下月 %(value)s（%(low)s–%(high)s），方法 %(method)s",
                value=value,
                low=low,
                high=high,
                method=found.method,
            )
        )
        record = found.record
        click.echo(
            _(
                "提前预警：%(state)s；回测命中 %(hits)s，误报 %(false_alarms)s，漏报 %(missed)s，平静 %(quiet)s（方法是在知道全部数值后选定的）",
                state=_("是") if found.warning else _("否"),
                hits=record.hits,
                false_alarms=record.false_alarms,
                missed=record.missed,
                quiet=record.quiet,
            )
        )


def _answer(found: Forecast) -> dict[str, object]:

    record = found.record
    return {
        "state": "ok",
        "method": found.method,
        "mae": {name: float(value) for name, value in found.mae.items()},
        "forecast": float(found.forecast),
        "low": float(found.low),
        "high": float(found.high),
        "below_target_percent": float(shown(found.below * 100)),
        "warning": found.warning,
        "backtest": {
            "hits": record.hits,
            "false_alarms": record.false_alarms,
            "missed": record.missed,
            "quiet": record.quiet,
        },
    }
