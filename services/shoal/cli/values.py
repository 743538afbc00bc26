"""Values to try, as people write them: `5`, `2..50`, `2..50/4`, `0,1%,2%`, `2..10,20,50`."""

from __future__ import annotations

import re
from decimal import Decimal

from shoal.errors import InvalidArgumentError

MOST = 10_000
"""The most values of one option: as many as a frontier has points."""

_NUMBER = r"\s*(-?(?:[0-9]{1,15}(?:\.[0-9]{1,15})?|\.[0-9]{1,15})(?:[eE]-?[0-9])?)\s*(%?)\s*"
_ONE = re.compile(_NUMBER)
_RANGE = re.compile(rf"{_NUMBER}\.\.{_NUMBER}(?:/{_NUMBER})?")


def parse_values(text: str, option: str) -> list[Decimal]:
    """The numbers that `text` stands for, each once, ascending; `option` is what the sentences call it.

    Both ends of a range belong to it; `/` gives the step, without which whole numbers follow each other.
    """
    values: set[Decimal] = set()
    for part in text.split(","):
        values.update(_part(part, option))
        if len(values) > MOST:
            raise InvalidArgumentError(f"{option}: at most {MOST:,} values; give a larger step, as in 2..50/4")
    return sorted(values)


def parse_whole(text: str, option: str, least: int, most: int) -> list[int]:
    """Whole numbers, each `least` to `most`."""
    values = parse_values(text, option)
    if any(each != int(each) for each in values):
        raise InvalidArgumentError(f"{option}: whole numbers are expected, as in 2..50 or 2,5,10")
    if values[0] < least or values[-1] > most:
        limits = f"{least} or more" if values[0] < least else f"at most {most:,}"
        raise InvalidArgumentError(f"{option}: each value must be {limits}")
    return [int(each) for each in values]


def parse_shares(text: str, option: str) -> list[float]:
    """Shares of a whole, each 0 to 1."""
    values = parse_values(text, option)
    if values[0] < 0 or values[-1] > 1:
        raise InvalidArgumentError(f"{option}: each value is a share of the rows, 0 to 1 or 0% to 100%")
    return [float(each) for each in values]


def _part(part: str, option: str) -> list[Decimal]:
    if found := _ONE.fullmatch(part):
        return [_number(*found.groups())]
    found = _RANGE.fullmatch(part)
    if found is None:
        raise InvalidArgumentError(f"{option}: {part.strip()!r} is neither a number nor a range; write 5, 2..50 or 2..50/4")
    low, low_percent, high, high_percent, step, step_percent = found.groups()
    first, last = _number(low, low_percent), _number(high, high_percent)
    if first > last:
        raise InvalidArgumentError(f"{option}: {part.strip()} runs backwards; write the smaller number first")
    if step is None and (first != int(first) or last != int(last)):
        raise InvalidArgumentError(f"{option}: {part.strip()} needs a step, as in {part.strip()}/0.1")
    width = Decimal(1) if step is None else _number(step, step_percent)
    if width <= 0:
        raise InvalidArgumentError(f"{option}: the step of {part.strip()} must be greater than 0")
    count = (last - first) // width + 1
    if count > MOST:
        raise InvalidArgumentError(f"{option}: at most {MOST:,} values; give a larger step, as in 2..50/4")
    return [first + width * place for place in range(int(count))]


def _number(digits: str, percent: str) -> Decimal:
    return Decimal(digits) / 100 if percent else Decimal(digits)
