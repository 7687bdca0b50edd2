"""The limits of the room, each with its reason."""

from __future__ import annotations

import datetime as dt

from app.hall.files.uploads import MEGABYTE

# A scanned page in colour is about 1 MB, a contract of ten pages fits.
EVIDENCE_BYTES = 8 * MEGABYTE
# What a reviewer looks through in one sitting.
EVIDENCE_FILES = 10
# A picture on a card of the catalogue; larger ones are not reduced for the reader.
PICTURE_BYTES = 3 * MEGABYTE
# A hold that nobody resolves is released after this time at the latest: longer than the two below together.
HOLD_DAYS = 60
# How long a wish may lie on the desk, and how long an approved one may wait to be fulfilled.
DECIDE_WITHIN = dt.timedelta(days=14)
FULFIL_WITHIN = dt.timedelta(days=45)
# An enterprise is warned this many days before credits expire: once to plan, once to act.
WARN_DAYS = (30, 7)
# Three years and a little: what one redemption may take of a place.
VENUE_DAYS = 1100
# Of a statement as PDF or workbook; ten years of a busy firm.
STATEMENT_LINES = 20_000
# What one wish may ask for: the form and the call say the same.
QUANTITY = 1000
# An adjustment by hand beyond this is a mistake of the hand.
ADJUSTMENT = 1_000_000
# The audit of a million movements takes a minute; what did not end after this was cut off, and may be asked again.
AUDIT_WAIT = dt.timedelta(minutes=15)
# One that ended so lately answers whoever asks again.
AUDIT_REST = dt.timedelta(minutes=1)
# Up to so many credits expire unasked, whatever share of all credits they are: a young park has few.
EXPIRES_UNASKED = 1000
REDEMPTIONS_UNASKED = 20
