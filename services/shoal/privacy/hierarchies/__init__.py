"""Generalization hierarchies: how the values of a quasi-identifier become coarser, level by level.

    specs      what a hierarchy is asked to be
    building   build(): a spec and a column become a Hierarchy
    hierarchy  the Hierarchy: leaves, labels, codes
    table, intervals, masking, dates, rounding, paths   one kind each
    defaults   the choice when the policy makes none
    decimals   exact arithmetic of numbers as they are written

What a column gets without a hierarchy, by its distinct values, nulls aside; the first line that holds:

    values                                                       hierarchy
    -----------------------------------------------------------  ------------------------------------
    dates or datetimes, or text that is all ISO 8601 dates       month, quarter, year, decade, `*`
    ten or fewer                                                 the value, `*`
    digits of one length >= 4, some values begin with 0          masking, one more character a level
    digits of one length >= 5, fewer than half end in 0          masking, one more character a level
    numbers of at most 18 digits                                 intervals, widths as below, `*`
    anything else                                                the value, `*`

The fourth line: the last digit of codes varies, amounts are round. Codes of fewer than five digits without
leading zeros are taken for numbers: name their hierarchy.

The widths: the finest is the smallest of 1, 2, 5, 10, 20, 50, ... (or 0.1, 0.2, ...; at least 1 for whole
numbers) that cuts the span of the values into 20 bins or fewer. From 1 follow 5, 10, 50; from 2 follow 10,
20, 100; from 5 follow 10, 20, 100; in each case times the power of ten, and only while the width is less than
the span. Ages from 17 to 90 thus get 5, 10, 20.
"""

from shoal.privacy.hierarchies.building import build
from shoal.privacy.hierarchies.hierarchy import TOP, Hierarchy
from shoal.privacy.hierarchies.specs import (
    DateSpec,
    DateUnit,
    DefaultSpec,
    ExplicitSpec,
    HierarchySpec,
    IntervalSpec,
    MaskingDirection,
    MaskingSpec,
    PathSpec,
    RoundingSpec,
    TableSpec,
    TopSpec,
)

__all__ = [
    "TOP",
    "DateSpec",
    "DateUnit",
    "DefaultSpec",
    "ExplicitSpec",
    "Hierarchy",
    "HierarchySpec",
    "IntervalSpec",
    "MaskingDirection",
    "MaskingSpec",
    "PathSpec",
    "RoundingSpec",
    "TableSpec",
    "TopSpec",
    "build",
]
