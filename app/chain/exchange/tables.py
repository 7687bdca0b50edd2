"""The columns of the chain files (contract 2): one place that reading, writing and the import page share."""

from __future__ import annotations

from dataclasses import dataclass

CODE, NAME, AMOUNT, COEFFICIENT, STAGE, YES_NO, KIND = (
    "code",
    "name",
    "amount",
    "coefficient",
    "stage",
    "yes_no",
    "kind",
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what its cells hold and whether a cell or the whole column may be missing."""

    name: str
    holds: str
    blank: bool = False
    optional: bool = False
    segment: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One file or sheet; `key` columns together name a row."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]

    @property
    def header(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


SEGMENTS = Table(
    "segments",
    (
        Column("segment", CODE),
        Column("name_zh", NAME, blank=True),
        Column("name_en", NAME, blank=True),
        Column("stage", STAGE, blank=True, optional=True),
    ),
    ("segment",),
)
INPUTS = Table(
    "inputs",
    (
        Column("input", CODE, segment=True),
        Column("output", CODE, segment=True),
        Column("coefficient", COEFFICIENT),
    ),
    ("input", "output"),
)
POSITIONS = Table(
    "positions",
    (
        Column("enterprise", CODE),
        Column("name", NAME, blank=True),
        Column("segment", CODE, segment=True),
        Column("output_wan", AMOUNT),
        Column("in_park", YES_NO, blank=True, optional=True),
    ),
    ("enterprise", "segment"),
)
SUPPLY = Table(
    "supply",
    (
        Column("supplier", CODE),
        Column("customer", CODE),
        Column("segment", CODE, segment=True),
        Column("value_wan", AMOUNT),
    ),
    ("supplier", "customer", "segment"),
)
ESSENTIALITY = Table(
    "essentiality",
    (
        Column("input", CODE, segment=True),
        Column("output", CODE, segment=True),
        Column("class", KIND),
    ),
    ("input", "output"),
)
# Not part of the contract: the import page reads it, the file commands leave such a file alone.
REFERENCE = Table(
    "reference",
    (
        Column("region", NAME),
        Column("segment", CODE, segment=True),
        Column("output_wan", AMOUNT),
        Column("year", STAGE, blank=True, optional=True),
        Column("source", NAME, blank=True, optional=True),
    ),
    ("region", "segment"),
)
FOLDER = (SEGMENTS, INPUTS, POSITIONS, SUPPLY, ESSENTIALITY)
TABLES = (*FOLDER, REFERENCE)
BY_NAME = {table.name: table for table in TABLES}
