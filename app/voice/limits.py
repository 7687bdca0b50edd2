"""How much of anything the room takes, each with its reason."""

from __future__ import annotations

TEXT = 2000  # what fits on a phone and in one answer
LATE_AFTER_DAYS = 30  # contract-wider 8: older entries are kept and marked
DAYS_TO_REVISIT = 14  # domain-wider 8: a fortnight after the answer
EXPORT_ROWS = 20_000
SEARCH_SECONDS = 10  # contract-wider 9
CHUNK = 300  # remarks that one transaction of the clockwork looks at
PHOTOS = 6  # of one remark; more show nothing new
PHOTO_BYTES = 8 * 1024 * 1024  # contract-wider 8
PHOTO_PIXELS = 40_000_000  # contract-wider 8
PHOTO_EDGE = 2000  # what a screen shows sharply
PHOTO_WAITS_DAYS = 40  # longer than a phone may wait in a basement: its remark is taken late, but taken
SHEET_ROWS = 500  # remarks of a quarter; typed by hand, read and masked within one request
SHEET_CHUNK = 20  # remarks written in one transaction: others get their turn between them
