"""Use cases of the identity room, and what the other rooms may ask it."""

from app.identity.service.actor import PARK_STAFF, SYSTEM, Actor
from app.identity.service.audit import audit
from app.identity.service.directory import (
    MemberInfo,
    OrganisationInfo,
    create_enterprise,
    find_organisation,
    get_enterprise,
    get_organisation,
    kind_label,
    list_organisations,
    members_of,
    organisation_of,
    organisations_by_code,
    organisations_by_id,
)
from app.identity.service.notifications import notify_member, notify_organisation, notify_role

__all__ = [
    "PARK_STAFF",
    "SYSTEM",
    "Actor",
    "MemberInfo",
    "OrganisationInfo",
    "audit",
    "create_enterprise",
    "find_organisation",
    "get_enterprise",
    "get_organisation",
    "kind_label",
    "list_organisations",
    "members_of",
    "notify_member",
    "notify_organisation",
    "notify_role",
    "organisation_of",
    "organisations_by_code",
    "organisations_by_id",
]
