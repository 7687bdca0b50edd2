"""How much of anything the house takes at once, and why."""

from __future__ import annotations

import datetime as dt

MEBIBYTE = 1024 * 1024

LARGEST_UPLOAD = 20 * MEBIBYTE  # a register of 20,000 rows as a workbook is about 3 MB, a scanned contract 15
LARGEST_REQUEST = (
    LARGEST_UPLOAD + MEBIBYTE
)  # the server refuses what the application would, before it is spooled
MOST_PIXELS = 40_000_000  # a good camera makes 24 million; a few kB can hold a gigabyte of them
LARGEST_FORM = 2 * MEBIBYTE  # the fields of a form beside its files

API_PER_TOKEN = "600 per minute"  # a terminal that asks ten times a second has a fault
API_PER_ADDRESS = "3000 per minute"  # a firm behind one address has several tokens; wrong ones count here too

SERVER_THREADS = 8  # two cores: more threads only wait for each other
CONNECTIONS = 200  # per process; a proxy in front holds the slow ones (deploy/)
IDLE_SECONDS = 30  # a connection that says nothing for so long is closed
WAITING_CONNECTIONS = 512  # the queue of the operating system
RESTART_SECONDS = 1.0  # between the end of a worker and the next one
RETRY_SECONDS = 30  # what a browser is told when the database is full, read-only or away
TICK_LATE_SECONDS = 180  # a clockwork that has not ticked for so long is reported as standing still
LONGEST_KEPT_FORM = 256 * 1024  # what was typed before the session ended travels through the sign-in page
KEPT_FORM_SECONDS = 3600
# The clock of a machine that was away for longer than a daily round is believed only when somebody has looked at it.
CLOCK_STEP = dt.timedelta(days=1, hours=1)
# More than a tenth of all credits, bookings or charges at once is no day's work: a person looks first.
LARGEST_SHARE = 0.1
OFFLINE_BODY = 64 * 1024  # what somebody types into one form on a phone
OFFLINE_FILE = 8 * MEBIBYTE  # one photograph; each travels by itself
OFFLINE_LATE = dt.timedelta(days=30)  # contract-wider 8: kept all the same, marked late
