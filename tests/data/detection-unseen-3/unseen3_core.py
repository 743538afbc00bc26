"""Building blocks: column and table descriptions, value makers, rendering."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

Row = dict[str, Any]
Maker = Callable[[Random, Row], object]
Setup = Callable[[Random, int], list[Row]]
SEED = 20270317


@dataclass(frozen=True)
class Col:
    """One column: its name, its label and how a cell is made."""

    name: str
    label: str
    make: Maker
    why: str
    also: str = ""
    miss: float = 0.0
    stray: float = 0.0


@dataclass(frozen=True)
class Table:
    """One table with all that labels.json and SUBJECTS.txt need."""

    name: str
    split: str
    rows: int
    subject: str
    note: str
    neutral: str
    setup: Setup
    cols: Sequence[Col]
    persons: bool = True
    missing: Sequence[str] = ("", "", "", "n/a")

    def render(self) -> list[list[str]]:
        """Header and rows as text, the same on every run."""
        rng = Random(f"{SEED}:{self.name}")
        out = [[c.name for c in self.cols]]
        for row in self.setup(rng, self.rows):
            out.append([self._cell(rng, row, c) for c in self.cols])
        return out

    def _cell(self, rng: Random, row: Row, col: Col) -> str:
        value = col.make(rng, row)
        text = "" if value is None else str(value)
        if col.miss and rng.random() < col.miss:
            return rng.choice(self.missing)
        if text and col.stray and rng.random() < col.stray:
            return rng.choice([text + " ", " " + text, text.upper()])
        return text


def key(name: str) -> Maker:
    """A value made beforehand for the row."""
    return lambda _rng, row: row[name]


def const(value: object) -> Maker:
    """The same value in every row."""
    return lambda _rng, _row: value


def pick(*options: object) -> Maker:
    """One of the options, all equally likely."""
    return lambda rng, _row: rng.choice(options)


def words(text: str) -> Maker:
    """One of the options written in one string with bars between."""
    return pick(*text.split("|"))


def weighted(text: str) -> Maker:
    """One of 'option:weight' pairs with bars between (the weight is after the last colon)."""
    pairs = [part.rpartition(":") for part in text.split("|")]
    names = [p[0] for p in pairs]
    weights = [float(p[2]) for p in pairs]
    return lambda rng, _row: rng.choices(names, weights)[0]


def whole(low: int, high: int) -> Maker:
    """A whole number, flat."""
    return lambda rng, _row: rng.randint(low, high)


def bell(mean: float, sd: float, low: float, high: float, digits: int = 0, comma: bool = False) -> Maker:
    """A number from a clipped normal distribution."""

    def make(rng: Random, _row: Row) -> object:
        x = min(high, max(low, rng.gauss(mean, sd)))
        return decimal(x, digits, comma)

    return make


def money(mid: float, sigma: float, digits: int = 2, comma: bool = False, zero: float = 0.0) -> Maker:
    """A skewed positive amount around its median, zero for some rows."""

    def make(rng: Random, _row: Row) -> object:
        if rng.random() < zero:
            return decimal(0.0, digits, comma)
        return decimal(mid * 2.718281828 ** rng.gauss(0, sigma), digits, comma)

    return make


def count(mean: float, top: int = 999) -> Maker:
    """A small count with a long tail."""
    return lambda rng, _row: min(top, int(rng.expovariate(1 / (mean + 0.0001))))


def sometimes(share: float, make: Maker, other: object = "") -> Maker:
    """The maker's value in a share of rows, otherwise a fixed one."""
    return lambda rng, row: make(rng, row) if rng.random() < share else other


def day(first: str, last: str, fmt: str = "%Y-%m-%d") -> Maker:
    """A date in a range."""
    lo, hi = date.fromisoformat(first), date.fromisoformat(last)
    return lambda rng, _row: (lo + timedelta(days=rng.randint(0, (hi - lo).days))).strftime(fmt)


def stamp(first: str, last: str, fmt: str = "%Y-%m-%d %H:%M:%S") -> Maker:
    """A date and time in a range."""
    lo, hi = datetime.fromisoformat(first), datetime.fromisoformat(last)
    span = int((hi - lo).total_seconds())
    return lambda rng, _row: (lo + timedelta(seconds=rng.randint(0, span))).strftime(fmt)


def dated(name: str, fmt: str) -> Maker:
    """A date held in the row, written in a format."""
    return lambda _rng, row: row[name].strftime(fmt)


def filled(pattern: str) -> Maker:
    """A code: '#' a digit, '?' a capital letter, '%' a hex digit, the rest as it is."""

    def make(rng: Random, _row: Row) -> object:
        return fill(rng, pattern)

    return make


def fill(rng: Random, pattern: str) -> str:
    """See filled."""
    sets = {"#": "0123456789", "?": "ABCDEFGHJKLMNPRSTUVWXYZ", "%": "0123456789abcdef"}
    return "".join(rng.choice(sets[ch]) if ch in sets else ch for ch in pattern)


def decimal(x: float, digits: int, comma: bool = False) -> str:
    """A number with a fixed count of decimals, a comma where the language has one."""
    text = f"{x:.{digits}f}"
    return text.replace(".", ",") if comma else text


def uuid(rng: Random) -> str:
    """A random version 4 UUID."""
    return fill(rng, "%%%%%%%%-%%%%-4%%%-") + rng.choice("89ab") + fill(rng, "%%%-%%%%%%%%%%%%")


def ip_address(rng: Random) -> str:
    """A public-looking IPv4 address."""
    first = rng.choice([31, 46, 62, 73, 77, 80, 84, 88, 91, 98, 109, 151, 176, 186, 201])
    return f"{first}.{rng.randint(0, 255)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}"


def born(rng: Random, low: int, high: int, today: date = date(2024, 6, 30)) -> date:
    """A date of birth for an age in years between low and high, middle ages more often."""
    years = rng.triangular(low, high + 0.99, low + (high - low) * 0.45)
    return today - timedelta(days=int(years * 365.25) + rng.randint(0, 27))


def age_on(dob: date, today: date = date(2024, 6, 30)) -> int:
    """Whole years of age."""
    return today.year - dob.year - ((today.month, today.day) < (dob.month, dob.day))
