"""The combinations of levels around one, so that a person can choose another trade-off."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from shoal.anonymization.prepare import Prepared
from shoal.anonymization.strategies import Levels, choose
from shoal.errors import FieldViolation, invalid_fields
from shoal.kernels import Evaluation, Monitor

LARGEST_RADIUS = 3
MOST_NODES = 10_000


@dataclass(frozen=True)
class Neighbourhood:
    """The nodes by distance from the middle, which is the first. complete: whether all within the radius are there."""

    nodes: tuple[Evaluation, ...]
    complete: bool


def explore(prepared: Prepared, levels: Levels | None, radius: int, monitor: Monitor) -> Neighbourhood:
    """The nodes at most `radius` levels away from the given ones, or from the optimum; distances of attributes add up.

    Raises InvalidArgumentError for a level that a hierarchy does not have.
    """
    tops = [each.levels - 1 for each in prepared.hierarchies]
    if levels is None:
        levels = choose(prepared, monitor).levels
    wrong = [
        FieldViolation(f"levels[{place}]", f"must be at most {top}, the highest level of '{attribute.name}'")
        for place, (level, top, attribute) in enumerate(zip(levels, tops, prepared.policy.quasi_identifiers, strict=True))
        if level > top
    ]
    if wrong:
        raise invalid_fields(wrong)
    near = list(itertools.islice(_around(levels, tops, radius), MOST_NODES + 1))
    found = prepared.table.evaluate(
        near[:MOST_NODES],
        prepared.models,
        suppression_limit=prepared.limit,
        objective=prepared.policy.objective,
        monitor=monitor,
    )
    return Neighbourhood(tuple(found), len(near) <= MOST_NODES)


def _around(middle: Levels, tops: Sequence[int], radius: int) -> Iterator[Levels]:
    """By distance; within one, in the order of the levels."""
    yield middle
    for distance in range(1, radius + 1):
        yield from sorted(_at(middle, tops, distance))


def _at(middle: Levels, tops: Sequence[int], distance: int) -> Iterator[Levels]:
    """Every node whose levels differ by `distance` in all."""
    for count in range(1, min(distance, len(middle)) + 1):
        for places in itertools.combinations(range(len(middle)), count):
            for steps in _compositions(distance, count):
                for signs in itertools.product((-1, 1), repeat=count):
                    levels = list(middle)
                    for place, step, sign in zip(places, steps, signs, strict=True):
                        levels[place] += sign * step
                    if all(0 <= level <= top for level, top in zip(levels, tops, strict=True)):
                        yield tuple(levels)


def _compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """The ways to write `total` as an ordered sum of `parts` numbers from 1 on."""
    if parts == 1:
        yield (total,)
        return
    for first in range(1, total - parts + 2):
        for rest in _compositions(total - first, parts - 1):
            yield (first, *rest)
