"""Ledger moments are whole microseconds since 1970: an integer has one form, so it can be hashed on any database."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from app.hall.clock import micros, moment_of


class Micros(sa.TypeDecorator[dt.datetime]):
    """An aware moment stored as a 64-bit integer."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, _dialect: Dialect) -> int | None:
        return None if value is None else micros(value)

    def process_result_value(self, value: int | None, _dialect: Dialect) -> dt.datetime | None:
        return None if value is None else moment_of(value)
