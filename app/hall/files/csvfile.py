"""CSV without trust: bounded lines and cells, strict UTF-8, any line ending, and the place of what is wrong."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from typing import BinaryIO, NoReturn

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
    return _Records(stream, say, header).read(delimiter)


class _Records:
    """One reading of one file; what cannot be read is said with its line and column."""

    def __init__(self, stream: BinaryIO, say: Say, header: Callable[[], list[str]]) -> None:
        self.stream, self.say, self.header = stream, say, header
        self.kept: list[str] = []  # the lines of the record that is being read

    def read(self, delimiter: str) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(self._text(), strict=True, delimiter=delimiter)
        first = 1
        for _rows in range(MOST_ROWS):
            cells = self._next(reader, first)
            if cells is None:
                return
            yield first, self._bounded(first, cells)
            first = reader.line_num + 1
        if self._next(reader, first) is not None:
            self.say(first, "#1", "table_too_many_rows", most=MOST_ROWS)

    def _next(self, reader: Iterator[list[str]], first: int) -> list[str] | None:
        """The cells of the next record; none at the end, and where nothing more can be read."""
        self.kept.clear()
        try:
            return next(reader)
        except (_Stop, StopIteration):
            return None
        except csv.Error as error:
            place = self._column(_cells_of("\n".join(self.kept)[: LONGEST_LINE * 2]))
            if "limit" in str(error):
                self.say(first, place, "table_cell_too_large", longest=LONGEST_CELL)
            else:
                self.say(first, place, "table_bad_quotes")
            return None

    def _bounded(self, first: int, cells: list[str]) -> list[str]:
        for n, cell in enumerate(cells, start=1):
            if len(cell) > LONGEST_CELL:
                self.say(first, self._column(n), "table_cell_too_large", longest=LONGEST_CELL)
                cells[n - 1] = "\x00"
        return cells

    def _column(self, place: int) -> str:
        names = self.header()
        return names[place - 1] if 0 < place <= len(names) and names[place - 1] else f"#{place}"

    def _too_long(self, line: int, start: bytes) -> None:
        place = _cells_of(start.decode("utf-8", "replace"))
        self.say(line, self._column(place), "table_cell_too_large", longest=LONGEST_CELL)

    def _text(self) -> Iterator[str]:
        for number, line in enumerate(_lines(self.stream, self._too_long), start=1):
            if number == 1 and line[:2] in (b"\xff\xfe", b"\xfe\xff"):
                self._stop(1, 1, "table_not_utf8")
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            try:
                decoded = line.decode("utf-8")
            except UnicodeDecodeError as error:
                self._stop(
                    number, _cells_of(line[: error.start].decode("utf-8", "replace")), "table_not_utf8"
                )
            if "\x00" in decoded:
                self._stop(number, _cells_of(decoded[: decoded.index("\x00")]), "table_control_character")
            self.kept.append(decoded)
            yield decoded + "\n"

    def _stop(self, line: int, place: int, code: str) -> NoReturn:
        self.say(line, self._column(place), code)
        raise _Stop
