"""ParkLink 园链: the only module that knows every room and puts the house together."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

import click
from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix

from app import api, cli, db, failures, jobs, language, logs, ops, web
from app.config import Settings
from app.errors import Invalid

if TYPE_CHECKING:
    from app.rooms import Room

ROOM_NAMES = ("identity", "credits", "chain", "sharing", "ecosystem")
MAX_UPLOAD = 20 * 1024 * 1024


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
    from flask_openapi3 import Info, OpenAPI

    settings = settings or Settings.from_environment()
    app = OpenAPI(
        __name__,
        info=Info(title="ParkLink 园链", version="1"),
        security_schemes={"bearer": {"type": "http", "scheme": "bearer"}},
        doc_ui=False,
        validation_error_callback=failures.validation_problem,
        instance_path=str(settings.instance),
    )
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        MAX_CONTENT_LENGTH=MAX_UPLOAD,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        SESSION_COOKIE_NAME="parklink",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.https,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.https,
        TESTING=settings.testing,
        WTF_CSRF_ENABLED=not settings.testing,  # tests/test_security.py switches it on
        RATELIMIT_ENABLED=not settings.testing,
    )
    # Who asks stands in what the nearest proxies added, and in nothing that came before them.
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, settings.proxies, settings.proxies)  # type: ignore[method-assign]
    app.json = api.Json(app)
    logs.init_app(app)
    language.init_app(app)
    db.init_app(app)
    web.init_app(app)
    failures.init_app(app)
    jobs.init_app(app)
    ops.init_app(app)
    importlib.import_module("app.identity.service.sessions").init_app(app)
    app.extensions["parklink_rooms"] = [_add_room(app, name) for name in ROOM_NAMES]
    app.before_request(lambda: api.check_guard() if web.is_api() and request.endpoint else None)
    app.cli.add_command(cli.park)
    app.cli.add_command(cli.Migrations("db", callback=cli.use_migrations, help="Migrate the database."))
    app.cli.add_command(cli.demo)
    app.cli.add_command(cli.jobs_group)
    for room in app.extensions["parklink_rooms"]:
        if room.on_start:
            room.on_start()
    return app


def _add_room(app: Flask, name: str) -> Room:
    room: Room = importlib.import_module(f"app.{name}.room").ROOM
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
