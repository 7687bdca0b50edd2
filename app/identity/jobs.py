"""What identity tidies up by the clock."""

from app.hall.api.idempotency import forget_old_keys
from app.hall.jobs import every, on_thinking
from app.hall.search.index import refresh
from app.hall.standstill import recorded
from app.identity.audit.trail import newest_event
from app.identity.leaving.service import batch_leaving, let_go
from app.identity.mail.service import MAIL, send_letter
from app.identity.privacy.erasure import go_on
from app.identity.privacy.retention import drop_old_logs
from app.identity.sessions.service import drop_ended_sessions
from app.identity.sessions.throttle import drop_old_failures


def refresh_names() -> None:
    """The names of all rooms, as they are now."""
    refresh()


every(minutes=60, unasked="who is signed out signs in again")(drop_ended_sessions)
every(minutes=60, unasked="failures only slow a login down, and are counted anew")(drop_old_failures)
every(minutes=60, batch=batch_leaving)(let_go)
every(minutes=60 * 24, unasked="what moves credits or a booking has a key of its own besides")(
    forget_old_keys
)
every(minutes=60 * 24, unasked="records of signing in, 5,000 a day, none younger than six months")(
    drop_old_logs
)
every(minutes=10, unasked="two people have agreed to it; what is gone once is not there a second time")(go_on)
every(minutes=5, unasked="reads what is there and writes it down again")(refresh_names)
on_thinking(MAIL)(send_letter)
recorded(newest_event)
