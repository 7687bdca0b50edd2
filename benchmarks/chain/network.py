"""A made-up supply network of any size, the same for every run: layered segments, sizes with a heavy tail."""

from __future__ import annotations

import random

from app.chain.register.facts import Chain, Input, Position, Segment, Supply


def make(firms: int, seed: int = 1, suppliers: float = 5.0) -> Chain:
    """`firms` firms on about firms/25 segments (at most 400) in ten layers, about `suppliers` suppliers each."""
    draw = random.Random(seed)
    count = max(10, min(400, firms // 25))
    layer = [n * 10 // count for n in range(count)]
    by_layer: dict[int, list[int]] = {}
    for n, stage in enumerate(layer):
        by_layer.setdefault(stage, []).append(n)
    segments = tuple(Segment(f"S{n:03d}", f"环节{n}", f"Segment {n}", layer[n]) for n in range(count))
    inputs: dict[tuple[str, str], Input] = {}
    sources: dict[int, list[int]] = {}
    for n in range(count):
        earlier = by_layer.get(layer[n] - 1, ())
        for m in draw.sample(earlier, k=min(len(earlier), draw.randint(1, 3))):
            inputs[(f"S{m:03d}", f"S{n:03d}")] = Input(
                f"S{m:03d}", f"S{n:03d}", round(draw.uniform(0.02, 0.3), 3)
            )
            sources.setdefault(n, []).append(m)
    stands = [draw.randrange(count) for _ in range(firms)]
    size = [round(draw.paretovariate(1.2) * 100, 2) for _ in range(firms)]
    on: dict[int, list[int]] = {}
    for firm, segment in enumerate(stands):
        on.setdefault(segment, []).append(firm)
    positions = tuple(
        Position(f"F{firm:05d}", f"企业{firm}", f"S{stands[firm]:03d}", size[firm]) for firm in range(firms)
    )
    supplies: dict[tuple[int, int], Supply] = {}
    for firm in range(firms):
        for segment in sources.get(stands[firm], ()):
            makers = on.get(segment)
            if not makers:
                continue
            weights = [size[m] for m in makers]
            for m in set(
                draw.choices(makers, weights=weights, k=max(1, round(draw.expovariate(1.7 / suppliers))))
            ):
                value = round(size[firm] * draw.uniform(0.01, 0.2), 3)
                supplies[(m, firm)] = Supply(f"F{m:05d}", f"F{firm:05d}", f"S{segment:03d}", value)
    return Chain(segments, tuple(inputs.values()), positions, tuple(supplies.values()))


def entangled(firms: int, seed: int = 5) -> Chain:
    """`firms` firms on thirty segments with five suppliers drawn at random: most needs have one source, all hangs together."""
    draw = random.Random(seed)
    stands = [f"S{draw.randrange(30):02d}" for _ in range(firms)]
    positions = tuple(
        Position(f"F{n:05d}", "", segment, float(draw.randint(1, 999))) for n, segment in enumerate(stands)
    )
    pairs = {(draw.randrange(firms), customer) for customer in range(firms) for _ in range(5)}
    supplies = tuple(Supply(f"F{a:05d}", f"F{b:05d}", stands[a], 1.0) for a, b in sorted(pairs))
    return Chain(positions=positions, supplies=supplies)
