"""Build, assess, knock-out and risk on made-up networks, beside the same written plainly on NetworkX.

Run from the project's root: `.venv/bin/python -m benchmarks.chain.run 5000 50000`
"""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import networkx as nx

from app.chain.knock_out.rules import Network
from app.chain.register.facts import Chain
from app.chain.register.graph import build
from app.chain.risk.rules import risk_range, systemic_risk
from app.chain.weak_links.rules import assess
from benchmarks.chain.network import entangled, make


@dataclass
class Sheet:
    """What was measured: one column per network, told as it goes and printed as a table at the end."""

    columns: list[str] = field(default_factory=list)
    rows: dict[str, dict[str, str]] = field(default_factory=dict)

    def open(self, column: str) -> None:
        self.columns.append(column)
        print(f"== {column}, load {os.getloadavg()[0]:.1f}", flush=True)

    def note(self, label: str, text: str) -> None:
        self.rows.setdefault(label, {})[self.columns[-1]] = text
        print(f"{label:<44} {text}", flush=True)

    def timed(self, label: str, work: Callable[[], Any], whole: float = 1) -> Any:
        """Run and note wall and CPU seconds; `whole` is how many times as much all firms would be."""
        wall, cpu = time.perf_counter(), time.process_time()
        answer = work()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        more = f", ×{whole:,.0f} for all: {_long(cpu * whole)}" if whole > 1 else ""
        self.note(label, f"{wall:.2f} s ({cpu:.2f} s CPU{more})")
        return answer

    def table(self) -> str:
        lines = [
            "| seconds on the clock (CPU) | " + " | ".join(self.columns) + " |",
            "|---" * (len(self.columns) + 1) + "|",
        ]
        for label, cells in self.rows.items():
            lines.append(
                f"| {label} | " + " | ".join(cells.get(column, "–") for column in self.columns) + " |"
            )
        return "\n".join(lines)


def _long(seconds: float) -> str:
    for unit, size in (("days", 86_400), ("hours", 3_600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"


def plain_knock_outs(chain: Chain, graph: nx.MultiDiGraph, firms: list[str]) -> int:
    """The definition on the NetworkX graph, one failing firm after the other."""
    needs: dict[str, dict[str, set[str]]] = {}
    for supplier, customer, data in graph.edges(data=True):
        if data["kind"] == "supply":
            needs.setdefault(customer, {}).setdefault(data["segment"], set()).add(supplier)
    stopped_in_all = 0
    for firm in firms:
        stopped = {f"firm:{firm}"}
        frontier = set(stopped)
        while frontier:
            asked = {
                c for s in frontier for _s, c, k in graph.out_edges(s, data="kind") if k == "supply"
            } - stopped
            frontier = {c for c in asked if any(suppliers <= stopped for suppliers in needs[c].values())}
            stopped |= frontier
        stopped_in_all += len(stopped) - 1
    return stopped_in_all


def plain_risk(chain: Chain, firms: list[str], epsilon: float = 0.01) -> float:
    """Contract 2.3 on a NetworkX digraph with dictionaries; all pairs essential, with substitution."""
    sector = {p.enterprise: p.segment for p in chain.positions}
    graph = nx.DiGraph()
    graph.add_nodes_from(sector)
    for row in chain.supplies:
        graph.add_edge(row.supplier, row.customer, w=row.value_wan)
    out = {i: sum(w for _i, _j, w in graph.out_edges(i, data="w")) for i in graph}
    members: dict[str, list[str]] = {}
    for firm in graph:
        members.setdefault(sector[firm], []).append(firm)
    groups: dict[str, dict[str, float]] = {j: {} for j in graph}
    for i, j, w in graph.edges(data="w"):
        groups[j][sector[i]] = groups[j].get(sector[i], 0.0) + w
    total = sum(out.values())
    worst = 0.0
    for failing in firms:
        down = dict.fromkeys(graph, 1.0) | {failing: 0.0}
        up = dict(down)
        while True:
            left = {k: sum(out[i] * down[i] for i in rows) for k, rows in members.items()}
            new_down, new_up = {}, {}
            for j in graph:
                lost: dict[str, float] = {}
                for i, _j, w in graph.in_edges(j, data="w"):
                    k = sector[i]
                    sigma = min(1.0, out[i] / left[k]) if left[k] > 0 else 1.0
                    lost[k] = lost.get(k, 0.0) + sigma * w / groups[j][k] * (1 - down[i])
                new_down[j] = 0.0 if j == failing else max(0.0, 1 - max(lost.values(), default=0.0))
                loss = (
                    sum(w / out[j] * (1 - up[c]) for _j, c, w in graph.out_edges(j, data="w"))
                    if out[j]
                    else 0.0
                )
                new_up[j] = 0.0 if j == failing else max(0.0, 1 - loss)
            drop = max(max(down[j] - new_down[j] for j in graph), max(up[j] - new_up[j] for j in graph))
            down, up = new_down, new_up
            if drop <= epsilon + 1e-12:
                break
        worst = max(worst, sum(out[i] * (1 - min(down[i], up[i])) for i in graph) / total)
    return worst


def measure(sheet: Sheet, label: str, chain: Chain, risky: bool = True) -> None:
    sheet.open(f"{label}, {len(chain.supplies):,} supply rows")
    graph = sheet.timed("build the NetworkX graph", lambda: build(chain))
    if risky:
        sheet.timed("assess, with halted output", lambda: assess(chain))
    network = sheet.timed("knock-out: make ready", lambda: Network(chain))
    outcomes = sheet.timed("knock-out: all firms", lambda: list(network.outcomes()))
    sheet.note(
        "others a firm stops, on average", f"{sum(row.stopped for row in outcomes) / len(outcomes):,.1f}"
    )
    few = network.firms[:: max(1, len(network.firms) // 20)][:20]
    plain = sheet.timed(
        f"plainly on NetworkX: knock-out of {len(few)} firms",
        lambda: plain_knock_outs(chain, graph, few),
        len(network.firms) / len(few),
    )
    known = {row.enterprise: row.stopped for row in outcomes}
    assert plain == sum(known[firm] for firm in few), "the plain knock-outs differ"
    if risky:
        risks = sheet.timed("risk: all firms, ε = 0.01", lambda: systemic_risk(chain))
        two = few[:2]
        worst = sheet.timed(
            "plainly on NetworkX: risk of 2 firms", lambda: plain_risk(chain, two), len(network.firms) / 2
        )
        risk = {row.enterprise: row.risk for row in risks}
        assert abs(worst - max(risk[firm] for firm in two)) < 1e-9, (worst, two)
    if label.startswith("5,000 firms") and risky:
        sheet.timed(
            "risk ranges of the page (three ε, with and without substitution)", lambda: risk_range(chain)
        )
    sheet.note("peak memory so far", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


def main(sizes: list[int]) -> None:
    sheet = Sheet()
    for size in sizes:
        measure(sheet, f"{size:,} firms", make(size))
    measure(sheet, f"{sizes[0]:,} firms, entangled", entangled(sizes[0]), risky=False)
    print(
        f"\nPython {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the end\n"
    )
    print(sheet.table())


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [5_000, 50_000])
