"""How long to wait after wrong passwords: nothing at first, then twice as long each time."""

from __future__ import annotations

FREE_TRIES = 4  # at an address that this login never came from
FREE_TRIES_KNOWN = 20  # in a browser that signed in as this login before
FIRST_WAIT = 30
LONGEST_WAIT = 3600
FORGOTTEN_AFTER = 24 * 3600
TOLD_AT = 5  # wrong passwords in a row after which the member and the auditor are told


def wait_after(failures: int, free: int = FREE_TRIES) -> int:
    """Seconds until the next try counts, after so many wrong passwords in a row.

    >>> [wait_after(tries) for tries in (1, 4, 5, 6, 7, 50)]
    [0, 0, 30, 60, 120, 3600]
    """
    over = failures - free
    return 0 if over <= 0 else min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(over - 1, 20))
