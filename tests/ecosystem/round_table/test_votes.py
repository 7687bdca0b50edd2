"""A vote belongs to its seat and its day, a resolution closes its subject, a meeting that is over never changes."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from app.ecosystem.round_table import rules
from app.hall import clock
from app.hall.db.base import db
from tests.factories import Api, Park

DAY = clock.at(dt.date(2026, 3, 2), 10)
WISH = {"text": "共用检测线", "owner": "E01", "due_on": "2026-06-30"}


class Table:
    """A committee of so many firms, a meeting and one subject."""

    def __init__(self, park: Park, seats: int) -> None:
        self.park = park
        park.staff()
        for n in range(1, seats + 1):
            park.firm(f"E{n:02d}")
        self.secretary: Api = park.api("secretary")
        self.secretary.post("/ecosystem/committee", {"name": "委员会"})
        self.seats = [self.sit(f"E{n:02d}") for n in range(1, seats + 1)]
        times = {"start": (DAY - dt.timedelta(hours=1)).isoformat(), "end": DAY.isoformat()}
        self.meeting = self.secretary.post("/ecosystem/meetings", times).json["id"]
        item = self.secretary.post(f"/ecosystem/meetings/{self.meeting}/items", {"title": "议题"})
        self.item = item.json["id"]
        self.path = f"/ecosystem/meetings/{self.meeting}/items/{self.item}"

    def sit(self, code: str) -> int:
        self.secretary.post("/ecosystem/committee/seats", {"organisation": code})
        with self.park.app.app_context():
            return int(db.session.scalar(sa.text("SELECT max(id) FROM committee_seat")) or 0)

    def end(self, *seats: int) -> None:
        browser = self.park.browse("secretary")
        for seat in seats:
            assert browser.post(f"/ecosystem/committee/seats/{seat}/end").status_code in (200, 303)

    def vote(self, login: str, choice: str, organisation: str = "") -> Any:
        more = {"organisation": organisation} if organisation else {}
        return self.park.api(login).post(f"{self.path}/vote", {"choice": choice, **more})

    def tally(self) -> dict[str, Any]:
        agenda = self.secretary.get(f"/ecosystem/meetings/{self.meeting}").json["agenda"]
        found: dict[str, Any] = next(one["vote"] for one in agenda if one["id"] == self.item)
        return found

    def resolve(self) -> Any:
        return self.secretary.post(f"{self.path}/resolutions", WISH)


@pytest.mark.parametrize("seats", [9, 12])
def test_ending_and_adding_seats_changes_no_tally(park: Park, seats: int) -> None:
    with clock.frozen(DAY):
        table = Table(park, seats)
        for n in (1, 2):
            assert table.vote(f"e{n:02d}", "yes").status_code == 200
        before = table.tally()
        assert (before["seats"], before["quorate"], before["carried"]) == (seats, False, False)
        table.end(*table.seats[-6:])  # who did not come is sent away: the vote that failed still fails
        assert table.tally() == before
        assert table.resolve().status_code == 409
        park.firm("N01")
        table.sit("N01")
        assert table.tally() == before
        late = table.vote("n01", "yes")
        assert (late.status_code, late.json["reasons"][0]["code"]) == (409, "seat_not_on_roll")


def test_what_a_seat_cast_itself_is_not_overwritten_and_what_is_entered_is_told(park: Park) -> None:
    with clock.frozen(DAY):
        table = Table(park, 3)
        assert table.vote("e01", "no").status_code == 200
        over = table.vote("secretary", "yes", "E01")
        assert (over.status_code, over.json["reasons"][0]["code"]) == (409, "vote_cast_by_seat")
        assert table.vote("secretary", "no", "E01").status_code == 200  # the same again changes nothing
        assert table.vote("secretary", "yes", "E02").status_code == 200
        assert table.tally()["no"] == 1
        page = park.browse("e02").get(f"/ecosystem/committee/meetings/{table.meeting}").text
        assert "由秘书代录，可自行更正" in page
        assert "秘书代贵席登记为赞成" in park.browse("e02").get("/identity/notifications").text
        assert "秘书代贵席" not in park.browse("e01").get("/identity/notifications").text
        assert table.vote("e02", "abstain").status_code == 200  # its own word counts, and stands
        assert table.vote("secretary", "yes", "E02").status_code == 409
        assert table.tally()["abstain"] == 1


def test_a_resolution_closes_its_subject(park: Park) -> None:
    with clock.frozen(DAY):
        table = Table(park, 3)
        for n in (1, 2):
            table.vote(f"e{n:02d}", "yes")
        assert table.resolve().status_code == 201
        again, late = table.resolve(), table.vote("e03", "no")
        assert [one.status_code for one in (again, late)] == [409, 409]
        assert late.json["reasons"][0]["code"] == "item_closed"


COPY = "INSERT INTO vote (agenda_item_id, seat_id, choice, created_at, member_id, entered) SELECT agenda_item_id,"
ANOTHER = (
    "INSERT INTO resolution (committee_id, agenda_item_id, text, owner_id, due_on, state, note, created_at)"
    " SELECT committee_id, :item, 'x', owner_id, due_on, 'open', '', created_at FROM resolution"
)
STATEMENTS = (
    "UPDATE committee_meeting SET minutes = 'x' WHERE id = :meeting",
    "UPDATE committee_meeting SET state = 'planned' WHERE id = :meeting",
    "DELETE FROM committee_meeting WHERE id = :meeting",
    "UPDATE agenda_item SET params = '{}' WHERE id = :item",
    "UPDATE agenda_item SET roll = '[1]' WHERE id = :item",
    "DELETE FROM agenda_item WHERE id = :item",
    "UPDATE vote SET choice = 'no' WHERE agenda_item_id = :item",
    "DELETE FROM vote WHERE agenda_item_id = :item",
    "INSERT INTO vote (agenda_item_id, seat_id, choice, created_at) SELECT agenda_item_id, (SELECT max(id) FROM"
    " committee_seat), 'no', created_at FROM vote WHERE agenda_item_id = :item",
)


def test_a_held_meeting_never_changes(park: Park) -> None:
    with clock.frozen(DAY):
        table = Table(park, 3)
        for n in (1, 2):
            table.vote(f"e{n:02d}", "yes")
        minutes = f"/ecosystem/meetings/{table.meeting}/minutes"
        assert table.secretary.post(minutes, {"minutes": "同意。"}).status_code == 200
        assert table.resolve().status_code == 409
        assert table.vote("e03", "no").status_code == 409
        items = f"/ecosystem/meetings/{table.meeting}/items"
        assert table.secretary.post(items, {"title": "后加"}).status_code == 409
    with park.app.app_context():
        went_through = []
        for statement in STATEMENTS:
            try:
                with db.engine.begin() as connection:
                    connection.execute(sa.text(statement), {"meeting": table.meeting, "item": table.item})
                went_through.append(statement)
            except sa.exc.DBAPIError as refused:
                assert re.search("never changes|never overwritten|of the vote stay", str(refused.orig)), (
                    statement
                )
        assert went_through == []


# Somebody with the application's own role at a prompt, while the meeting is still planned; what is said to them.
WHILE_OPEN = (
    (
        "UPDATE vote SET choice = 'yes', entered = (1 = 1) WHERE seat_id = :own",
        "own vote is never overwritten",
    ),
    ("UPDATE vote SET seat_id = :silent WHERE seat_id = :own", "never overwritten|is marked"),
    ("DELETE FROM vote WHERE seat_id = :own", "own vote is never overwritten"),
    ("UPDATE vote SET entered = (1 = 0) WHERE seat_id = :entered", "another wrote down is marked"),
    (
        f"{COPY} :silent, 'yes', created_at, member_id, (1 = 0) FROM vote WHERE seat_id = :entered",
        "is marked",
    ),
    (
        f"{COPY} :late, 'yes', created_at, NULL, (1 = 0) FROM vote WHERE seat_id = :own",
        "not there on the day",
    ),
    ("UPDATE agenda_item SET roll = '[1]' WHERE id = :item", "seats of the day"),
    ("UPDATE agenda_item SET roll = NULL WHERE id = :item", "seats of the day"),
    ("UPDATE agenda_item SET quorum_percent = 1 WHERE id = :item", "seats of the day"),
    ("UPDATE agenda_item SET voted_on = NULL WHERE id = :item", "seats of the day"),
    ("DELETE FROM committee_seat WHERE id = :late", "does not vanish"),
)
ONCE_RESOLVED = (
    (f"{COPY} :silent, 'no', created_at, NULL, (1 = 0) FROM vote WHERE seat_id = :own", "closes its subject"),
    ("UPDATE vote SET choice = 'abstain' WHERE seat_id = :entered", "closes its subject"),
    (ANOTHER, "closes its subject"),
    ("UPDATE resolution SET text = 'x'", "keeps its words"),
    ("UPDATE resolution SET due_on = '2027-01-01'", "keeps its words"),
    ("UPDATE resolution SET agenda_item_id = NULL", "keeps its words"),
    ("DELETE FROM resolution", "keeps its words"),
)


def _refused(table: Table, statements: tuple[tuple[str, str], ...], **named: int) -> None:
    with table.park.app.app_context():
        for statement, said in statements:
            query = sa.text(statement)
            values = {name: value for name, value in named.items() if f":{name}" in statement}
            with pytest.raises(sa.exc.DBAPIError, match=said), db.engine.begin() as connection:
                connection.execute(query, values)


def test_the_database_itself_keeps_votes_rolls_and_resolutions(park: Park) -> None:
    with clock.frozen(DAY):
        table = Table(park, 5)
        table.vote("e01", "no")
        table.vote("secretary", "yes", "E02")
        for login in ("e03", "e04"):
            table.vote(login, "yes")
        park.firm("N01")
        late = table.sit("N01")
        seats = {"own": table.seats[0], "entered": table.seats[1], "silent": table.seats[4], "late": late}
        _refused(table, WHILE_OPEN, item=table.item, **seats)
        assert (table.tally()["yes"], table.tally()["no"], table.tally()["seats"]) == (3, 1, 5)
        assert table.resolve().status_code == 201
        _refused(table, ONCE_RESOLVED, item=table.item, **seats)
        again = table.secretary.post(
            f"/ecosystem/meetings/{table.meeting}/items", {"title": "另一议题"}
        ).json["id"]
        minutes = f"/ecosystem/meetings/{table.meeting}/minutes"
        assert table.secretary.post(minutes, {"minutes": "通过。"}).status_code == 200
        _refused(table, ((ANOTHER, "never changes"),), item=again)


SAID = st.builds(
    rules.Said,
    st.integers(1, 6),
    st.sampled_from(["yes", "no", "abstain"]),
    st.booleans(),
    st.sampled_from(["", "yes", "no", "abstain"]),
    st.booleans(),
)


@given(st.lists(SAID, max_size=6), st.none() | st.lists(st.integers(1, 6), max_size=6), st.booleans())
def test_nothing_is_allowed_that_changes_a_seats_own_word(
    said: list[rules.Said], roll: list[int] | None, resolved: bool
) -> None:
    if rules.vote_reasons(said, roll, resolved):
        return
    assert not resolved
    for one in said:
        assert one.own or not one.before or one.before_entered or one.before == one.choice
        assert roll is None or one.seat_id in roll
