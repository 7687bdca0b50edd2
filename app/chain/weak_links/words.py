"""How labels and marks read: the words of the table in the reader's language, the same for page, paper and terminal."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.chain.weak_links import labels as table
from app.chain.weak_links.labels import EMPTY, END, GONE, PLAIN, STRONG, WEAK
from app.chain.weak_links.rules import Finding
from app.hall.text import language


@dataclass(frozen=True)
class Tag:
    """A word with its tone (ok, warn, bad or none) and icon."""

    word: str
    tone: str = ""
    icon: str = ""


MARK_WORDS = {
    GONE: (_l("缺失"), "bad"),
    WEAK: (_l("薄弱"), "warn"),
    STRONG: (_l("稳固"), "ok"),
    END: (_l("园区内无需求"), ""),
    EMPTY: (_l("暂无企业"), ""),
    PLAIN: (_l("环节"), ""),
}
# What is said where no label holds: it never contradicts the mark.
UNLABELLED = {
    GONE: (_l("缺失"), "bad"),
    WEAK: (_l("有缺口"), "warn"),
    STRONG: (_l("够用"), ""),
    END: (_l("园区内无需求"), ""),
    EMPTY: (_l("暂无企业"), ""),
}

REASONS = {
    "chain_no_demand": _l("园区内没有环节使用它"),
    "chain_shortfall": _l(
        "园区供给 %(supply_wan)s 万元，需求 %(demand_wan)s 万元，覆盖 %(coverage_ratio)s，缺口 %(shortfall_wan)s 万元，占全部缺口 %(total_ratio)s"
    ),
    "chain_covered": _l("园区供给 %(supply_wan)s 万元，足以覆盖需求 %(demand_wan)s 万元"),
    "chain_main_use": _l(
        "最大用户是“%(segment)s”：消耗系数 %(coefficient)s × 产值 %(output_wan)s 万元 = %(demand_wan)s 万元"
    ),
    "chain_halts": _l("%(name)s 若停产，其他企业 %(halted_output_wan)s 万元产值随之停止"),
}


def add_label_sentences() -> None:
    """The sentences of the labels join those of the rooms when the app is made."""
    language.add_messages({label.reason: _l(label.sentence) for label in table.LABELS if label.sentence})


def label_tags(finding: Finding) -> list[Tag]:
    """The labels of a segment in the order of the table."""
    return [Tag(_(label.word), label.tone, label.icon) for label in table.known(finding.labels)]


def judgement(finding: Finding) -> list[Tag]:
    """The labels, or the one word that stands for having none."""
    word, tone = UNLABELLED[finding.mark]
    return label_tags(finding) or [Tag(str(word), tone)]


def judgement_words(finding: Finding) -> str:
    return _("、").join(tag.word for tag in judgement(finding))


def mark_tag(mark: str) -> Tag:
    word, tone = MARK_WORDS[mark]
    return Tag(str(word), tone)
