"""Ledger moments are whole microseconds since 1970: an integer has one form, so it can be hashed on any database."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)


def micros(moment: dt.datetime) -> int:
    """Whole microseconds since the epoch, exact (no float on the way).

    >>> micros(dt.datetime(1970, 1, 1, 0, 0, 1, tzinfo=dt.UTC))
    1000000
    """
    return (moment - EPOCH) // MICROSECOND


def moment_of(value: int) -> dt.datetime:
    """The aware moment of `micros`."""
    return EPOCH + value * MICROSECOND


class Micros(sa.TypeDecorator[dt.datetime]):
    """An aware moment stored as a 64-bit integer."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> dt.datetime | None:
        return None if value is None else moment_of(value)
