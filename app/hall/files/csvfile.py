"""CSV without trust: bounded lines and cells, strict UTF-8, any line ending, and the place of what is wrong."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from typing import BinaryIO

LONGEST_LINE = 262_144
LONGEST_CELL = 32_767
MOST_ROWS = 1_000_000
_CHUNK = 65_536

Say = Callable[..., None]


class _Stop(Exception):
    """Nothing sensible can be read after this point."""


def _lines(stream: BinaryIO, long: Callable[[int, bytes], None]) -> Iterator[bytes]:
    """Physical lines without their end (LF, CR LF or CR); of one that is too long only the start is kept."""
    buffer = bytearray()
    number = 1
    dropping = False
    ended = False
    while not ended:
        chunk = stream.read(_CHUNK)
        ended = not chunk
        buffer += chunk
        if b"\r" in buffer:
            if buffer.endswith(b"\r") and not ended:
                more = stream.read(1)
                ended = not more
                buffer += more
            buffer = bytearray(bytes(buffer).replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
        while (at := buffer.find(b"\n")) >= 0 or (ended and buffer):
            at = len(buffer) if at < 0 else at
            line = bytes(buffer[:at])
            del buffer[: at + 1]
            yield b"" if dropping else line
            dropping = False
            number += 1
        if len(buffer) > LONGEST_LINE:
            if not dropping:
                long(number, bytes(buffer[:LONGEST_LINE]))
                dropping = True
            buffer.clear()


def _cells_of(start: str) -> int:
    """How many cells a cut-off record had begun: separators outside quotes, plus one."""
    outside = True
    count = 1
    for character in start:
        if character == '"':
            outside = not outside
        elif character == "," and outside:
            count += 1
    return count


def records(
    stream: BinaryIO, say: Say, header: Callable[[], list[str]], delimiter: str = ","
) -> Iterator[tuple[int, list[str]]]:
    """(first line, cells) of every record; problems go to `say(line, column name, code, **params)`.

    `header` tells the names of the columns once the first record is known, for naming the place.
    """

    def column(place: int) -> str:
        names = header()
        return names[place - 1] if 0 < place <= len(names) and names[place - 1] else f"#{place}"

    def too_long(line: int, start: bytes) -> None:
        place = _cells_of(start.decode("utf-8", "replace"))
        say(line, column(place), "table_cell_too_large", longest=LONGEST_CELL)

    def text() -> Iterator[str]:
        for number, line in enumerate(_lines(stream, too_long), start=1):
            if number == 1 and line[:2] in (b"\xff\xfe", b"\xfe\xff"):
                say(1, "#1", "table_not_utf8")
                raise _Stop
            if number == 1 and line.startswith(b"\xef\xbb\xbf"):
                line = line[3:]
            try:
                decoded = line.decode("utf-8")
            except UnicodeDecodeError as error:
                say(
                    number,
                    column(_cells_of(line[: error.start].decode("utf-8", "replace"))),
                    "table_not_utf8",
                )
                raise _Stop from None
            if "\x00" in decoded:
                say(number, column(_cells_of(decoded[: decoded.index("\x00")])), "table_control_character")
                raise _Stop
            kept.append(decoded)
            yield decoded + "\n"

    kept: list[str] = []
    reader = csv.reader(text(), strict=True, delimiter=delimiter)
    first = 1
    rows = 0
    try:
        while True:
            kept.clear()
            try:
                cells = next(reader)
            except csv.Error as error:
                place = column(_cells_of("\n".join(kept)[: LONGEST_LINE * 2]))
                if "limit" in str(error):
                    say(first, place, "table_cell_too_large", longest=LONGEST_CELL)
                else:
                    say(first, place, "table_bad_quotes")
                return
            rows += 1
            if rows > MOST_ROWS:
                say(first, "#1", "table_too_many_rows", most=MOST_ROWS)
                return
            for n, cell in enumerate(cells, start=1):
                if len(cell) > LONGEST_CELL:
                    say(first, column(n), "table_cell_too_large", longest=LONGEST_CELL)
                    cells[n - 1] = "\x00"
            yield first, cells
            first = reader.line_num + 1
    except (_Stop, StopIteration):
        return
