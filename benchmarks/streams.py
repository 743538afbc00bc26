"""How far the releases of a stream are from the truth: measured with drawn noise, beside what others would do.

The unit is the noise of one release by itself. The peers are simulated with Gaussian noise of the variance that their own
sensitivity asks for: fresh noise for every release, the binary tree (Chan, Shi and Song; Dwork et al.), and Honaker's
(2015), which also weighs the noisy sums of a node's children against its own.
"""

from __future__ import annotations

import math
import os
from fractions import Fraction

import numpy as np
from benchmarks.common import Row
from numpy.typing import NDArray

from shoal.kernels import FACTOR_BITS, Series, Span, discrete_gaussian, factor_squared_length

TITLE = "streams"
PEER = "fresh noise, binary tree and Honaker's tree, simulated"

STEPS, WINDOW = 4095, 64
SESSIONS = int(os.environ.get("SHOAL_BENCH_SESSIONS", "2000"))
PEER_SESSIONS = 400

Errors = NDArray[np.float64]


def run() -> list[Row]:
    """The errors of ours, with their bars, and of the others."""
    prefix, window = ours(Span(horizon=STEPS), STEPS), ours(Span(window=WINDOW), 2000)[:, 8 * WINDOW :]
    tree, honaker = trees()
    fresh = np.random.default_rng().normal(scale=math.sqrt(STEPS), size=(PEER_SESSIONS, 64))
    rms, most = _rms(prefix), _rms(prefix[:, -1])
    rows = [
        _row(f"rms error at T = {STEPS:,}, {SESSIONS:,} sessions", rms, _rms(tree), "≤ 1.03 × 3.551", rms <= 1.03 * 3.551),
        _row(f"error of release {STEPS:,}", most, _rms(tree[:, -1]), "≤ 1.08 × 3.714", most <= 1.08 * 3.714),
        Row("  fresh noise for every release", f"{_rms(fresh):.2f}", f"{_rms(tree):.2f}", _rms(fresh) / _rms(tree)),
        Row(
            "  Honaker's tree, greatest",
            f"{_greatest(honaker):.2f}",
            f"{_greatest(tree):.2f}",
            _greatest(honaker) / _greatest(tree),
        ),
    ]
    sliding, added = _rms(window), math.sqrt(WINDOW)
    return [*rows, _row(f"sliding window of {WINDOW}", sliding, added, "≤ 1.05 × 2.675", sliding <= 1.05 * 2.675)]


def ours(span: Span, steps: int) -> Errors:
    """The noise in our releases, a row a session."""
    series = Series.gaussian(span, SESSIONS)
    sigma = math.sqrt(factor_squared_length(span)) * 2**FACTOR_BITS
    scale = Fraction(sigma)
    nothing = [0] * SESSIONS
    return np.array([series.step(nothing, discrete_gaussian(scale, SESSIONS)) for _ in range(steps)], dtype=np.float64).T


def trees() -> tuple[Errors, Errors]:
    """The noise of the binary tree's releases, and of Honaker's."""
    levels = (STEPS + 1).bit_length() - 1
    chance = np.random.default_rng()
    plain = np.zeros((PEER_SESSIONS, STEPS))
    better = np.zeros((PEER_SESSIONS, STEPS))
    whole = [chance.normal(scale=math.sqrt(levels), size=(PEER_SESSIONS, STEPS >> level)) for level in range(levels)]
    refined, variance = [whole[0]], [float(levels)]
    for level in range(1, levels):
        children = refined[-1][:, 0 : 2 * (STEPS >> level) : 2] + refined[-1][:, 1 : 2 * (STEPS >> level) : 2]
        below, own = 2 * variance[-1], float(levels)
        refined.append((whole[level] * below + children * own) / (below + own))
        variance.append(below * own / (below + own))
    for step in range(1, STEPS + 1):
        for level in range(levels):
            if step >> level & 1:
                plain[:, step - 1] += whole[level][:, (step >> level) - 1]
                better[:, step - 1] += refined[level][:, (step >> level) - 1]
    return plain, better


def _row(what: str, found: float, peer: float, bar: str, met: bool) -> Row:
    return Row(what, f"{found:.3f}", f"{peer:.3f}", found / peer, bar, met)


def _rms(errors: Errors) -> float:
    return float(np.sqrt(np.mean(errors**2)))


def _greatest(errors: Errors) -> float:
    return float(np.sqrt(np.mean(errors**2, axis=0)).max())
