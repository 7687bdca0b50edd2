"""The sharing room's API: section 4 of the contract, and a little more; put together here."""

from __future__ import annotations

from app.sharing import api_bookings, api_lending, api_park, api_resources, api_upkeep
from app.sharing.api_blueprint import api
from app.sharing.api_bodies import Id

__all__ = ["Id", "api", "api_bookings", "api_lending", "api_park", "api_resources", "api_upkeep"]
