"""What an answer will cost and how much noise it will have: all of it from the request, before a row is looked at."""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from shoal.accounting.amounts import DELTA_UNITS, EPSILON_UNITS
from shoal.dp.noise import Noise, gaussian, gaussian_ratio, laplace, threshold
from shoal.dp.parts import ColumnParts, Part, parts_of
from shoal.dp.query import Neighbouring, Query, Unlisted
from shoal.errors import ErrorReason, InvalidArgumentError

MOST_EVENTS = 1000
"""How many kinds of events one spend takes."""

MOST_REPEATED = 1_000_000
"""How often one of them may happen; what happens more often is told as several."""

WIDEST_SIGMA = 2.0**50
"""A wider sigma is told to the ledger as this one, with the sensitivity in proportion: it looks at the ratio only."""


@dataclass(frozen=True)
class Event:
    """A randomised release as the ledger sees it. sigma, sensitivity: of Gaussian noise, in steps; 0 for all others."""

    epsilon: int
    delta: int
    sigma: float = 0.0
    sensitivity: float = 0.0
    bounded_range: bool = False


@dataclass(frozen=True)
class ColumnNoise:
    """What one column of one group is allotted, and the noise of each of its parts."""

    epsilon: int
    delta: int
    noises: tuple[Noise, ...]


@dataclass(frozen=True)
class GroupNoise:
    """The noise of one group's answers, and what they cost. choice_scale: what a choice divides utilities by; 0 for none."""

    columns: tuple[ColumnNoise, ...]
    events: tuple[Event, ...]
    choice_scale: float = 0.0


@dataclass(frozen=True)
class Threshold:
    """How groups are discovered: those whose noisy size is above `size`. contribution: how far one unit moves a size."""

    noise: Noise
    size: int
    contribution: int


@dataclass(frozen=True)
class Plan:
    """A query and its noise. groups: of each listed group and of `other`, in this order; one without groups."""

    query: Query
    columns: tuple[ColumnParts, ...]
    groups: tuple[GroupNoise, ...]
    discovered: GroupNoise | None
    threshold: Threshold | None
    events: tuple[tuple[Event, int], ...]
    """Each with how often it happens."""

    @property
    def epsilon(self) -> int:
        """What everything costs together under basic composition."""
        return sum(event.epsilon * count for event, count in self.events)

    @property
    def delta(self) -> int:
        """What everything costs together under basic composition."""
        return sum(event.delta * count for event, count in self.events)


def plan(query: Query, columns: tuple[ColumnParts, ...] | None = None, check: Callable[[], None] = lambda: None) -> Plan:
    """The noise of a query's answers.

    columns: their parts, where one unit moves them further than in a single answer. check: raises to end the work, which
    takes some 15 ms for each group of an epsilon of its own.
    """
    if columns is None:
        columns = tuple(parts_of(query, column) for column in query.columns)
    by = query.group_by
    if by is None:
        alone = _group_noise(query, columns, _epsilons(query, None), query.delta)
        return Plan(query, columns, (alone,), None, None, tuple(Counter(alone.events).items()))
    discovers = by.unlisted is Unlisted.DISCOVER
    # Thresholding takes half of epsilon, and half of delta where the answers need the other half.
    halves = 2 if discovers else 1
    delta = query.delta // halves if query.noise.is_gaussian else 0

    @functools.cache
    def noise_for(epsilon: int | None) -> GroupNoise:
        return _group_noise(query, columns, [each // halves for each in _epsilons(query, epsilon)], delta)

    groups = []
    for key in by.keys:
        check()
        groups.append(noise_for(key.epsilon))
    if by.unlisted is Unlisted.OTHER:
        groups.append(noise_for(None))
    discovered, found = (noise_for(None), _threshold(query, query.delta - delta)) if discovers else (None, None)
    events = _events(query, groups, discovered)
    if found is not None:
        touched = _touched(query)
        share = sum(_epsilons(query, None)) // 2
        events += [(Event(share, 0), touched), (Event(0, query.delta - delta), touched)]
    return Plan(query, columns, tuple(groups), discovered, found, tuple(events))


def _epsilons(query: Query, group: int | None) -> list[int]:
    """The columns' shares; group: what a group has together, None for the query's. Raises InvalidArgumentError when what is to
    be shared is too little for all.
    """
    shares = _shares(query, group)
    parts = 3 * (2 if query.group_by is not None and query.group_by.unlisted is Unlisted.DISCOVER else 1)
    if min(shares) < parts:
        raise InvalidArgumentError(
            "epsilon: a column's share of it is below 1e-8: ask for more, or for fewer columns",
            reason=ErrorReason.INVALID_FIELD,
        )
    return shares


def _shares(query: Query, group: int | None) -> list[int]:
    own = [column.epsilon for column in query.columns if column.epsilon is not None]
    if not own:
        count = max(1, len(query.columns))
        return [(query.epsilon if group is None else group) // count] * count
    if group is None:
        return own
    return [group * each // sum(own) for each in own]


def _group_noise(query: Query, columns: Sequence[ColumnParts], epsilons: Sequence[int], delta: int) -> GroupNoise:
    if query.choice is not None:
        return _choice_noise(query, epsilons[0])
    if not query.noise.is_gaussian:
        return _laplace_noise(columns, epsilons)
    if query.has_own_epsilons:
        deltas = [delta // len(columns)] * len(columns)
        alone = [
            _gaussian_noise([each], [epsilon], [own]) for each, epsilon, own in zip(columns, epsilons, deltas, strict=True)
        ]
        return GroupNoise(tuple(each.columns[0] for each in alone), tuple(each.events[0] for each in alone))
    return _gaussian_noise(columns, epsilons, [delta // len(columns)] * len(columns))


def _laplace_noise(columns: Sequence[ColumnParts], epsilons: Sequence[int]) -> GroupNoise:
    """A column's parts share its epsilon evenly: the sum of their shares is what they cost together."""
    found, events = [], []
    for each, epsilon in zip(columns, epsilons, strict=True):
        share = epsilon // len(each.parts)
        noises = tuple(laplace(part.l1, Fraction(share, EPSILON_UNITS)) for part in each.parts)
        found.append(ColumnNoise(share * len(each.parts), 0, noises))
        events += [Event(share, 0)] * len(each.parts)
    return GroupNoise(tuple(found), tuple(events))


def _gaussian_noise(columns: Sequence[ColumnParts], epsilons: Sequence[int], deltas: Sequence[int]) -> GroupNoise:
    """All parts of all columns are one vector, moved in every part at once: each part has the same ratio of what moves it to
    its sigma, and all together the ratio that epsilon and delta allow.
    """
    parts = [part for each in columns for part in each.parts]
    epsilon, delta = sum(epsilons), sum(deltas)
    root = math.sqrt(len(parts))
    ratio = gaussian_ratio(epsilon / EPSILON_UNITS, delta / DELTA_UNITS, min(part.l2 for part in parts) * root)
    noises = {part: gaussian(part.l2 * root, ratio) for part in parts}
    found = [
        ColumnNoise(share, own, tuple(noises[part] for part in each.parts))
        for each, share, own in zip(columns, epsilons, deltas, strict=True)
    ]
    return GroupNoise(tuple(found), (Event(epsilon, delta, *_told(parts, noises)),))


def _told(parts: Sequence[Part], noises: dict[Part, Noise]) -> tuple[float, float]:
    """Sigma and sensitivity of a vector as one number of the least sigma would have them."""
    sigmas = [float(noises[part].scale) for part in parts]
    moved = math.sqrt(math.fsum((part.l2 / sigma) ** 2 for part, sigma in zip(parts, sigmas, strict=True)))
    sigma = min([*sigmas, WIDEST_SIGMA])
    return sigma, sigma * moved


def _choice_noise(query: Query, epsilon: int) -> GroupNoise:
    """The exponential mechanism. When one unit can move utilities in one direction only, their differences move half as far."""
    choice = query.choice
    assert choice is not None  # noqa: S101 (asked for before)
    moved = Fraction(choice.sensitivity) if choice.column is None else Fraction(query.unit.max_contributions)
    one_way = (choice.monotone or choice.column is not None) and query.unit.neighbouring is Neighbouring.ADD_REMOVE
    scale = moved * (1 if one_way else 2) * EPSILON_UNITS / epsilon
    event = Event(epsilon, 0, bounded_range=True)
    return GroupNoise((), (event,), choice_scale=math.nextafter(float(scale), math.inf))


def _threshold(query: Query, delta: int) -> Threshold:
    by, unit = query.group_by, query.unit
    assert by is not None  # noqa: S101 (asked for before)
    # Units are counted where a column names them; else rows are, of which one unit may bring several.
    contribution = 1 if unit.column is not None else unit.max_contributions
    epsilon = Fraction(sum(_epsilons(query, None)) // 2, EPSILON_UNITS)
    noise = laplace(contribution, epsilon)
    least = threshold(noise, contribution, delta / DELTA_UNITS)
    return Threshold(noise, max(least, contribution * (by.min_size - 1)), contribution)


def _touched(query: Query) -> int:
    """How many groups one unit touches: those that it leaves and, when it is replaced, those that it enters."""
    return query.unit.max_groups * (2 if query.unit.neighbouring is Neighbouring.SUBSTITUTE else 1)


def _events(query: Query, groups: Sequence[GroupNoise], discovered: GroupNoise | None) -> list[tuple[Event, int]]:
    """The events of the dearest groups, as many as one unit touches. Groups share no rows."""
    touched = _touched(query)
    dearest = sorted(groups, key=lambda each: -_cost(each))[:touched]
    counted: Counter[GroupNoise] = Counter(dearest)
    if discovered is not None:
        # Any number of groups like this one may be found: it stands for every listed group that is cheaper.
        counted = Counter(each for each in dearest if _cost(each) > _cost(discovered))
        counted[discovered] += touched - counted.total()
    found = Counter[Event]()
    for group, count in counted.items():
        for event in group.events:
            found[event] += count
    # Thresholding has two events of its own.
    room = MOST_EVENTS - (2 * _told_as(touched) if discovered is not None else 0)
    if sum(_told_as(count) for count in found.values()) > room:
        return [(event, count * counted.total()) for event, count in Counter(dearest[0].events).items()]
    return list(found.items())


def _told_as(count: int) -> int:
    return math.ceil(count / MOST_REPEATED)


def _cost(group: GroupNoise) -> int:
    return sum(event.epsilon for event in group.events)
