"""The investment report as files."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from app.chain.exchange.views import XLSX
from app.chain.pages import bp, chosen_chain
from app.chain.report.pdf import pdf
from app.chain.report.sheet import workbook
from app.hall import clock
from app.hall.errors import NotFound
from app.hall.web.answers import download
from app.hall.web.guards import only
from app.identity.door import roles


@bp.get("/report.<kind>")
@only(roles.SEES_CHAINS)
def report(kind: str) -> ResponseReturnValue:
    chain = chosen_chain()
    name = f"investment-report-{chain.code}-{clock.today():%Y%m%d}"
    if kind == "xlsx":
        return download(workbook(chain), f"{name}.xlsx", XLSX)
    if kind == "pdf":
        return download(pdf(chain), f"{name}.pdf", "application/pdf")
    raise NotFound("chain_not_found", code=kind)
