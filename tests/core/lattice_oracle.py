"""The search by definition: every node of the lattice, exact fractions, nothing shared with the kernel."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from shoal.kernels import Aggregate, AttributeCodes


@dataclass(frozen=True)
class Instance:
    """One random search problem."""

    attributes: list[AttributeCodes]
    k: int
    limit: int
    weights: list[float]
    aggregate: Aggregate


@dataclass(frozen=True)
class Answer:
    """The optimum of an instance, found by looking at all nodes."""

    levels: tuple[int, ...]
    loss: float
    attribute_losses: tuple[Fraction, ...]
    suppressed: int
    kept: list[bool]
    sizes: Counter[int]


def generalized(attribute: AttributeCodes, level: int) -> list[int]:
    """The attribute's value of every row at a level."""
    leaves = attribute.codes.tolist()
    if level == 0:
        return leaves
    table = attribute.generalizations[level - 1].tolist()
    return [table[leaf] for leaf in leaves]


def leaves_under(attribute: AttributeCodes, level: int) -> Counter[int]:
    """How many leaves of the hierarchy each value of a level covers."""
    if level == 0:
        return Counter(range(attribute.leaves))
    return Counter(attribute.generalizations[level - 1].tolist())


def nodes(instance: Instance) -> Iterator[tuple[int, ...]]:
    """All nodes of the lattice."""
    return itertools.product(*(range(len(a.generalizations) + 1) for a in instance.attributes))


def best(instance: Instance) -> Answer | None:
    """The qualifying node with the least loss, or None."""
    answers = (
        (key, sum(levels), levels, answer) for levels in nodes(instance) for key, answer in _qualifying(instance, levels)
    )
    least = min(answers, key=lambda found: found[:3], default=None)
    return None if least is None else least[3]


def fewest_suppressed(instance: Instance, k: int | None = None) -> int:
    """The fewest rows that any node suppresses."""
    return min(sum(not kept for kept in _kept(instance, levels, k or instance.k)[0]) for levels in nodes(instance))


def _kept(instance: Instance, levels: Sequence[int], k: int) -> tuple[list[bool], Counter[int]]:
    rows = list(
        zip(
            *(generalized(a, level) for a, level in zip(instance.attributes, levels, strict=True)),
            strict=True,
        )
    )
    classes = Counter(rows)
    return [classes[row] >= k for row in rows], Counter(size for size in classes.values() if size >= k)


def _qualifying(instance: Instance, levels: tuple[int, ...]) -> Iterator[tuple[Fraction, Answer]]:
    kept, sizes = _kept(instance, levels, instance.k)
    rows, suppressed = len(kept), kept.count(False)
    if suppressed > instance.limit or suppressed == rows:
        return
    losses = []
    for attribute, level in zip(instance.attributes, levels, strict=True):
        if attribute.leaves == 1:
            losses.append(Fraction(0))
            continue
        under = leaves_under(attribute, level)
        values = generalized(attribute, level)
        shares = sum(
            Fraction(under[value], attribute.leaves) if stays else Fraction(1)
            for value, stays in zip(values, kept, strict=True)
        )
        least = Fraction(rows, attribute.leaves)
        losses.append((shares - least) / (rows - least))
    heaviest = Fraction(max(instance.weights))
    weighted = [loss * Fraction(weight) / heaviest for loss, weight in zip(losses, instance.weights, strict=True)]
    key, loss = _aggregated(weighted, instance.aggregate)
    yield key, Answer(levels, loss, tuple(losses), suppressed, kept, sizes)


def _aggregated(weighted: list[Fraction], aggregate: Aggregate) -> tuple[Fraction, float]:
    """An exact number that orders losses, and the loss."""
    match aggregate:
        case Aggregate.GEOMETRIC_MEAN:
            product = math.prod((loss + 1 for loss in weighted), start=Fraction(1))
            return product, float(product) ** (1 / len(weighted)) - 1
        case Aggregate.ARITHMETIC_MEAN:
            mean = sum(weighted, start=Fraction(0)) / len(weighted)
            return mean, float(mean)
        case Aggregate.MAXIMUM:
            return max(weighted), float(max(weighted))


def random_hierarchy(rng: np.random.Generator, leaves: int, levels: int) -> tuple[np.ndarray, ...]:
    """Nested maps of random shape; a level may equal the one before, the top may have several values."""
    maps = []
    codes = rng.permutation(leaves).astype(np.uint32)
    for _ in range(levels):
        values = int(codes.max()) + 1
        if rng.random() < 0.8:
            fewer = int(rng.integers(1, values + 1))
            parents = rng.permutation(values)[rng.integers(0, fewer, values)].astype(np.uint32)
            codes = parents[codes]
        maps.append(codes)
    return tuple(maps)


def random_attribute(rng: np.random.Generator, rows: int, leaves: int, levels: int) -> AttributeCodes:
    """Random codes; most attributes leave some of their leaves unused."""
    used = rng.permutation(leaves)[: int(rng.integers(1, leaves + 1))]
    skew = rng.dirichlet(np.full(len(used), 0.7))
    codes = rng.choice(used, size=rows, p=skew).astype(np.uint32)
    return AttributeCodes(codes, random_hierarchy(rng, leaves, levels), leaves)


def random_instance(rng: np.random.Generator) -> Instance:
    """A problem with a lattice of at most a few hundred nodes."""
    rows = int(rng.integers(1, 70))
    count = int(rng.integers(1, 6))
    attributes = [random_attribute(rng, rows, int(rng.integers(1, 9)), int(rng.integers(0, 4))) for _ in range(count)]
    if rng.random() < 0.3:  # equal attributes make equal losses
        attributes[-1] = attributes[0]
    weights = [
        [1.0] * count,
        rng.random(count).round(2).tolist(),
        rng.choice([0.0, 0.5, 1.0, 2.0], count).tolist(),
        rng.choice([1e-300, 1e-9, 1.0, 1e9], count).tolist(),
    ][rng.integers(0, 4)]
    if max(weights) == 0:
        weights[0] = 1.0
    limit = int(rng.choice([0, rows // 50, rows // 10, rows // 2, rows]))
    return Instance(attributes, int(rng.integers(1, 9)), limit, weights, list(Aggregate)[rng.integers(0, 3)])
