"""Build, assess, knock-out and risk on made-up networks, beside the same written plainly on NetworkX.

Run from the project's root: `.venv/bin/python -m benchmarks.chain.run 5000 50000`
"""

from __future__ import annotations

import os
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import networkx as nx

from app.chain.assessment import assess
from app.chain.facts import Chain
from app.chain.graph import build
from app.chain.knockout import Network
from app.chain.risk import systemic_risk
from benchmarks.chain.network import entangled, make


def timed(label: str, work: Callable[[], Any]) -> Any:
    wall, cpu = time.perf_counter(), time.process_time()
    answer = work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{label:<44} {wall:8.2f} s wall {cpu:8.2f} s CPU   peak {memory:6.0f} MB", flush=True)
    return answer


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


def measure(label: str, chain: Chain, risky: bool = True) -> None:
    print(f"== {label}: {len(chain.supplies)} supply rows, load {os.getloadavg()[0]:.1f}")
    network = timed("knock-out: make ready", lambda: Network(chain))
    outcomes = timed("knock-out: all firms", lambda: list(network.outcomes()))
    print(f"   a firm stops {sum(row.stopped for row in outcomes) / len(outcomes):.1f} others on average")
    graph = timed("build the NetworkX graph", lambda: build(chain))
    few = network.firms[:: max(1, len(network.firms) // 20)][:20]
    plain = timed(
        f"plain NetworkX: knock-out of {len(few)} firms", lambda: plain_knock_outs(chain, graph, few)
    )
    known = {row.enterprise: row.stopped for row in outcomes}
    assert plain == sum(known[firm] for firm in few), "the plain knock-outs differ"
    if not risky:
        return
    timed("assess (with halted output)", lambda: assess(chain))
    risks = timed("risk: all firms, ε = 0.01", lambda: systemic_risk(chain))
    two = few[:2]
    worst = timed("plain NetworkX: risk of 2 firms", lambda: plain_risk(chain, two))
    risk = {row.enterprise: row.risk for row in risks}
    assert abs(worst - max(risk[firm] for firm in two)) < 1e-9, (worst, two)


def main(sizes: list[int]) -> None:
    for size in sizes:
        measure(f"{size} firms", make(size))
    size = sizes[0]
    measure(f"{size} firms, nearly all single sources", entangled(size), risky=False)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [5_000, 50_000])
