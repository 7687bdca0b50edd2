"""Four eyes: what was proposed beside what holds today, decided by a second person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, render_template, url_for
from flask_babel import gettext as _

from app.credits.forms import ReasonForm, RewardForm, RuleForm
from app.credits.messages import CAP_PERIODS, CATEGORIES, EVIDENCE_KINDS, FULFILMENTS, ORIGINS, SIZES
from app.credits.models import Proposal
from app.credits.service import proposals
from app.credits.views import bp
from app.credits.views.rules import words
from app.identity import service as identity
from app.language import lang
from app.web import Listing, current_actor, flash_ok, roles

READERS = ("park_admin", "credit_reviewer", "auditor")
_NAMES: dict[str, dict[str, Any]] = {
    "category": CATEGORIES, "fulfilment": FULFILMENTS, "origin": ORIGINS, "evidence_kind": EVIDENCE_KINDS,
    "cap_period": CAP_PERIODS, "eligible_sizes": SIZES,
}  # fmt: skip


def _label(kind: str, name: str) -> str:
    """What a field is called in the editor that proposed it."""
    form = RuleForm(formdata=None) if kind == "earn_rule" else RewardForm(formdata=None)
    own = {"partner": "counterpart", "picture": "upload"}.get(name, name)
    if own in form and kind != "adjustment":
        return str(form[own].label.text).split("（")[0].split(" (")[0]
    return {
        "fulfilment_params": _("兑现内容"), "organisation_id": _("企业"), "credits": _("积分"), "lifetime_days": _("有效天数"),
    }.get(name, name)  # fmt: skip


def _said(kind: str, name: str, value: Any) -> str:
    """A value as people say it."""
    if value is None or value in ("", [], {}):
        return "—"
    if isinstance(value, dict):
        return " · ".join(f"{_label(kind, key)} {one}" for key, one in value.items())
    if isinstance(value, list):
        return "、".join(_said(kind, name, one) for one in value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(_NAMES.get(name, {}).get(value, value))


def _title(row: Proposal, firms: Mapping[int, Any]) -> str:
    """What the proposal is about, as people call it: the firm, the rule or the reward."""
    if row.kind == "adjustment":
        firm = firms.get(row.payload["organisation_id"])
        return firm.name if firm else row.subject
    told = row.payload.get(f"{'title' if row.kind == 'earn_rule' else 'name'}_{lang()}")
    return str(told or row.payload.get("title_zh") or row.payload.get("name_zh") or row.subject)


@bp.get("/proposals")
@roles(*READERS)
def proposal_list() -> Any:
    listing = Listing.from_request({"id": Proposal.id}, "id", ("state", "kind"), desc=True)
    page = listing.page(proposals.list_query(listing.filters["state"], listing.filters["kind"]))
    firms = _firms(page.items)
    return render_template(
        "credits/proposals.html", page=page, listing=listing, people=proposals.names(page.items),
        may_edit=current_actor().has(*proposals.EDITORS), titles={row.id: _title(row, firms) for row in page.items}, **words(),
    )  # fmt: skip


@bp.get("/proposals/<int:proposal_id>")
@roles(*READERS)
def proposal_page(proposal_id: int) -> Any:
    actor = current_actor()
    row = proposals.get_proposal(actor, proposal_id)
    firms = _firms([row])
    return render_template(
        "credits/proposal.html", row=row, before=_before(row), form=ReasonForm(), people=proposals.names([row]),
        may_decide=actor.has(*proposals.EDITORS) and row.state == "proposed" and row.proposed_by != actor.member_id,
        own=row.proposed_by == actor.member_id, organisation=next(iter(firms.values()), None), label=_label, said=_said, title=_title(row, firms),
        **words(),
    )  # fmt: skip


def _before(row: Proposal) -> Any:
    """What holds today, to be compared with what is proposed."""
    if row.kind == "earn_rule":
        return proposals.find_rule(row.subject)
    return proposals.find_reward(row.subject) if row.kind == "reward" else None


def _firms(rows: Sequence[Proposal]) -> Mapping[int, Any]:
    """The firms whose credits these proposals correct."""
    return identity.organisations_by_id(
        row.payload["organisation_id"] for row in rows if row.kind == "adjustment"
    )


@bp.post("/proposals/<int:proposal_id>/<any(approve, reject):decision>")
@roles(*proposals.EDITORS)
def proposal_decide(proposal_id: int, decision: str) -> Any:
    proposals.decide_proposal(
        current_actor(), proposal_id, decision == "approve", ReasonForm().reason.data or ""
    )
    flash_ok(_("已复核生效。") if decision == "approve" else _("提案已否决。"))
    return redirect(url_for("credits.proposal_page", proposal_id=proposal_id), 303)
