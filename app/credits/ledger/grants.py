"""What a PostgreSQL role of the application may do to the ledger: insert wishes, and nothing else."""

from __future__ import annotations

import re

from app.hall.errors import Invalid

WRITTEN_BY_TRIGGER = ("entry", "lot", "lot_alloc")
APPEND_ONLY = ("transfer", "account", "seal", "period", "earn_rule", "proof")


def statements(role: str) -> list[str]:
    """To be run by the owner of the tables after the migration, over whatever was granted before.

    >>> statements("app")[-1]
    'GRANT UPDATE (frozen) ON account TO app'
    """
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", role):
        raise Invalid("unknown_field", field=role)
    ledger = ", ".join((*WRITTEN_BY_TRIGGER, *APPEND_ONLY))
    return [
        "ALTER FUNCTION ledger_post() SECURITY DEFINER SET search_path = public, pg_temp",
        f"REVOKE ALL ON {ledger} FROM {role}",
        f"GRANT SELECT ON {ledger} TO {role}",
        f"GRANT INSERT ON {', '.join(APPEND_ONLY)} TO {role}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
        f"GRANT UPDATE (frozen) ON account TO {role}",
    ]
