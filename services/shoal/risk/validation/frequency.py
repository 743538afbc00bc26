"""δ-disclosure privacy and β-likeness: how far the share of each value in a class, p, is from its share in the reference, q.

Brickell and Shmatikov, "The cost of privacy", KDD 2008, definition 6; Cao and Karras, "Publishing microdata with a robust
privacy guarantee", PVLDB 5 (2012), definitions 2 and 3.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from shoal.risk.validation.exact import LARGEST, Floats, Truths, Whole, at_most, ratio
from shoal.risk.validation.histograms import Attribute, Histogram, histogram_of

MARGIN = 1e-12
"""A logarithm this close to its bound has reached it."""


def disclosure(attribute: Attribute) -> Floats:
    """The largest |ln(p/q)| of each class; infinite for a value that the reference lacks."""
    histogram = histogram_of(attribute)
    share = ratio(*_quotient(histogram))
    with np.errstate(divide="ignore"):
        found: Floats = _largest(histogram, np.abs(np.log(share)))
    return found


def likeness(attribute: Attribute, beta: Fraction, *, enhanced: bool) -> tuple[Truths, Floats, Floats]:
    """(holds, largest (p - q)/q, how many times beyond the bound) of each class.

    Basic: p/q <= 1 + β, exactly. Enhanced: where -ln q < β that is the bound instead; a logarithm, never equal to a fraction
    but at q = 1, where p/q cannot be above 1.
    """
    histogram = histogram_of(attribute)
    above, below = _quotient(histogram)
    share = ratio(above, below)
    holds = at_most(above, below, 1 + beta)
    bound = np.full(len(share), float(beta))
    if enhanced:
        with np.errstate(divide="ignore"):
            logarithm = -np.log(histogram.reference[histogram.values].astype(np.float64) / histogram.rows)
        lesser = logarithm < float(beta)
        holds[lesser] = share[lesser] <= (1 + logarithm[lesser]) * (1 + MARGIN)
        bound = np.minimum(bound, logarithm)
    with np.errstate(divide="ignore", invalid="ignore"):
        beyond = np.where(share > 1, (share - 1) / bound, 0.0)
    return (
        np.logical_and.reduceat(holds, histogram.starts) if len(histogram.sizes) else holds[:0],
        np.maximum(_largest(histogram, share) - 1, 0.0),
        _largest(histogram, beyond),
    )


def _quotient(histogram: Histogram) -> tuple[Whole, Whole]:
    """p/q of each entry as c R / (n r)."""
    if len(histogram.sizes) and int(histogram.sizes.max()) * histogram.rows > LARGEST:
        histogram = histogram.widened()
    return histogram.counts * histogram.rows, histogram.sizes[histogram.of] * histogram.reference[histogram.values]


def _largest(histogram: Histogram, of_entries: Floats) -> Floats:
    return np.maximum.reduceat(of_entries, histogram.starts) if len(histogram.sizes) else of_entries[:0]
