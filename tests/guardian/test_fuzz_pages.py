"""Odd addresses, odd forms and wrong files: a page that says so in the reader's language, never a crash."""

from __future__ import annotations

import io
import os
import re
import traceback
import zipfile
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.factories import Park
from tests.guardian.pages import Form, Walk, arguments, paths_of, walk
from tests.guardian.test_fuzz_api import reported

LONG = bool(os.environ.get("PARKLINK_LONG"))
LOGINS = ("e01", "park")
WALKERS = ("e01", "park", "secretary")
ODD_ARGUMENTS = ("-1", "1" + "0" * 20, "%_\\' OR 1=1 --²" + "长" * 90, "0001-01-01", "9999-12-31")
FINE = {200, 301, 302, 303, 308, 400, 403, 404, 405, 409, 413, 415, 422, 429}


class Reader:
    """Opens pages as one member and remembers what breaks."""

    def __init__(self, park: Park, login: str, lang: str = "zh") -> None:
        self.client: FlaskClient = park.browse(login, lang) if login else park.app.test_client()
        self.login, self.lang = login, lang
        self.turn = LOGINS.index(login) if login in LOGINS else 0
        self.broken: list[str] = []

    def share(self, values: tuple[Any, ...]) -> tuple[Any, ...]:
        """All of them in the long form; in the short one, the two readers take turns."""
        return values if LONG else values[self.turn :: len(LOGINS)]

    def send(self, method: str, path: str, **more: Any) -> Any:
        shown = f"{self.login or 'nobody'} {method} {path[:150]} {repr(more)[:250]}"
        try:
            answer = self.client.open(path, method=method, **more)
        except Exception as error:
            where = traceback.extract_tb(error.__traceback__)
            own = [f"{f.filename.rsplit('/main/')[-1]}:{f.lineno}" for f in where if "/app/" in f.filename]
            self.broken.append(f"{type(error).__name__}: {str(error)[:150]!r} at {own[-2:]} for {shown}")
            return None
        if answer.status_code not in FINE:
            self.broken.append(f"status {answer.status_code} for {shown}")
        elif answer.status_code >= 400 and answer.mimetype == "text/html":
            html = answer.get_data(as_text=True)
            if f'lang="{self.lang}' not in html and "<html" in html:
                self.broken.append(f"wrong language for {shown}")
            if re.search(r"Traceback|sqlalchemy|psycopg|sqlite3\.", html):
                self.broken.append(f"tells about the inside for {shown}")
        return answer


@pytest.fixture(scope="module", params=LOGINS)
def reader(request: pytest.FixtureRequest, busy_park: Park) -> Reader:
    return Reader(busy_park, request.param, "en" if request.param == "park" else "zh")


@pytest.fixture(scope="module")
def walks(busy_park: Park) -> dict[str, Walk]:
    return {login: walk(busy_park.browse(login), per_shape=1, limit=150) for login in WALKERS}


def test_pages_survive_odd_addresses(reader: Reader) -> None:
    odd = (0, "-1", 999_999_999, 2**63 - 1, 2**63, 10**40, "x")
    for word in ("x", *reader.share(("%00", "..%2fetc%2fpasswd"))):
        ids = reader.share(odd) if word == "x" else (1,)
        for _endpoint, path in paths_of(reader.client.application, "GET", ids, word):
            if "/sign-out" not in path:
                reader.send("GET", path)
    assert not reader.broken, reported(reader.broken)


def test_pages_survive_odd_arguments(reader: Reader) -> None:
    """All arguments of all pages at once with the same odd value, then a NUL character."""
    names = arguments()
    assert {"q", "sort", "page", "day"} <= set(names)
    for place, (_endpoint, path) in enumerate(paths_of(reader.client.application, "GET", (1,))):
        costly = re.search(r"pdf|xlsx|report|export", path)
        mine = reader.share(ODD_ARGUMENTS)
        # The short form asks each page with every other value; its neighbours get the rest.
        for value in ODD_ARGUMENTS[3:4] if costly else mine if LONG else mine[place % 2 :: 2]:
            reader.send("GET", path, query_string=dict.fromkeys(names, value))
    for path in ("/", "/identity/search", "/sharing/resources"):
        assert reader.client.get(path + "?q=%00").status_code == 400
    assert not reader.broken, reported(reader.broken)


def test_every_post_address_survives_nothing_and_nonsense(reader: Reader) -> None:
    nonsense: tuple[dict[str, Any], ...] = (
        {"data": {"reason": "长" * 50_000, "credits": "1e99", "amount": "-1"}},
        {},
        {"data": b"--x\r\nbroken", "content_type": "multipart/form-data; boundary=x"},
    )
    for _endpoint, path in paths_of(reader.client.application, "POST", reader.share((1, 2**63 - 1))):
        if path in ("/identity/sign-out", "/identity/sign-in") or "sessions" in path:
            continue
        for more in reader.share(nonsense):
            reader.send("POST", path, **more)
    assert not reader.broken, reported(reader.broken)


ODD_TYPED = (
    "",
    "长" * 5000,
    "-1",
    "99999999999999999999",
    "NaN",
    "' OR 1=1 --",
    "0001-01-01",
    "2026-13-99T99:99",
    "<b>",
)


WRONG_FIELD = ("长" * 5000, None)


def test_every_form_survives_odd_fields(busy_park: Park, walks: dict[str, Walk]) -> None:
    broken: list[str] = []
    done: set[Any] = set()
    for login, seen in walks.items():
        reader = Reader(busy_park, login)
        for form in seen.forms.values():
            if re.search(r"sign-out|/security|/language", form.action) or form.shape in done:
                continue
            done.add(form.shape)
            for odd in ODD_TYPED[1::2]:
                reader.send("POST", form.action, data=dict.fromkeys(form.fields, odd))
            for turn, name in enumerate(form.fields):
                for wrong in WRONG_FIELD if LONG else WRONG_FIELD[turn % 2 :][:1]:
                    typed = {
                        key: value for key, value in {**form.fields, name: wrong}.items() if value is not None
                    }
                    reader.send("POST", form.action, data=typed)
            reader.send("POST", form.action, data={**form.fields, **dict.fromkeys(form.texts, "a\x00b")})
        broken += reader.broken
    assert len(done) > 30, "the walk finds the forms"
    assert not broken, reported(broken)


def test_a_refused_form_keeps_what_was_typed(busy_park: Park, walks: dict[str, Walk]) -> None:
    lost: list[str] = []
    done: set[Any] = set()
    for login, seen in walks.items():
        reader = Reader(busy_park, login)
        for form in seen.forms.values():
            if form.shape in done:
                continue
            done.add(form.shape)
            own_page = form.action.split("?")[0] == form.page.split("?")[0]
            for name in form.texts if own_page and "q" not in form.texts else ():
                typed = "留住这句话" + "长" * 6000
                answer = reader.send("POST", form.action, data={**form.fields, name: typed})
                if (
                    answer is not None
                    and answer.status_code == 422
                    and typed not in answer.get_data(as_text=True)
                ):
                    lost.append(f"{login} {form.action} {name}")
    assert not lost


def _zip_bomb() -> bytes:
    """A workbook whose first sheet unpacks to 200 MB of spaces."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "[Content_Types].xml",
            "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'/>",
        )
        with archive.open("xl/workbook.xml", "w", force_zip64=True) as member:
            for _ in range(200):
                member.write(b" " * 1_000_000)
    return buffer.getvalue()


def _laughs() -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(
            "xl/workbook.xml", f'<!DOCTYPE x [<!ENTITY a0 "ha">{entities}]><workbook>&a11;</workbook>'
        )
        archive.writestr("[Content_Types].xml", "<Types/>")
    return buffer.getvalue()


WRONG_FILES: tuple[tuple[str, Any], ...] = (
    ("empty.pdf", b""),
    ("program.pdf", b"MZ\x90\x00" + b"\x00" * 500),
    ("page.html", b"<script>alert(1)</script>"),
    ("../../../etc/passwd", b"root"),
    ("..\\..\\x.pdf", b"%PDF-1.7"),
    ("a" * 300 + ".pdf", b"%PDF-1.7 x"),
    ("bomb.xlsx", _zip_bomb),
    ("laughs.xlsx", _laughs),
    ("broken.xlsx", b"PK\x03\x04broken"),
    ("latin.csv", b"a,b\n\xff\xfe,1"),
    ("nul.csv", b"segment,name\n\x00,\x00"),
    ("quote.csv", b'"' + b"a" * 200_000),
    ("x.svg", b"<svg onload='alert(1)'/>"),
    ("positions.csv", b"enterprise,name,segment,output_wan\n=1+1,@SUM(1),x,NaN\n"),
    ("", b"x"),
    ("wide.csv", b"a," * 100_000),
)


def test_every_upload_survives_wrong_files(busy_park: Park, walks: dict[str, Walk]) -> None:
    broken, uploads = [], 0
    forms: dict[Any, tuple[str, Form]] = {}
    for login, seen in walks.items():
        for key, form in seen.forms.items():
            if form.files:
                forms.setdefault(key, (login, form))
    for login, form in forms.values():
        reader = Reader(busy_park, login)
        for name, data in WRONG_FILES:
            content = data() if callable(data) else data
            for target in form.files:
                uploads += 1
                sent = {**form.fields, target: (io.BytesIO(content), name)}
                answer = reader.send("POST", form.action, data=sent, content_type="multipart/form-data")
                if answer is not None and name in (
                    "program.pdf",
                    "page.html",
                    "bomb.xlsx",
                    "laughs.xlsx",
                    "x.svg",
                ):
                    assert answer.status_code >= 400 or answer.location, f"{form.action} takes {name}"
        broken += reader.broken
    assert uploads >= len(WRONG_FILES), "there are forms that take files"
    assert not broken, reported(broken)


def test_an_upload_beyond_the_limit_is_413(busy_park: Park) -> None:
    reader = Reader(busy_park, "e01")
    body = b"x" * (21 * 1024 * 1024)
    answer = reader.send(
        "POST", "/identity/profile", data=body, content_type="multipart/form-data; boundary=x"
    )
    assert answer is not None and answer.status_code == 413
    assert not reader.broken, reported(reader.broken)
