"""Who may give which role, and that an organisation never loses its last administrator."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from app.hall.errors import Conflict, NotAllowed, Reason


def roles_given(
    held: Collection[str], gives: Mapping[str, str], declared: Mapping[str, Collection[str]]
) -> tuple[str, ...]:
    """The roles somebody who holds `held` may hand out, in the order of `declared`.

    Parameters
    ----------
    gives
        Role of an administrator -> kind of organisation whose roles they give.
    declared
        Role -> the kinds of organisation whose people may hold it.

    >>> roles_given({"office"}, {"office": "university"}, {"office": ["university"], "guest": ["enterprise"]})
    ('office',)
    """
    kinds = {kind for role, kind in gives.items() if role in held}
    return tuple(role for role, held_in in declared.items() if not kinds.isdisjoint(held_in))


def check_change(
    before: Collection[str], after: Collection[str], given: Collection[str], last: Iterable[str]
) -> None:
    """Refuse a change of somebody's roles, with every reason.

    Parameters
    ----------
    given
        What the person who changes them may hand out.
    last
        Roles that nobody else in the organisation holds and that it may not be without.

    Raises
    ------
    NotAllowed
        ``roles_not_yours_to_give`` with a reason for each role.
    Conflict
        ``last_administrator`` with a reason for each role that nobody would hold any more.
    """
    foreign = sorted(set(after) - set(given))
    if foreign:
        reasons = [Reason("roles_not_yours_to_give", {"role": role}) for role in foreign]
        raise NotAllowed("roles_not_yours_to_give", reasons=reasons)
    lost = sorted(set(last) & (set(before) - set(after)))
    if lost:
        raise Conflict(
            "last_administrator", reasons=[Reason("last_administrator", {"role": role}) for role in lost]
        )


def reset_needs_second(held: Collection[str], checks_others: Collection[str], mailed: bool) -> bool:
    """Whether a reset needs a second administrator: for who checks others, and wherever no mail reaches the member.

    >>> reset_needs_second({"guest"}, {"auditor"}, mailed=True)
    False
    >>> reset_needs_second({"guest"}, {"auditor"}, mailed=False)
    True
    """
    return not mailed or not set(held).isdisjoint(checks_others)
