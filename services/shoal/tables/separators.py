"""Which character separates the cells of a CSV file."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass

from shoal.tables.facts import malformed

__all__ = ["SAMPLE_BYTES", "SEPARATORS", "check_separator", "find_separator"]

SAMPLE_BYTES = 64 << 10
"""How much of the beginning of a file the separator is found in. Everyone samples the same, so all agree."""

SEPARATORS = (",", ";", "\t", "|", ":")

_DECIMAL_OR_SPACED = re.compile(r"(?<=\d),(?=\d)|, ")


@dataclass(frozen=True)
class _Split:
    """How one candidate splits the sample."""

    separator: str
    cells: int  # of the first line
    share: float  # of the lines that have as many cells as the first
    in_brackets: bool  # some cell would be cut inside [...] or (...)

    @property
    def consistent(self) -> bool:
        return self.cells > 1 and self.share == 1.0


def check_separator(separator: str) -> None:
    """Raises MALFORMED_TABLE unless the separator is one ASCII character that cannot be part of a line's
    form.
    """
    if len(separator) != 1 or not separator.isascii() or separator in '"\r\n\0':
        raise malformed("The separator must be one ASCII character, other than a quote or a line break.")


def find_separator(sample: bytes | str) -> str:
    """The separator of a CSV file, from its first SAMPLE_BYTES; "," for a file of one column.

    A candidate fits when it cuts every line into the same number of cells, more than one, quotes honoured.
    One that cuts inside balanced brackets (`[0, 5)`) is out, and `:` (times) counts only when no other fits.
    Of several that fit, more cells are better; but a comma that stands only between digits or before a space
    is a part of the text when `;` fits too. When none fits, the one that most lines agree on: reading then
    says which line does not.
    """
    text = sample.decode("utf-8", "replace") if isinstance(sample, bytes) else sample
    truncated = len(sample) >= SAMPLE_BYTES
    text = text[:SAMPLE_BYTES].removeprefix("\ufeff")
    splits = [_split(text, separator, truncated) for separator in SEPARATORS]
    fitting = [split for split in splits if split.consistent]
    whole = [split for split in fitting if not split.in_brackets]
    fitting = whole or fitting
    strong = [split for split in fitting if split.separator != ":"]
    fitting = strong or fitting
    if {split.separator for split in fitting} >= {",", ";"} and "," not in _DECIMAL_OR_SPACED.sub("", text):
        fitting = [split for split in fitting if split.separator != ","]
    if not fitting:
        fitting = [split for split in splits if split.cells > 1 and split.share > 0.5 and split.separator != ":"]
    # max() keeps the first of equals: the order of SEPARATORS decides.
    return max(fitting, key=lambda split: (split.share, split.cells)).separator if fitting else ","


def _split(text: str, separator: str, truncated: bool) -> _Split:
    lines = []
    try:
        lines = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if row]
    except csv.Error:  # a cell beyond csv's limit, a NUL: this candidate splits nothing
        return _Split(separator, 1, 0.0, False)
    if truncated and len(lines) > 1:
        lines.pop()
    if not lines:
        return _Split(separator, 1, 0.0, False)
    counts = Counter(map(len, lines))
    cells = len(lines[0])
    escaped = re.escape(separator)
    cut = re.search(rf'[\[(][^\[\]()"\n]*{escaped}[^\[\]()"\n]*[\])]', text)
    return _Split(separator, cells, counts[cells] / len(lines), cut is not None)
