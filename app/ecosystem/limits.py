"""Every limit of this room, once, each with its reason."""

from __future__ import annotations

from decimal import Decimal

#: Fewer characters than this say nothing; more tags than this are no choice.
SHORTEST_TITLE, MOST_TAGS = 4, 8
#: A need or offer that names no last day is asked about again after half a year.
POST_DAYS = 180
#: Its owner hears a week before the last day, early enough to extend it.
POST_REMINDER_DAYS = 7
#: A sheet of needs and offers is read within one request: at most so many bytes and rows.
SHEET_ROWS = 500
#: Silent for longer than this and an introduction is shown as stalled (domain.md §5).
STALLED_AFTER_DAYS = 14
#: The next step of a new introduction is due within a week.
FIRST_STEP_DAYS = 7
#: Files are kept in the database; the same bound stands there as a constraint.
INTRODUCTION_FILE_BYTES = 5 * 1024 * 1024
#: Past this nothing is an amount of this park.
LARGEST_OUTCOME = Decimal(10) ** 12
#: The owner of a resolution is reminded in its last week, then weekly.
RESOLUTION_SOON_DAYS = 7
#: What firms said this long ago still counts as evidence for an agenda: a quarter and a month.
SIGNAL_DAYS = 120
#: What a prospect reads in one sitting.
PACK_NEIGHBOURS, PACK_RESOURCES, PACK_OFFERS, PACK_POLICIES, PACK_BENEFITS = 8, 6, 5, 6, 6
#: How long the secret link of a pack is open unless another day is set.
PACK_DAYS = 90
#: Half a year: a university project is in time when it reaches production within so many days.
TRANSFER_DAYS = 183
#: Rows read at once where all rows of another room are summed.
PAGE_ROWS = 500
