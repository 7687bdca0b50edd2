"""Anonymous means it: from files, logs and system columns nobody matches answers with invitations better than by chance.

Twenty firms answer an anonymous survey in an order that the test knows. The adversary has everything: the database file
byte by byte, the write-ahead log, a backup, the log lines, on PostgreSQL the system columns of every row. It puts
invitations into an order, answers into an order, and pairs them. Pairs that are right by chance: one of twenty.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.hall.db.base import db
from app.voice.responses import closing_service
from tests.factories import Park
from tests.voice.surveys.people import Surveys, yes_no

FIRMS = 20
TRIES = 200


def interval(tries: int) -> tuple[float, float]:
    """Where the mean number of right pairs lies in 99 of 100 cases if pairs are drawn at random.

    The number of fixed points of a random permutation has mean 1 and variance 1.
    """
    half = 2.576 / tries**0.5
    return 1 - half, 1 + half


def right_pairs(firms: Sequence[str], answers: Sequence[str], truth: dict[str, str]) -> int:
    return sum(truth[firm] == text for firm, text in zip(firms, answers, strict=True))


class Trial:
    """One anonymous survey, filled in by all firms in a random order that only the test knows."""

    def __init__(self, people: Surveys, firms: list[str], seed: int) -> None:
        chance = random.Random(seed)
        order = firms.copy()
        chance.shuffle(order)
        self.truth = {firm: f"ANSWER-{seed:03d}-{chance.randrange(10**9):09d}" for firm in order}
        version = people.opened(yes_no(seed + 1, f"anonymous-{seed}", anonymous=True), firms)
        for firm in order:
            answer = people.send(people.token(firm), dark="yes", where=self.truth[firm])
            assert answer.status_code == 201
        self.version, self.order = version, order


def in_file_order(data: bytes, words: Sequence[str]) -> list[str]:
    """The words in the order in which their bytes stand in a file; each where it stands first, none lost."""
    places = {word: data.find(word.encode()) for word in words}
    return sorted((word for word in words if places[word] >= 0), key=lambda word: places[word])


@pytest.fixture
def people(park: Park) -> Surveys:
    return Surveys(park)


def raw_orders(park: Park, tmp_path: Path, trial: Trial) -> Iterator[tuple[list[str], list[str]]]:
    """Every order the files of SQLite hold: (invited firms, answers)."""
    with park.app.app_context():
        db.session.remove()
        hashes = dict(
            db.session.execute(
                sa.text(
                    "SELECT i.token_hash, o.code FROM survey_invitation i JOIN organisation o"
                    " ON o.id = i.organisation_id WHERE i.version_id = :version"
                ),
                {"version": trial.version},
            ).all()
        )
        db.session.remove()
    with sqlite3.connect(tmp_path / "park.db") as live, sqlite3.connect(tmp_path / "backup.db") as copy:
        live.backup(copy)
    live.close()
    copy.close()
    for name in ("park.db", "park.db-wal", "backup.db"):
        file = tmp_path / name
        data = file.read_bytes() if file.exists() else b""
        found = [hashes[word] for word in in_file_order(data, list(hashes))]
        sheets = {
            f'"where": "{text}"': text for text in trial.truth.values()
        }  # not the list of sentences to show
        texts = [sheets[word] for word in in_file_order(data, list(sheets))]
        for word in sheets:
            assert data.count(word.encode()) <= 1, (
                f"{name} holds a sheet twice: an older order stays beside it"
            )
        if found and texts:
            yield found, texts


def system_orders(park: Park, trial: Trial) -> Iterator[tuple[list[str], list[str]]]:
    """Every order the system columns of PostgreSQL give."""
    with park.app.app_context():
        for column in ("xmin::text::bigint", "ctid", "cmin::text::bigint", "xmax::text::bigint"):
            firms = db.session.scalars(
                sa.text(
                    "SELECT o.code FROM survey_invitation i JOIN organisation o ON o.id = i.organisation_id"
                    f" WHERE i.version_id = :version ORDER BY i.{column}"
                ),
                {"version": trial.version},
            ).all()
            answers = db.session.scalars(
                sa.text(
                    "SELECT answers ->> 'where' FROM anonymous_response WHERE version_id = :version"
                    f" ORDER BY {column}"
                ),
                {"version": trial.version},
            ).all()
            yield list(firms), list(answers)
        db.session.remove()


def one_writer(park: Park, trial: Trial) -> None:
    """All rows of the closed survey are of one transaction."""
    with park.app.app_context():
        for table in ("survey_invitation", "anonymous_response"):
            writers = sa.text(f"SELECT count(DISTINCT xmin::text) FROM {table} WHERE version_id = :version")
            assert db.session.scalar(writers, {"version": trial.version}) == 1, table
        db.session.remove()


def test_twenty_answers_match_twenty_invitations_no_better_than_by_chance(
    people: Surveys,
    backend: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    firms = people.firms(FIRMS)
    trial = Trial(people, firms, 1)
    # The adversary is worth something: before the survey closes it reads the order in which the sheets came.
    if backend == "sqlite":
        log = (tmp_path / "park.db-wal").read_bytes()
        texts = in_file_order(log, list(trial.truth.values()))
        assert texts == [trial.truth[firm] for firm in trial.order]
    else:
        invited, answers = next(system_orders(people.park, trial))
        assert right_pairs(invited, answers, trial.truth) == FIRMS
    monkeypatch.setattr(
        closing_service, "CHANCE", random.Random(26)
    )  # drawn anew it would miss once in a hundred
    people.close(trial.version)
    seen = capfd.readouterr()
    assert "ANSWER-" not in seen.out + seen.err, "the log holds an answer"
    if backend == "postgresql":
        one_writer(people.park, trial)
    hits: dict[int, list[int]] = {}
    for _ in range(TRIES):
        # Closed anew each time: what stands there is shuffled again by the statements that closing uses.
        with people.park.app.app_context():
            with closing_service.transaction() as session:
                if backend == "sqlite":
                    session.connection().exec_driver_sql("PRAGMA secure_delete=ON")
                closing_service._rewrite(trial.version)
            if backend == "sqlite":
                assert closing_service._clear_traces()
            db.session.remove()
        orders = (
            raw_orders(people.park, tmp_path, trial)
            if backend == "sqlite"
            else system_orders(people.park, trial)
        )
        for way, (invited, answers) in enumerate(orders):
            assert len(invited) == len(answers) == FIRMS
            hits.setdefault(way, []).append(right_pairs(invited, answers, trial.truth))
    assert hits
    low, high = interval(TRIES)
    for way, numbers in hits.items():
        assert low <= statistics.mean(numbers) <= high, (way, statistics.mean(numbers))
