"""The park's settings of the market."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.db import db, transaction
from app.ecosystem.models import MatchPolicy
from app.errors import Invalid, NotAllowed
from app.identity import service as identity

if TYPE_CHECKING:
    from app.identity.service import Actor


def policy() -> MatchPolicy:
    """Return the park's settings of the market, the defaults where nobody set any."""
    found = db.session.get(MatchPolicy, 1)
    if found is not None:
        return found
    return MatchPolicy(id=1, refusal_days=180, most_open=8, least_percent=30, answer_days=30, review="always")


def set_policy(actor: Actor, **values: Any) -> None:
    """Change the settings of the market; audited."""
    if not actor.has("committee_secretary", "park_admin"):
        raise NotAllowed("only_secretary")
    with transaction() as session:
        row = session.get(MatchPolicy, 1)
        if row is None:
            row = MatchPolicy(id=1)
            session.add(row)
        for name, value in values.items():
            setattr(row, name, value)
        session.flush()
        identity.audit(actor, "ecosystem.policy_set", "match_policy", 1, **values)


def set_policy_from(actor: Actor, form: Mapping[str, str]) -> None:
    """Change the settings from a form; anything out of bounds is refused."""
    bounds = {
        "refusal_days": (1, 3650),
        "most_open": (1, 100),
        "least_percent": (1, 99),
        "answer_days": (1, 365),
    }
    values: dict[str, Any] = {}
    for name, (low, high) in bounds.items():
        text_value = form.get(name, "")
        if not text_value.isdecimal() or not low <= int(text_value) <= high:
            raise Invalid("policy_out_of_bounds", low=low, high=high)
        values[name] = int(text_value)
    values["review"] = "always" if form.get("review") == "always" else "rules"
    set_policy(actor, **values)
