"""Nobody signs alone, in no room: every act of two people is refused to one, and to a colleague who stands too close."""

from __future__ import annotations

import ast
import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.credits.park import service as proposals
from app.hall import clock
from app.hall.db.base import Base, db
from app.hall.db.transaction import transaction
from app.hall.errors import Refusal
from app.identity.members.models import Member, MemberRole
from tests.house.two_people import ACTS, COPIES, ONE_MAY_DO_BOTH, Act, Scene

ROOT = Path(__file__).resolve().parents[2]
ASKING = {"require_second_person", "stand_apart", "may_confirm"}
FIRST = re.compile(
    r"(proposed|made|written|imported|recorded|requested|submitted|asked|created|reported)_by(_id)?$|^by_id$"
)
SECOND = re.compile(
    r"(approved|decided|confirmed|reviewed|checked|agreed|signed|verified|countersigned)_by(_id)?$"
)
DAY = dt.timedelta(days=1)


@pytest.fixture
def scene(app: Flask) -> Scene:
    return Scene(app)


def attempt(scene: Scene, act: Act, login: str, number: int) -> str:
    """What is said to this person: every reason of a refusal, or nothing where the act was done."""
    actor = scene.park.actor(login)
    with scene.park.app.app_context():
        try:
            act.finish(actor, number)
        except Refusal as refusal:
            return " ".join([refusal.code, *(one.code for one in refusal.reasons)])
        finally:
            db.session.remove()
    return ""


def close(scene: Scene, first: str, days: int, *, role: str = "", password: str = "") -> None:
    """`first` gave somebody a role, or let them set a password, so many days ago."""
    giver, at = scene.park.actor(first).member_id, clock.now() - days * DAY
    with scene.park.app.app_context(), transaction() as session:
        if role:
            whose = scene.park.actor(role).member_id
            given = sa.update(MemberRole).where(MemberRole.member_id == whose)
            session.execute(given.values(given_by_id=giver, given_at=at))
        if password:
            whose = scene.park.actor(password).member_id
            session.execute(
                sa.update(Member).where(Member.id == whose).values(password_by_id=giver, password_at=at)
            )


@pytest.mark.timeout(300)
@pytest.mark.parametrize("firsts", ["one", "e01"])
def test_every_act_of_two_people(scene: Scene, firsts: str) -> None:
    close(scene, firsts, 3, role="near")
    close(scene, firsts, 6, password="nearer")
    close(scene, firsts, 8, role="far", password="far")  # eight days later they are two people again
    if firsts == "e01":  # a firm's administrator who holds the park's roles as well
        with scene.park.app.app_context(), transaction() as session:
            member = scene.park.actor("e01").member_id
            session.add_all(
                MemberRole(member_id=member, role=one) for one in ("credit_reviewer", "park_admin")
            )
    wrong = {}
    for name, act in ACTS.items():
        if act.first == firsts:
            try:
                _try(scene, act)
            except (
                Exception,
                pytest.fail.Exception,
            ) as error:  # every act that fails is named, not the first alone
                wrong[name] = f"{type(error).__name__} {error}"
    assert wrong == {}


def _try(scene: Scene, act: Act) -> None:
    number = act.begin(scene)
    for login, said in ((act.first, act.own), ("near", act.close), ("nearer", act.close)):
        heard = attempt(scene, act, login, number)
        assert said in heard, f"{login}: {heard}"
    heard = attempt(scene, act, "far", number)
    assert heard == "", f"far: {heard}"
    _kept_apart(scene, act, number)


def _kept_apart(scene: Scene, act: Act, number: int) -> None:
    """Also somebody at a prompt cannot make one person of the two: by a CHECK, a trigger, or both."""
    table, firsts, second = act.signs
    key = "claim_id" if table == "appeal" else "id"
    with scene.park.app.app_context():
        for first in firsts:
            same = f"UPDATE {table} SET {second} = {first} WHERE {key} = {number}"
            with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
                changed = connection.exec_driver_sql(same).rowcount
                assert changed == 1, same


def test_what_a_proposal_leaves_behind_has_two_names_too(scene: Scene) -> None:
    with scene.park.app.app_context():
        for table, (firsts, second) in COPIES.items():
            for first in firsts:
                with pytest.raises(sa.exc.DBAPIError), db.engine.begin() as connection:
                    connection.exec_driver_sql(f"UPDATE {table} SET {second} = {first}")
            columns = [one.name for one in Base.metadata.tables[table].columns if one.name != "id"]
            taken = {second: firsts[0], "code": "code || 'x'"}
            same = ", ".join(taken.get(one, one) for one in columns)
            with pytest.raises(sa.exc.IntegrityError), db.engine.begin() as connection:
                connection.exec_driver_sql(
                    f"INSERT INTO {table} ({', '.join(columns)}) SELECT {same} FROM {table}"
                )


def test_every_kind_of_proposal_and_every_pair_of_names_is_in_the_table() -> None:
    assert {f"proposal of {kind}" for kind in proposals._CARRY_OUT} == {
        name for name in ACTS if name.startswith("proposal of ")
    }
    known = {act.signs[0] for act in ACTS.values()} | set(COPIES)
    found, checked = set(), set()
    for table in Base.metadata.tables.values():
        names = [one.name for one in table.columns]
        if any(map(SECOND.match, names)) and any(map(FIRST.search, names)):
            found.add(table.name)
        if any(
            "four_eyes" in str(one.name) or "other_reviewer" in str(one.name) for one in table.constraints
        ):
            checked.add(table.name)
    assert found | checked == known | set(ONE_MAY_DO_BOTH), (found | checked) ^ (known | set(ONE_MAY_DO_BOTH))
    assert known.isdisjoint(ONE_MAY_DO_BOTH)


def _askers(tree: ast.AST, module: str) -> set[str]:
    found = set()
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name not in ASKING:
            calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
            names = {one.attr if isinstance(one, ast.Attribute) else getattr(one, "id", "") for one in calls}
            if names & ASKING:
                found.add(f"{module}.{function.name}")
    return found


# Where the answer is only shown, or the question is passed on to `may_confirm`, which the table names.
SHOWN = {
    "ecosystem.outcomes": "may_confirm of an outcome asks whose it is, after the second person was asked for",
    "identity.factors.losses.confirm_loss": "by may_confirm",
    "identity.factors": "may_confirm",
    "ecosystem.introductions.views.page": "offers the button",
    "identity.members.reset_views.resets": "offers the button",
    "identity.members.resets.confirm_reset": "by may_confirm",
}


def test_every_place_that_asks_for_a_second_person_is_in_the_table() -> None:
    found: set[str] = set()
    for path in sorted((ROOT / "app").rglob("*.py")):
        text = path.read_text("utf-8")
        if any(one in text for one in ASKING):
            module = ".".join(path.relative_to(ROOT / "app").with_suffix("").parts)
            found |= _askers(ast.parse(text), module)
    known = {act.asks for act in ACTS.values()} - {"identity.members.resets.may_confirm"}
    unknown = {
        one
        for one in found - known
        if not any(one == shown or one.startswith(f"{shown}.") for shown in SHOWN)
    }
    assert unknown == set()
    assert known <= found, known - found


def test_the_table_stands_in_the_papers() -> None:
    """`docs/security.md` lists the same acts, one line each."""
    page = (ROOT / "docs" / "security.md").read_text("utf-8").split("## Second persons")[1].split("\n## ")[0]
    listed: Any = {line.split("|")[1].strip() for line in page.splitlines() if line.startswith("| ")}
    assert listed - {"act", "---"} == set(ACTS)
