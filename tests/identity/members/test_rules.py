"""Who gives which role; an organisation keeps its last administrator."""

from __future__ import annotations

import pytest

from app.hall.errors import Conflict, NotAllowed
from app.identity.members import rules

GIVES = {"enterprise_admin": "enterprise", "park_admin": "park"}
DECLARED = {"park_admin": {"park"}, "enterprise_admin": {"enterprise"}, "technician": {"enterprise", "park"}}


@pytest.mark.parametrize(
    ("held", "given"),
    [
        (set(), ()),
        ({"technician"}, ()),
        ({"enterprise_admin"}, ("enterprise_admin", "technician")),
        ({"park_admin"}, ("park_admin", "technician")),
        ({"park_admin", "enterprise_admin"}, ("park_admin", "enterprise_admin", "technician")),
    ],
)
def test_an_administrator_gives_the_roles_of_their_kind_of_organisation(
    held: set[str], given: tuple[str, ...]
) -> None:
    assert rules.roles_given(held, GIVES, DECLARED) == given


def test_every_foreign_role_is_named() -> None:
    with pytest.raises(NotAllowed) as refused:
        rules.check_change({"a"}, {"a", "c", "b"}, {"a"}, [])
    assert [one.params["role"] for one in refused.value.reasons] == ["b", "c"]


def test_the_last_administrator_stays_one() -> None:
    with pytest.raises(Conflict) as refused:
        rules.check_change({"admin", "member"}, {"member"}, {"admin", "member"}, ["admin"])
    assert refused.value.code == "last_administrator"
    rules.check_change({"admin"}, {"admin", "member"}, {"admin", "member"}, ["admin"])
    rules.check_change({"member"}, set(), {"member"}, [])
