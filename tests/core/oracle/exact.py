"""Logarithms of fractions to 60 digits, and the order of numbers that hold them."""

from __future__ import annotations

from decimal import Context, Decimal, Overflow
from fractions import Fraction
from functools import cache

Number = Fraction | Decimal

CONTEXT = Context(prec=60, Emax=999_999, Emin=-999_999)
INFINITE = Decimal("Infinity")
_SAME = Decimal("1e-40")


def decimal(number: Number | int) -> Decimal:
    """The number with 60 digits."""
    if isinstance(number, Decimal):
        return number
    fraction = Fraction(number)
    return CONTEXT.divide(Decimal(fraction.numerator), Decimal(fraction.denominator))


@cache
def _ln_of_integer(number: int) -> Decimal:
    return CONTEXT.ln(Decimal(number))


def ln(number: Fraction | int) -> Decimal:
    """The natural logarithm of a positive number."""
    fraction = Fraction(number)
    return CONTEXT.subtract(_ln_of_integer(fraction.numerator), _ln_of_integer(fraction.denominator))


LN2 = ln(2)


def log2(number: Fraction | int) -> Decimal:
    """The binary logarithm of a positive number."""
    return CONTEXT.divide(ln(number), LN2)


def exp(number: Number) -> Decimal:
    """e to the power of a number."""
    return CONTEXT.exp(decimal(number))


def times(a: Number, b: Number) -> Number:
    """The product, exact when both are fractions."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a * b
    return CONTEXT.multiply(decimal(a), decimal(b))


def plus(a: Number, b: Number) -> Number:
    """The sum, exact when both are fractions."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a + b
    return CONTEXT.add(decimal(a), decimal(b))


def over(a: Number, b: Number) -> Number:
    """The quotient, exact when both are fractions."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a / b
    return CONTEXT.divide(decimal(a), decimal(b))


def sortable(number: Number) -> Number:
    """The number, where two that are equal by definition are equal: decimals without the rounding of their last digits."""
    if isinstance(number, Fraction) or number.is_infinite():
        return number
    return CONTEXT.quantize(number, _SAME)


def to_float(number: Number) -> float:
    """The nearest double; infinity beyond the largest."""
    try:
        return float(number)
    except (OverflowError, Overflow):
        return float("inf")
