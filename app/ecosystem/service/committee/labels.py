"""Kinds of firm with a known size (专精特新 …), so that the agenda can say "six of eight"."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import sqlalchemy as sa

from app.db import db, transaction
from app.ecosystem.models import FirmLabel
from app.ecosystem.service.committee.seats import must_run
from app.errors import Invalid
from app.identity import service as identity

if TYPE_CHECKING:
    from app.identity.service import Actor


def labels() -> dict[str, frozenset[int]]:
    """Return the firms of each kind."""
    found: dict[str, set[int]] = {}
    rows = db.session.execute(
        sa.select(FirmLabel.label, FirmLabel.organisation_id).order_by(
            FirmLabel.label, FirmLabel.organisation_id
        )
    )
    for label, organisation_id in rows:
        found.setdefault(label, set()).add(organisation_id)
    return {label: frozenset(ids) for label, ids in found.items()}


def set_label(actor: Actor, label: str, organisation_ids: Collection[int]) -> None:
    """Say which firms are of a kind; without a firm the kind is gone."""
    must_run(actor)
    label = label.strip()[:30]
    if not label:
        raise Invalid("ecosystem_note_missing")
    with transaction() as session:
        for id_ in organisation_ids:
            if identity.get_organisation(id_).kind != "enterprise":
                raise Invalid("label_needs_firms")
        session.execute(sa.delete(FirmLabel).where(FirmLabel.label == label))
        session.add_all(FirmLabel(organisation_id=id_, label=label) for id_ in sorted(set(organisation_ids)))
        session.flush()
        identity.audit(
            actor, "firm_label.set", "firm_label", 0, label=label, firms=len(set(organisation_ids))
        )
