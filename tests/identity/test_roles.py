"""Roles are declared by the rooms: members may hold those, no others, and each permission has holders."""

from __future__ import annotations

import dataclasses

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import downgrade, upgrade

from app.hall.cli import migrations
from app.hall.db.base import db
from app.hall.errors import Invalid
from app.hall.rooms import Role, declared_roles
from app.identity import roles
from app.identity.members.models import MemberRole
from tests.factories import Park

CODES = {role.code for role in roles.ROLES}
SETS = {
    name: value
    for name, value in vars(roles).items()
    if isinstance(value, frozenset) and name not in {"_FIRM", "_UNIVERSITY", "_PARK"}
}


@pytest.mark.parametrize("name", SETS)
def test_a_permission_names_declared_roles_only(name: str) -> None:
    assert SETS[name]
    assert SETS[name] <= CODES


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("SEES_ALL_REMARK_AUTHORS", "auditor"),
        ("CLAIMS_FOR_THE_FIRM", "enterprise_member"),
        ("REVIEWS_CLAIMS", "park_admin"),
        ("SEES_ONE_FIRMS_SCORES", "auditor"),
        ("SEES_MONTHLY_FACTS_OF_ALL_FIRMS", "park_admin"),
    ],
)
def test_who_must_not(name: str, code: str) -> None:
    assert code not in SETS[name]


def test_a_role_no_room_declares_is_refused_and_leaves_no_member(park: Park) -> None:
    firm = park.firm("E01")
    with pytest.raises(Invalid) as refused:
        park.member("gardener", firm, "gardener")
    assert refused.value.code == "role_unknown"
    with park.app.app_context():
        assert db.session.scalar(sa.text("SELECT count(*) FROM member WHERE login = 'gardener'")) == 0


def test_a_role_another_room_declares_can_be_held_invited_and_read(park: Park) -> None:
    rooms = park.app.extensions["parklink_rooms"]
    role = Role("gardener", "园丁", frozenset({"park"}))
    park.app.extensions["parklink_rooms"] = [*rooms[:-1], dataclasses.replace(rooms[-1], roles=(role,))]
    park.member("fang", park.staff(), "gardener")
    assert "园丁" in park.browse("fang").get("/").get_data(as_text=True)
    assert "园丁" in park.browse("park").get("/identity/members/invite").get_data(as_text=True)
    park.firm("E01")
    assert "园丁" not in park.browse("e01").get("/identity/members/invite").get_data(as_text=True)


def test_every_declared_role_has_a_name_and_somebody_who_may_give_it(app: Flask) -> None:
    with app.test_request_context():
        declared = declared_roles()
        for role in declared.values():
            assert str(role.label)
            assert role.held_in & set(roles.GIVES_ROLES_OF.values())
    assert set(declared) == CODES


def test_members_keep_their_roles_when_the_database_forgets_its_list(park: Park) -> None:
    firm = park.firm("E01")
    park.member("mei", firm, "enterprise_member", "technician")

    def held() -> list[tuple[str, ...]]:
        with park.app.app_context():
            return sorted(db.session.scalars(sa.select(MemberRole.role)))

    with park.app.app_context():
        downgrade(directory=migrations(park.app), revision="0011")
    assert held() == ["enterprise_admin", "enterprise_member"]
    with park.app.app_context(), pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.text("UPDATE member_role SET role = 'gardener'"))
    with park.app.app_context():
        upgrade(directory=migrations(park.app))
    assert held() == ["enterprise_admin", "enterprise_member"]
