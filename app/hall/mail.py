"""Mail by SMTP: one message at a time, encrypted where the server offers it; without a server there is no mail."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

from app.hall.errors import Invalid
from app.hall.text.numbers import whole

SECONDS = 20
PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True)
class Server:
    """Where mail is handed in; `tls` is ``starttls``, ``implicit`` or ``none``."""

    host: str
    port: int
    user: str = ""
    password: str = ""
    tls: str = "starttls"


def read_server(url: str) -> Server | None:
    """The server of a URL such as ``smtp://user:password@mail.example:587``; None where none is set.

    ``smtps://`` speaks TLS from the first byte, ``smtp://`` asks for STARTTLS; ``?tls=none`` is for a relay on the same
    machine.

    >>> read_server("smtp://127.0.0.1:25?tls=none").tls, read_server("smtps://mail.example").port, read_server("")
    ('none', 465, None)
    """
    if not url:
        return None
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS[parts.scheme]
    except (ValueError, KeyError):
        raise Invalid("bad_setting", name="PARKLINK_SMTP_URL") from None
    tls = "implicit" if parts.scheme == "smtps" else parse_qs(parts.query).get("tls", ["starttls"])[0]
    if not parts.hostname or tls not in ("starttls", "implicit", "none") or whole(str(port), 65_535) is None:
        raise Invalid("bad_setting", name="PARKLINK_SMTP_URL")
    return Server(parts.hostname, port, unquote(parts.username or ""), unquote(parts.password or ""), tls)


def send(server: Server, message: EmailMessage) -> None:
    """Hand one message in; whatever the server says no to is raised, so that the outbox tries again."""
    context = ssl.create_default_context()
    if server.tls == "implicit":
        with smtplib.SMTP_SSL(server.host, server.port, timeout=SECONDS, context=context) as line:
            _hand_in(line, server, message)
        return
    with smtplib.SMTP(server.host, server.port, timeout=SECONDS) as line:
        if server.tls == "starttls":
            line.starttls(context=context)
        _hand_in(line, server, message)


def _hand_in(line: smtplib.SMTP, server: Server, message: EmailMessage) -> None:
    if server.user:
        line.login(server.user, server.password)
    line.send_message(message)
