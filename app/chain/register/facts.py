"""The plain rows every pure file of the room takes: a chain as it stands, without a database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

ESSENTIAL = "essential"
NON_ESSENTIAL = "non_essential"
NEGLIGIBLE = "negligible"

# Amounts closer than this share of the demand (or of each other) are the same amount: 600 × 0.1 in binary
# is not 60, and a rank that turns on the last binary digit would change with the unit.
SAME = Decimal("1e-12")


@dataclass(frozen=True, slots=True)
class Segment:
    """A link of the chain; `stage` is its column on the map, None where nobody said."""

    code: str
    name_zh: str = ""
    name_en: str = ""
    stage: int | None = None


@dataclass(frozen=True, slots=True)
class Input:
    """`coefficient` yuan of segment `source` are used per yuan of output of segment `target`."""

    source: str
    target: str
    coefficient: float


@dataclass(frozen=True, slots=True)
class Position:
    """An enterprise on a segment. `output_wan` None: not known. Outside firms are candidates, never supply."""

    enterprise: str
    name: str
    segment: str
    output_wan: float | None
    in_park: bool = True


@dataclass(frozen=True, slots=True)
class Supply:
    """What `supplier` sells to `customer`, of which segment, in 10,000 yuan a year."""

    supplier: str
    customer: str
    segment: str
    value_wan: float


@dataclass(frozen=True, slots=True)
class Essentiality:
    """How badly segment `target` needs segment `source`; a pair nobody listed is essential."""

    source: str
    target: str
    kind: str


@dataclass(frozen=True, slots=True)
class Reference:
    """What a region (a city, a province, the country) makes of a segment a year, for comparison."""

    region: str
    segment: str
    output_wan: float
    year: int | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """Everything known of one chain. The order of rows never matters, except that risk takes a firm's first row.

    >>> Chain(segments=(Segment("cell"),)).segment_codes
    frozenset({'cell'})
    """

    segments: tuple[Segment, ...] = ()
    inputs: tuple[Input, ...] = ()
    positions: tuple[Position, ...] = ()
    supplies: tuple[Supply, ...] = ()
    essentiality: tuple[Essentiality, ...] = ()
    other_names: tuple[tuple[str, str], ...] = ()  # of firms that only supply rows name
    reference: tuple[Reference, ...] = ()

    @property
    def segment_codes(self) -> frozenset[str]:
        return frozenset(segment.code for segment in self.segments)

    def names(self, lang: str = "zh") -> dict[str, str]:
        """Segment code to its name in the reader's language, else the other one, else the code."""
        first, second = ("name_en", "name_zh") if lang == "en" else ("name_zh", "name_en")
        return {s.code: getattr(s, first) or getattr(s, second) or s.code for s in self.segments}

    def firm_names(self) -> dict[str, str]:
        """Enterprise to its name; the smallest where rows differ, so that row order does not matter."""
        found: dict[str, str] = {}
        for position in self.positions:
            known = found.get(position.enterprise)
            if position.name and (known is None or position.name < known):
                found[position.enterprise] = position.name
        return dict(self.other_names) | found


def with_added(
    chain: Chain,
    positions: Iterable[Position] = (),
    segments: Iterable[Segment] = (),
    inputs: Iterable[Input] = (),
) -> Chain:
    """The chain as it would be: added rows win over what they repeat; nothing is stored.

    A segment that is there already stays as it is and a repeated input takes the added coefficient. An added
    position takes the place of the outside candidate with the same enterprise and segment; where the firm stands
    there already, it expands: both outputs count.

    >>> base = Chain(segments=(Segment("a"),), positions=(Position("P1", "", "a", 5.0, in_park=False),))
    >>> with_added(base, positions=[Position("P1", "", "a", 7.0)]).positions
    (Position(enterprise='P1', name='', segment='a', output_wan=7.0, in_park=True),)
    """
    known = chain.segment_codes
    new_inputs = {(row.source, row.target): row for row in inputs}
    new_positions = {(row.enterprise, row.segment): row for row in positions}
    kept_inputs = [row for row in chain.inputs if (row.source, row.target) not in new_inputs]
    kept = [
        row for row in chain.positions if row.in_park or (row.enterprise, row.segment) not in new_positions
    ]
    return replace(
        chain,
        segments=(*chain.segments, *(s for s in segments if s.code not in known)),
        inputs=(*kept_inputs, *new_inputs.values()),
        positions=(*kept, *new_positions.values()),
    )


def without_firms(chain: Chain, enterprises: Iterable[str]) -> Chain:
    """The chain as it would be if these firms left: their positions and their supply rows are gone.

    >>> base = Chain(positions=(Position("E1", "", "a", 1.0), Position("E2", "", "a", 2.0)))
    >>> [row.enterprise for row in without_firms(base, ["E1"]).positions]
    ['E2']
    """
    gone = frozenset(enterprises)
    return replace(
        chain,
        positions=tuple(row for row in chain.positions if row.enterprise not in gone),
        supplies=tuple(
            row for row in chain.supplies if row.supplier not in gone and row.customer not in gone
        ),
    )
