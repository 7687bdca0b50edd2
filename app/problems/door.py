"""What other rooms may call of this room; nothing else of it may be called from outside."""

from __future__ import annotations

from app.problems.closing.service import confirm, reopen
from app.problems.reports.authors import Author, ReporterKeeper, register_reporter_keeper
from app.problems.reports.categories import CATEGORIES
from app.problems.reports.contributions import ProblemInfo, named_firms, open_problems_of, problems_by_id
from app.problems.reports.measured import (
    RATED,
    RESPONDED,
    Measured,
    at_risk,
    ids_of_department,
    is_problem,
    measured,
    measured_between,
    number_of,
)
from app.problems.reports.service import Registered, Report, register
from app.problems.reports.store import take as take_photo
from app.problems.words import CATEGORIES as CATEGORY_NAMES
from app.problems.work.service import reply

__all__ = [
    "CATEGORIES",
    "CATEGORY_NAMES",
    "RATED",
    "RESPONDED",
    "Author",
    "Measured",
    "ProblemInfo",
    "Registered",
    "Report",
    "ReporterKeeper",
    "at_risk",
    "confirm",
    "ids_of_department",
    "is_problem",
    "measured",
    "measured_between",
    "named_firms",
    "number_of",
    "open_problems_of",
    "problems_by_id",
    "register",
    "register_reporter_keeper",
    "reopen",
    "reply",
    "take_photo",
]
