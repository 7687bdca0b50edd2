"""Risk ranges of the park's firms: worked out once per data version, in the background where there are many firms."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.chain.limits import RISK_AT_ONCE, RISK_WISHES
from app.chain.register import facts
from app.chain.register import service as chains
from app.chain.register.models import IndustryChain

if TYPE_CHECKING:
    from app.chain.risk.rules import RiskRange


log = logging.getLogger(__name__)
_starting = threading.Lock()


@dataclass
class Run:
    """One computation: how far it is, and what came out; `rows` None until it has ended."""

    total: int
    done: int = 0
    rows: Sequence[RiskRange] | None = None
    failed: bool = False
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def done_ratio(self) -> float:
        return self.done / self.total if self.total else 1.0


def standing(chain: IndustryChain, again: bool = False) -> Run:
    """The risk ranges of the park as it stands: ready, or under way and then to be asked for again.

    It goes on when nobody looks. A run that failed stays so until somebody wants it `again`.
    """
    found = chains.chain_facts(chain)
    with _starting:
        held: dict[str, Run] = chains.kept("risk-standing", chain, "", dict)
        run = held.get("run")
        if run is None or (run.failed and again):
            run = held["run"] = _start(found)
    return run


def ready(chain: IndustryChain) -> Sequence[RiskRange]:
    """The same, waiting for the end."""
    run = standing(chain)
    run.ended.wait()
    return run.rows or ()


def of_changed(chain: IndustryChain, key: object, changed: facts.Chain) -> Sequence[RiskRange]:
    """Risk ranges of the chain as it would be; the last few wishes of a data version are remembered."""
    shelf: dict[object, Sequence[RiskRange]] = chains.kept("risk-wishes", chain, "", dict)
    if key not in shelf:
        while len(shelf) >= RISK_WISHES:
            shelf.pop(next(iter(shelf)), None)
        shelf[key] = _ranges(changed, Run(0))
    return shelf[key]


def is_large(chain: IndustryChain) -> bool:
    """Whether a page should come first and the risk after it."""
    return _firm_count(chains.chain_facts(chain)) > RISK_AT_ONCE


def worst(rows: Sequence[RiskRange]) -> RiskRange | None:
    """The riskiest firm; None where nothing is supplied."""
    return max(rows, key=lambda row: (row.high, row.low, row.enterprise), default=None)


def _firm_count(found: facts.Chain) -> int:
    return len(
        {row.enterprise for row in found.positions}
        | {firm for row in found.supplies for firm in (row.supplier, row.customer)}
    )


def _start(found: facts.Chain) -> Run:
    firms = _firm_count(found)
    run = Run(2 * firms)
    if firms <= RISK_AT_ONCE:
        _work(found, run)
    else:
        threading.Thread(target=_work, args=(found, run), name="chain-risk", daemon=True).start()
    return run


def _work(found: facts.Chain, run: Run) -> None:
    try:
        run.rows = _ranges(found, run)
    except Exception:
        run.failed = True
        log.exception("risk ranges failed")
    finally:
        run.ended.set()


def _ranges(found: facts.Chain, run: Run) -> Sequence[RiskRange]:
    if not found.supplies:
        return ()
    from app.chain.risk.rules import risk_range

    def advance(firms: int) -> None:
        run.done += firms

    return sorted(risk_range(found, advance=advance), key=lambda row: (-row.high, -row.low, row.enterprise))
