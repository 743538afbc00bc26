"""Decimal numbers as whole ones: exact where floats are not.

0.3 lies in the bin `[0.3-0.4)` of the width 0.1, but 0.3 / 0.1 is 2.9999999999999996 in binary. So numbers
are taken as they are written, moved by a number of decimal places, and the rest is arithmetic of 64-bit
integers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal.privacy.hierarchies.refusals import unreadable_values

__all__ = [
    "MAX_DIGITS",
    "Numbers",
    "is_multiple",
    "parse_numbers",
    "places_of",
    "plain_text",
    "read_numbers",
    "scaled",
]

MAX_DIGITS = 18
"""Digits of a scaled number: sums of a few of them fit into 64 bits."""

_NUMBER = r"^[ \t]*([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]{1,4}))?[ \t]*$"
_FLOAT_DIGITS = 15


def places_of(numbers: Iterable[float]) -> int:
    """How many decimal places the shortest forms of the numbers need."""
    exponents = [Decimal(repr(number)).normalize().as_tuple().exponent for number in numbers]
    return max([0, *(-exponent for exponent in exponents if isinstance(exponent, int))])


def scaled(number: float, places: int) -> int:
    """The number times 10^places, as its shortest form is written; places must be enough for it."""
    return int(Fraction(Decimal(repr(number))) * 10**places)


def is_multiple(number: float, step: float) -> bool:
    """Whether the number is a whole multiple of the step, both as written."""
    return (Fraction(Decimal(repr(number))) / Fraction(Decimal(repr(step)))).denominator == 1


@dataclass(frozen=True)
class Numbers:
    """Numbers times 10^places, cut towards zero; shape (values,) each.

    whole: int64 magnitudes, 0 where missing. negative: the sign. rest: whether a part below the last place
    was cut. missing: null values. bad: neither null nor a number of at most MAX_DIGITS digits.
    """

    whole: NDArray[np.int64]
    negative: NDArray[np.bool_]
    rest: NDArray[np.bool_]
    missing: NDArray[np.bool_]
    bad: NDArray[np.bool_]

    def floor(self) -> NDArray[np.int64]:
        """The largest whole number that is not greater."""
        return np.where(self.negative, -self.whole - self.rest, self.whole)


def parse_numbers(text: pl.Series, places: int) -> Numbers:
    """Reads `12`, `-3.50`, `+.5`, `1e3`, with spaces or tabs around; not `NaN`, `inf`, `1,5`, `1 000` or
    `0x1F`.

    Plain forms are read exactly; forms with an exponent through a float, and count when they have at most 15
    digits.
    """
    groups = text.str.extract_groups(_NUMBER).struct.unnest()
    groups.columns = ["sign", "whole", "fraction", "exponent"]
    whole, fraction = pl.col("whole").fill_null(""), pl.col("fraction").fill_null("")
    digits = whole.str.strip_chars_start("0") + fraction.str.head(places).str.pad_end(places, "0")
    frame = groups.select(
        number=(whole.str.len_bytes() + fraction.str.len_bytes()) > 0,
        negative=pl.col("sign").fill_null("") == "-",
        short=digits.str.len_bytes() <= MAX_DIGITS,
        digits=pl.when(digits.str.len_bytes() == 0).then(pl.lit("0")).otherwise(digits),
        rest=fraction.str.slice(places).str.strip_chars("0").str.len_bytes() > 0,
        exponential=pl.col("exponent").is_not_null(),
    )
    missing = text.is_null().to_numpy()
    number = frame["number"].to_numpy() & ~missing
    exponential = frame["exponential"].to_numpy() & number
    magnitude = frame["digits"].cast(pl.Int64, strict=False).fill_null(0).to_numpy().copy()
    rest = frame["rest"].to_numpy().copy()
    short = frame["short"].to_numpy().copy()
    if exponential.any():
        chosen = text.filter(pl.Series(exponential)).str.strip_chars(" \t").cast(pl.Float64, strict=False)
        with np.errstate(over="ignore", invalid="ignore"):
            moved = np.abs(chosen.fill_null(float("inf")).to_numpy()) * 10.0**places
        fits = moved < 10.0**_FLOAT_DIGITS
        moved = np.where(fits, moved, 0.0)
        near = np.rint(moved)
        # What the float of a decimal of 15 digits, multiplied once, may be off by.
        exact = np.abs(moved - near) <= 1e-14 * moved
        magnitude[exponential] = np.where(exact, near, np.floor(moved)).astype(np.int64)
        rest[exponential] = ~exact
        short[exponential] = fits
    bad = ~missing & ~(number & short)
    return Numbers(np.where(bad | missing, 0, magnitude), frame["negative"].to_numpy(), rest, missing, bad)


def read_numbers(attribute: str, text: pl.Series, places: int) -> Numbers:
    """The same; raises INVALID_HIERARCHY with the attribute and the count when some values are no numbers."""
    numbers = parse_numbers(text, places)
    if numbers.bad.any():
        limit = MAX_DIGITS - places
        raise unreadable_values(attribute, int(numbers.bad.sum()), f"numbers of at most {limit} digits before the point")
    return numbers


def plain_text(whole: NDArray[np.int64], places: int) -> pl.Series:
    """The numbers divided by 10^places, as text without an exponent, trailing zeros or a negative zero."""
    unit = 10**places
    magnitude = np.abs(whole)
    fraction = pl.Series(magnitude % unit).cast(pl.String).str.zfill(places) if places else None
    frame = pl.DataFrame({"sign": pl.Series(whole < 0), "whole": pl.Series(magnitude // unit).cast(pl.String)})
    text = pl.when("sign").then(pl.lit("-")).otherwise(pl.lit("")) + pl.col("whole")
    if fraction is not None:
        cut = pl.lit("." + fraction).str.strip_chars_end("0").str.strip_chars_end(".")
        text = text + cut
    return frame.select(text.alias("text"))["text"]
