"""Who makes it: free-text product search over firms, learnt from a catalogue of firms and their products.

Words: a *catalogue* says which firm makes which product; a *query* is a short free text; a *candidate* is a firm with
a score and a reason a person can check. Start reading at :mod:`app.chain.makers.index`.
"""

from app.chain.makers.facts import CatalogueRow, Enterprise
from app.chain.makers.index import Candidate, Index, build
from app.chain.makers.reasons import Evidence

__all__ = ["Candidate", "CatalogueRow", "Enterprise", "Evidence", "Index", "build"]
