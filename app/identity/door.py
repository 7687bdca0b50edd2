"""What other rooms may call of this room; nothing else of it may be called from outside."""

from __future__ import annotations

from app.hall.text.normalise import escape_like
from app.identity import roles
from app.identity.actor import SYSTEM, Actor, OrganisationInfo
from app.identity.arrivals.answers import with_link
from app.identity.arrivals.finder import Elsewhere, register_elsewhere
from app.identity.arrivals.rules import NewOrganisation
from app.identity.arrivals.service import (
    FirstPerson,
    bring_in,
    has_members,
    invite_first,
    take_back,
    waiting_invitation,
)
from app.identity.audit.service import audit
from app.identity.audit.trail import events_about
from app.identity.calendar.notice import as_lines as day_lines
from app.identity.calendar.notice import read_calendar_file, read_notice
from app.identity.calendar.reading import read_calendar
from app.identity.calendar.rules import DEFAULT_HOURS, Calendar, DayRow, calendar_of, read_hours
from app.identity.calendar.seed import festival_en, named_rows, shipped_rows
from app.identity.departments import rules as departments
from app.identity.departments.service import (
    DepartmentInfo,
    departments_of,
    departments_seen_by,
    drop_work_days,
    list_departments,
    member_names,
    on_work_days,
    own_work_days,
    park_calendar,
    park_people,
    people_of,
    posts,
    set_work_days,
    staff_by_login,
    staff_names,
)
from app.identity.joining.pointers import Pointer
from app.identity.joining.repoint import Move, move_back
from app.identity.joining.repoint import move as move_rows
from app.identity.joining.service import hangs_on
from app.identity.joining.ties import FirstStep, Line, OpenThing, Ties, register_ties
from app.identity.mail.service import mail_member, mail_outsider, reaches_by_mail
from app.identity.members.codes import code_of
from app.identity.members.independence import require_second_person, stand_apart
from app.identity.members.links import secret_of
from app.identity.members.person import find_person, member_query, person_of
from app.identity.members.resets import ENDED as PASSWORD_REPLACED
from app.identity.members.service import get_member, members_by_id
from app.identity.notifications.service import notify_member, notify_organisation, notify_role
from app.identity.organisations.directory import (
    MemberInfo,
    active_organisations,
    create_enterprise,
    employed_since,
    enterprises_since,
    find_organisation,
    get_enterprise,
    get_organisation,
    industry_name,
    list_organisations,
    members_of,
    members_with_role,
    next_enterprise_code,
    organisation_of,
    organisations_by_code,
    organisations_by_id,
    park_itself,
)
from app.identity.organisations.founding import found_park
from app.identity.organisations.kinship import likenesses
from app.identity.organisations.meant import codes_by_id, organisation_codes
from app.identity.places.service import BuildingInfo, RoomInfo, list_buildings, list_rooms
from app.identity.places.texts import register_place_texts
from app.identity.privacy.service import check_not_withdrawn
from app.identity.privacy.words import PHOTOGRAPHS
from app.identity.sheets.views import take_upload as take_sheet
from app.identity.starter.service import Offer, Source, register_starter

__all__ = [
    "DEFAULT_HOURS",
    "PASSWORD_REPLACED",
    "PHOTOGRAPHS",
    "SYSTEM",
    "Actor",
    "BuildingInfo",
    "Calendar",
    "DayRow",
    "DepartmentInfo",
    "Elsewhere",
    "FirstPerson",
    "FirstStep",
    "Line",
    "MemberInfo",
    "Move",
    "NewOrganisation",
    "Offer",
    "OpenThing",
    "OrganisationInfo",
    "Pointer",
    "RoomInfo",
    "Source",
    "Ties",
    "active_organisations",
    "audit",
    "bring_in",
    "calendar_of",
    "check_not_withdrawn",
    "code_of",
    "codes_by_id",
    "create_enterprise",
    "day_lines",
    "departments",
    "departments_of",
    "departments_seen_by",
    "drop_work_days",
    "employed_since",
    "enterprises_since",
    "escape_like",
    "events_about",
    "festival_en",
    "find_organisation",
    "find_person",
    "found_park",
    "get_enterprise",
    "get_member",
    "get_organisation",
    "hangs_on",
    "has_members",
    "industry_name",
    "invite_first",
    "likenesses",
    "list_buildings",
    "list_departments",
    "list_organisations",
    "list_rooms",
    "mail_member",
    "mail_outsider",
    "member_names",
    "member_query",
    "members_by_id",
    "members_of",
    "members_with_role",
    "move_back",
    "move_rows",
    "named_rows",
    "next_enterprise_code",
    "notify_member",
    "notify_organisation",
    "notify_role",
    "on_work_days",
    "organisation_codes",
    "organisation_of",
    "organisations_by_code",
    "organisations_by_id",
    "own_work_days",
    "park_calendar",
    "park_itself",
    "park_people",
    "people_of",
    "person_of",
    "posts",
    "reaches_by_mail",
    "read_calendar",
    "read_calendar_file",
    "read_hours",
    "read_notice",
    "register_elsewhere",
    "register_place_texts",
    "register_starter",
    "register_ties",
    "require_second_person",
    "roles",
    "secret_of",
    "set_work_days",
    "shipped_rows",
    "staff_by_login",
    "staff_names",
    "stand_apart",
    "take_back",
    "take_sheet",
    "waiting_invitation",
    "with_link",
]
