"""Each state of a firm's ties: its word and its tone."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.chain.stickiness.rules import FALLING, HOLDING, NONE, UNKNOWN

STATES = {
    NONE: (_l("没有确认的联系"), "bad"),
    FALLING: (_l("联系在减少"), "warn"),
    UNKNOWN: (_l("未上链，未知"), ""),
    HOLDING: (_l("联系稳定"), "ok"),
}
