"""Settings: all of them come from the environment, all have a name and a default."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from app.errors import Invalid

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Settings:
    """What the operator decides; see docs/operations.md."""

    database_url: str
    secret_key: str
    redis_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    demo: bool = False
    instance: Path = ROOT / "instance"
    https: bool = False
    proxies: int = 0
    testing: bool = False

    @classmethod
    def from_environment(cls) -> Settings:
        env = os.environ
        instance = Path(env.get("PARKLINK_INSTANCE", ROOT / "instance"))
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
        )


def _whole(name: str, otherwise: int, most: int) -> int:
    value = os.environ.get(name, "") or str(otherwise)
    if not (value.isascii() and value.isdecimal() and int(value) <= most):
        raise Invalid("bad_setting", name=name)
    return int(value)


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
