"""Whatever stands in the database, however it came there: every file that leaves opens, and no character breaks it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
import sqlalchemy as sa
from flask import Flask
from icalendar import Calendar

from app.ecosystem.introductions.models import Appointment
from app.ecosystem.packs.models import ServicePack
from app.ecosystem.packs.service import secret_of
from app.ecosystem.round_table.models import Meeting
from app.hall.db.base import Base, db
from app.hall.files.cells import FORMULA_SIGNS, guarded, read_text
from app.hall.text.normalise import writable
from app.sharing.bookings.models import CalendarFeed
from tests.factories import Park

CONTROLS = "".join(map(chr, (*range(1, 9), 11, 12, *range(14, 32), *range(127, 160))))
TURNED = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
BAD = CONTROLS + TURNED
PEOPLE_WROTE_IT = re.compile(r"[\u4e00-\u9fff ]")


def test_nothing_that_breaks_a_file_is_written() -> None:
    assert writable(f"园\0{BAD}\ud800\udfff链") == "园链"


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
def test_one_rule_for_formulas(sign: str) -> None:
    assert guarded(f"{sign}HYPERLINK(1)")[0] == "'"
    assert guarded(f"\x0b\u202e{sign}1")[0] == "'", (
        "what is hidden before the sign is gone when it is written"
    )


@pytest.mark.parametrize("text", ["=1+1", "+86", "-", "@a", "'quoted", "甲"])
def test_what_was_guarded_reads_back(text: str) -> None:
    assert read_text(guarded(text), 100) == text


def spoil(app: Flask, characters: str) -> int:
    """Put characters round and into every text that people wrote, where the database lets us."""
    done = 0
    with app.app_context(), db.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if not isinstance(column.type, sa.Text) or column.foreign_keys or column.primary_key:
                    continue
                texts = connection.scalars(sa.select(column).where(column.is_not(None)).limit(300)).all()
                connection.commit()
                if not any(PEOPLE_WROTE_IT.search(text) for text in texts):
                    continue
                try:
                    connection.execute(
                        sa.update(table)
                        .where(column.is_not(None), column != "")
                        .values({column.name: "=" + characters + sa.cast(column, sa.Text) + characters})
                    )
                    connection.commit()
                    done += 1
                except sa.exc.DBAPIError:
                    connection.rollback()
    return done


def add_feeds(app: Flask) -> list[str]:
    """Secret calendars of a firm's bookings and of one instrument's."""
    found = []
    with app.app_context(), db.engine.begin() as connection:
        feed = sa.insert(CalendarFeed)
        mine = connection.scalar(sa.text("SELECT member_id FROM booking WHERE member_id IS NOT NULL LIMIT 1"))
        park = connection.scalar(sa.text("SELECT id FROM member WHERE login = 'park'"))
        resource = connection.scalar(sa.text("SELECT resource_id FROM booking ORDER BY id DESC LIMIT 1"))
        for secret, member, of in (("mine" * 8, mine, None), ("instrument" * 3, park, resource)):
            connection.execute(
                feed.values(
                    token_hash=hashlib.sha256(secret.encode()).hexdigest(),
                    member_id=member,
                    resource_id=of,
                    created_at=sa.func.now(),
                )
            )
            found.append(f"/sharing/feeds/{secret}.ics")
    return found


def links(app: Flask) -> Iterator[tuple[str, str]]:
    """(login, path) of every file that leaves the park."""
    yield from (("investment", f"/chain/export.{kind}") for kind in ("zip", "xlsx", "graphml", "json"))
    yield from (("investment", f"/chain/report.{kind}") for kind in ("xlsx", "pdf"))
    yield "park", "/identity/audit.csv"
    for kind in ("xlsx", "pdf"):
        yield "e01", f"/credits/statement.{kind}"
        yield from (("e01", f"/sharing/statements/{kind}?side={side}") for side in ("owner", "user"))
    yield from (("e01", f"/sharing/{name}.xlsx") for name in ("resources", "utilisation"))
    yield from (("e01", f"/sheets/posts/{what}.xlsx") for what in ("template", "export"))
    with app.app_context():
        for meeting in db.session.scalars(sa.select(Meeting.id).limit(3)):
            yield "secretary", f"/ecosystem/committee/meetings/{meeting}.ics"
        for one in db.session.scalars(sa.select(Appointment).limit(3)):
            yield "park", f"/ecosystem/introductions/{one.introduction_id}/meetings/{one.id}.ics"
        for pack in db.session.scalars(sa.select(ServicePack).where(ServicePack.state == "shared").limit(2)):
            yield "park", f"/ecosystem/welcome/{secret_of(pack)}/pack.pdf"
        db.session.rollback()


def texts_of(kind: str, data: bytes) -> Iterator[str]:
    """Every text of a file; whoever cannot open it raises."""
    if kind == "xlsx":
        for sheet in openpyxl.load_workbook(io.BytesIO(data)):
            for row in sheet.iter_rows():
                for cell in row:
                    assert cell.data_type != "f", (sheet.title, cell.coordinate)
                    yield str(cell.value)
    elif kind == "zip":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                yield from texts_of(name.rpartition(".")[2], archive.read(name))
    elif kind == "csv":
        for cells in csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")):
            for cell in cells:
                assert not cell.startswith(("=", "@")), cell
                yield cell
    elif kind == "graphml":
        for element in ElementTree.fromstring(data).iter():
            yield element.text or ""
    elif kind == "ics":
        assert Calendar.from_ical(data).walk("VCALENDAR")
        yield from data.decode().split("\r\n")
    elif kind == "json":
        yield from _texts(json.loads(data))
    else:
        assert data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def test_every_file_opens_whatever_stands_in_the_database(demo_app: Flask, backend: str) -> None:
    feeds = add_feeds(demo_app)
    nul = "\0" if backend == "sqlite" else ""  # PostgreSQL holds none
    assert spoil(demo_app, BAD + nul) > 30
    park, failed, opened = Park(demo_app), [], set()
    browsers = {login: park.browse(login) for login in ("investment", "park", "e01", "secretary")}
    for login, path in [*links(demo_app), *(("e01", feed) for feed in feeds)]:
        answer = browsers[login].get(path)
        kind = re.split(r"[./]", path.partition("?")[0])[-1]
        try:
            assert answer.status_code == 200, answer.status_code
            bad = {c for text in texts_of(kind, answer.data) for c in text if c in BAD or c == "\0"}
            assert not bad, sorted(map(hex, map(ord, bad)))
            opened.add(kind)
        except Exception as error:  # every file that is broken is named
            failed.append((login, path, repr(error)[:200]))
    assert failed == [], "\n".join(map(str, failed))
    assert opened == {"zip", "xlsx", "graphml", "json", "pdf", "csv", "ics"}
