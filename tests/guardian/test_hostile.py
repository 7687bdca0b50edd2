"""Forged forms, stored scripts, formulas in exports, retries: what an attacker or a broken network would try."""

from __future__ import annotations

import io
import json
import re
import threading
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.hall.db.base import Base, db
from app.identity.audit.models import AuditEvent
from app.identity.members.models import Member
from tests.factories import Park
from tests.guardian.calls import calls_of
from tests.guardian.pages import paths_of, walk

SCRIPT = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}"

BY_ITS_SECRET = ("voice_s.send",)


def test_every_form_needs_its_csrf_token(busy_park: Park) -> None:
    """Over all POST addresses, also those to come; the API takes no cookie and needs none.

    One form is opened by a secret in its address and not by a session: a sheet of questions. Without the secret
    it is not there.
    """
    app = busy_park.app
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        browser = busy_park.browse("park")
        bare = [
            path
            for endpoint, path in paths_of(app, "POST", (1,))
            if browser.post(path, data={"reason": "x"}).status_code
            != (404 if endpoint in BY_ITS_SECRET else 400)
        ]
        assert bare == []
        assert browser.get("/identity/profile").status_code == 200, "still signed in"
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_no_page_changes_anything_when_it_is_only_opened(busy_park: Park) -> None:
    """A link in a mail must not act: GET is safe (but for signing out of nothing and reading one's own mail)."""
    unsafe = [
        rule.rule
        for rule in busy_park.app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and re.search(
            r"/(approve|reject|delete|remove|cancel|revoke|withdraw|sign-out|accept|decline)$", rule.rule
        )
    ]
    assert unsafe == []


def _poison(app: Flask) -> int:
    """Write the script into every text a person could have typed; constraints and the ledger say no by themselves."""
    done = 0
    with app.app_context():
        engine = db.engine
        for table in Base.metadata.sorted_tables:
            for column in table.columns:
                if not isinstance(column.type, sa.Text) or column.foreign_keys or column.primary_key:
                    continue
                with engine.connect() as connection:
                    texts = connection.scalars(sa.select(column).where(column.is_not(None)).limit(300)).all()
                    if not any(re.search(r"[\u4e00-\u9fff ]", text) for text in texts):
                        continue
                    value = (SCRIPT + sa.cast(column, sa.Text)) if column.unique else sa.literal(SCRIPT)
                    try:
                        connection.execute(sa.update(table).values({column.name: value}))
                        connection.commit()
                        done += 1
                    except sa.exc.DBAPIError:
                        connection.rollback()
    return done


@pytest.fixture
def poisoned(request: pytest.FixtureRequest, databases: Any, tmp_path: Any) -> Any:
    from app import create_app
    from tests.conftest import running, settings_for

    with (
        databases.copy("sqlite", tmp_path, with_demo=True) as url,
        running(create_app(settings_for(url, tmp_path))) as app,
    ):
        assert _poison(app) > 30
        yield Park(app)


def test_a_stored_script_is_only_text_on_every_page(poisoned: Park) -> None:
    for login, lang in (("e01", "zh"), ("park", "zh"), ("secretary", "en"), ("reviewer", "zh")):
        for path, html in walk(poisoned.browse(login, lang), per_shape=1, limit=120).pages.items():
            assert "<script>alert" not in html, path
            assert "<img src=x" not in html, path
            assert "49" not in html or "{{7*7}}" in html or SCRIPT[:10] not in html, path
            assert not re.search(r'(?:href|src|action)="\s*(?:javascript|data):', html, re.I), path
            assert not re.search(r"\son\w+\s*=\s*[\"']", re.sub(r"&#34;.*?&gt;", "", html)), path


def test_exports_hold_no_formulas(busy_park: Park) -> None:
    """A cell that begins like a formula is written as text: no formula cell in a workbook, an apostrophe in CSV."""
    app = busy_park.app
    with app.app_context(), db.engine.connect() as connection:
        connection.execute(sa.update(Member).values(name='=HYPERLINK("http://evil")'))
        connection.commit()
    found = 0
    for login in ("park", "e01"):
        browser = busy_park.browse(login)
        for _endpoint, path in paths_of(app, "GET", (1,)):
            if not re.search(r"\.(csv|xlsx|txt)$|/xlsx$|export|template", path):
                continue
            answer = browser.get(path)
            if answer.status_code != 200:
                continue
            found += 1
            if (answer.mimetype or "").endswith("sheet"):
                with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
                    for name in archive.namelist():
                        assert b"<f>HYPERLINK" not in archive.read(name), path
            elif answer.mimetype == "text/csv":
                for line in answer.get_data(as_text=True).splitlines():
                    for cell in line.split(","):
                        assert not re.match(r'"?(=|@|\+[^\d]|-[^\d])', cell), f"{path}: {cell[:60]}"
            disposition = answer.headers.get("Content-Disposition", "")
            assert "\n" not in disposition and "\r" not in disposition
    assert found >= 3


def test_no_link_follows_the_host_header(busy_park: Park) -> None:
    """Links that leave the site (calendars, invitations, codes) must not be made of what a stranger's proxy says."""
    browser = busy_park.browse("e01")
    for path in ("/", "/sharing/feeds", "/identity/members"):
        html = browser.get(path, headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})
        assert "evil.example" not in html.get_data(as_text=True), path


def test_signing_in_tells_nobody_which_logins_exist(busy_park: Park) -> None:
    client = busy_park.app.test_client()
    answers = []
    for login in ("e01", "nobody-of-this-name"):
        answer = client.post("/identity/sign-in", data={"login": login, "password": "wrong-password"})
        answers.append(
            (
                answer.status_code,
                answer.get_data(as_text=True).split("<form", 1)[1].split("</form>")[0].replace(login, ""),
            )
        )
    texts = [re.sub(r'nonce[-=]"?[\w-]+|value="[^"]*"|[0-9a-f]{16}', "", text) for _status, text in answers]
    assert answers[0][0] == answers[1][0] == 422
    assert texts[0] == texts[1]
    with busy_park.app.app_context():
        refused = db.session.scalar(sa.select(sa.func.count()).where(AuditEvent.action == "sign_in.refused"))
    assert refused and refused >= 2


# --- retries ------------------------------------------------------------------------------------------------


def _redeem(api: Any, key: str, quantity: int = 1) -> Any:
    return api.post(
        "/credits/redemptions", {"reward": "university_support_20h", "quantity": quantity}, key=key
    )


def _redemptions(api: Any) -> int:
    return int(api.get("/credits/redemptions", limit=1).json["total"])


def test_every_call_that_moves_something_honours_the_idempotency_key(app: Flask) -> None:
    """Reading one's own messages and ending one's own token may be repeated; everything else takes a key."""
    repeatable = {
        "read_notification",
        "read_all_notifications",
        "revoke_token",
        "what_if",
        "what_if_now",
        "make_consent_link",
        "consent_link",
        "record_feedback",  # `client_id` is the key: of a remark without a name no other may name who sent it
        "note_guest",  # the same
        "send_sheet",  # the token is the key, good once
        "upload_photo",  # the key is honoured there and its answer kept nowhere: it leads to the author
        "look",  # its answer is an author: kept nowhere
    }
    missing = []
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/api/v1/") or "POST" not in (rule.methods or ()):
            continue
        view: Any = app.view_functions[rule.endpoint]
        names = set()
        while view is not None:
            names.add(
                getattr(view, "__code__", None)
                and view.__code__.co_filename.rsplit("/", 1)[-1] + view.__code__.co_name
            )
            view = getattr(view, "__wrapped__", None)
        if "idempotency.pywrapped" not in names and rule.endpoint.split(".")[-1] not in repeatable:
            missing.append(rule.rule)
    assert missing == []


def test_the_same_key_books_once_and_another_body_is_409(demo_park: Park) -> None:
    api = demo_park.api("e01")
    before = _redemptions(api)
    first, second = _redeem(api, "retry-1"), _redeem(api, "retry-1")
    assert first.status_code == 201, first.json
    assert (second.status_code, second.json) == (first.status_code, first.json)
    assert _redeem(api, "retry-1", quantity=2).status_code == 409
    other = demo_park.api("e20")
    assert other.post("/sharing/waitlist", {"resource": 0}, key="retry-1").status_code == 422, (
        "keys are one's own"
    )
    assert _redemptions(api) == before + 1


def test_two_simultaneous_posts_with_one_key_have_one_effect(demo_park: Park) -> None:
    apis = [demo_park.api("e01") for _ in range(4)]
    before = _redemptions(apis[0])
    gate = threading.Barrier(len(apis))
    answers: list[Any] = []

    def send(api: Any) -> None:
        gate.wait()
        answer = _redeem(api, "at once")
        answers.append((answer.status_code, json.dumps(answer.json, sort_keys=True)))

    threads = [threading.Thread(target=send, args=(api,)) for api in apis]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {status for status, _ in answers} == {201}
    assert len({body for _, body in answers}) == 1
    assert _redemptions(apis[0]) == before + 1


def test_the_openapi_file_names_every_call_once(app: Flask) -> None:
    calls = calls_of(app)
    rules = {
        re.sub(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules()
    }
    assert {call.path for call in calls} <= rules
    assert len({call.name for call in calls}) == len(calls)
