"""Nobody reads or changes what is another firm's: every address of the application, tried by a stranger."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.ecosystem.matches.models import Match
from app.hall.db.base import Base, db
from app.identity.members.models import Member
from app.identity.organisations.models import Organisation
from app.sharing.catalogue.models import Talent
from app.sharing.lending.models import Placement
from tests.factories import Park
from tests.guardian.calls import calls_of, good
from tests.guardian.pages import shape, walk

# Objects every signed-in member may open, and why. Everything else with a number in its address must
# answer 403 or 404 to a firm that has no part in it; new routes are checked without being named here.
OPEN_OBJECTS: dict[str, str] = {
    "static": "files of the application itself",
    "sharing.resource": "the catalogue is open to every member (domain.md §5)",
    "sharing.today_at": "says when the instrument is free, without names",
    "sharing.qr": "a code with the address of an open page",
    "sharing.label": "that code on paper, with the name of an open page",
    "ecosystem.post": "needs and offers are read by all, masked",
    "ecosystem.meeting": "the round table's agenda and resolutions are the park's public record",
    "ecosystem.meeting_together": "what could answer the agenda, masked as the market is; subjects as on the meeting's page",
    "ecosystem.meeting_calendar": "the date of the round table",
    "ecosystem_api.show_meeting": "as the page of the meeting",
    "ecosystem_api.show_post": "as the page of the post",
    "sharing_api.show_resource": "the catalogue",
    "sharing_api.availability": "free time of the catalogue",
    "sharing_api.quote": "price of a wish of one's own",
    "sharing_api.list_rates": "special prices, as on the open page of the resource",
    "sharing_api.list_exceptions": "special days: when the resource of the catalogue is open",
    "credits.rule": "published earn rules",
    "credits.reward": "published rewards",
}
# Members may do these on objects they do not own: they ask for something for their own firm.
OPEN_DEEDS: dict[str, str] = {
    "problems_api.adopt": "any firm may take a playbook up for itself; it is no firm's object",
    "ecosystem.say_research_cost_again": "a year of one's own costs, no object; 409 without the token of an undo",
    "sharing.apply_for_qualification": "any member may ask for one, once a day; its giver is told",
    "sharing.request_licence": "any member may ask for a licence",
    "sharing_api.request_licence": "any member may ask for a licence",
    "sharing.request_placement": "any member may ask for an expert",
    "sharing_api.request_placement": "any member may ask for an expert",
}
# Changes a reader without any right to change things may still make: to their own account only.
OWN_ACCOUNT = re.compile(
    r"^identity(_api)?\.(profile|security|end_session|end_other_sessions|token_list|revoke_token|sign_out|sign_in"
    r"|read_notification|read_all_notifications|register|accept_invitation|reset_password|set_language)$"
)
IDS = (1, 2, 3, 5, 8, 13)


def _addresses(app: Flask, method: str) -> Iterable[tuple[str, str]]:
    """(endpoint, address) of every rule that names an object."""
    codes = {"code": ("E01", "E20", "P01"), "segment": ("cathode",), "key": ("needs",), "rule_code": ("x",)}
    for rule in app.url_map.iter_rules():
        if method not in (rule.methods or ()) or "<" not in rule.rule:
            continue
        path = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
        names = re.findall(r"<(?:\w+:)?(\w+)>", path)
        if "<int:" in path:
            for number in IDS:
                yield rule.endpoint, re.sub(r"<(?:\w+:)?\w+>", str(number), path)
        elif names:
            for word in codes.get(names[0], ("x",)):
                yield rule.endpoint, re.sub(r"<(?:\w+:)?\w+>", word, path)


@pytest.fixture(scope="module")
def stranger(busy_park: Park) -> str:
    """A firm that came to the park today and has nothing to do with anybody."""
    return make_stranger(busy_park)


def make_stranger(park: Park) -> str:
    with park.app.app_context():
        known = db.session.scalar(sa.select(Organisation.id).where(Organisation.code == "E99"))
    if known is None:
        park.firm("E99", name_zh="陌生来客有限公司", name_en="Stranger Ltd")
    return "e99"


# Typed into every form: valid for most of them, so that the refusal is about the person, not the input.
SINGLE = (
    "start=2027-01-05T09:00 end=2027-01-05T11:00 ends_on=2027-02-05 month=2027-01 period=2026 kind=closed minutes=60"
    " choice=yes vote=for state=done step=met metric=orders actual=2 scope=x every_days=30 reason=理由 note=备注"
    " text=一句话 title=标题 name=名称 purpose=用途 unit=万元"
)
TYPED = {
    **dict.fromkeys(("day", "on", "day_from", "first", "last", "starts_on", "due_on", "date"), "2027-01-05"),
    **dict.fromkeys(("amount", "amount_yuan", "baseline", "fee", "credits", "quantity"), "1"),
    **dict.fromkeys(("from", "opens", "time"), "09:00"),
    **dict.fromkeys(("to", "closes"), "17:00"),
    **dict(pair.split("=") for pair in SINGLE.split()),
}


class Visitor:
    """One member with a browser and a token."""

    def __init__(self, park: Park, login: str) -> None:
        self.browser = park.browse(login)
        self.api = park.api(login)

    def open(self, method: str, address: str, body: Any = None) -> Any:
        if address.startswith("/api/"):
            more: dict[str, Any] = {"json": body if body is not None else {}} if method == "POST" else {}
            return self.api.client.open(address, method=method, headers=self.api.headers, **more)
        return self.browser.open(address, method=method, data=TYPED if method == "POST" else None)


def text_of(answer: Any) -> str:
    """What a reader can see in an answer: HTML, JSON, a calendar, the cells of a workbook, the text of a PDF."""
    if answer.mimetype.endswith("sheet"):
        with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            return " ".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    if answer.mimetype == "application/pdf":
        from pypdf import PdfReader

        return " ".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages)
    if answer.mimetype.startswith("image/"):
        return str(answer.data.decode("utf-8", "replace"))
    text: str = answer.get_data(as_text=True)
    return text.encode().decode("unicode_escape", "ignore") if "\\u" in text else text


def test_a_stranger_opens_no_object_of_another_firm(busy_park: Park, stranger: str) -> None:
    visitor = Visitor(busy_park, stranger)
    leaks: dict[str, list[str]] = {}
    for endpoint, address in _addresses(busy_park.app, "GET"):
        if endpoint in OPEN_OBJECTS:
            continue
        answer = visitor.open("GET", address)
        if answer.status_code not in (403, 404, 422) and not _public(busy_park.app, endpoint):
            leaks.setdefault(endpoint, []).append(f"{answer.status_code} {address}")
    assert not leaks, "\n".join(f"{name}: {found[:4]}" for name, found in leaks.items())


def _public(app: Flask, endpoint: str) -> bool:
    return getattr(app.view_functions[endpoint], "__guard__", "") == "public"


def fingerprint(app: Flask, skip: Iterable[str] = ()) -> dict[str, str]:
    """One hash per table: what changed between two moments."""
    found = {}
    with app.app_context():
        for table in Base.metadata.sorted_tables:
            if table.name in skip:
                continue
            rows = db.session.execute(sa.select(table)).all()
            found[table.name] = hashlib.sha256("\n".join(sorted(map(repr, rows))).encode()).hexdigest()
    return found


# Traces an attempt may leave: who tried, and demand that was refused.
TRACES = (
    "audit_event",
    "proof",
    "proof_salt",
    "member_session",
    "refused_demand",
    "api_token",
    "outbox",
    "idempotency_key",
)


def test_a_stranger_changes_no_object_of_another_firm(busy_park: Park, stranger: str) -> None:
    visitor = Visitor(busy_park, stranger)
    before = fingerprint(busy_park.app, TRACES)
    leaks: dict[str, list[str]] = {}
    bodies = {call.url(): good(call.body) for call in calls_of(busy_park.app) if call.body is not None}
    for endpoint, address in _addresses(busy_park.app, "POST"):
        if endpoint in OPEN_DEEDS or _public(busy_park.app, endpoint) or OWN_ACCOUNT.match(endpoint):
            continue
        body: Any = next((bodies[url] for url in bodies if shape(url) == shape(address)), {})
        answer = visitor.open("POST", address, body)
        # 422: a form may look at the input before it asks whose it is; 409 would tell that it exists.
        if answer.status_code not in (403, 404, 422):
            leaks.setdefault(endpoint, []).append(f"{answer.status_code} {address}")
    after = fingerprint(busy_park.app, TRACES)
    changed = [name for name in before if before[name] != after[name]]
    assert not changed, f"changed: {changed}"
    assert not leaks, "\n".join(f"{name}: {found[:4]}" for name, found in leaks.items())


def people_and_firms(app: Flask) -> tuple[dict[str, int], dict[str, int]]:
    """Names of persons and of firms (both languages, without what all names share) → organisation id."""
    persons, firms = {}, {}
    with app.app_context():
        for name, organisation_id in db.session.execute(sa.select(Member.name, Member.organisation_id)):
            persons[name] = organisation_id
        rows = db.session.execute(
            sa.select(Organisation.id, Organisation.name_zh, Organisation.name_en).where(
                Organisation.kind == "enterprise"
            )
        )
        for organisation_id, name_zh, name_en in rows:
            for name in (name_zh, name_en):
                short = re.sub(
                    r"（虚构）|\(fictional\)|（.*?）|有限公司|Co\.?,? Ltd\.?| Ltd\.?$", "", name
                ).strip()
                if len(short) > 2:
                    firms[short] = organisation_id
    return persons, firms


# Pages where firms are named to every member, and why. Persons are named nowhere to strangers.
NAMED_FIRMS: dict[str, str] = {
    r"^/(api/v1/)?sharing/(resources|timeline|lending|bookings/new|quote|waitlist|utilisation|wishes)": "owners offer under their names",
    r"^/sharing/$": "owners offer under their names",
    r"^/identity/search": "finds what the catalogue shows",
    r"^/(api/v1/)?ecosystem/(committee|meetings|projects)": "seats, owners of resolutions and members of joint bases are the park's public record",
}


def test_a_stranger_reads_no_names(busy_park: Park, stranger: str) -> None:
    app = busy_park.app
    visitor = Visitor(busy_park, stranger)
    persons, firms = people_and_firms(app)
    with app.app_context():
        own = db.session.scalars(sa.select(Organisation.id).where(Organisation.code == "E99")).one()
        park = db.session.scalars(sa.select(Organisation.id).where(Organisation.kind == "park")).one()
        talents = set(db.session.scalars(sa.select(Talent.person_name)))
    seen = walk(visitor.browser, per_shape=3)
    texts = dict(seen.pages) | {path: text_of(answer) for path, answer in seen.other.items()}
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1/") and "GET" in (rule.methods or ()) and "<" not in rule.rule:
            texts[rule.rule] = text_of(visitor.open("GET", rule.rule + "?limit=200"))
    for q in ("江澜", "有限公司", "Co", "1", "张", "王"):
        texts[f"/identity/search?q={q}"] = text_of(
            visitor.browser.get("/identity/search", query_string={"q": q})
        )
    leaks: dict[str, set[str]] = {}
    for path, text in texts.items():
        named = {name for name, whose in persons.items() if whose not in (own, park) and name in text}
        named |= {name for name in talents if name in text}
        if not any(re.match(pattern, path) for pattern in NAMED_FIRMS):
            named |= {name for name, whose in firms.items() if whose != own and name in text}
        if named:
            leaks.setdefault(shape(path), set()).update(named)
    assert not leaks, "\n".join(f"{path}: {sorted(names)[:6]}" for path, names in leaks.items())


def test_a_match_hides_the_counterpart_until_both_said_yes(busy_park: Park) -> None:
    app = busy_park.app
    persons, firms = people_and_firms(app)
    with app.app_context():
        rows = db.session.execute(
            sa.select(Match.id, Match.state, Match.need_organisation_id, Match.offer_organisation_id)
            .where(Match.state.in_(("proposed", "asked", "declined")))
            .order_by(Match.id)
            .limit(10)
        ).all()
        logins: dict[int, str] = {}
        for login, organisation_id in db.session.execute(
            sa.select(Member.login, Member.organisation_id).order_by(Member.id.desc())
        ):
            logins[organisation_id] = login
    assert rows, "the demo has matches which are not mutual"
    leaks = []
    for match_id, state, need_id, offer_id in rows:
        for mine, theirs in ((need_id, offer_id), (offer_id, need_id)):
            visitor = Visitor(busy_park, logins[mine])
            secret = [name for name, whose in {**firms, **persons}.items() if whose == theirs]
            text = text_of(visitor.open("GET", f"/ecosystem/matches/{match_id}"))
            leaks += [f"{logins[mine]} {match_id} ({state}): {name}" for name in secret if name in text][:1]
    assert not leaks, "\n".join(leaks[:10])


def test_no_expert_is_named_before_they_consent(busy_park: Park, stranger: str) -> None:
    app = busy_park.app
    with app.app_context():
        consented = sa.select(Placement.resource_id).where(
            Placement.state.in_(("employee_consented", "agreed", "active", "ended"))
        )
        secret = set(
            db.session.scalars(sa.select(Talent.person_name).where(Talent.resource_id.not_in(consented)))
        )
        ids = list(db.session.scalars(sa.select(Talent.resource_id)))
    assert secret
    for login in (stranger, "investment", "university", "e04"):
        visitor = Visitor(busy_park, login)
        for number in ids:
            for address in (f"/sharing/resources/{number}", f"/api/v1/sharing/resources/{number}"):
                answer = visitor.open("GET", address)
                found = [name for name in secret if name in text_of(answer)]
                assert not found, f"{login} {address} names {found}"


# What an auditor may do: prove the ledger, ask what would be, subscribe to what they read anyway.
AUDITORS_DEEDS = {
    "credits.seal_now",
    "credits.audit_prove",
    "credits_api.take_seal",
    "chain_api.what_if_now",
    "chain_api.recruit",
    "voice_api.lint_survey",
    "sharing.feeds",
    "sharing.revoke_feed",
}
# Pages of doers which an auditor does not read: each asks for a change in somebody's own name, or is a firm's own
# sheet to fill in and calendar. Owners keep their machines, the park counts them; one firm's scores are shown to those
# whom domain-wider names. Who is visited when would tell who spoke in confidence: not even an auditor reads it.
NOT_FOR_AUDITORS = re.compile(
    r"(\.invite|claim_new|\.member_roles|propose|_form|\.new|new_|\.desk|\.review$|ecosystem\.(new|create)|\.edit|facts_template|deadlines_calendar"
    r"|upkeep\.(machines|machines_sheet|orders|due|year|year_ics|year_sheet)$|upkeep_api\.list_(machines|due|orders|proposals)$"
    r"|chain\.say_page$|insight\.(firms|mine)$|voice\.my_surveys$"
    r"|voice\.(mine|gathering_new|today_page|next_page)"
    r"|voice_api\.(looks|my_surveys|show_today|who_is_next|may_visit|list_visits))"
)


def test_an_auditor_reads_every_page_and_changes_nothing(busy_park: Park) -> None:
    app = busy_park.app
    visitor = Visitor(busy_park, "auditor")
    refused = []
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or "<" in rule.rule or "POST" in (rule.methods or ()):
            continue
        if visitor.open("GET", rule.rule).status_code == 403 and not NOT_FOR_AUDITORS.search(rule.endpoint):
            refused.append(rule.endpoint)
    assert not refused, f"the auditor may not read {refused}"
    skip = (*TRACES, "seal", "calendar_feed", "installation_fact")  # the last audit is kept as such a fact
    before = fingerprint(app, skip)
    taken: dict[str, list[str]] = {}
    for rule in app.url_map.iter_rules():
        if (
            "POST" not in (rule.methods or ())
            or OWN_ACCOUNT.match(rule.endpoint)
            or _public(app, rule.endpoint)
        ):
            continue
        path = re.sub(r"<any\((\w+)[^>]*>", r"\1", rule.rule)
        for number in IDS[:2]:
            address = re.sub(r"<(?:\w+:)?\w+>", str(number), path)
            answer = visitor.open("POST", address)
            if answer.status_code not in (403, 404, 409, 422) and rule.endpoint not in AUDITORS_DEEDS:
                taken.setdefault(rule.endpoint, []).append(f"{answer.status_code} {address}")
            if "<" not in path:
                break
    after = fingerprint(app, skip)
    changed = [name for name in before if before[name] != after[name]]
    assert not changed, f"changed: {changed}; {taken}"
    assert not taken, "\n".join(f"{name}: {found[:3]}" for name, found in taken.items())


INVESTMENT_ONLY = (
    "/chain/prospects",
    "/ecosystem/gaps",
    "/ecosystem/packs",
    "/ecosystem/scorecard",
    "/identity/organisations",
    "/identity/audit",
    "/identity/registrations",
    "/credits/audit",
    "/credits/park",
    "/credits/review",
)


def test_pages_of_the_park_are_closed_to_enterprises(busy_park: Park) -> None:
    known = {rule.rule for rule in busy_park.app.url_map.iter_rules()}
    for login in ("e01", "e20-lab", "university"):
        visitor = Visitor(busy_park, login)
        for address in INVESTMENT_ONLY:
            if address in known:
                assert visitor.open("GET", address).status_code == 403, f"{login} {address}"
        for address in ("chain/segments?chain=battery", "chain/risk", "identity/enterprises"):
            assert visitor.open("GET", f"/api/v1/{address}").status_code == 403, f"{login} {address}"


def test_a_firm_reads_only_its_own_account(busy_park: Park) -> None:
    visitor = Visitor(busy_park, "e02")
    for address in (
        "/credits/?enterprise=E01",
        "/credits/statement?enterprise=E01",
        "/credits/statement.xlsx?enterprise=E01",
        "/credits/statement.pdf?enterprise=E01",
        "/api/v1/credits/account?enterprise=E01",
        "/api/v1/chain/enterprises/E01/matches?side=suppliers",
    ):
        answer = visitor.open("GET", address)
        assert answer.status_code in (403, 404, 422), f"{address} {answer.status_code}"
