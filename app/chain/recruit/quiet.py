"""HiGHS writes notes of its own to file descriptor 1, where a command's answer or a server's log belongs."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_one_at_a_time = threading.Lock()  # descriptor 1 belongs to the whole process


@contextmanager
def quiet() -> Iterator[None]:
    """Descriptor 1 leads nowhere meanwhile; a process without one is left as it is.

    Solver calls of two threads follow one another: the second would otherwise keep the first one's nowhere for good.
    """
    with _one_at_a_time:
        try:
            kept = os.dup(1)
        except OSError:
            yield
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        try:
            yield
        finally:
            os.dup2(kept, 1)
            os.close(kept)
            os.close(nowhere)
