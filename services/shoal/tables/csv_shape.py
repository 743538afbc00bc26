"""The grammar and the shape of a CSV file, found in one pass over its bytes.

polars is quick but forgiving: it fills short rows with nulls, swallows lines behind a stray quote, renames
columns of the same name, leaves doubled quotes in names, and inflates a file that happens to start like a
zlib stream. So every file passes this scanner first. What it accepts (RFC 4180 with `\\n` or `\\r\\n`, UTF-8)
polars reads right.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from shoal.tables.facts import check_names, malformed
from shoal.tables.limits import HEADER_BYTES, Limits, exceeded
from shoal.tables.separators import check_separator

__all__ = ["TEXT_CELL_BYTES", "CsvScanner", "CsvShape"]

TEXT_CELL_BYTES = 16
"""What polars keeps of a text cell besides the text itself: one view."""

_QUOTE, _LF, _CR, _NUL = 34, 10, 13, 0
_BOM = codecs.BOM_UTF8


@dataclass(frozen=True)
class CsvShape:
    """The shape of a whole CSV file.

    rows: without the header. names: unquoted; none without a header. expanded_bytes: of all columns in
    memory.
    """

    rows: int
    columns: int
    names: tuple[str, ...]
    separator: str
    expanded_bytes: int


class CsvScanner:
    """Reads a CSV file in chunks of any size and keeps only counts (and the header, at most HEADER_BYTES of
    it).

    feed() raises MALFORMED_TABLE with the line at fault, or LIMIT_EXCEEDED, as soon as the bytes so far show
    it. header=False: the first line is a row like others, and gives the number of columns.
    """

    def __init__(self, separator: str, limits: Limits, *, header: bool = True) -> None:
        check_separator(separator)
        self.separator = separator
        self._sep = ord(separator)
        self._limits = limits
        self._header: bytearray | None = bytearray() if header else None
        self.names: tuple[str, ...] | None = None  # known once the header's line is complete
        self._columns = 0  # cells of the first line, 0 until it is complete
        self._start = b""  # the first bytes, until it is known whether they are a byte order mark
        self._started = False
        self._utf8 = codecs.getincrementaldecoder("utf-8")()
        self._utf8_open = False
        self._bytes = 0
        self._lines = 0  # physical lines before this chunk
        self._records = 0  # complete rows so far, the header included
        self._cells = 0  # complete cells of the open row
        self._cell_bytes = 0  # bytes so far of the open cell
        self._in_quotes = False
        self._quote_line = 0
        self._last = _LF  # the byte before this chunk
        self._after = 0  # _QUOTE: the chunk ended on a closing quote; _CR: on the \r behind one

    def feed(self, chunk: bytes | memoryview) -> None:
        """Takes the next bytes of the file."""
        self._bytes += len(chunk)
        if self._bytes > self._limits.max_bytes:
            raise exceeded("bytes", self._limits.max_bytes)
        if not self._started:
            self._start += bytes(chunk)
            if len(self._start) < len(_BOM) and _BOM.startswith(self._start):
                return
            self._started = True
            chunk = self._start.removeprefix(_BOM)
            self._start = b""
        if len(chunk):
            self._scan(np.frombuffer(chunk, dtype=np.uint8))

    def finish(self) -> CsvShape:
        """The shape of the file whose last byte was fed."""
        if not (self._records or self._cells or self._cell_bytes):
            raise malformed("The file is empty: it needs a header line with the names of the columns.")
        if self._in_quotes:
            raise malformed(
                f"Line {self._quote_line} opens a quote that never closes: close it, or double a quote inside a cell."
            )
        if self._utf8_open:
            raise malformed(f"Line {self._lines + 1} is not UTF-8 text: save the file with the encoding UTF-8.")
        if self._after == _CR:
            raise self._stray(self._lines + 1)
        if self._cells or self._cell_bytes:
            self._scan(np.array([_LF], dtype=np.uint8))  # the last line may lack its line break
            self._lines -= 1
        rows = self._records - (self._header is not None)
        return CsvShape(rows, self._columns, self.names or (), self.separator, self._expanded(self._bytes))

    def _scan(self, view: NDArray[np.uint8]) -> None:
        self._check_text(view)
        structural = self._structure(view)
        breaks = view[structural] == _LF
        ends = np.flatnonzero(breaks)
        self._check_cells(view, structural)
        if self._header is not None and self.names is None:
            self._take_header(view, structural, ends)
        self._check_rows(view, structural, ends)
        self._records += len(ends)
        self._cells = len(structural) - 1 - int(ends[-1]) if len(ends) else self._cells + len(structural)
        if self._columns == 0 and self._cells >= self._limits.max_columns:
            raise exceeded("columns", self._limits.max_columns)
        if self._records - (self._header is not None) > self._limits.max_rows:
            raise exceeded("rows", self._limits.max_rows)
        if self._expanded(self._bytes) > self._limits.max_expanded_bytes:
            raise exceeded("expanded_bytes", self._limits.max_expanded_bytes)
        self._lines += int(np.count_nonzero(view == _LF))
        self._last = int(view[-1])

    def _expanded(self, size: int) -> int:
        return size + TEXT_CELL_BYTES * self._records * self._columns

    def _line(self, view: NDArray[np.uint8], position: int) -> int:
        """The number of the physical line, from 1, that the byte at `position` of this chunk is on."""
        return self._lines + int(np.count_nonzero(view[: max(position, 0)] == _LF)) + 1

    def _check_text(self, view: NDArray[np.uint8]) -> None:
        """Refuses NUL bytes and whatever is not UTF-8."""
        if view.min() == _NUL:
            position = int(np.flatnonzero(view == _NUL)[0])
            raise malformed(
                f"Line {self._line(view, position)} holds a NUL byte: the file is not text, or not UTF-8 "
                "text; "
                "save it as CSV with the encoding UTF-8."
            )
        if view.max() < 0x80 and not self._utf8_open:
            return
        try:
            self._utf8.decode(view.tobytes())
        except UnicodeDecodeError as error:
            line = self._line(view, error.start)
            raise malformed(
                f"Line {line} is not UTF-8 text: save the file with the encoding UTF-8."
            ) from None  # the cause's message would hold bytes of the data
        self._utf8_open = bool(self._utf8.getstate()[0])

    def _structure(self, view: NDArray[np.uint8]) -> NDArray[np.intp]:
        """The positions of the separators and line breaks that stand outside quotes, in order."""
        self._check_after(view)
        marks = (view == self._sep) | (view == _LF)
        quotes = view == _QUOTE
        if not quotes.any():
            return np.flatnonzero(marks) if not self._in_quotes else np.empty(0, dtype=np.intp)
        positions = np.flatnonzero(marks | quotes)
        is_quote = view[positions] == _QUOTE
        # Whether the byte stands inside quotes: only the count's last bit matters, so it may wrap.
        before = (np.cumsum(is_quote, dtype=np.uint8) - is_quote + np.uint8(self._in_quotes)) & 1
        self._check_quotes(view, positions[is_quote], before[is_quote])
        structural: NDArray[np.intp] = positions[~is_quote & (before == 0)]
        return structural

    def _check_after(self, view: NDArray[np.uint8]) -> None:
        """Judges the first byte or two of the chunk when the one before ended on a closing quote."""
        if self._after == _QUOTE:
            self._after = 0
            if view[0] == _CR:
                if len(view) == 1:
                    self._after = _CR
                elif view[1] != _LF:
                    raise self._stray(self._lines + 1)
            elif view[0] not in (self._sep, _LF, _QUOTE):
                raise self._stray(self._lines + 1)
        elif self._after == _CR:
            self._after = 0
            if view[0] != _LF:
                raise self._stray(self._lines + 1)

    def _check_quotes(self, view: NDArray[np.uint8], quotes: NDArray[np.intp], inside: NDArray[np.intp]) -> None:
        """Every quote must open a cell, close it, or be doubled inside one; keeps the state for the next
        chunk.
        """
        opening = quotes[inside == 0]
        before = view[np.maximum(opening - 1, 0)]
        if len(opening) and opening[0] == 0:
            before[0] = self._last
        wrong = opening[(before != self._sep) & (before != _LF) & (before != _QUOTE)]
        if len(wrong):
            raise self._stray(self._line(view, int(wrong[0])))

        closing = quotes[inside == 1]
        if len(closing) and closing[-1] == len(view) - 1:
            self._after = _QUOTE
            closing = closing[:-1]
        behind = view[closing + 1]
        wrong = closing[(behind != self._sep) & (behind != _LF) & (behind != _QUOTE) & (behind != _CR)]
        if len(wrong):
            raise self._stray(self._line(view, int(wrong[0])))
        returns = closing[behind == _CR] + 2
        if len(returns) and returns[-1] == len(view):
            self._after = _CR
            returns = returns[:-1]
        wrong = returns[view[returns] != _LF]
        if len(wrong):
            raise self._stray(self._line(view, int(wrong[0])))

        self._in_quotes = bool((int(inside[-1]) + 1) & 1)
        if self._in_quotes:
            self._quote_line = self._line(view, int(quotes[-1]))

    def _stray(self, line: int) -> Exception:
        return malformed(
            f"Line {line} has a quote that neither opens nor closes a cell: put the whole cell in quotes "
            "and double "
            "the quotes inside it."
        )

    def _check_cells(self, view: NDArray[np.uint8], structural: NDArray[np.intp]) -> None:
        """Refuses a cell, complete or open, beyond its limit."""
        longest = self._cell_bytes + (int(structural[0]) if len(structural) else len(view))
        if len(structural):
            if len(structural) > 1:
                longest = max(longest, int(np.diff(structural).max()) - 1)
            self._cell_bytes = len(view) - 1 - int(structural[-1])
            longest = max(longest, self._cell_bytes)
        else:
            self._cell_bytes = longest
        if longest > self._limits.max_cell_bytes:
            raise exceeded("cell_bytes", self._limits.max_cell_bytes)

    def _take_header(self, view: NDArray[np.uint8], structural: NDArray[np.intp], ends: NDArray[np.intp]) -> None:
        """Collects the first line; once it is complete, sets the names."""
        header = self._header
        if header is None:
            return
        cells = self._cells + (int(ends[0]) + 1 if len(ends) else len(structural))
        if cells > self._limits.max_columns:
            raise exceeded("columns", self._limits.max_columns)
        end = int(structural[ends[0]]) if len(ends) else len(view)
        if len(header) + end > HEADER_BYTES:
            raise exceeded("bytes", HEADER_BYTES)
        header += view[:end].tobytes()
        if len(ends):
            self.names = _names(bytes(header), self._sep)
            header.clear()
            check_names(self.names)

    def _check_rows(self, view: NDArray[np.uint8], structural: NDArray[np.intp], ends: NDArray[np.intp]) -> None:
        """Every line must have as many cells as the first."""
        if not len(ends):
            return
        counts = np.diff(ends, prepend=-1)
        counts[0] += self._cells
        if self._columns == 0:
            self._columns = int(counts[0])
            if self._columns > self._limits.max_columns:
                raise exceeded("columns", self._limits.max_columns)
        wrong = np.flatnonzero(counts != self._columns)
        if not len(wrong):
            return
        row = int(wrong[0])
        end = int(structural[ends[row]])
        line, cells = self._line(view, end), int(counts[row])
        begin = int(structural[ends[row - 1]]) + 1 if row else 0
        if cells == 1 and (row or self._last == _LF) and not view[begin:end].tobytes().strip(b"\r"):
            raise malformed(f"Line {line} is empty: remove it, every row needs {self._columns} cells.")
        raise malformed(
            f"Line {line} has {cells} cells where the header has {self._columns}: give every row as many "
            "cells as "
            f"the header, and put a cell that holds the separator {self.separator!r} in quotes."
        )


def _names(header: bytes, separator: int) -> tuple[str, ...]:
    """The column names of a header line whose quotes were checked."""
    view = np.frombuffer(header, dtype=np.uint8)
    outside = np.cumsum(view == _QUOTE) % 2 == 0
    cuts = [-1, *np.flatnonzero((view == separator) & outside).tolist(), len(header)]
    names = []
    for position, (begin, end) in enumerate(pairwise(cuts), 1):
        cell = header[begin + 1 : end]
        if position == len(cuts) - 1:
            cell = cell.removesuffix(b"\r")
        if cell.startswith(b'"'):
            cell = cell[1:-1].replace(b'""', b'"')
        elif b"\r" in cell:
            raise malformed(
                "The header holds a bare carriage return: end the lines with a line feed, or put the name in quotes."
            )
        names.append(cell.decode("utf-8"))
    return tuple(names)
