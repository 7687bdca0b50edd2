"""ParkLink 园链: puts the house together; the rooms are found by their `room.py`."""

from __future__ import annotations

import importlib

import click
from flask import Flask, request
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from app.hall import cli, clock, jobs, limits, logs, ops
from app.hall import park as park_identity
from app.hall.api import reading
from app.hall.api.blueprint import check_guard
from app.hall.config import Settings
from app.hall.db import engine
from app.hall.db.base import db
from app.hall.db.facts import TRIAL, facts_of
from app.hall.errors import Invalid
from app.hall.files import words
from app.hall.files.sheets import words as sheet_words
from app.hall.rooms import Room, load_rooms
from app.hall.text import language
from app.hall.web import failures, pages, static_files
from app.hall.web.compression import Compressed
from app.hall.web.guards import is_api
from app.hall.web.offline import views as offline
from app.hall.web.offline.words import MESSAGES as OFFLINE_MESSAGES
from app.hall.web.request import ParkRequest


def application() -> Flask:
    """The application of the environment; a setting that cannot be used ends the program with one line."""
    try:
        return create_app()
    except Invalid as refusal:
        name = refusal.params.get("name", refusal.code)
        click.echo(f"ParkLink: 环境变量 {name} 的值无效 / the value of {name} cannot be used", err=True)
        raise SystemExit(2) from None


def create_app(settings: Settings | None = None) -> Flask:
    """The application for these settings (by default those of the environment)."""
    from flask_openapi import Info, OpenAPI

    settings = settings or Settings.from_environment()
    app = OpenAPI(
        __name__,
        info=Info(title="ParkLink 园链", version="1"),
        security_schemes={"bearer": {"type": "http", "scheme": "bearer"}},
        doc_ui=False,
        static_url_path=static_files.address(),
        validation_error_callback=failures.validation_problem,
        instance_path=str(settings.instance),
    )
    app.openapi_version = "3.1.0"  # client generators refuse its own choice, 3.2
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        MAX_CONTENT_LENGTH=limits.LARGEST_UPLOAD,
        MAX_FORM_MEMORY_SIZE=limits.LARGEST_FORM,
        SESSION_COOKIE_NAME="parklink",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.https,
        TRUSTED_HOSTS=list(settings.hosts) or None,
        TESTING=settings.testing,
        WTF_CSRF_ENABLED=not settings.testing,  # tests/test_security.py switches it on
        RATELIMIT_ENABLED=not settings.testing,
    )
    static_files.init_app(app)
    app.wsgi_app = Compressed(app.wsgi_app)  # type: ignore[method-assign]
    # Who asks stands in what the nearest proxies added, and in nothing that came before them.
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.proxies, settings.proxies)  # type: ignore[method-assign]
    app.json = reading.Json(app)
    app.request_class = ParkRequest
    logs.init_app(app)
    language.init_app(app)
    language.add_messages(words.SHEETS | sheet_words.MESSAGES)
    language.add_messages(OFFLINE_MESSAGES)
    engine.init_app(app)
    pages.init_app(app)
    found = load_rooms()  # before the first connection, which gets the functions that rooms register for it
    app.extensions["parklink_trial"] = _trial(app)
    failures.init_app(app)
    jobs.init_app(app)
    ops.init_app(app)
    offline.init_app(app)
    importlib.import_module("app.identity.sessions.service").init_app(app)
    app.extensions["parklink_rooms"] = [_add_room(app, room) for room in found]
    app.before_request(lambda: check_guard() if is_api() and request.endpoint else None)
    app.cli.add_command(cli.park)
    app.cli.add_command(cli.Migrations("db", callback=cli.use_migrations, help="Migrate the database."))
    app.cli.add_command(cli.demo)
    app.cli.add_command(cli.jobs_group)
    for room in app.extensions["parklink_rooms"]:
        if room.on_start:
            room.on_start()
    return app


def _trial(app: Flask) -> bool:
    """Whether this park was founded on trial; lets the demo clock move time where that is allowed."""
    settings: Settings = app.config["SETTINGS"]
    with app.app_context():
        try:
            facts = facts_of(db.engine)
        except DBAPIError:  # no database yet, or none that can be reached: the commands say so themselves
            facts = {}
    trial = facts.get(TRIAL) == "yes"
    if settings.demo_clock and settings.sealed and not trial:
        with app.app_context():
            db.engine.dispose()
        raise Invalid("bad_setting", name="PARKLINK_DEMO_CLOCK")
    clock.read_shift_from(settings.demo_clock)
    with app.app_context():
        park_identity.remember(park_identity.read_kept(facts.get(park_identity.FACT)))
    return trial


def _add_room(app: Flask, room: Room) -> Room:
    language.add_messages(room.messages)
    for blueprint in room.blueprints:
        app.register_blueprint(blueprint)
    for blueprint in room.apis:
        app.register_api(blueprint)  # type: ignore[attr-defined]
    for command in room.cli:
        app.cli.add_command(command)
    if room.jobs_module:
        importlib.import_module(room.jobs_module)
    return room
