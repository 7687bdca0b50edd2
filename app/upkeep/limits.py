"""How much of anything the room takes, each with its reason."""

from __future__ import annotations

import datetime as dt

BATCH = 1000  # contract-wider 6: readings of one call
SHEET_BYTES = 5 * 1024 * 1024  # ten thousand readings as a workbook are a third of it
SHEET_ROWS = 10_000
LARGEST_VALUE = 10**9  # beyond it a meter counts something else
TEXT = 2000
NAME = 120
CHECKS = 60  # more lines than that nobody ticks with care
PHOTOS = 12
PHOTO_BYTES = 8 * 1024 * 1024  # contract-wider 8
PHOTO_PIXELS = 40_000_000  # contract-wider 8
PHOTO_EDGE = 2000
DOCUMENT_BYTES = 10 * 1024 * 1024
FILES = 60  # of one machine
MOST_DAYS = 3650  # ten years
MOST_HOURS = 100_000
EVENING = 16  # from this hour on, what is still out of service today is so tomorrow: holders hear it before the morning
CHUNK = 1000  # plans that the clockwork looks at in one go
PERIOD = dt.timedelta(days=365)  # of availability and the means on a machine's page
FIRM_GROUP = 5  # the park sees counts of at least so many firms (contract-wider 4.1)
PROPOSALS = 50  # machines that one remark names
