"""What an enterprise may take at most of some instruments in some time, as numbers that every model can count with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from app.sharing.planning.engine.model import Instance, Quota

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[Any]


class Seats(Protocol):
    """Placements, one position each; `work` are the slots that count, from `start` on."""

    @property
    def request(self) -> Ints: ...
    @property
    def instrument(self) -> Ints: ...
    @property
    def start(self) -> Ints: ...
    @property
    def work(self) -> Ints: ...


@dataclass(frozen=True)
class Use:
    """Which placement (`column`, a position) takes how many slots (above 0) of which quota (`quota`, a number)."""

    quota: Ints
    column: Ints
    slots: Ints


@dataclass(frozen=True)
class Quotas:
    """The quotas of an instance by number.

    `enterprise[r]` is that of a request, −1 where it has no quota; `owner[q]` that of a quota; `instruments[q]` are
    numbers (None: all); each caps the slots in [`first[q]`, `last[q]`) at `most[q]`.
    """

    enterprise: Ints
    owner: Ints
    instruments: tuple[frozenset[int] | None, ...]
    first: Ints
    last: Ints
    most: Ints

    def __len__(self) -> int:
        return len(self.owner)

    def use(self, seats: Seats) -> Use:
        """What these placements take.

        Examples
        --------
        Three slots from 3 on, of which two lie in [4, 8):

        >>> import numpy as np
        >>> from types import SimpleNamespace
        >>> z = np.zeros(1, dtype=int)
        >>> one = Quotas(z, z, (None,), z + 4, z + 8, z + 5)
        >>> one.use(SimpleNamespace(request=z, instrument=z, start=z + 3, work=z + 3)).slots.tolist()
        [2]
        """
        import numpy as np

        owner = self.enterprise[seats.request]
        capped = np.flatnonzero(owner >= 0)
        order = capped[np.argsort(owner[capped], kind="stable")]
        owner = owner[order]
        none = np.zeros(0, dtype=np.int64)
        quota, column, slots = [none], [none], [none]
        for q in range(len(self)):
            lo, hi = np.searchsorted(owner, (self.owner[q], self.owner[q] + 1))
            here = order[lo:hi]
            only = self.instruments[q]
            if only is not None:
                here = here[np.isin(seats.instrument[here], sorted(only))]
            start = seats.start[here].astype(np.int64)
            inside = np.minimum(start + seats.work[here], self.last[q]) - np.maximum(start, self.first[q])
            some = inside > 0
            quota.append(np.full(np.count_nonzero(some), q))
            column.append(here[some])
            slots.append(inside[some])
        return Use(*(np.concatenate(parts) for parts in (quota, column, slots)))

    def binding(self, use: Use, request: Ints) -> Use:
        """Only the quotas of which these placements could take more than there is: the others need no row."""
        import numpy as np

        if not len(use.quota):
            return use
        wide = int(request.max()) + 1
        pairs, at = np.unique(use.quota * wide + request[use.column], return_inverse=True)
        longest = np.zeros(len(pairs), dtype=np.int64)
        np.maximum.at(longest, at, use.slots)
        asked = np.bincount(pairs // wide, weights=longest, minlength=len(self))
        kept = (asked > self.most)[use.quota]
        return Use(use.quota[kept], use.column[kept], use.slots[kept])

    def less(self, seats: Seats) -> Quotas:
        """What these placements leave."""
        import numpy as np

        use = self.use(seats)
        most = self.most.copy()
        np.subtract.at(most, use.quota, use.slots)
        return replace(self, most=np.maximum(most, 0))

    def of(self, request: int) -> list[tuple[int, int, int, frozenset[int] | None]]:
        """The quotas a request counts against: number, first slot, end, instruments."""
        return self._by_owner.get(int(self.enterprise[request]), [])

    @cached_property
    def _by_owner(self) -> dict[int, list[tuple[int, int, int, frozenset[int] | None]]]:
        found: dict[int, list[tuple[int, int, int, frozenset[int] | None]]] = {}
        rows = zip(
            self.owner.tolist(), self.first.tolist(), self.last.tolist(), self.instruments, strict=True
        )
        for q, (owner, first, last, only) in enumerate(rows):
            found.setdefault(owner, []).append((q, first, last, only))
        return found


def quotas_of(instance: Instance) -> Quotas | None:
    """The quotas of an instance; None where it has none."""
    import numpy as np

    if not instance.quotas:
        return None
    number = {i.id: n for n, i in enumerate(instance.instruments)}
    named = sorted({q.enterprise for q in instance.quotas})
    owner = {name: n for n, name in enumerate(named)}
    return Quotas(
        np.array([owner.get(r.enterprise, -1) for r in instance.requests], dtype=np.int64),
        np.array([owner[q.enterprise] for q in instance.quotas], dtype=np.int64),
        tuple(
            None if q.instruments is None else frozenset(number[name] for name in q.instruments)
            for q in instance.quotas
        ),
        *(
            np.array([getattr(q, name) for q in instance.quotas], dtype=np.int64)
            for name in ("from_slot", "to_slot", "slots")
        ),
    )


class Account:
    """What has been taken of each quota so far."""

    def __init__(self, instance: Instance) -> None:
        self._of: dict[str, list[tuple[int, Quota]]] = {}
        for n, quota in enumerate(instance.quotas):
            self._of.setdefault(quota.enterprise, []).append((n, quota))
        self.used = [0] * len(instance.quotas)

    def forbidden(self, enterprise: str, instrument: str, work: int) -> Iterator[tuple[int, int]]:
        """The intervals [from, to) of starts at which so many slots would take more than a quota has left.

        What a booking takes of a quota rises as it moves in and falls as it moves out, so they are one interval each.
        """
        for n, quota in self._covering(enterprise, instrument):
            over = max(1, quota.slots - self.used[n] + 1)
            if over <= min(work, quota.to_slot - quota.from_slot):
                yield max(0, quota.from_slot + over - work), quota.to_slot - over + 1

    def take(self, enterprise: str, instrument: str, start: int, work: int) -> None:
        """Count a placement."""
        for n, quota in self._covering(enterprise, instrument):
            self.used[n] += slots_inside(quota, start, work)

    def exceeded(self, enterprise: str, instrument: str, start: int, work: int) -> int | None:
        """The number of the first quota that a placement would take too much of."""
        for n, quota in self._covering(enterprise, instrument):
            inside = slots_inside(quota, start, work)
            if inside and self.used[n] + inside > quota.slots:
                return n
        return None

    def _covering(self, enterprise: str, instrument: str) -> Iterator[tuple[int, Quota]]:
        for n, quota in self._of.get(enterprise, ()):
            if quota.instruments is None or instrument in quota.instruments:
                yield n, quota


def slots_inside(quota: Quota, start: int, work: int) -> int:
    """How many of the slots [start, start + work) lie in the time of a quota.

    >>> slots_inside(Quota("E", None, 4, 8, 2), 3, 3), slots_inside(Quota("E", None, 4, 8, 2), 8, 3)
    (2, 0)
    """
    return max(0, min(start + work, quota.to_slot) - max(start, quota.from_slot))
