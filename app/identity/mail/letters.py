"""What a letter looks like: text and HTML, the member's language first, the other one below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from html import escape


@dataclass(frozen=True)
class Part:
    """One language of a letter."""

    lang: str
    greeting: str
    sentence: str
    link: str  # the words on the link
    footer: str


def letter(
    sender: str, to: str, message_id: str, parts: Sequence[Part], url: str, park: str = "ParkLink 园链"
) -> EmailMessage:
    """The message with both languages, as plain text and as HTML.

    >>> part = Part("en", "Dear Lu,", "A slot is free.", "Open", "ParkLink")
    >>> found = letter("park@x.example", "lu@x.example", "<1@x.example>", [part], "https://x.example/a")
    >>> found["Subject"], found.get_body(("plain",)).get_content().splitlines()[2]
    ('ParkLink 园链: A slot is free.', 'A slot is free.')
    """
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    message["Subject"] = _one_line(f"{park}: {parts[0].sentence}")
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n\n----\n\n".join(_text(part, url) for part in parts))
    message.add_alternative(_html(parts, url), subtype="html")
    return message


def _one_line(text: str, longest: int = 120) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= longest else plain[: longest - 1] + "…"


def _text(part: Part, url: str) -> str:
    lines = [part.greeting, "", part.sentence, *(["", f"{part.link}: {url}"] if url else []), "", part.footer]
    return "\n".join(lines)


def _html(parts: Sequence[Part], url: str) -> str:
    link = escape(url, quote=True)
    blocks = []
    for part in parts:
        button = f'<p><a href="{link}">{escape(part.link)}</a></p>' if url else ""
        blocks.append(
            f'<div lang="{part.lang}"><p>{escape(part.greeting)}</p><p>{escape(part.sentence)}</p>{button}'
            f'<p style="color:#666">{escape(part.footer)}</p></div>'
        )
    return (
        f'<!doctype html><html><head><meta charset="utf-8"></head><body>{"<hr>".join(blocks)}</body></html>'
    )
