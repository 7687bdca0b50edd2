"""What the clockwork does for problems: warnings, the next department, silence, photographs nobody took up."""

from app.hall.jobs import every
from app.problems.reports.store import forget_unused
from app.problems.work.handlers import watch


def watch_problems() -> None:
    watch()


every(minutes=1)(watch_problems)
every(minutes=60)(forget_unused)
