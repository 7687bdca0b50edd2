"""The audit of files: what lies under a digest has that digest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from flask import current_app

Report = Callable[[str, str, str], None]

# Where a row's file lies below the instance, and what it is called in a finding.
_FILES = (
    ("evidence", "SELECT 'evidence_file ' || id, sha256 FROM evidence_file"),
    ("reward-pictures", "SELECT 'picture of reward ' || code, picture FROM reward WHERE picture IS NOT NULL"),
)


def check_files(connection: sa.Connection, report: Report) -> None:
    """Read every file that a row names by its digest; the same content is read once."""
    for folder, query in _FILES:
        known: dict[str, str] = {}
        for subject, digest in connection.execute(sa.text(query)):
            if digest not in known:
                known[digest] = _fault(Path(current_app.instance_path) / folder, digest)
            if known[digest]:
                report("files", subject, known[digest])


def _fault(folder: Path, digest: str) -> str:
    path = folder / digest[:2] / digest
    if not path.is_file():
        return "its file is missing"
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    return "" if found == digest else "its file is another one now"
