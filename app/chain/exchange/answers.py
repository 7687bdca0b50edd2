"""Where a file that asked first leads: to the import that is to be confirmed, or back to the page of imports."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.chain.exchange import drafts
from app.chain.exchange.models import ImportBatch, ImportDraft
from app.chain.register import service as chains
from app.hall.web.answers import flash_ok


def to_preview(batch: ImportBatch) -> ResponseReturnValue:
    chain = chains.chain_with(batch.chain_id)
    return redirect(url_for("chain.import_batch", batch_id=batch.id, chain=chain.code), 303)


def given_up(draft: ImportDraft) -> ResponseReturnValue:
    """Nothing of the file stays."""
    drafts.drop(draft)
    flash_ok(_("已放弃这次导入，数据没有变化。"))
    return redirect(url_for("chain.import_page"), 303)
