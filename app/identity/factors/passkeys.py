"""Passkeys (WebAuthn): the browser is asked with a number drawn for this one time, and its answer is checked.

The number travels in the signed cookie and is taken out of it when it is used; it counts for a few minutes.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from urllib.parse import urlsplit

from flask import current_app, request, session

from app.hall import clock
from app.hall.errors import Invalid
from app.hall.park import identity
from app.identity.factors.models import SecondFactor

ASKED = "passkey_asked"
ASKED_SECONDS = 300
LARGEST_ANSWER = 20_000


@dataclass(frozen=True)
class Key:
    """A passkey as it is kept."""

    credential_id: str
    public_key: str
    count: int


def _site() -> tuple[str, str]:
    """Host name and origin that the browser sees; where the park has said its address, only that one counts."""
    site = current_app.config["SETTINGS"].site or request.host_url.rstrip("/")
    return urlsplit(site).hostname or "localhost", site


def _ask() -> bytes:
    number = secrets.token_urlsafe(32)
    session[ASKED] = [number, clock.now().timestamp()]
    return number.encode()


def _asked() -> bytes:
    number, at = session.pop(ASKED, None) or ("", 0.0)
    if not number or not 0 <= clock.now().timestamp() - float(at) <= ASKED_SECONDS:
        raise Invalid("passkey_refused")
    return str(number).encode()


def _library() -> ModuleType:
    """Half a second and thirty megabytes: loaded when the first passkey is asked for."""
    import webauthn

    return webauthn


def _kept(held: Sequence[SecondFactor]) -> list[object]:
    describe = _library().helpers.structs.PublicKeyCredentialDescriptor
    return [describe(id=_bytes(row.credential_id)) for row in held if row.credential_id]


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


@contextmanager
def _refused() -> Iterator[None]:
    """Another question, another site, a wrong signature or anything that is no answer: refused alike."""
    try:
        yield
    except (_library().helpers.exceptions.WebAuthnException, ValueError, KeyError, TypeError):
        raise Invalid("passkey_refused") from None


def options_to_add(member_id: int, login: str, name: str, held: Sequence[SecondFactor]) -> str:
    """What `navigator.credentials.create` is given, as JSON."""
    library = _library()
    options = library.generate_registration_options(
        rp_id=_site()[0],
        rp_name=identity().name,
        user_id=f"member-{member_id}".encode(),
        user_name=login,
        user_display_name=name,
        challenge=_ask(),
        exclude_credentials=_kept(held),
    )
    return str(library.options_to_json(options))


def options_to_use(held: Sequence[SecondFactor]) -> str:
    """What `navigator.credentials.get` is given, as JSON."""
    library = _library()
    options = library.generate_authentication_options(
        rp_id=_site()[0], challenge=_ask(), allow_credentials=_kept(held)
    )
    return str(library.options_to_json(options))


def check_added(answer: str) -> Key:
    """The passkey that the browser made, if it answers what was asked; else ``passkey_refused``."""
    host, origin = _site()
    challenge = _asked()
    with _refused():
        made = _library().verify_registration_response(
            credential=answer[:LARGEST_ANSWER],
            expected_challenge=challenge,
            expected_rp_id=host,
            expected_origin=origin,
        )
    return Key(_text(made.credential_id), _text(made.credential_public_key), made.sign_count)


def credential_of(answer: str) -> str:
    """Which passkey answers; empty where that cannot be read."""
    try:
        said = json.loads(answer[:LARGEST_ANSWER])
        return _text(_bytes(said["rawId"]))
    except (ValueError, KeyError, TypeError):
        return ""


def check_used(answer: str, key: Key) -> int:
    """The new count of signatures, if this passkey answers what was asked; else ``passkey_refused``."""
    host, origin = _site()
    challenge = _asked()
    with _refused():
        used = _library().verify_authentication_response(
            credential=answer[:LARGEST_ANSWER],
            expected_challenge=challenge,
            expected_rp_id=host,
            expected_origin=origin,
            credential_public_key=_bytes(key.public_key),
            credential_current_sign_count=key.count,
        )
    return int(used.new_sign_count)
