"""Says the evidence of the makers search in the reader's language; the file command always writes Chinese."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

if TYPE_CHECKING:
    from app.chain.makers.rules import Candidate


REASONS = {
    "makes": _l("已有产品“%(product)s”"),
    "similar": _l("产品“%(product)s”与查询相近"),
    "shares": _l("产品“%(product)s”同含“%(part)s”"),
    "trade": _l("同行业（%(industry)s）的企业做“%(product)s”"),
    "company": _l(
        "做“…%(asked)s”的 %(makers)s 家企业中有 %(both)s 家也做“…%(other)s”，该企业做“%(product)s”"
    ),
    "name": _l("企业名称“%(name)s”含“%(part)s”"),
    "weak": _l("只有间接线索，请核实"),
    "none": _l("目录中没有相近的产品"),
}


def reason(candidate: Candidate) -> str:
    """The candidate's evidence as one sentence."""
    return _("；").join(str(REASONS[piece.kind]) % dict(piece.params) for piece in candidate.evidence)
