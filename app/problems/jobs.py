"""What the clockwork does for problems: warnings, the next department, silence, photographs nobody took up."""

from app.hall.jobs import every
from app.problems.reports.store import forget_unused
from app.problems.work.handlers import watch


def watch_problems() -> None:
    watch()


every(minutes=1, unasked="only tells; clocks are read from what was done")(watch_problems)
every(minutes=60, unasked="only photographs that were never handed in")(forget_unused)
