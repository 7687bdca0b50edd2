"""Planning rounds: flexible wishes are gathered, planned by the optimiser, looked over, and published."""

from app.sharing.service.planning.editing import change, drop
from app.sharing.service.planning.extending import extend, new_wishes
from app.sharing.service.planning.publishing import discard, publish
from app.sharing.service.planning.rounds import (
    can_plan,
    fair_shares,
    get_round,
    list_rounds,
    open_round,
    restart_lost_rounds,
    stop,
    work_on,
)
from app.sharing.service.planning.wishes import (
    ask,
    get_wish,
    open_wishes,
    wishes_statement,
    withdraw,
)

__all__ = [
    "ask",
    "can_plan",
    "change",
    "discard",
    "drop",
    "extend",
    "fair_shares",
    "get_round",
    "get_wish",
    "list_rounds",
    "new_wishes",
    "open_round",
    "open_wishes",
    "publish",
    "restart_lost_rounds",
    "stop",
    "wishes_statement",
    "withdraw",
    "work_on",
]
