"""The door to the Rust kernels: typed functions over arrays of codes; the only importer of `shoal._core`.

Arrays cross without a copy and the interpreter lock is released while a kernel runs, so nobody may write to
an array that a call is using. Kernels know positions, levels and counts, never names or values: the caller
turns the positions of the errors below into the names of its attributes.
"""

from __future__ import annotations

from shoal._core import Monitor
from shoal._core import __version__ as VERSION  # noqa: N812 (a constant here)
from shoal.kernels.classes import ClassHistogram, class_histogram
from shoal.kernels.codes import AttributeCodes, SensitiveCodes
from shoal.kernels.models import (
    AverageRisk,
    BetaLikeness,
    Closeness,
    DeltaDisclosure,
    DeltaPresence,
    Distance,
    DistinctDiversity,
    EntropyDiversity,
    KAnonymity,
    KMap,
    Model,
    RecursiveDiversity,
)
from shoal.kernels.noise import choose, discrete_gaussian, discrete_laplace
from shoal.kernels.objectives import Aggregate, Measure, Objective
from shoal.kernels.recoding import OrderedAttribute, Partition, mdav, mondrian
from shoal.kernels.refusals import Infeasible, LimitReached, NotNested, OutOfMemory
from shoal.kernels.results import Evaluation, Found, Release
from shoal.kernels.statistics import Grid, Groups, Moments, cross_counts, histogram, moments
from shoal.kernels.streams import (
    FACTOR_BITS,
    Series,
    Span,
    factor_squared_length,
    factor_variance,
    tree_levels,
    tree_terms,
)
from shoal.kernels.table import Limits, Table

__all__ = [
    "FACTOR_BITS",
    "VERSION",
    "Aggregate",
    "AttributeCodes",
    "AverageRisk",
    "BetaLikeness",
    "ClassHistogram",
    "Closeness",
    "DeltaDisclosure",
    "DeltaPresence",
    "Distance",
    "DistinctDiversity",
    "EntropyDiversity",
    "Evaluation",
    "Found",
    "Grid",
    "Groups",
    "Infeasible",
    "KAnonymity",
    "KMap",
    "LimitReached",
    "Limits",
    "Measure",
    "Model",
    "Moments",
    "Monitor",
    "NotNested",
    "Objective",
    "OrderedAttribute",
    "OutOfMemory",
    "Partition",
    "RecursiveDiversity",
    "Release",
    "SensitiveCodes",
    "Series",
    "Span",
    "Table",
    "choose",
    "class_histogram",
    "cross_counts",
    "discrete_gaussian",
    "discrete_laplace",
    "factor_squared_length",
    "factor_variance",
    "histogram",
    "mdav",
    "moments",
    "mondrian",
    "tree_levels",
    "tree_terms",
]
