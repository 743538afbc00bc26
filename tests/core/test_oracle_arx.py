"""The oracle at ARX's printed optima (reference/arx.md 2.1 to 2.3): the same suppressed rows and the same score.

That says that the definitions are read as ARX reads them, with no engine of ours in between.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache

import pytest
from arx_tables import ADULT8, ADULT9, CC8, adult, creditcard
from oracle.losses import Objective
from oracle.models import Closeness, DistinctDiversity, EntropyDiversity, KAnonymity, Model, RecursiveDiversity
from oracle.search import Oracle
from oracle.table import Attribute, Sensitive, Table

from shoal.kernels import AttributeCodes


def attribute(source: AttributeCodes) -> Attribute:
    return Attribute(
        tuple(source.codes.tolist()), source.leaves, tuple(tuple(map_.tolist()) for map_ in source.generalizations)
    )


@cache
def opened(name: str) -> Oracle:
    match name:
        case "adult9":
            return Oracle(Table(tuple(map(attribute, adult(ADULT9)))))
        case "adult8":
            (occupation,) = map(attribute, adult(("occupation",)))
            column = Sensitive(occupation.codes, occupation.leaves, maps=occupation.maps)
            return Oracle(Table(tuple(map(attribute, adult(ADULT8))), (column,)))
        case _:
            return Oracle(Table(tuple(map(attribute, creditcard(CC8)))))


CASES: list[tuple[str, str, list[Model], str, tuple[int, ...], float, int]] = [
    ("s0", "adult9", [], "GEOMETRIC_MEAN", (0, 4, 1, 1, 3, 2, 2, 1, 0), 0.5731509656, 0),
    ("s2", "adult9", [], "GEOMETRIC_MEAN", (0, 3, 0, 2, 2, 1, 1, 2, 0), 0.3137130353, 506),
    ("s100-am", "adult9", [], "ARITHMETIC_MEAN", (0, 3, 0, 0, 2, 1, 1, 1, 0), 0.2277003232, 2553),
    ("cc8-s2", "cc8", [], "GEOMETRIC_MEAN", (2, 0, 1, 1, 4, 1, 1, 1), 0.2103474711, 405),
    ("distinct3", "adult8", [DistinctDiversity(0, 3)], "GEOMETRIC_MEAN", (0, 3, 0, 2, 2, 1, 1, 0), 0.2469117398, 522),
    ("distinct3-s5", "adult8", [DistinctDiversity(0, 3)], "GEOMETRIC_MEAN", (0, 3, 0, 0, 2, 1, 1, 0), 0.1717021812, 1400),
    ("entropy3", "adult8", [EntropyDiversity(0, 3.0)], "GEOMETRIC_MEAN", (0, 4, 0, 1, 2, 1, 1, 0), 0.2751571132, 518),
    (
        "recursive43",
        "adult8",
        [RecursiveDiversity(0, Fraction(4), 3)],
        "GEOMETRIC_MEAN",
        (0, 3, 0, 1, 3, 1, 1, 0),
        0.2554529144,
        573,
    ),
    ("equal", "adult8", [Closeness(0, "EQUAL", Fraction(1, 5))], "GEOMETRIC_MEAN", (1, 4, 1, 1, 3, 1, 2, 1), 0.8150031862, 235),
    (
        "tree",
        "adult8",
        [Closeness(0, "HIERARCHICAL", Fraction(1, 5))],
        "GEOMETRIC_MEAN",
        (1, 4, 0, 2, 3, 1, 2, 1),
        0.7351403745,
        151,
    ),
    (
        "tree-s5",
        "adult8",
        [Closeness(0, "HIERARCHICAL", Fraction(1, 5))],
        "GEOMETRIC_MEAN",
        (1, 4, 0, 0, 3, 1, 2, 1),
        0.6128064960,
        1384,
    ),
]


@pytest.mark.parametrize(
    ("name", "models", "aggregate", "levels", "score", "suppressed"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_a_printed_optimum(
    name: str, models: list[Model], aggregate: str, levels: tuple[int, ...], score: float, suppressed: int
) -> None:
    oracle = opened(name)
    node = oracle.node(levels, [KAnonymity(5), *models])
    assert node.suppressed == suppressed
    assert oracle.loss(node, Objective("LOSS", aggregate)).value == pytest.approx(score, abs=1e-9)


def test_the_other_measures() -> None:
    """Classes of average size 30162/637 at ARX's optimum; its discernibility is ours, suppressed rows counted with all rows."""
    oracle = opened("adult9")
    node = oracle.node((1, 0, 1, 2, 3, 2, 2, 0, 1), [KAnonymity(5)])
    assert node.suppressed == 419
    assert len(node.released) == 636
    assert oracle.loss(node, Objective("AVERAGE_CLASS_SIZE")).key == Fraction(30162, 637)
    node = oracle.node((0, 0, 1, 2, 3, 2, 2, 1, 1), [KAnonymity(5)])
    assert node.suppressed == 105
    assert oracle.loss(node, Objective("DISCERNIBILITY")).key == 7220555
