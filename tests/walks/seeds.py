"""Where a walk takes its numbers from: a seed; one here, three where `PARKLINK_SEEDS=3` says so (CI)."""

from __future__ import annotations

import os
import random

SEEDS = tuple(range(1, int(os.environ.get("PARKLINK_SEEDS", "1")) + 1))


def draw_for(story: int, seed: int) -> random.Random:
    """Draws of a story: for one seed the same numbers in every run and on every machine."""
    return random.Random(f"story {story}, seed {seed}")
