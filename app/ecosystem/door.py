"""What other rooms may call of this room; nothing else of it may be called from outside."""

from __future__ import annotations

from app.ecosystem.choices import segments as segment_choices
from app.ecosystem.gaps.service import segment_url
from app.ecosystem.initiatives.queries import Overview as InitiativeInfo
from app.ecosystem.initiatives.queries import initiative_state
from app.ecosystem.initiatives.queries import may_read as may_read_initiatives
from app.ecosystem.initiatives.queries import overview as initiative_info
from app.ecosystem.initiatives.queries import overviews as list_initiatives
from app.ecosystem.initiatives.rules import outside_cause_p
from app.ecosystem.initiatives.service import (
    Proposal,
    on_initiative_drop,
    on_initiative_end,
    propose_initiative,
)
from app.ecosystem.market.queries import find_many as find_posts
from app.ecosystem.market.rules import Draft
from app.ecosystem.market.service import open_needs_of, write_need
from app.ecosystem.packs.queries import Milestone, milestones_of
from app.ecosystem.round_table.agenda import Item as AgendaItem
from app.ecosystem.round_table.grounds import on_agenda
from app.ecosystem.scorecard.achieved import Achieved, achieved_between
from app.ecosystem.signals.complaints import Answering, on_complaint
from app.ecosystem.signals.models import Signal
from app.ecosystem.signals.rules import Heard
from app.ecosystem.signals.service import record_signal
from app.ecosystem.signals.sources import on_signal_origins
from app.ecosystem.sources import known_segment, segment_name

__all__ = [
    "Achieved",
    "AgendaItem",
    "Answering",
    "Draft",
    "Heard",
    "InitiativeInfo",
    "Milestone",
    "Proposal",
    "Signal",
    "achieved_between",
    "find_posts",
    "initiative_info",
    "initiative_state",
    "known_segment",
    "list_initiatives",
    "may_read_initiatives",
    "milestones_of",
    "on_agenda",
    "on_complaint",
    "on_initiative_drop",
    "on_initiative_end",
    "on_signal_origins",
    "open_needs_of",
    "outside_cause_p",
    "propose_initiative",
    "record_signal",
    "segment_choices",
    "segment_name",
    "segment_url",
    "write_need",
]
