"""What a mail address looks like: for the post, and for a cell of a sheet."""

from __future__ import annotations

import re

from app.hall.files.cells import BadCell, shown

_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}")


def is_address(text: str) -> bool:
    """
    >>> is_address("name@firm.example"), is_address("name at firm")
    (True, False)
    """
    return _ADDRESS.fullmatch(text) is not None


def read_address(text: str) -> str:
    """The address of a cell, or what is wrong with it."""
    if not is_address(text):
        raise BadCell("firms_no_email", value=shown(text))
    return text
