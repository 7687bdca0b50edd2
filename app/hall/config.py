"""Settings: all of them come from the environment, all have a name and a default."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import sqlalchemy as sa

from app.hall.errors import Invalid
from app.hall.mail import read_server
from app.hall.text.numbers import whole

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = Path(__file__).resolve().parents[1]


def beside(name: str) -> Path:
    """A folder of the repository; in an installed package it lies inside the package."""
    packed = PACKAGE / "_packed" / name
    return packed if packed.exists() else ROOT / name


# An installed package keeps nothing beside itself: the park lives in the folder one starts it in.
HOME = Path.cwd() if (PACKAGE / "_packed").exists() else ROOT


@dataclass(frozen=True)
class Settings:
    """What the operator decides; see docs/operations.md."""

    database_url: str
    secret_key: str
    redis_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = False
    instance: Path = HOME / "instance"
    https: bool = False
    proxies: int = 0
    hosts: tuple[str, ...] = ()
    demo_clock: Path | None = None
    smtp_url: str = ""
    mail_from: str = ""
    site: str = ""  # where links in mail lead: there is no request then that would say it
    second_factor: bool = False  # the park's people work only with one
    sealed: bool = False  # a secret key is set
    testing: bool = False

    @classmethod
    def from_environment(cls) -> Settings:
        env = os.environ
        instance = Path(env.get("PARKLINK_INSTANCE", HOME / "instance"))
        secret = env.get("PARKLINK_SECRET_KEY", "")
        port = _whole("PARKLINK_PORT", 8000, 65_535)
        proxies = _whole("PARKLINK_PROXIES", 0, 9)
        database_url = env.get("PARKLINK_DATABASE_URL") or f"sqlite:///{instance / 'parklink.db'}"
        try:
            sa.engine.make_url(database_url).get_dialect()
        except (sa.exc.ArgumentError, ImportError):
            raise Invalid("bad_setting", name="PARKLINK_DATABASE_URL") from None
        return cls(
            database_url=database_url,
            secret_key=secret or _demo_secret(instance),
            redis_url=env.get("PARKLINK_REDIS_URL", ""),
            host=env.get("PARKLINK_HOST", "127.0.0.1"),
            port=port,
            demo=env.get("PARKLINK_DEMO", "") == "1" or not secret,
            instance=instance,
            https=env.get("PARKLINK_HTTPS", "") == "1",
            proxies=proxies,
            hosts=tuple(filter(None, env.get("PARKLINK_HOSTS", "").replace(" ", "").split(","))),
            demo_clock=Path(env["PARKLINK_DEMO_CLOCK"]) if env.get("PARKLINK_DEMO_CLOCK") else None,
            sealed=bool(secret),
            smtp_url=env.get("PARKLINK_SMTP_URL", ""),
            mail_from=_sender(),
            site=_site(),
            second_factor=env.get("PARKLINK_SECOND_FACTOR", "") == "staff",
        )


def _site() -> str:
    """Who sends mail must know its own address: links in letters are made without a request."""
    site = os.environ.get("PARKLINK_SITE", "").rstrip("/")
    parts = urlsplit(site)
    mailing = read_server(os.environ.get("PARKLINK_SMTP_URL", "")) is not None
    if (mailing or site) and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise Invalid("bad_setting", name="PARKLINK_SITE")
    return site


def _sender() -> str:
    return os.environ.get("PARKLINK_MAIL_FROM", "") or f"parklink@{urlsplit(_site()).hostname or 'localhost'}"


def _whole(name: str, otherwise: int, most: int) -> int:
    value = os.environ.get(name, "") or str(otherwise)
    number = whole(value, most)
    if number is None:
        raise Invalid("bad_setting", name=name)
    return number


def _demo_secret(instance: Path) -> str:
    """Without PARKLINK_SECRET_KEY this is the demo: its key is made once and kept beside the database."""
    path = instance / "demo-secret"
    try:
        instance.mkdir(parents=True, exist_ok=True)
    except OSError:  # the file commands need no place to write to
        return secrets.token_hex(32)
    if not path.exists() and not os.access(instance, os.W_OK):
        return secrets.token_hex(32)
    if not path.exists():
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(32), "ascii")
        fresh.replace(path)
    return path.read_text("ascii").strip()
