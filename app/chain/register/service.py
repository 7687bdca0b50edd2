"""A chain from the database as plain facts, read once per data version; and what changes that version."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa
from flask import current_app, has_request_context
from flask_babel import gettext as _
from flask_login import current_user

from app.chain.limits import KEPT_VERSIONS
from app.chain.register import facts
from app.chain.register.graph import build
from app.chain.register.models import (
    ChainFirm,
    Essentiality,
    IndustryChain,
    InputCoefficient,
    Position,
    Segment,
    SegmentReference,
    SupplyLink,
)
from app.hall import clock, jobs
from app.hall.db.base import db
from app.hall.db.transaction import in_transaction, locked, transaction
from app.hall.errors import Invalid, NotFound
from app.hall.text import language
from app.identity import door as identity
from app.identity.door import roles

if TYPE_CHECKING:
    import networkx as nx


Value = TypeVar("Value")


def list_chains() -> Sequence[IndustryChain]:
    """The live chains, and the trials of whoever reads."""
    query = sa.select(IndustryChain).where(_seen(), IndustryChain.state != "archived")
    return db.session.scalars(query.order_by(IndustryChain.state, IndustryChain.id)).all()


def live_chains() -> Sequence[IndustryChain]:
    """The chains that are everybody's business: what other rooms compute with."""
    query = sa.select(IndustryChain).where(IndustryChain.state == "live")
    return db.session.scalars(query.order_by(IndustryChain.id)).all()


def archived_chains() -> Sequence[IndustryChain]:
    query = sa.select(IndustryChain).where(IndustryChain.state == "archived")
    return db.session.scalars(query.order_by(IndustryChain.id)).all()


def _seen() -> sa.ColumnElement[bool]:
    """A trial is seen by its maker alone."""
    return sa.or_(IndustryChain.state != "trial", IndustryChain.made_by == _reader())


def _reader() -> int:
    actor = getattr(current_user, "actor", None) if has_request_context() else None
    return actor.member_id if actor else 0


def find_chain(code: str = "") -> IndustryChain | None:
    """The chain of this code, an archived one too; without one the first that is not archived."""
    query = sa.select(IndustryChain).where(_seen()).order_by(IndustryChain.state, IndustryChain.id).limit(1)
    if code:
        query = query.where(IndustryChain.code == code.strip())
    else:
        query = query.where(IndustryChain.state != "archived")
    return db.session.scalar(query)


def get_chain(code: str = "") -> IndustryChain:
    found = find_chain(code)
    if found is None:
        raise NotFound("chain_not_found", code=code)
    return found


def chain_with(chain_id: int) -> IndustryChain:
    return db.session.get_one(IndustryChain, chain_id)


def create_chain(
    actor: identity.Actor, code: str, name_zh: str, name_en: str = "", trial: bool = False
) -> IndustryChain:
    """An empty chain; its rows come by import."""
    code = code.strip()
    if not code or len(code) > 40 or not all(c.isalnum() or c in "-_" for c in code):
        raise Invalid("chain_bad_code")
    with transaction():
        if db.session.scalar(sa.select(IndustryChain.id).where(IndustryChain.code == code)) is not None:
            raise Invalid("chain_code_taken", code=code)
        now = clock.now()
        chain = IndustryChain(
            code=code,
            name_zh=name_zh.strip() or code,
            name_en=name_en.strip(),
            stages={},
            version=1,
            state="trial" if trial else "live",
            made_by=actor.member_id or None,
            created_at=now,
            updated_at=now,
        )
        db.session.add(chain)
        db.session.flush()
        identity.audit(actor, "chain.created", "industry_chain", chain.id, code=code)
        return chain


def lock_chain(chain_id: int) -> IndustryChain:
    """The chain's row, locked: all writers of one chain queue here."""
    return db.session.scalars(locked(sa.select(IndustryChain).where(IndustryChain.id == chain_id))).one()


def changed(chain: IndustryChain) -> None:
    """The data of the chain changed: a new version, and an assessment of it after the commit."""
    chain.version += 1
    chain.updated_at = clock.now()
    db.session.flush()
    jobs.emit("chain.changed", {"chain": chain.code})


def chain_name(chain: IndustryChain) -> str:
    return (chain.name_en if language.lang() == "en" else "") or chain.name_zh


def stage_name(chain: IndustryChain, stage: int, number: int) -> str:
    """The heading of a column of the map; a stage that nobody named is called by its `number`."""
    names = chain.stages.get(str(stage)) or ["", ""]
    named = names[1] if language.lang() == "en" else names[0]
    return str(named or names[0] or _("第 %(number)s 级", number=number))


def _kept(kind: str, chain: IndustryChain) -> dict[Any, Any] | None:
    """The shelf for results of this data version; none inside a transaction, which may yet roll back."""
    if in_transaction():
        return None
    shelves: dict[Any, dict[Any, Any]] = current_app.extensions.setdefault("chain_results", {})
    key = (chain.id, chain.version)
    if key not in shelves:
        while len(shelves) >= KEPT_VERSIONS:
            shelves.pop(next(iter(shelves)), None)
        shelves[key] = {}
    return shelves[key].setdefault(kind, {})


def kept(kind: str, chain: IndustryChain, key: Hashable, make: Callable[[], Value]) -> Value:
    """Compute once per data version."""
    shelf = _kept(kind, chain)
    if shelf is None:
        return make()
    if key not in shelf:
        shelf[key] = make()
    found: Value = shelf[key]
    return found


def chain_facts(chain: IndustryChain) -> facts.Chain:
    """Everything known of the chain, firm names in the reader's language; one select per table."""
    return kept("facts", chain, language.lang(), lambda: read_facts(chain.id))


def chain_graph(chain: IndustryChain) -> nx.MultiDiGraph:
    """The whole park as one NetworkX graph, built once per data version; not to be changed by who reads it."""

    return kept("graph", chain, language.lang(), lambda: build(chain_facts(chain)))


def firm_names(firms: Sequence[ChainFirm]) -> dict[int, str]:
    known = identity.organisations_by_id(f.organisation_id for f in firms if f.organisation_id)
    return {
        f.id: known[f.organisation_id].name if f.organisation_id in known else (f.name or f.code)
        for f in firms
    }


def read_facts(chain_id: int) -> facts.Chain:
    def rows(*columns: Any) -> Any:
        return db.session.execute(sa.select(*columns).where(columns[0].class_.chain_id == chain_id))

    segments = db.session.scalars(
        sa.select(Segment).where(Segment.chain_id == chain_id).order_by(Segment.id)
    ).all()
    code = {row.id: row.code for row in segments}
    used = sa.union(
        sa.select(Position.firm_id).where(Position.chain_id == chain_id),
        sa.select(SupplyLink.supplier_id).where(SupplyLink.chain_id == chain_id),
        sa.select(SupplyLink.customer_id).where(SupplyLink.chain_id == chain_id),
    ).subquery()
    firms = db.session.scalars(sa.select(ChainFirm).where(ChainFirm.id.in_(sa.select(used.c[0])))).all()
    names = firm_names(firms)
    firm = {row.id: row.code for row in firms}
    return facts.Chain(
        segments=tuple(facts.Segment(s.code, s.name_zh, s.name_en, s.stage) for s in segments),
        inputs=tuple(
            facts.Input(code[a], code[b], c)
            for a, b, c in rows(
                InputCoefficient.source_id, InputCoefficient.target_id, InputCoefficient.coefficient
            )
        ),
        positions=tuple(
            facts.Position(firm[f], names[f], code[s], o, p)
            for f, s, o, p in db.session.execute(
                sa.select(Position.firm_id, Position.segment_id, Position.output_wan, Position.in_park)
                .where(Position.chain_id == chain_id)
                .order_by(Position.id)
            )
        ),
        supplies=tuple(
            facts.Supply(firm[a], firm[b], code[s], v)
            for a, b, s, v in rows(
                SupplyLink.supplier_id, SupplyLink.customer_id, SupplyLink.segment_id, SupplyLink.value_wan
            )
        ),
        essentiality=tuple(
            facts.Essentiality(code[a], code[b], kind)
            for a, b, kind in rows(Essentiality.source_id, Essentiality.target_id, Essentiality.kind)
        ),
        other_names=tuple(sorted((row.code, names[row.id]) for row in firms)),
        reference=tuple(
            facts.Reference(region, code[s], o, year, source)
            for region, s, o, year, source in rows(
                SegmentReference.region,
                SegmentReference.segment_id,
                SegmentReference.output_wan,
                SegmentReference.year,
                SegmentReference.source,
            )
        ),
    )


def segment_keys(chain: IndustryChain) -> dict[str, str]:
    """Code to key of every segment of a chain: what other rooms call it."""
    query = sa.select(Segment.code, Segment.key).where(Segment.chain_id == chain.id)
    return kept("keys", chain, "", lambda: dict(db.session.execute(query).all()))


def segments_by_code(chain_id: int) -> dict[str, Segment]:
    return {s.code: s for s in db.session.scalars(sa.select(Segment).where(Segment.chain_id == chain_id))}


def get_segment(chain: IndustryChain, code: str) -> Segment:
    found = db.session.scalar(sa.select(Segment).where(Segment.chain_id == chain.id, Segment.code == code))
    if found is None:
        raise NotFound("chain_segment_not_found", code=code)
    return found


def segment_name(segment: Segment) -> str:
    return (
        (segment.name_en if language.lang() == "en" else segment.name_zh) or segment.name_zh or segment.code
    )


def firms_by_code(
    codes: Sequence[str], names: dict[str, str] | None = None, create: bool = False
) -> dict[str, ChainFirm]:
    """The firms of these codes; missing ones are made, linked to the organisation of the same code."""
    wanted = sorted(set(codes))
    found: dict[str, ChainFirm] = {}
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        found |= {f.code: f for f in db.session.scalars(sa.select(ChainFirm).where(ChainFirm.code.in_(part)))}
    if create and len(found) < len(wanted):
        make_firms(wanted, names or {})
        return firms_by_code(codes)
    return found


def make_firms(codes: Iterable[str], names: Mapping[str, str]) -> None:
    """Firms for those of these codes that have none yet, in one statement; inside a transaction."""
    there = set(db.session.scalars(sa.select(ChainFirm.code)))
    missing = sorted(set(codes) - there)
    if not missing:
        return
    known = identity.organisations_by_code(missing)
    taken = set(db.session.scalars(sa.select(ChainFirm.organisation_id)))
    rows = []
    for code in missing:
        organisation = known.get(code.upper())
        linked = organisation.id if organisation and organisation.id not in taken else None
        taken.add(linked)
        rows.append({"code": code, "name": names.get(code, ""), "organisation_id": linked})
    db.session.execute(sa.insert(ChainFirm), rows)


def own_firm(actor: identity.Actor) -> ChainFirm | None:
    """The chain's firm of the actor's organisation."""
    return db.session.scalar(sa.select(ChainFirm).where(ChainFirm.organisation_id == actor.organisation_id))


def get_firm(code: str) -> ChainFirm:
    found = db.session.scalar(sa.select(ChainFirm).where(ChainFirm.code == code))
    if found is None:
        raise NotFound("chain_firm_not_found", code=code)
    return found


def home_of(firm: ChainFirm) -> IndustryChain:
    """The first chain the firm stands on; the park's first where it stands on none."""
    query = (
        sa.select(IndustryChain)
        .join(Position, Position.chain_id == IndustryChain.id)
        .where(Position.firm_id == firm.id, IndustryChain.state == "live")
        .order_by(IndustryChain.id)
        .limit(1)
    )
    return db.session.scalar(query) or get_chain()


def may_see_firm(actor: identity.Actor, firm: ChainFirm) -> bool:
    """Capacity and supply links: the firm itself and staff; an auditor reads."""
    return actor.may(roles.SEES_CHAINS) or (
        firm.organisation_id is not None and firm.organisation_id == actor.organisation_id
    )
