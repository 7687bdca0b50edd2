"""`python benchmarks/chain_makers/run.py [--data FOLDER] [--seeds 101 102 103] [--ask 0] [--no-enterprises]`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")
ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from app.chain.makers.facts import CatalogueRow, Enterprise  # noqa: E402
from app.chain.makers.matrices import bm25  # noqa: E402
from app.chain.makers.rules import build  # noqa: E402
from app.chain.makers.text import Vocabulary  # noqa: E402
from benchmarks.chain_makers.protocol import Data, Pair, Split, filtered_rank, load, measures  # noqa: E402

LISTED = 400


def baseline(split: Split, asked: list[Pair], makers: dict[str, set[str]]) -> list[int | None]:
    """BM25 (k = 1.2, b = 0.75) over plain character 1–2-grams of each firm's products, all firms ranked."""
    goods: dict[str, list[str]] = {}
    for firm, product, _ in split.train:
        goods.setdefault(firm, []).append(product)
    firms = sorted(goods)
    texts = ["\u3040".join(goods[firm]) for firm in firms]
    words = Vocabulary((_plain(text) for text in texts), edges=False)
    weights = bm25(words.counts([_plain(text) for text in texts]), 0.75).T.tocsr()
    ranks: list[int | None] = []
    for start in range(0, len(asked), 256):
        part = asked[start : start + 256]
        scores = (words.counts([_plain(product) for _, product, _ in part]) @ weights).toarray()
        for (firm, product, _), row in zip(part, scores, strict=True):
            order = (firms[place] for place in np.argsort(-row, kind="stable"))
            ranks.append(filtered_rank(order, firm, makers[product]))
    return ranks


def _plain(text: str) -> str:
    """Make every character count by itself, Latin ones too, and keep products apart."""
    return text.replace("\u3040", " ").translate({code: code + 0xE000 for code in range(33, 127)})


def measure(data: Data, seed: int, ask: int, with_enterprises: bool) -> dict[str, float]:
    split = data.split(seed)
    asked = split.test[:ask] if ask else split.test
    makers = data.makers()
    plain = measures(baseline(split, asked, makers))
    began, began_cpu = time.perf_counter(), time.process_time()
    index = build(
        [CatalogueRow(*pair) for pair in split.train],
        [Enterprise(firm, *about) for firm, about in sorted(data.about.items())] if with_enterprises else [],
    )
    built, built_cpu = time.perf_counter() - began, time.process_time() - began_cpu
    began = time.perf_counter()
    answers = index.rank_many([product for _, product, _ in asked], LISTED)
    ranks = [
        filtered_rank((candidate.enterprise for candidate in found), firm, makers[product])
        for (firm, product, _), found in zip(asked, answers, strict=True)
    ]
    batch = (time.perf_counter() - began) / len(asked)
    single, single_cpu = [], []
    for _, product, _ in asked[:300]:
        began, began_cpu = time.perf_counter(), time.process_time()
        index.rank(product)
        single.append(time.perf_counter() - began)
        single_cpu.append(time.process_time() - began_cpu)
    return {
        **{f"bm25 {name}": value for name, value in plain.items()},
        **measures(ranks),
        "asked": len(asked),
        "build s": built,
        "build cpu s": built_cpu,
        "batch ms": batch * 1e3,
        "p95 ms": float(np.percentile(single, 95)) * 1e3,
        "p95 cpu ms": float(np.percentile(single_cpu, 95)) * 1e3,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data" / "chainkg")
    parser.add_argument("--seeds", type=int, nargs="+", default=[101, 102, 103])
    parser.add_argument("--ask", type=int, default=0, help="only the first N hidden pairs; 0: all")
    parser.add_argument("--no-enterprises", action="store_true", help="without names and industries")
    options = parser.parse_args()
    if not (options.data / "company_product.jsonl").exists():
        print("skipped: the firm–product data are not here; say where with --data FOLDER")
        return 0
    data = load(options.data)
    rows = []
    for seed in options.seeds:
        row = measure(data, seed, options.ask, not options.no_enterprises)
        rows.append(row)
        load_now = os.getloadavg()[0]
        print(
            f"seed {seed} (load {load_now:.1f}): " + ", ".join(f"{k} {v:.4g}" for k, v in row.items()),
            flush=True,
        )
    mean = {name: float(np.mean([row[name] for row in rows])) for name in rows[0]}
    print(f"mean of {len(rows)}: " + ", ".join(f"{name} {value:.4g}" for name, value in mean.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
