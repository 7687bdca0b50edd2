"""Which firm a row of a register means: by its credit code, by the park's code, else by its name as sure as names are."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from app.identity.organisations.naming import LIKELY, SAME, Known, find_same, grade, name_of, pairs

MOST_NEAR = 12  # names with most in common that are graded

Verdict = Literal["known", "new", "similar", "likely", "two", "other_code"]


@dataclass(frozen=True, slots=True)
class Firm:
    """An organisation that is there; `names` with its former ones."""

    id: int
    code: str
    name: str
    names: tuple[str, ...]
    credit_code: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says of who it means; `another` that somebody has looked and it is nobody who is there."""

    name: str
    names: tuple[str, ...] = ()
    credit_code: str = ""
    code: str = ""
    another: bool = False

    @property
    def all_names(self) -> tuple[str, ...]:
        return tuple(one for one in (self.name, *self.names) if one)


@dataclass(frozen=True, slots=True)
class Meant:
    """The verdict on a row, and the firm that it is, may be, or looks like."""

    verdict: Verdict
    firm: Firm | None = None


class Register:
    """Everybody who is there, found by code, credit code and name; linear in the firms to make."""

    def __init__(self, firms: Iterable[Firm]) -> None:
        self.by_code: dict[str, Firm] = {}
        self.by_credit: dict[str, Firm] = {}
        self._by_core: dict[str, list[Firm]] = defaultdict(list)
        self._by_pair: dict[str, list[int]] = defaultdict(list)
        self._firms: dict[int, Firm] = {}
        for firm in firms:
            self._add(firm)

    def _add(self, firm: Firm) -> None:
        self._firms[firm.id] = firm
        self.by_code[firm.code] = firm
        if firm.credit_code:
            self.by_credit.setdefault(firm.credit_code, firm)
        for core in {name_of(name).core for name in firm.names}:
            self._by_core[core].append(firm)
            for pair in pairs(core):
                self._by_pair[pair].append(firm.id)

    def meant(self, said: Said) -> Meant:
        """Who a row means.

        The same credit code is the same firm whatever the name. The park's code is believed where the name or the
        credit code agrees with it. A name alone means a firm only where it is the same; one that is likely the same
        stays open until somebody says.

        >>> firm = Firm(1, "E01", "苏州江澜电芯有限公司", ("苏州江澜电芯有限公司",), "91350100M000100Y43")
        >>> there = Register([firm])
        >>> [there.meant(Said(name)).verdict for name in ("苏州 江澜电芯有限公司", "江澜电芯", "杭州江澜电芯有限公司", "白鹭")]
        ['known', 'likely', 'similar', 'new']
        >>> there.meant(Said("江澜", credit_code="91350100M000100Y43")).verdict, there.meant(Said("白鹭", code="E01")).verdict
        ('known', 'other_code')
        """
        by_credit = self.by_credit.get(said.credit_code) if said.credit_code else None
        by_code = self.by_code.get(said.code) if said.code else None
        if by_code is not None and by_credit is not None:
            return Meant("known", by_code) if by_credit.id == by_code.id else Meant("two", by_credit)
        if by_code is not None:
            agrees = any(grade(one, other) for one in said.all_names for other in by_code.names)
            return Meant("known" if agrees else "other_code", by_code)
        return self._by_name(said) if by_credit is None else Meant("known", by_credit)

    def _by_name(self, said: Said) -> Meant:
        near = self._near(said)
        ranked = find_same(
            said.all_names, said.credit_code, [Known(f.id, f.names, f.credit_code) for f in near]
        )
        if not ranked:
            return Meant("new")
        how, firm = ranked[0][0], self._firms[ranked[0][1].id]
        twin = any(
            name_of(one).full == name_of(other).full
            for found in near
            for one in said.all_names
            for other in found.names
        )
        if said.another:
            return Meant("similar", firm)
        if how == SAME and [one for one, _firm in ranked].count(SAME) == 1:
            return Meant("known", firm)
        return Meant("likely" if how in (SAME, LIKELY) or twin else "similar", firm)

    def _near(self, said: Said) -> list[Firm]:
        """Firms with the same distinctive part, and those whose names share most with it."""
        found: dict[int, Firm] = {}
        shared: Counter[int] = Counter()
        for name in said.all_names:
            core = name_of(name).core
            found |= {firm.id: firm for firm in self._by_core.get(core, ())}
            for pair in pairs(core):
                shared.update(self._by_pair.get(pair, ()))
        found |= {number: self._firms[number] for number, _count in shared.most_common(MOST_NEAR)}
        return list(found.values())


def twins(rows: Iterable[tuple[int, Said]]) -> dict[int, tuple[int, bool]]:
    """Rows that name a firm of an earlier row once more: the earlier one, and whether that is sure.

    >>> rows = [(2, Said("苏州江澜电芯有限公司")), (3, Said("苏州江澜电芯 有限公司")), (4, Said("江澜电芯"))]
    >>> twins(rows)
    {3: (2, True), 4: (2, False)}
    """
    found: dict[int, tuple[int, bool]] = {}
    by_credit: dict[str, int] = {}
    by_core: dict[str, list[tuple[int, Said]]] = defaultdict(list)
    for row, said in rows:
        core = by_core[name_of(said.name).core]
        if said.credit_code in by_credit:
            found[row] = (by_credit[said.credit_code], True)
        elif not said.another:
            for earlier, other in core:
                how = grade(said.name, other.name)
                apart = bool(said.credit_code and other.credit_code) and how != SAME
                if how in (SAME, LIKELY) and not apart:
                    found.setdefault(
                        row, (earlier, how == SAME and not (said.credit_code and other.credit_code))
                    )
        if said.credit_code:
            by_credit.setdefault(said.credit_code, row)
        core.append((row, said))
    return found
