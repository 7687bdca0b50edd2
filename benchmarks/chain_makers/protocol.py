"""Hides a fifth of the firm–product pairs and asks for their makers again: the protocol, apart from any method."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

# Accounting lines that stand among the products; such pairs stay in the catalogue but are never asked for.
ACCOUNTING = re.compile(
    r"平衡项目|平衡块|调整项目|抵[销消减]|合计$|小计$|^(公司)?内部(交易|业务|各|关联|销售|抵)"
    r"|^其[他它]((主营)?业务|产品|收入|[（(]补充[)）])?$"
)

Pair = tuple[str, str, float]


@dataclass(frozen=True)
class Split:
    """What is known (train) and what is asked (test)."""

    seed: int
    train: list[Pair]
    test: list[Pair]


@dataclass(frozen=True)
class Data:
    """Unique (firm, product, share) rows, and name and industry of firms."""

    pairs: list[Pair]
    about: dict[str, tuple[str, str]]

    def split(self, seed: int, hidden_ratio: float = 0.2) -> Split:
        asked = sorted(pair for pair in self.pairs if not ACCOUNTING.search(pair[1]))
        random.Random(seed).shuffle(asked)
        test = asked[: int(hidden_ratio * len(asked))]
        hidden = {pair[:2] for pair in test}
        return Split(seed, [pair for pair in self.pairs if pair[:2] not in hidden], test)

    def makers(self) -> dict[str, set[str]]:
        """All firms known to make exactly this, hidden or not."""
        makers: dict[str, set[str]] = {}
        for firm, product, _ in self.pairs:
            makers.setdefault(product, set()).add(firm)
        return makers


def load(folder: Path) -> Data:
    """Read `company_product.jsonl` and `company_industry.json`; codes lose their dot to fit each other."""
    pairs: dict[tuple[str, str], float] = {}
    for line in (folder / "company_product.jsonl").read_text(encoding="utf-8").splitlines():
        if line.strip():
            row = json.loads(line)
            pairs.setdefault((row["company_code"], row["product_name"]), row["rel_weight"])
    about = {}
    for line in (folder / "company_industry.json").read_text(encoding="utf-8").splitlines():
        if line.strip():
            row = json.loads(line)
            about[row["company_code"].replace(".", "")] = (row["company_name"], row["industry_name"])
    return Data([(firm, product, share) for (firm, product), share in pairs.items()], about)


def filtered_rank(ranked: Iterable[str], firm: str, makers: set[str]) -> int | None:
    """Rank of the hidden firm when every other true maker of the same product is taken out; None if not listed.

    >>> filtered_rank(["E3", "E1", "E2"], "E2", {"E1", "E2"})
    2
    """
    rank = 1
    for candidate in ranked:
        if candidate == firm:
            return rank
        rank += candidate not in makers
    return None


def measures(ranks: Sequence[int | None]) -> dict[str, float]:
    """Hits@1, Hits@10, Hits@50 and mean reciprocal rank; not listed counts as never."""
    count = max(1, len(ranks))
    found = [rank for rank in ranks if rank is not None]
    hits = {f"hits@{depth}": sum(rank <= depth for rank in found) / count for depth in (1, 10, 50)}
    return {**hits, "mrr": sum(1 / rank for rank in found) / count}
