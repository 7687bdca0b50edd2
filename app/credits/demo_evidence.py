"""A drawn specimen certificate for the demo park: something to look at beside a claim."""

from __future__ import annotations

import functools
import io
from pathlib import Path

FONT = Path(__file__).resolve().parent.parent / "static" / "fonts" / "NotoSansSC-Regular.ttf"


@functools.cache
def _font(size: int) -> object:
    from PIL import ImageFont

    return ImageFont.truetype(str(FONT), size)


def specimen(number: str) -> bytes:
    """A PNG that says what it is: a fictional certificate with this number."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (640, 420), "#fbfaf4")
    draw = ImageDraw.Draw(image)
    draw.rectangle((14, 14, 625, 405), outline="#2456e6", width=3)
    draw.rectangle((22, 22, 617, 397), outline="#9db8ff", width=1)
    for top, size, text, ink in (
        (60, 34, "证明材料（样张）", "#18212f"),
        (120, 18, "虚构演示数据 · 无任何法律效力", "#945000"),
        (200, 28, number, "#2456e6"),
        (300, 18, "瀛洲生态产业园（虚构）", "#4a566a"),
    ):
        font = _font(size)
        width = draw.textlength(text, font=font)  # type: ignore[arg-type]
        draw.text(((640 - width) / 2, top), text, font=font, fill=ink)  # type: ignore[arg-type]
    draw.ellipse((480, 280, 580, 380), outline="#c8283c", width=4)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=False)
    return out.getvalue()
