"""Letters to members: left in the outbox with what they tell about, sent after the commit, tried again on failure."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _

from app.hall import mail
from app.hall.db.base import db
from app.hall.jobs import emit
from app.hall.park import identity
from app.hall.text import language
from app.identity.mail.addresses import is_address
from app.identity.mail.letters import Part, letter
from app.identity.members.codes import code_of
from app.identity.members.models import Member
from app.identity.privacy.service import has_withdrawn
from app.identity.privacy.words import MESSAGES

MAIL = "identity.mail"
# About the account itself: sent whatever somebody thinks of messages.
NEEDED = {
    "reset_letter",
    "reset_asked",
    "reset_confirmed",
    "password_replaced",
    "factor_loss_asked",
    "factor_loss_confirmed",
}


def mail_works() -> bool:
    """Whether this park can send mail at all."""
    return bool(current_app.config["SETTINGS"].smtp_url)


def can_mail(member: Member) -> bool:
    return mail_works() and "@" in member.email


def reaches_by_mail(member_id: int) -> bool:
    """Whether a letter for this member would go out."""
    return can_mail(db.session.get_one(Member, member_id)) and not has_withdrawn(member_id, MESSAGES)


def mail_member(member_id: int, code: str, url: str = "", **params: Any) -> bool:
    """Leave a letter with the sentence `code` for a member; answers whether one will go out. Inside a transaction."""
    member = db.session.get_one(Member, member_id)
    if not can_mail(member) or (code not in NEEDED and has_withdrawn(member_id, MESSAGES)):
        return False
    payload = {
        "member_id": member_id,
        "code": code,
        "url": url,
        "params": params,
        "key": secrets.token_hex(12),
    }
    emit(MAIL, payload)
    return True


def mail_outsider(address: str, code: str, url: str, salt: str, **params: Any) -> bool:
    """Leave a letter for somebody without an account; its link ends with the code of `salt`. Inside a transaction."""
    if not mail_works() or not is_address(address.strip()):
        return False
    payload = {"address": address.strip(), "code": code, "url": url, "params": {**params, "salt": salt}}
    emit(MAIL, payload | {"key": secrets.token_hex(12)})
    return True


@dataclass(frozen=True)
class Reader:
    """Who a letter goes to."""

    email: str
    name: str = ""
    language: str = ""


def _reader(payload: dict[str, Any]) -> Reader | None:
    if "address" in payload:
        return Reader(payload["address"])
    member = db.session.scalar(sa.select(Member).where(Member.id == payload["member_id"]))
    if member is None or member.status != "active" or "@" not in member.email:
        return None
    return Reader(member.email, member.name, member.language)


def send_letter(payload: dict[str, Any]) -> Callable[[], None]:
    """Hand the letter to the server; no lock is held meanwhile. The key makes a letter sent twice recognisable."""
    settings = current_app.config["SETTINGS"]
    server = mail.read_server(settings.smtp_url)
    reader = _reader(payload)
    if server is None or reader is None:
        return lambda: None
    url = _address(payload)
    parts = [_part(reader, lang, payload) for lang in _languages(reader)]
    domain = settings.mail_from.rpartition("@")[2].strip("> ")
    number = f"<{payload['key']}@{domain}>"
    with force_locale(_languages(reader)[0]):
        park = identity()
    name = park.name if park.own else "ParkLink 园链"
    mail.send(server, letter(settings.mail_from, reader.email, number, parts, url, name))
    return lambda: None


def _languages(reader: Reader) -> tuple[str, ...]:
    return ("en", "zh") if reader.language == "en" else ("zh", "en")


def _address(payload: dict[str, Any]) -> str:
    """Where the letter leads; a reset link is made now and stands nowhere but in the letter."""
    path = str(payload["url"])
    if "salt" in payload["params"]:
        path += code_of(str(payload["params"]["salt"]))
    return current_app.config["SETTINGS"].site + path if path else ""


def _foot() -> str:
    park = identity()
    said = _("这封邮件由园链自动发送，请勿回复。")
    return " · ".join(filter(None, [said, park.name if park.own else "", park.contact, park.footer]))


def _part(reader: Reader, lang: str, payload: dict[str, Any]) -> Part:
    with force_locale(lang):
        return Part(
            "zh-CN" if lang == "zh" else "en",
            _("%(name)s，您好：", name=reader.name) if reader.name else _("您好："),
            language.message(payload["code"], payload["params"]),
            _("打开园链"),
            _foot(),
        )
