"""Who points at an organisation: every column of every room, and what a joining does with it.

`tests/identity/joining/test_pointers.py` looks at the tables themselves: a new column that is not here fails it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Pointer:
    """A column that names an organisation; `moves` says whether it follows a joining, `where` which rows do."""

    table: str
    column: str
    moves: bool = True
    where: str = ""
    why: str = ""
    silent: bool = False  # who said what: it follows uncounted, and no list tells which rows did

    @property
    def place(self) -> str:
        return f"{self.table}.{self.column}"


def _kept(place: str, why: str) -> Pointer:
    table, column = place.split(".")
    return Pointer(table, column, moves=False, why=why)


def _moved(places: str, where: str = "") -> tuple[Pointer, ...]:
    split = (place.split(".") for place in places.split())
    return tuple(Pointer(table, column, where=where) for table, column in split)


KEPT = (
    _kept("account.organisation_id", "ledger"),
    _kept("audit_event.organisation_id", "audit"),
    _kept("redemption.organisation_id", "ledger"),
    _kept("outcome.beneficiary_id", "signed"),
    _kept("research_cost.organisation_id", "signed"),  # one firm's word on its own year
    _kept("chain_firm.organisation_id", "room"),  # the chain itself joins its two firms
    _kept("firm_check.organisation_id", "derived"),
    _kept("firm_label.organisation_id", "derived"),
    _kept("fit.organisation_id", "derived"),
    _kept("organisation_join.from_id", "history"),
    _kept("organisation_join.into_id", "history"),
    _kept("organisation_change.organisation_id", "history"),
    _kept("fact_history.organisation_id", "history"),
    _kept("author_look.organisation_id", "audit"),
    _kept("insight_mention.organisation_id", "derived"),
    _kept("insight_said.organisation_id", "derived"),
    _kept("insight_score.organisation_id", "derived"),
)
MOVED = (
    *_moved(
        "organisation.joined_into_id former_name.organisation_id member.organisation_id secret_link.organisation_id"
        " committee_seat.organisation_id qualification.owner_id voucher.organisation_id fact.organisation_id"
        " post.organisation_id prospect.organisation_id resource.owner_id schedule_run.owner_id"
        " service_pack.enterprise_id licence.organisation_id match.need_organisation_id match.offer_organisation_id"
        " pack_item.organisation_id placement.organisation_id push.organisation_id refused_demand.organisation_id"
        " resolution.owner_id signal.organisation_id adoption.organisation_id booking.organisation_id"
        " introduction.asking_id introduction.giving_id introduction.next_owner_id joint_base.university_id"
        " match_refusal.need_organisation_id match_refusal.offer_organisation_id policy_case.organisation_id"
        " problem_reporter.organisation_id joint_base_firm.organisation_id slot_request.organisation_id"
        " transfer_project.university_id transfer_project.enterprise_id usage.organisation_id"
        " waitlist_entry.organisation_id"
    ),
    *_moved(
        "contact.organisation_id factor_loss.organisation_id feedback.organisation_id invitation.organisation_id"
        " invitation_opt_out.organisation_id onboarding_step.organisation_id shadowing.organisation_id"
        " specialist_tie.organisation_id survey_invitation.organisation_id survey_response.organisation_id"
        " visit.organisation_id position_wish.organisation_id"
        " machine.organisation_id machine_proposal.organisation_id sheet_batch.organisation_id"
    ),
    Pointer("author", "organisation_id", silent=True),
    *_moved("claim.organisation_id", "state IN ('draft', 'submitted', 'returned', 'rejected', 'appealed')"),
)
POINTERS = (*KEPT, *MOVED)
