"""An assessment as the JSON of contract 2.1: one shape for command and API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal

from app.chain.register.words import sentences
from app.chain.schemas import ChainQuery
from app.chain.weak_links import shapes

if TYPE_CHECKING:
    from app.chain.register.facts import Chain
    from app.chain.weak_links.rules import Assessment, Finding


class SegmentsQuery(ChainQuery):
    by: Literal["shortfall", "halt"] = "shortfall"


def finding_answer(row: Finding, names: Mapping[str, str]) -> shapes.SegmentFinding:
    return {
        "segment": row.segment,
        "name": names.get(row.segment, row.segment),
        "demand_wan": row.demand_wan,
        "supply_wan": row.supply_wan,
        "shortfall_wan": row.shortfall_wan,
        "coverage_ratio": row.coverage_ratio,
        "enterprises": list(row.enterprises),
        "hhi": row.hhi,
        "effective_suppliers": row.effective_suppliers,
        "halted_output_wan": row.halted_output_wan,
        "labels": list(row.labels),
        "rank": row.rank,
        "reasons": sentences(row.reasons, names),
    }


def assessment_answer(assessment: Assessment, chain: Chain, lang: str) -> shapes.Assessment:
    """The shape of contract 2.1."""
    names = chain.names(lang)
    return {
        "segments": [finding_answer(row, names) for row in assessment.findings],
        "total_shortfall_wan": assessment.total_shortfall_wan,
        "loops": [list(loop) for loop in assessment.loops],
    }
