"""The plans a search begins with: what patient queues would get, so that no plan is ever worth less than theirs."""

from __future__ import annotations

import numpy as np

from app.sharing.planning.engine.crew import Crew
from app.sharing.planning.engine.model import Instance
from app.sharing.planning.engine.places import Columns
from app.sharing.planning.engine.queue import Board, queues


def patient_plans(instance: Instance, crew: Crew) -> list[Columns]:
    """Serve everybody in the order of each queue, at the best place still free on any instrument at any start.

    The columns say who sits where; what that is worth is left to the columns of the part they are found in. When time is
    up, whoever has not been served yet is left out.
    """
    return [_served(instance, order, crew) for order in queues(instance)]


def _served(instance: Instance, order: list[int], crew: Crew) -> Columns:
    board = Board(instance)
    rows: list[tuple[int, int, int, int]] = []
    for number in order:
        if crew.over:
            break
        request = instance.requests[number]
        found = board.best(request)
        if found is not None:
            _, start, instrument, work = found
            board.occupy(request, instrument, start, work)
            rows.append((number, instrument, start, work))
    seats = np.array(sorted(rows), dtype=np.int32).reshape(-1, 4)
    nothing = np.zeros(len(seats), dtype=np.int64)
    return Columns(
        seats[:, 0], seats[:, 1], seats[:, 2], seats[:, 2] + seats[:, 3], seats[:, 3], nothing, nothing
    )
