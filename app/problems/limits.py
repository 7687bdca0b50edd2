"""How much of anything the room takes, each with its reason."""

from __future__ import annotations

import datetime as dt

TEXT = 2000  # what fits on a phone and in one answer
PHOTOS = 6  # more show nothing new and fill the disk
PHOTO_BYTES = 8 * 1024 * 1024  # contract-wider 8
PHOTO_PIXELS = 40_000_000  # contract-wider 8: a decompression bomb is refused by its header
PHOTO_EDGE = 2000  # what a screen shows sharply; the rest is only weight
PHOTO_WAITS = dt.timedelta(hours=24)  # a photo that no report has taken up by then is forgotten
REOPEN_DAYS = 30  # domain-wider 4
GUEST_REPORTS = "10 per hour"  # of one address without signing in
CARDS = 60  # of one column of the board; the list shows the rest
FIGURE_ROWS = 500  # of one figure on the page; the workbook holds all
EXPORT_ROWS = 20_000
CHUNK = 300  # problems that one transaction of the clockwork looks at
SHEET_ROWS = 500  # what came by telephone and on paper in a month; each gets number, clock and recipient within one request
SHEET_CHUNK = 20  # of them in one transaction: others get their turn between
