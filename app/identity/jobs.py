"""What identity tidies up by the clock."""

from app.hall.api.idempotency import forget_old_keys
from app.hall.jobs import every, on_thinking
from app.hall.search.index import refresh
from app.hall.standstill import recorded
from app.identity.audit.trail import newest_event
from app.identity.leaving.service import let_go
from app.identity.mail.service import MAIL, send_letter
from app.identity.privacy.retention import drop_old_logs
from app.identity.sessions.service import drop_ended_sessions
from app.identity.sessions.throttle import drop_old_failures


def refresh_names() -> None:
    """The names of all rooms, as they are now."""
    refresh()


every(minutes=60)(drop_ended_sessions)
every(minutes=60)(drop_old_failures)
every(minutes=60)(let_go)
every(minutes=60 * 24)(forget_old_keys)
every(minutes=60 * 24)(drop_old_logs)
every(minutes=5)(refresh_names)
on_thinking(MAIL)(send_letter)
recorded(newest_event)
