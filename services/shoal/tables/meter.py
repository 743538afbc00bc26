"""What is measured of a table while it streams in, before a byte of it is believed."""

from __future__ import annotations

import numpy as np

from shoal.errors import InternalError
from shoal.tables.csv_shape import CsvScanner, CsvShape
from shoal.tables.facts import TableFormat
from shoal.tables.limits import Limits, exceeded
from shoal.tables.separators import SAMPLE_BYTES, find_separator

__all__ = ["UploadMeter"]

_LF = 10


class UploadMeter:
    """Holds an upload to its limits chunk by chunk, with no more memory than the sample a separator is found
    in.

    CSV: bytes, rows, columns, cells, and the grammar of csv_shape. JSON lines: bytes, rows, length of a line.
    Parquet and Arrow: bytes; the rest is measured by inspect() when the file is whole.
    """

    def __init__(
        self,
        format: TableFormat,  # noqa: A002
        limits: Limits,
        separator: str | None = None,
        *,
        header: bool = True,
    ) -> None:
        self._format = format
        self._header = header
        self._limits = limits
        self._bytes = 0
        self._rows = 0
        self._line_bytes = 0
        self._sample = bytearray()
        self._scanner = CsvScanner(separator, limits, header=header) if separator and format is TableFormat.CSV else None

    def feed(self, chunk: bytes | memoryview) -> None:
        """Takes the next chunk; raises LIMIT_EXCEEDED or MALFORMED_TABLE once the bytes so far show it."""
        self._bytes += len(chunk)
        if self._bytes > self._limits.max_bytes:
            raise exceeded("bytes", self._limits.max_bytes)
        if self._format is TableFormat.CSV:
            self._feed_csv(chunk)
        elif self._format is TableFormat.JSON_LINES:
            self._feed_lines(chunk)

    def finish(self) -> CsvShape | None:
        """The shape of a CSV upload, to be passed to inspect() so that it need not scan again; None for
        others.
        """
        if self._format is not TableFormat.CSV:
            return None
        if self._scanner is None:
            self._start_scanner()
        if self._scanner is None:
            raise InternalError("The CSV scanner was not started.")
        return self._scanner.finish()

    def _feed_csv(self, chunk: bytes | memoryview) -> None:
        if self._scanner is not None:
            self._scanner.feed(chunk)
            return
        self._sample += chunk
        if len(self._sample) >= SAMPLE_BYTES:
            self._start_scanner()

    def _start_scanner(self) -> None:
        sample = bytes(self._sample)
        self._sample = bytearray()
        self._scanner = CsvScanner(find_separator(sample[:SAMPLE_BYTES]), self._limits, header=self._header)
        if sample:
            self._scanner.feed(sample)

    def _feed_lines(self, chunk: bytes | memoryview) -> None:
        view = np.frombuffer(chunk, dtype=np.uint8)
        ends = np.flatnonzero(view == _LF)
        if len(ends):
            longest = max(self._line_bytes + int(ends[0]), int(np.diff(ends, prepend=ends[0]).max()) - 1)
            self._line_bytes = len(view) - 1 - int(ends[-1])
            self._rows += len(ends)
        else:
            self._line_bytes += len(view)
            longest = self._line_bytes
        if max(longest, self._line_bytes) > self._limits.max_cell_bytes:
            raise exceeded("cell_bytes", self._limits.max_cell_bytes)
        if self._rows > self._limits.max_rows:
            raise exceeded("rows", self._limits.max_rows)
