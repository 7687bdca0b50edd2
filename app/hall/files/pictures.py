"""Pictures from phones: judged by their header before a pixel is read, written anew without place and camera."""

from __future__ import annotations

import io
import warnings
from types import ModuleType

from app.hall.errors import Invalid
from app.hall.files.uploads import MEGABYTE, sniff


def _pillow() -> tuple[ModuleType, ModuleType]:
    """Loaded with the first picture."""
    from PIL import Image, ImageOps

    return Image, ImageOps


KINDS = ("image/jpeg", "image/png", "image/webp")


def check_picture(data: bytes, most_bytes: int, most_pixels: int) -> None:
    """Refuse what is no picture, too heavy, or would unpack to too many pixels; nothing is unpacked for it.

    Parameters
    ----------
    data : bytes
        The file as it was sent.
    most_bytes, most_pixels : int
        Bounds of the file and of width × height.
    """
    Image, _ImageOps = _pillow()  # noqa: N806

    if len(data) > most_bytes:
        raise Invalid("file_too_big", limit=most_bytes // MEGABYTE)
    kind = sniff(data)
    if kind is None or kind[0] not in KINDS:
        raise Invalid("picture_type_refused")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
                width, height = picture.size
    except Image.DecompressionBombError:
        raise Invalid("picture_too_many_pixels", limit=most_pixels // 1_000_000) from None
    except (OSError, ValueError, SyntaxError):
        raise Invalid("picture_type_refused") from None
    if width * height > most_pixels:
        raise Invalid("picture_too_many_pixels", limit=most_pixels // 1_000_000)


def as_mark(data: bytes, wide: int, high: int) -> bytes:
    """The picture as a new PNG at most so large, what is clear stays clear; `Invalid` where it cannot be read."""
    Image, _ImageOps = _pillow()  # noqa: N806

    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
            small = picture.convert("RGBA")
            small.thumbnail((wide, high))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Invalid("picture_type_refused") from None
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def written_anew(data: bytes, longest_edge: int) -> bytes:
    """The picture as a new JPEG: turned upright, at most so large, with nothing in it but its pixels.

    Raises `Invalid` where the pixels cannot be read after all.
    """
    Image, ImageOps = _pillow()  # noqa: N806

    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as picture:
            picture.draft("RGB", (longest_edge, longest_edge))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((longest_edge, longest_edge))
            flat = Image.new("RGB", upright.size, "white")
            flat.paste(upright.convert("RGBA"), mask=upright.convert("RGBA").getchannel("A"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Invalid("picture_type_refused") from None
    out = io.BytesIO()
    flat.save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()
