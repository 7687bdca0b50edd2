"""The fictional park's instruments, patents and people, with four weeks of bookings around today."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from app.hall import clock
from app.hall.db.base import db
from app.hall.db.transaction import transaction
from app.identity import door as identity
from app.identity.door import SYSTEM, Actor, roles
from app.sharing.bookings.models import RefusedDemand, WaitlistEntry
from app.sharing.calendar.rules import opening_hours
from app.sharing.catalogue import service as catalogue
from app.sharing.catalogue.models import Resource
from app.sharing.demo_bookings import monday, story_of_the_spectrometer, weeks_of_bookings
from app.sharing.lending import licences, placements
from app.sharing.planning.models import SlotRequest
from app.sharing.qualifications.models import MemberQualification, Qualification

DATA = Path(__file__).with_name("demo.json")


def load() -> None:
    """Everything of this room; the organisations and members are there already."""
    story = json.loads(DATA.read_text("utf-8"))
    with transaction():
        cast = _cast()
        skills = _qualifications(story)
        resources = _equipment(story, cast, skills)
        _patents_and_people(story, cast)
        _grant_qualifications(cast, skills)
        story_of_the_spectrometer(resources["spectrometer"], cast, clock.start_of_day(monday()))
        weeks_of_bookings(story, resources, cast)
        _waiting_and_refused(story, resources, cast)
    with transaction():
        _lending(story, cast)
        _flexible_requests(story, resources, cast)


def _cast() -> dict[str, Actor]:
    """One acting member per organisation, by its code."""
    found = {}
    organisations = identity.list_organisations(per_page=100)
    for organisation in organisations.items:
        members = identity.members_of(organisation.id)
        admins = [m for m in members if m.roles & roles.LEADS_AN_OWNER]
        if members:
            member = (admins or members)[0]
            found[organisation.code] = Actor(member.id, organisation.id, member.name, member.roles)
    return found


def _qualifications(story: dict[str, Any]) -> dict[str, int]:
    ids = {}
    for code, name in story["qualifications"].items():
        row = Qualification(code=code, name=name)
        db.session.add(row)
        db.session.flush()
        ids[code] = row.id
    return ids


def _equipment(story: dict[str, Any], cast: dict[str, Actor], skills: dict[str, int]) -> dict[str, Resource]:
    found = {}
    for item in story["equipment"]:
        owner = cast[item["owner"]]
        opening = [
            opening_hours(day, opens, closes)
            for days, opens, closes in item.get("opening", story["opening"])
            for day in days
        ]
        row = catalogue.list_resource(
            SYSTEM,
            "equipment",
            item["name"],
            owner_id=owner.organisation_id,
            opening=opening,
            units=item.get("units", ["1"]),
            rates=[
                catalogue.NewRate(
                    r["price"] * 100,
                    r.get("group"),
                    tuple(r.get("weekdays", ())),
                    r.get("opens", 0),
                    r.get("closes", 1440),
                )
                for r in item.get("rates", [])
            ],
            qualification_id=skills[item["needs"]] if "needs" in item else None,
            price_fen_per_hour=item["price"] * 100,
            value_fen=item["value"] * 100 if "value" in item else None,
            model=item["model"],
            category=item["category"],
            building=item["building"],
            place=item["place"],
            icon=item.get("icon", ""),
            description=item.get("description", ""),
            accessories=item.get("accessories", ""),
            specifications=item.get("specifications", {}),
            approval=item.get("approval", "automatic"),
            step_minutes=item.get("step", 30),
            min_minutes=item.get("min", 60),
            max_minutes=item.get("max", 480),
            buffer_minutes=item.get("buffer", 0),
            billing=item.get("billing", "booked"),
            late_cancel_ratio=item.get("late", 0.5),
            open_on_holidays=item.get("open_on_holidays", False),
            quota_minutes_per_week=item.get("quota"),
        )
        found[item["key"]] = row
    return found


def _patents_and_people(story: dict[str, Any], cast: dict[str, Actor]) -> None:
    for item in story["patents"]:
        catalogue.list_resource(
            SYSTEM,
            "patent",
            item["name"],
            owner_id=cast[item["owner"]].organisation_id,
            category=item["category"],
            description=item["description"],
            patent=catalogue.NewPatent(
                item["number"],
                item["fee"] * 100,
                item["basis"],
                clock.today() + dt.timedelta(days=365 * item["years_left"]),
                item.get("exclusive", False),
            ),
        )
    for item in story["talents"]:
        catalogue.list_resource(
            SYSTEM,
            "talent",
            item["name"],
            owner_id=cast[item["owner"]].organisation_id,
            category=item["category"],
            description=item["description"],
            talent=catalogue.NewTalent(
                item["person"], "", tuple(item["skills"]), item["years"], item["days"], item["fee"] * 100
            ),
        )


def _grant_qualifications(cast: dict[str, Actor], skills: dict[str, int]) -> None:
    """Every second firm's administrator has been trained, some until soon."""
    now = clock.now()
    for number, code in enumerate(sorted(cast)):
        for offset, qualification_id in enumerate(skills.values()):
            if (number + offset) % 2 == 0:
                expires = clock.today() + dt.timedelta(days=30 + 60 * (number % 8))
                db.session.add(
                    MemberQualification(
                        qualification_id=qualification_id,
                        member_id=cast[code].member_id,
                        expires_on=expires,
                        granted_at=now,
                    )
                )


def _waiting_and_refused(
    story: dict[str, Any], resources: dict[str, Resource], cast: dict[str, Actor]
) -> None:
    now = clock.now()
    for number, item in enumerate(story["waiting"]):
        day = clock.today() + dt.timedelta(days=item["in_days"])
        actor = cast[item["firm"]]
        db.session.add(
            WaitlistEntry(
                resource_id=resources[item["resource"]].id,
                organisation_id=actor.organisation_id,
                member_id=actor.member_id,
                start_at=clock.at(day, 9),
                end_at=clock.at(day, 17),
                minutes=item["hours"] * 60,
                purpose=item["purpose"],
                state="waiting",
                created_at=now - dt.timedelta(hours=30 - number),
            )
        )
    for number, item in enumerate(story["refused"]):
        resource = resources[item["resource"]]
        for repeat in range(item["times"]):
            actor = cast[item["firms"][repeat % len(item["firms"])]]
            day = clock.today() - dt.timedelta(days=2 + 3 * repeat + number)
            db.session.add(
                RefusedDemand(
                    resource_id=resource.id,
                    organisation_id=actor.organisation_id,
                    member_id=actor.member_id,
                    kind=resource.kind,
                    category=resource.category,
                    start_at=clock.at(day, 10),
                    end_at=clock.at(day, 10 + item["hours"]),
                    codes=item["codes"],
                    refused_at=clock.at(day - dt.timedelta(days=1), 15),
                )
            )


def _lending(story: dict[str, Any], cast: dict[str, Actor]) -> None:
    by_name = {r.name: r for r in db.session.scalars(sa.select(Resource).where(Resource.kind != "equipment"))}
    for item in story["licences"]:
        resource = by_name[item["patent"]]
        owner = next(a for a in cast.values() if a.organisation_id == resource.owner_id)
        row = licences.request_licence(cast[item["firm"]], resource.id, item["months"], item["purpose"])
        if item["granted"]:
            licences.decide(owner, row.id, True)
            # It began a while ago; its credits are earned today, because past months are closed.
            past = dt.timedelta(days=item["days_ago"])
            if row.starts_on is not None and row.ends_on is not None:
                row.starts_on, row.ends_on = row.starts_on - past, row.ends_on - past
        if item.get("withdrawn"):
            catalogue.take_down(owner, resource.id, "转为自用")
    for item in story["placements"]:
        resource = by_name[item["talent"]]
        owner = next(a for a in cast.values() if a.organisation_id == resource.owner_id)
        starts = clock.today() + dt.timedelta(days=item["in_days"])
        asked = placements.request_placement(
            cast[item["firm"]],
            resource.id,
            starts,
            starts + dt.timedelta(days=item["span"]),
            item["days"],
            item["purpose"],
        )
        if item["consented"]:
            placements.answer(placements.consent_link(owner, asked.id), True)


def _flexible_requests(story: dict[str, Any], resources: dict[str, Resource], cast: dict[str, Actor]) -> None:
    """Story 7: five flexible wishes for one cytometer, next working day but one."""
    day = clock.today() + dt.timedelta(days=2)
    while day.weekday() >= 5:
        day += dt.timedelta(days=1)
    cytometer = resources["cytometer"]
    for item in story["flexible"]:
        actor = cast[item["firm"]]
        db.session.add(
            SlotRequest(
                organisation_id=actor.organisation_id,
                member_id=actor.member_id,
                resources=[cytometer.id],
                windows=[
                    [clock.at(day, item["earliest"]).isoformat(), clock.at(day, item["latest"]).isoformat()]
                ],
                duration_minutes=item["hours"] * 60,
                preferred_at=clock.at(day, item["preferred"]),
                priority=3,
                purpose=item["purpose"],
                state="open",
                created_at=clock.now(),
            )
        )
