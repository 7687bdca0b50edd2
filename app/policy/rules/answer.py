"""A fit as the answer of contract 5.3: percent, state, conditions with their reasons, questions."""

from __future__ import annotations

from app.policy.rules.explanation import explain
from app.policy.rules.fits import RESULTS, Bound, Fit
from app.policy.rules.months import month_name
from app.policy.rules.situation import Situation
from app.policy.rules.values import Listed, Value, as_json

Answer = dict[str, object]


def fit_answer(bound: Bound, fit: Fit, firm: Situation) -> Answer:
    """One firm and one policy."""
    policy = bound.policy
    return {
        "enterprise": firm.facts.enterprise,
        "policy": policy.id,
        "version": policy.version,
        "fit_percent": fit.fit_percent,
        "possible_percent": fit.possible_percent,
        "state": fit.state,
        "push": fit.push,
        "conditions": [_condition(bound, fit, firm, place) for place in range(len(policy.conditions))],
        "ask": list(fit.ask),
        "parameters": {name: _parameter(value) for name, value in bound.parameters.items()},
    }


def _condition(bound: Bound, fit: Fit, firm: Situation, place: int) -> Answer:
    condition = bound.policy.conditions[place]
    reasons = explain(bound, place, firm)
    return {
        "id": condition.id,
        "weight": condition.weight,
        "mandatory": condition.mandatory,
        "result": RESULTS[fit.results[place]],
        "uses": [
            {"fact": u.fact, "period": _period(u.period), "value": as_json(u.value), "source": u.source}
            for u in reasons.uses
        ],
        "missing": [{"fact": m.fact, "period": _period(m.period)} for m in reasons.missing],
        "gap": as_json(reasons.gap),
    }


def _period(month: int | None) -> str | None:
    return None if month is None else month_name(month)


def _parameter(value: Value | Listed | None) -> object:
    return [as_json(one) for one in value] if isinstance(value, tuple) else as_json(value)
