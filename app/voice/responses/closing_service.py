"""Closing a questionnaire: no sheet after it; an anonymous one is rewritten in random order, then its figures are reckoned."""

from __future__ import annotations

import contextlib
import json
import random

import sqlalchemy as sa
import structlog

from app.hall import clock
from app.hall.db.base import db, is_sqlite
from app.hall.db.transaction import after_commit, transaction
from app.hall.errors import Conflict, NotAllowed
from app.hall.jobs import emit
from app.hall.standstill import Batch
from app.identity import door as identity
from app.identity.door import SYSTEM, Actor, roles
from app.voice.invitations.service import active_firms
from app.voice.queries import layer_of
from app.voice.responses.models import SurveyDraft, SurveyInvitation
from app.voice.results.queries import SURVEY_CLOSED
from app.voice.results.rows import Results
from app.voice.results.rules import Sheet, evaluate
from app.voice.surveys.models import SurveyVersion
from app.voice.surveys.questions import Value
from app.voice.surveys.scores import Invited
from app.voice.surveys.service import get_version, survey_of
from app.voice.surveys.states import CLOSED, OPEN, SENT, SILENT, USED, against, step

log = structlog.get_logger(__name__)

SURVEYS_UNASKED = 10  # a young park has few, whatever share of all they are

# The order of a rewritten survey is drawn from the machine's own source of chance; tests put a seeded one here.
CHANCE: random.Random = random.SystemRandom()
_ANSWERS = {"sqlite": "answers", "postgresql": "answers::text"}
_READ_SHEETS = "SELECT {answers} FROM anonymous_response WHERE version_id = :version"
_DROP_SHEETS = "DELETE FROM anonymous_response WHERE version_id = :version"
_WRITE_SHEET = (
    "INSERT INTO anonymous_response (key, version_id, week, answers)"
    " VALUES (:key, :version, :week, {answers})"
)
_SHEET = {"sqlite": ":answers", "postgresql": "CAST(:answers AS json)"}
_COLUMNS = ("id", "version_id", "organisation_id", "seat", "layer", "channel", "salt", "token_hash", "state")
_READ_ASKED = f"SELECT {', '.join(_COLUMNS)} FROM survey_invitation WHERE version_id = :version"
_DROP_ASKED = "DELETE FROM survey_invitation WHERE version_id = :version"
_WRITE_ASKED = (
    f"INSERT INTO survey_invitation ({', '.join(_COLUMNS)}, reminders)"
    f" VALUES ({', '.join(f':{name}' for name in _COLUMNS)}, 0)"
)


def close(actor: Actor, version_id: int) -> SurveyVersion:
    """No sheet from now on; an anonymous survey forgets in which order its sheets came. Then the figures are reckoned."""
    if not actor.is_system and not actor.may(roles.OPENS_SURVEYS):
        raise NotAllowed("voice_analysts_only")
    get_version(version_id)
    with transaction() as session:
        if is_sqlite():
            session.connection().exec_driver_sql("PRAGMA secure_delete=ON")
        row = get_version(version_id, lock=True)
        reasons = against(row.state, CLOSED)
        if reasons:
            raise Conflict("voice_survey_not_closed", reasons)
        row.state, row.closed_at, row.sealed = step(row.state, CLOSED), clock.now(), not row.anonymous
        session.execute(
            sa.update(SurveyInvitation)
            .where(SurveyInvitation.version_id == row.id, SurveyInvitation.state == SENT)
            .values(state=SILENT)
        )
        own = sa.select(SurveyInvitation.id).where(SurveyInvitation.version_id == row.id)
        session.execute(sa.delete(SurveyDraft).where(SurveyDraft.invitation_id.in_(own)))
        session.flush()
        if row.anonymous:
            _rewrite(row.id)
        else:
            emit(SURVEY_CLOSED, {"day": clock.today().isoformat()})
        identity.audit(actor, "survey.closed", "survey_version", row.id)
        after_commit(lambda: finish(version_id))
    return get_version(version_id)


def _rewrite(version_id: int) -> None:
    """Empty both tables of this version and fill them again in random order, in the transaction that closes it.

    On PostgreSQL every row then has its number (`xmin`) and a random place (`ctid`), on SQLite the pages are written
    anew. Keys are new, and neither the week nor the reminders tell early sheets from late ones any more.
    """
    dialect, version = db.engine.dialect.name, {"version": version_id}
    year, week, _day = clock.today().isocalendar()
    sheets = [
        {"version": version_id, "week": f"{year}-W{week:02d}", "answers": answers}
        for (answers,) in db.session.execute(sa.text(_READ_SHEETS.format(answers=_ANSWERS[dialect])), version)
    ]
    asked = [dict(row) for row in db.session.execute(sa.text(_READ_ASKED), version).mappings()]
    CHANCE.shuffle(sheets)
    CHANCE.shuffle(asked)
    for sheet in sheets:
        sheet["key"] = f"{CHANCE.getrandbits(128):032x}"
    for drop, write, rows in (
        (_DROP_SHEETS, _WRITE_SHEET.format(answers=_SHEET[dialect]), sheets),
        (_DROP_ASKED, _WRITE_ASKED, asked),
    ):
        db.session.execute(sa.text(drop), version)
        if rows:
            db.session.execute(sa.text(write), rows)


def finish(version_id: int) -> None:
    """Reckon and keep the figures of a closed survey, and clear what the database still holds of the old order."""
    row = get_version(version_id)
    if row.state != CLOSED:
        return
    results = None if row.results is not None else reckon(row)
    sealed = row.sealed or _clear_traces()
    with transaction():
        row = get_version(version_id, lock=True)
        if results is not None and row.results is None:
            row.results = dict(results)
        row.sealed = row.sealed or sealed


def reckon(row: SurveyVersion) -> Results:
    """The figures of a version as it stands; nothing is kept."""
    survey = survey_of(row)
    invited = [
        Invited(str(firm), channel, layer, state == USED)
        for firm, channel, layer, state in db.session.execute(
            sa.select(
                SurveyInvitation.organisation_id,
                SurveyInvitation.channel,
                SurveyInvitation.layer,
                SurveyInvitation.state,
            ).where(SurveyInvitation.version_id == row.id)
        )
    ]
    if row.anonymous:
        rows = db.session.execute(
            sa.text("SELECT answers FROM anonymous_response WHERE version_id = :version"), {"version": row.id}
        )
        sheets = [Sheet(0, "", _loaded(answers)) for (answers,) in rows]
        return evaluate(survey.questions, sheets, invited, {})
    named = db.session.execute(
        sa.text("SELECT organisation_id, layer, answers FROM survey_response WHERE version_id = :version"),
        {"version": row.id},
    )
    sheets = [Sheet(firm, layer, _loaded(answers)) for firm, layer, answers in named]
    return evaluate(survey.questions, sheets, invited, _park())


def _loaded(answers: object) -> dict[str, Value]:
    """JSON as the driver hands it out: text on SQLite, a dictionary on PostgreSQL."""
    found = json.loads(answers) if isinstance(answers, str) else answers
    assert isinstance(found, dict)
    return found


def _park() -> dict[str, int]:
    """How many firms of each layer the park has."""
    counts: dict[str, int] = {}
    day = clock.today()
    for firm in active_firms():
        where = layer_of(firm, day)
        counts[where] = counts.get(where, 0) + 1
    return counts


def _clear_traces() -> bool:
    """Empty the write-ahead log (SQLite) or throw away dead rows (PostgreSQL); False where somebody reads just now."""
    db.session.rollback()
    try:
        if is_sqlite():
            with db.engine.connect() as connection:
                driver = connection.connection.driver_connection
                assert driver is not None
                busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            return not busy
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("SET lock_timeout = '2s'")
            try:
                for table in ("anonymous_response", "survey_invitation", "survey_draft"):
                    connection.exec_driver_sql(f"VACUUM FULL {table}")
            finally:  # the connection goes back to the pool
                connection.exec_driver_sql("RESET lock_timeout")
        return True
    except sa.exc.DBAPIError as error:
        log.warning("survey_traces_stay", error=" ".join(str(error.orig).split())[:200])
        return False


def _over() -> sa.Select[int]:
    return sa.select(SurveyVersion.id).where(
        SurveyVersion.state == OPEN, SurveyVersion.closes_on < clock.today()
    )


def batch_over() -> Batch:
    """How many surveys would close now, of all that were ever opened."""
    count = sa.select(sa.func.count())
    part = db.session.scalar(count.select_from(_over().subquery()))
    opened = count.select_from(SurveyVersion).where(SurveyVersion.opened_at.is_not(None))
    return Batch("surveys", part or 0, SURVEYS_UNASKED, lambda: db.session.scalar(opened) or 0)


def come_to_an_end() -> int:
    """Close what is over, and finish what a stop or a reader has left undone; harmless when repeated."""
    over = db.session.scalars(_over()).all()
    for version_id in over:
        with contextlib.suppress(Conflict):
            close(SYSTEM, version_id)
    undone = db.session.scalars(
        sa.select(SurveyVersion.id).where(
            SurveyVersion.state == CLOSED, sa.or_(SurveyVersion.results.is_(None), ~SurveyVersion.sealed)
        )
    ).all()
    for version_id in undone:
        finish(version_id)
    return len(over) + len(undone)
