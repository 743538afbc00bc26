"""What is known of one column: its name, numbers about its values, and hashes of the words in text; never a value itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from shoal.detection.meanings import MOST_CATEGORIES, meaning_of
from shoal.detection.shapes import MOST_CHECKED, Look, checked_shares, looks_of
from shoal.tables.columns import NEUTRAL
from shoal.tables.text import as_text

__all__ = ["BATCH", "Evidence", "Kind", "evidence_of", "evidences_of"]

MOST_VALUES = 1_000
"""The most distinct values of a column whose shapes are looked at."""

MOST_CELL = 400
"""How much of a value is looked at, in characters: longer ones are free text whatever follows."""

BATCH = 128
"""Columns whose values are matched together."""

SEED = 7907

Kind = str
"""What the values are: empty, constant, date, year, email, url, uuid, hash, ip, mac, iban, card, phone, national, coordinate,
icd10, interval, address, name, mentions (text that names people), flag, number, category, free (text), code, postcode, text."""

_NAME_LIKE = r"\b\p{Lu}[\p{L}'’\-]{3,}"

_SURE = 0.8
_MIXED = 0.5


@dataclass(frozen=True)
class Evidence:
    """One column's evidence. All shares are of the cells looked at that are not null, 0 to 1.

    rows: looked at. filled: those not null. distinct: different values in them. ratio: distinct over filled, or that of the
    whole table. kinds: all that fit, the most telling first. mean_length: characters; mean_words: words. low, high: range of
    numbers, None when they are none. increasing: numbers that rise by one from row to row once sorted. fixed: all values are of
    one length. mixed: more than one kind, none of them clearly most. meaning: the concept that categories speak of, empty when
    they speak of none, and meant: the share of cells that do. said: hashes of the capitalised words of text, to see
    which columns hold the same ones.
    """

    name: str
    rows: int
    filled: int
    distinct: int
    ratio: float
    kinds: tuple[Kind, ...]
    shares: dict[str, float] = field(default_factory=dict)
    mean_length: float = 0.0
    mean_words: float = 0.0
    low: float | None = None
    high: float | None = None
    increasing: bool = False
    fixed: bool = False
    mixed: bool = False
    meaning: str = ""
    meant: float = 0.0
    said: frozenset[int] = frozenset()

    @property
    def kind(self) -> Kind:
        """The most telling kind."""
        return self.kinds[0]

    @property
    def whole_numbers(self) -> bool:
        """Whether the values are integers."""
        return self.shares.get("integer", 0.0) >= 0.99 or (self.low is not None and self.shares.get("whole", 0.0) >= 0.99)


def evidence_of(column: pl.Series) -> Evidence:
    """The evidence of one column. column: the cells looked at."""
    return evidences_of([column], lambda: None)[0]


def evidences_of(columns: Iterable[pl.Series], check: Callable[[], None]) -> list[Evidence]:
    """The evidence of each column. columns: the cells looked at. check: raises to end the work.

    Columns go through the patterns together, as compiling these takes longer than the values of one column.
    """
    found: list[Evidence] = []
    waiting: list[_Counted] = []
    for column in columns:
        check()
        waiting.append(_counted(column))
        if len(waiting) == BATCH:
            found += _measured(waiting)
            waiting = []
    return found + _measured(waiting)


@dataclass(frozen=True)
class _Counted:
    """A column's distinct values. values: as they are; looked: text and weights in the order of hashes; texts: all of them."""

    name: str
    rows: int
    filled: int
    values: pl.Series
    looked: pl.DataFrame
    texts: pl.Series


def _counted(column: pl.Series) -> _Counted:
    name, rows = column.name, len(column)
    column = column.alias(NEUTRAL).drop_nulls()
    counts = column.value_counts(name="weight")
    values = counts[NEUTRAL]
    counted = pl.LazyFrame({NEUTRAL: as_text(values), "weight": counts["weight"]})
    if isinstance(column.dtype, pl.String):
        shortened = counted.select(pl.col(NEUTRAL).str.slice(0, MOST_CELL).str.strip_chars(), "weight")
        counted = shortened.group_by(NEUTRAL).agg(pl.col("weight").sum())
    # By a hash of the value, so that the order of rows plays no part.
    ordered = (
        counted.select(NEUTRAL, pl.col("weight").cast(pl.Int64), place=pl.col(NEUTRAL).hash(SEED))
        .sort("place", NEUTRAL)
        .collect()
    )
    return _Counted(name, rows, len(column), values, ordered.select(NEUTRAL, "weight").head(MOST_VALUES), ordered[NEUTRAL])


def _measured(batch: list[_Counted]) -> list[Evidence]:
    looks = iter(looks_of([each.looked for each in batch if each.filled]))
    return [
        _evidence(each, next(looks)) if each.filled else Evidence(each.name, each.rows, 0, 0, 0.0, ("empty",)) for each in batch
    ]


def _evidence(of: _Counted, look: Look) -> Evidence:
    shares = look.shares | checked_shares(of.looked[NEUTRAL].head(MOST_CHECKED), look.shares)
    distinct = len(of.values)
    numbers = _numbers(of.values, of.texts, shares)
    if len(numbers):
        shares["whole"] = float(np.mean(numbers == np.floor(numbers)))
    meaning, meant = _meaning(of, numbers)
    return Evidence(
        name=of.name,
        rows=of.rows,
        filled=of.filled,
        distinct=distinct,
        ratio=distinct / of.filled,
        kinds=_kinds(
            _Measured(
                shares=shares,
                distinct=distinct,
                filled=of.filled,
                length=look.characters,
                words=look.words,
                largest=float(np.abs(numbers).max()) if len(numbers) else 0.0,
                temporal=isinstance(of.values.dtype, pl.Date | pl.Datetime),
            )
        ),
        shares=shares,
        mean_length=look.characters,
        mean_words=look.words,
        low=float(numbers.min()) if len(numbers) else None,
        high=float(numbers.max()) if len(numbers) else None,
        increasing=_increasing(numbers, distinct),
        fixed=look.fixed,
        mixed=max(shares["decimal"], shares["date"], shares["words"], shares["code"]) < _MIXED and shares["decimal"] > 0.1,
        meaning=meaning,
        meant=meant,
        said=_said(of.looked[NEUTRAL]) if shares["words"] + shares["sentence"] >= _MIXED else frozenset(),
    )


def _meaning(of: _Counted, numbers: np.ndarray) -> tuple[str, float]:
    if len(numbers) or len(of.looked) > MOST_CATEGORIES:
        return "", 0.0
    return meaning_of(of.looked[NEUTRAL].to_list(), of.looked["weight"].to_list())


def _said(texts: pl.Series) -> frozenset[int]:
    """Hashes of the capitalised words of four letters or more."""
    words = texts.str.extract_all(_NAME_LIKE).explode().drop_nulls().unique()
    return frozenset(words.str.to_lowercase().hash(SEED).to_list())


def _numbers(values: pl.Series, texts: pl.Series, shares: dict[str, float]) -> np.ndarray:
    """The distinct values as numbers, unordered; empty when fewer than most are. texts: the same as text."""
    if values.dtype.is_numeric():
        found = values.cast(pl.Float64).to_numpy()
        return np.asarray(found[np.isfinite(found)])
    if shares["decimal"] < _SURE:
        return np.empty(0)
    read = texts.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False).drop_nulls().to_numpy()
    return np.asarray(read[np.isfinite(read)])


def _increasing(numbers: np.ndarray, distinct: int) -> bool:
    """Whether the distinct values are 1, 2, 3 … from anywhere, up to a few gaps: what a counter writes."""
    if len(numbers) < 20 or len(numbers) != distinct or (numbers != np.floor(numbers)).any():
        return False
    return bool(numbers.max() - numbers.min() <= 1.2 * len(numbers))


@dataclass(frozen=True)
class _Measured:
    """What the kinds of a column are decided by. words, length: means; largest: magnitude of the numbers, 0 without any."""

    shares: dict[str, float]
    distinct: int
    filled: int
    length: float
    words: float
    largest: float
    temporal: bool

    def many(self, name: str, least: float = _SURE) -> bool:
        """Whether enough values are of a shape."""
        return self.shares[name] >= least

    def few(self, name: str, most: float = _MIXED) -> bool:
        """Whether few enough values are of a shape."""
        return self.shares[name] < most


_CHECKED = ("email", "iban", "card", "uuid", "mac", "ip", "national", "phone", "url")

_RULES: tuple[tuple[Kind, Callable[[_Measured], bool]], ...] = (
    # The most telling first; all that hold are kept.
    ("constant", lambda of: of.distinct == 1 and of.filled > 1),
    *((name, lambda of, name=name: of.many(name)) for name in _CHECKED),
    (
        "date",
        lambda of: of.temporal
        or of.many("date")
        or of.many("month_date")
        or (of.many("compact_date", 0.95) and of.distinct > 3),
    ),
    ("hash", lambda of: of.many("hash") and of.few("integer")),
    ("year", lambda of: of.many("year", 0.95) and of.distinct > 1),
    ("icd10", lambda of: of.many("icd10") and 3 <= of.distinct < _MIXED * of.filled),
    ("coordinate", lambda of: of.many("coordinate") and (not of.largest or of.largest > 5)),
    ("interval", lambda of: of.many("interval") and of.few("decimal") and of.few("date")),
    ("address", lambda of: of.many("address", 0.6) and of.words >= 2),
    ("name", lambda of: of.many("names", 0.2) and of.many("capitalised", 0.6) and of.few("firm", 0.1) and of.distinct >= 8),
    ("mentions", lambda of: of.many("mentions", 0.15) and of.few("firm") and of.few("capitalised") and of.distinct >= 8),
    ("flag", lambda of: of.distinct <= 3 and of.many("flag", 0.95)),
    ("number", lambda of: of.many("decimal") or (of.many("quantity") and not any(of.many(each) for each in _CHECKED))),
    ("free", lambda of: of.words >= 4.5 and of.length >= 25 and of.distinct > max(10, 0.1 * of.filled)),
    ("category", lambda of: of.few("decimal", _SURE) and of.distinct <= max(20, min(200, 0.05 * of.filled))),
    ("code", lambda of: of.many("code", 0.7) and of.few("decimal", _SURE)),
    ("postcode", lambda of: of.many("postcode")),
    ("text", lambda of: of.filled > 0),
)


def _kinds(of: _Measured) -> tuple[Kind, ...]:
    return tuple(kind for kind, holds in _RULES if holds(of))
