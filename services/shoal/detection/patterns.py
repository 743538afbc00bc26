"""Patterns: columns that look a certain way have a certain role, whatever the heuristics say."""

from __future__ import annotations

import datetime as dt
import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from shoal.detection.files import packaged, plain_yaml
from shoal.detection.roles import Role
from shoal.detection.verdict import Verdict
from shoal.errors import FailedPreconditionError, FieldViolation
from shoal.tables.columns import NEUTRAL
from shoal.tables.text import as_text

__all__ = ["DEFAULT_PRIORITY", "DEFAULT_RATIO", "Origin", "Pattern", "first_that_applies", "read_files", "violations_of"]

DEFAULT_PRIORITY = 50
LAST_PRIORITY = 1_000
DEFAULT_RATIO = 0.8
"""A column is of a type when most of its values are: at a tenth, a column of remarks would be one of anything."""

MOST_COLUMN_PATTERNS, LONGEST_COLUMN_PATTERN = 100, 255
MOST_VALUE_PATTERNS, LONGEST_VALUE_PATTERN = 100, 1_000
LONGEST_NAME, LONGEST_DESCRIPTION = 255, 1_000

LONGEST_VALUE = 10_000
"""In characters; longer values match nothing."""

MOST_FILE_BYTES = 4 * 1024**2


class Origin(Enum):
    """Where a pattern comes from. The custom ones are tried first."""

    CUSTOM = 0
    FILE = 1


@dataclass(frozen=True)
class Pattern:
    """One pattern; the fields are those of the contract. id: 32 hexadecimal digits."""

    id: str
    display_name: str
    role: Role
    column_patterns: tuple[str, ...]
    value_patterns: tuple[str, ...] = ()
    min_match_ratio: float = DEFAULT_RATIO
    priority: int = DEFAULT_PRIORITY
    description: str = ""
    origin: Origin = Origin.CUSTOM
    creator: str = ""
    create_time: dt.datetime | None = None
    update_time: dt.datetime | None = None
    _names: tuple[tuple[str, ...], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_names", tuple(tuple(each.casefold().split("*")) for each in self.column_patterns))

    @property
    def place(self) -> str:
        """Where it stands in the order of trying, as text that sorts."""
        age = self.create_time.isoformat() if self.create_time is not None else ""
        return f"{self.origin.value} {self.priority:04} {age} {self.id}"

    def applies(self, column: pl.Series) -> bool:
        """Whether the column's name matches and, where values count, enough of those that are not null do."""
        name = column.name.casefold()
        if not any(_matches(name, parts) for parts in self._names):
            return False
        if not self.value_patterns:
            return True
        values = as_text(column.alias(NEUTRAL).drop_nulls())
        if values.is_empty():
            return False
        whole = pl.any_horizontal(pl.col(NEUTRAL).str.contains(_whole(each)) for each in self.value_patterns)
        fitting = values.to_frame().select((whole & (pl.col(NEUTRAL).str.len_chars() <= LONGEST_VALUE)).sum()).item()
        return bool(fitting >= self.min_match_ratio * len(values))

    def verdict(self) -> Verdict:
        """The verdict on a column that it applies to."""
        sentence = f"The {self.origin.name.lower()} pattern “{self.display_name}” applies."
        return Verdict(self.role, 0.95 if self.origin is Origin.CUSTOM else 0.9, (sentence,), pattern=self.id)


def first_that_applies(patterns: tuple[Pattern, ...], column: pl.Series) -> Pattern | None:
    """The first of the patterns, which are in their order, that applies to a column."""
    return next((pattern for pattern in patterns if pattern.applies(column)), None)


def _matches(name: str, parts: tuple[str, ...]) -> bool:
    """Whether a name is the parts with anything between them: each part is looked for once, so no pattern takes long."""
    first, last = parts[0], parts[-1]
    if len(parts) == 1:
        return name == first
    if not name.startswith(first) or not name.endswith(last) or len(name) < len(first) + len(last):
        return False
    at = len(first)
    for part in parts[1:-1]:
        found = name.find(part, at, len(name) - len(last))
        if found < 0:
            return False
        at = found + len(part)
    return True


def _whole(pattern: str) -> str:
    return rf"\A(?:{pattern})\z"


def violations_of(pattern: Pattern, prefix: str = "pattern.") -> list[FieldViolation]:
    """Every limit of the contract that a pattern breaks. prefix: of the fields' paths."""
    wrong: list[FieldViolation] = []

    def check(holds: bool, field_name: str, sentence: str) -> None:
        if not holds:
            wrong.append(FieldViolation(prefix + field_name, sentence))

    check(1 <= len(pattern.display_name.strip()) <= LONGEST_NAME, "display_name", f"must have 1 to {LONGEST_NAME} characters")
    check(len(pattern.description) <= LONGEST_DESCRIPTION, "description", f"must have at most {LONGEST_DESCRIPTION} characters")
    check(1 <= pattern.priority <= LAST_PRIORITY, "priority", f"must be between 1 and {LAST_PRIORITY}")
    ratio = pattern.min_match_ratio
    check(math.isfinite(ratio) and 0 <= ratio <= 1, "min_match_ratio", "must be between 0 and 1")
    count = len(pattern.column_patterns)
    check(1 <= count <= MOST_COLUMN_PATTERNS, "column_patterns", f"must hold 1 to {MOST_COLUMN_PATTERNS} patterns of names")
    for place, each in enumerate(pattern.column_patterns):
        limit = f"must have 1 to {LONGEST_COLUMN_PATTERN} characters"
        check(1 <= len(each) <= LONGEST_COLUMN_PATTERN, f"column_patterns[{place}]", limit)
    count = len(pattern.value_patterns)
    check(count <= MOST_VALUE_PATTERNS, "value_patterns", f"must hold at most {MOST_VALUE_PATTERNS} regular expressions")
    for place, each in enumerate(pattern.value_patterns[:MOST_VALUE_PATTERNS]):
        sentence = _regex_fault(each)
        check(not sentence, f"value_patterns[{place}]", sentence)
    return wrong


def _regex_fault(pattern: str) -> str:
    """What is wrong with a regular expression, empty when nothing is."""
    if not 1 <= len(pattern) <= LONGEST_VALUE_PATTERN:
        return f"must have 1 to {LONGEST_VALUE_PATTERN} characters"
    try:
        for each in (pattern, _whole(pattern)):
            pl.Series([""]).str.contains(each)
    except pl.exceptions.ComputeError:
        # The engine's own sentence draws the pattern over several lines.
        return (
            "is no regular expression of RE2's syntax, or one too large: look for unclosed brackets, and for look-around and "
            "back-references, which that syntax does not have"
        )
    return ""


def read_files(folder: Path, moment: dt.datetime) -> tuple[Pattern, ...]:
    """The built-in patterns and those of the files `*.yaml` in the folder, which need not exist; in the order of trying.

    moment: when they are read. Raises FailedPreconditionError that names the file which cannot be read.
    """
    found = _patterns("built-in", packaged("patterns.yaml"), moment)
    for path in sorted(folder.glob("*.yaml")) if folder.is_dir() else []:
        try:
            if path.stat().st_size > MOST_FILE_BYTES:
                raise _unreadable(path.name, f"it is larger than {MOST_FILE_BYTES} bytes")
            content = plain_yaml(path.read_text("utf-8"))
        except OSError as error:
            raise _unreadable(path.name, error.strerror or type(error).__name__) from None
        except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
            raise _unreadable(path.name, "it is no YAML in UTF-8") from None
        found += _patterns(path.name, content, moment)
    return tuple(sorted(found, key=lambda pattern: (pattern.priority, pattern.place)))


def _patterns(file: str, content: Any, moment: dt.datetime) -> list[Pattern]:
    entries = content.get("patterns") if isinstance(content, Mapping) else None
    if not isinstance(entries, list):
        raise _unreadable(file, "it must be a mapping with a list `patterns`")
    found: list[Pattern] = []
    for place, entry in enumerate(entries):
        pattern = _pattern(file, place, entry, moment)
        wrong = violations_of(pattern, f"patterns[{place}].")
        if wrong:
            raise _unreadable(file, f"{wrong[0].field} {wrong[0].description}")
        if any(pattern.id == other.id for other in found):
            raise _unreadable(file, f"patterns[{place}].display_name is there a second time")
        found.append(pattern)
    return found


_KEYS = {"display_name", "description", "role", "priority", "column_patterns", "value_patterns", "min_match_ratio"}


def _pattern(file: str, place: int, entry: Any, moment: dt.datetime) -> Pattern:
    where = f"patterns[{place}]"
    if not isinstance(entry, Mapping):
        raise _unreadable(file, f"{where} must be a mapping")
    unknown = sorted(set(map(str, entry)) - _KEYS)
    if unknown:
        raise _unreadable(file, f"{where} has the unknown key `{unknown[0]}`; known are {', '.join(sorted(_KEYS))}")
    lists = {key: entry.get(key, []) for key in ("column_patterns", "value_patterns")}
    for key, value in lists.items():
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise _unreadable(file, f"{where}.{key} must be a list of texts")
    if entry.get("role") not in Role.__members__:
        raise _unreadable(file, f"{where}.role must be one of {', '.join(Role.__members__)}")
    try:
        priority, ratio = int(entry.get("priority", DEFAULT_PRIORITY)), float(entry.get("min_match_ratio", DEFAULT_RATIO))
    except (TypeError, ValueError):
        raise _unreadable(file, f"{where}: priority must be a whole number and min_match_ratio a number") from None
    name = str(entry.get("display_name", ""))
    return Pattern(
        id=hashlib.sha256(f"{file}\0{name}".encode()).hexdigest()[:32],
        display_name=name,
        description=str(entry.get("description", "")),
        role=Role[entry["role"]],
        priority=priority,
        column_patterns=tuple(lists["column_patterns"]),
        value_patterns=tuple(lists["value_patterns"]),
        min_match_ratio=ratio,
        origin=Origin.FILE,
        update_time=moment,
    )


def _unreadable(file: str, why: str) -> FailedPreconditionError:
    return FailedPreconditionError(f"the pattern file {file} cannot be used: {why}", metadata={"file": file})
