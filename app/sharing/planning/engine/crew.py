"""Runs solver calls side by side within the time allowed; progress and stop are heard in the caller's thread only."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import TypeVar

from app.sharing.planning.engine.model import Progress
from app.sharing.planning.engine.programs import Stop

T = TypeVar("T")
_BEAT = 0.2


class Crew:
    """A few threads (the solvers release the interpreter lock), one clock, one switch."""

    def __init__(
        self,
        seconds: float,
        workers: int,
        on_progress: Callable[[Progress], None] | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> None:
        self.began = time.perf_counter()
        self.seconds = seconds
        self.stop = Stop()
        self.phase = "placements"
        self.standing: Callable[[], tuple[int, int | None]] = lambda: (0, None)
        self.asked_to_stop = False
        self._pool = ThreadPoolExecutor(workers)
        self._most_waiting = 4 * workers  # so that no thread runs dry while results are merged in order
        self._on_progress = on_progress
        self._should_stop = should_stop

    def __enter__(self) -> Crew:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self.stop.pull()
        self._pool.shutdown()

    @property
    def spent(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self.began

    @property
    def left(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.seconds - self.spent)

    def limit(self, ratio: float = 1.0) -> float:
        """Wall clock seconds a solver call may take: this share of what is left."""
        return ratio * self.left

    @property
    def over(self) -> bool:
        """Whether time is up or somebody stopped it."""
        return self.stop.pulled or self.left <= 0

    def beat(self) -> None:
        """Report, and listen whether to stop."""
        if self._should_stop is not None and not self.stop.pulled and self._should_stop():
            self.asked_to_stop = True
            self.stop.pull()
        elif self.left <= 0 and not self.stop.pulled:
            self.stop.pull()
        if self._on_progress is not None:
            value, bound = self.standing()
            share = min(1.0, self.spent / self.seconds) if self.seconds > 0 else 1.0
            self._on_progress(Progress(self.phase, value, bound, self.spent, share))

    def run(self, tasks: Iterable[Callable[[], T]], merge: Callable[[int, T], None]) -> None:
        """Run the tasks, at most two per thread ahead; merge results in the order of the tasks."""
        ready: dict[int, T] = {}
        waiting: dict[Future[T], int] = {}
        merged = 0
        source = enumerate(tasks)
        more = True
        while more or waiting:
            while more and len(waiting) < self._most_waiting:
                number, task = next(source, (-1, None))
                if task is None:
                    more = False
                else:
                    waiting[self._pool.submit(task)] = number
            done, _ = wait(waiting, timeout=_BEAT, return_when=FIRST_COMPLETED)
            for future in done:
                ready[waiting.pop(future)] = future.result()
            while merged in ready:
                merge(merged, ready.pop(merged))
                merged += 1
            self.beat()
