"""Generalisation by definition, of the arrays that go through the door; tests/core/oracle has all the rest."""

from __future__ import annotations

from shoal.kernels import AttributeCodes


def generalized(attribute: AttributeCodes, level: int) -> list[int]:
    """The attribute's value of every row at a level."""
    leaves: list[int] = attribute.codes.tolist()
    if level == 0:
        return leaves
    table: list[int] = attribute.generalizations[level - 1].tolist()
    return [table[leaf] for leaf in leaves]
