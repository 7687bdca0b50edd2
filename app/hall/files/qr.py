"""QR codes as drawings; every picture of an address in the house is made here."""

from __future__ import annotations

import io


def drawing(text: str, scale: int = 4, border: int = 2) -> str:
    """An SVG to stand inside a page, or to be sent as a file: dark on white whatever the theme."""
    import segno

    out = io.BytesIO()
    segno.make(text, error="m").save(
        out,
        kind="svg",
        scale=scale,
        border=border,
        xmldecl=False,
        svgns=True,
        dark="#000",
        light="#fff",
        nl=False,
    )
    return out.getvalue().decode()
