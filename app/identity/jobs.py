"""What identity tidies up by the clock."""

from app.api import forget_old_keys
from app.identity.service.sessions import drop_ended_sessions
from app.jobs import every

every(minutes=60)(drop_ended_sessions)
every(minutes=60 * 24)(forget_old_keys)
