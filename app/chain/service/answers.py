"""Assessments, knock-outs and risks as the JSON of contract section 2: one shape for commands and API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.chain.service.wording import sentences

if TYPE_CHECKING:
    from app.chain.assessment import Assessment, Finding
    from app.chain.facts import Chain


def finding_answer(row: Finding, names: Mapping[str, str]) -> dict[str, Any]:
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


def assessment_answer(assessment: Assessment, chain: Chain, lang: str) -> dict[str, Any]:
    """The shape of contract 2.1."""
    names = chain.names(lang)
    return {
        "segments": [finding_answer(row, names) for row in assessment.findings],
        "total_shortfall_wan": assessment.total_shortfall_wan,
        "loops": [list(loop) for loop in assessment.loops],
    }


def changes(before: Assessment, after: Assessment) -> list[dict[str, Any]]:
    """Per segment what an addition changes, largest relief first; segments that stay the same are left out."""
    was = {row.segment: row for row in before.findings}
    found = []
    for row in after.findings:
        old = was.get(row.segment)
        old_gap = old.shortfall_wan if old else 0.0
        same = old is not None and (
            old.supply_wan,
            old.demand_wan,
            old.labels,
            old.rank,
            old.halted_output_wan,
        ) == (row.supply_wan, row.demand_wan, row.labels, row.rank, row.halted_output_wan)
        if same:
            continue
        found.append(
            {
                "segment": row.segment,
                "shortfall_wan": row.shortfall_wan - old_gap,
                "supply_wan": row.supply_wan - (old.supply_wan if old else 0.0),
                "demand_wan": row.demand_wan - (old.demand_wan if old else 0.0),
                "coverage_before_ratio": old.coverage_ratio if old else None,
                "coverage_after_ratio": row.coverage_ratio,
                "rank_before": old.rank if old else None,
                "rank_after": row.rank,
                "labels_before": list(old.labels) if old else [],
                "labels_after": list(row.labels),
            }
        )
    return sorted(found, key=lambda change: (change["shortfall_wan"], change["segment"]))


def what_if_answer(
    before: Assessment, chain: Chain, after: Assessment, changed: Chain, lang: str
) -> dict[str, Any]:
    """Before and after in the shape of 2.1, and per segment the change."""
    return {
        "before": assessment_answer(before, chain, lang),
        "after": assessment_answer(after, changed, lang),
        "changes": changes(before, after),
    }


def table(rows: Sequence[Sequence[str]], numbers: Sequence[bool]) -> str:
    """Text columns for a terminal; Chinese characters count as two.

    >>> print(table([("环节", "n"), ("a", "10")], (False, True)))
    环节   n
    a     10
    """
    import unicodedata

    def width(text: str) -> int:
        return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)

    widths = [max(width(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = []
        for cell, wide, right in zip(row, widths, numbers, strict=True):
            pad = " " * (wide - width(cell))
            cells.append(pad + cell if right else cell + pad)
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
