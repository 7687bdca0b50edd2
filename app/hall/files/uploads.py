"""Uploaded files: judged by their content, named by us, stored whole outside the web root, shown but never run."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path
from typing import Any

from flask import make_response, request

from app.hall.errors import Conflict

MEGABYTE = 1024 * 1024


def sniff(data: bytes) -> tuple[str, str] | None:
    """Media type and extension by what the file is, whatever it is called; None for what nobody may upload.

    >>> sniff(b"%PDF-1.7 ..."), sniff(b"<svg onload=...>")
    (('application/pdf', 'pdf'), None)
    """
    if data.startswith(b"%PDF-"):
        return "application/pdf", "pdf"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png", "png"
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg", "jpg"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp", "webp"
    return None


def clean_name(name: str, extension: str) -> str:
    """A name to show: no folders, no control characters, and the extension of what the file is.

    >>> clean_name("../../etc/passwd", "pdf"), clean_name("手册 v2.html", "pdf"), clean_name("", "png")
    ('passwd.pdf', '手册 v2.pdf', 'file.png')
    """
    stem = re.sub(r"[^\w\- ().（）]", "_", Path(name.replace("\\", "/")[-400:]).stem).strip(" .")[:80]
    return f"{stem or 'file'}.{extension}"


def store(path: Path, data: bytes) -> None:
    """Whole or not at all: written beside and moved into place. The name is the caller's, never typed by anybody."""
    fresh = path.with_suffix(f".{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with fresh.open("xb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise Conflict("disk_full") from error


def shown(data: bytes, media_type: str, name: str, digest: str) -> Any:
    """The bytes as they were uploaded: a browser may show a picture of them, and runs nothing."""
    answer = make_response(data)
    answer.headers["Content-Type"] = media_type
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'"
    )
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    answer.headers["Cache-Control"] = "private, no-cache"
    kind = "inline" if media_type.startswith("image/") else "attachment"
    answer.headers.set("Content-Disposition", kind, filename=name)
    answer.set_etag(digest)
    return answer.make_conditional(request)
