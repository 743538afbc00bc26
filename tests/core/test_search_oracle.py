"""The search against the definition, on random small lattices; failures print the seed of the run."""

from __future__ import annotations

import os
import secrets
import sys
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from lattice_oracle import (
    Answer,
    Instance,
    best,
    fewest_suppressed,
    generalized,
    random_attribute,
    random_instance,
)

from shoal.kernels import Aggregate, AttributeCodes, Infeasible, SearchOutcome, search

SEED = int(os.environ.get("SHOAL_TEST_SEED") or secrets.randbelow(2**32))
ROUNDS = 150


def run(instance: Instance) -> SearchOutcome:
    return search(
        instance.attributes,
        k=instance.k,
        suppression_limit=instance.limit,
        weights=instance.weights,
        aggregate=instance.aggregate,
    )


def assert_same(outcome: SearchOutcome, answer: Answer) -> None:
    assert outcome.levels == answer.levels
    assert outcome.loss == pytest.approx(answer.loss, rel=1e-12, abs=1e-14)
    assert outcome.attribute_losses == tuple(float(loss) for loss in answer.attribute_losses)
    assert outcome.suppressed == answer.suppressed
    assert outcome.released == len(answer.kept) - answer.suppressed
    assert outcome.kept.tolist() == answer.kept
    assert dict(zip(outcome.after.sizes.tolist(), outcome.after.counts.tolist(), strict=True)) == answer.sizes
    assert (outcome.optimal, outcome.gap) == (True, 0.0)
    assert 1 <= outcome.checked <= outcome.lattice_size


def assert_anonymous(instance: Instance, outcome: SearchOutcome) -> None:
    """Counts the released rows once more, straight from the input and the levels."""
    columns = [generalized(a, level) for a, level in zip(instance.attributes, outcome.levels, strict=True)]
    rows = list(zip(*columns, strict=True))
    released = Counter(row for row, kept in zip(rows, outcome.kept, strict=True) if kept)
    assert released
    assert min(released.values()) >= instance.k
    assert len(rows) - released.total() <= instance.limit


def check(instance: Instance) -> bool:
    """Compares one instance; tells whether it was feasible."""
    answer = best(instance)
    if answer is None:
        with pytest.raises(Infeasible) as raised:
            run(instance)
        assert raised.value.fewest_suppressed == fewest_suppressed(instance)
        rows = len(instance.attributes[0].codes)
        limit = min(instance.limit, rows - 1)
        largest_k = raised.value.largest_k
        assert fewest_suppressed(instance, largest_k) <= limit < fewest_suppressed(instance, largest_k + 1)
        return False
    outcome = run(instance)
    assert_same(outcome, answer)
    assert_anonymous(instance, outcome)
    before = Counter(Counter(zip(*(a.codes.tolist() for a in instance.attributes), strict=True)).values())
    assert dict(zip(outcome.before.sizes.tolist(), outcome.before.counts.tolist(), strict=True)) == before
    return True


def test_random_lattices() -> None:
    feasible = 0
    for turn in range(ROUNDS):
        sys.stdout.write(f"SHOAL_TEST_SEED={SEED}, turn {turn}\n")
        feasible += check(random_instance(np.random.default_rng([SEED, turn])))
    # A generator that made one kind only would prove nothing about the other.
    assert ROUNDS // 4 < feasible < ROUNDS


@pytest.mark.parametrize(("fixed", "words"), [(0, 2), (8, 2), (20, 4), (56, 8)])
def test_keys_wider_than_64_bits(fixed: int, words: int) -> None:
    """Eight attributes of 300 values need 9 bits each, `fixed` ones of 100 values, without levels, 7."""
    assert (8 * 9 + fixed * 7 + 63) // 64 in range(words // 2 + 1, words + 1)
    rng = np.random.default_rng([SEED, fixed])
    sys.stdout.write(f"SHOAL_TEST_SEED={SEED}\n")
    root = np.zeros(300, dtype=np.uint32)
    attributes = [AttributeCodes(rng.permutation(300).astype(np.uint32), (root,), 300) for _ in range(8)]
    # Every three rows agree in all fixed attributes: more would leave no class of three at any node.
    threes = np.arange(300) // 3
    attributes += [AttributeCodes(rng.permutation(100).astype(np.uint32)[threes], (), 100) for _ in range(fixed)]
    attributes = [attributes[j] for j in rng.permutation(len(attributes))]
    weights = rng.random(len(attributes)).tolist()
    assert check(Instance(attributes, k=3, limit=20, weights=weights, aggregate=Aggregate.GEOMETRIC_MEAN))


def test_ties_take_the_smaller_level_sum_then_the_smaller_vector() -> None:
    """Two equal attributes: generalising either is the same loss, so the second goes up, not the first."""
    codes = np.array([0, 0, 1, 1], dtype=np.uint32)
    to_root = np.zeros(2, dtype=np.uint32)
    identity = np.arange(2, dtype=np.uint32)
    other = np.array([0, 1, 0, 1], dtype=np.uint32)
    attributes = [
        # Level 1 of both changes nothing: every tie of loss has a smaller level sum at 0.
        AttributeCodes(codes, (identity, to_root), 2),
        AttributeCodes(other, (identity, to_root), 2),
    ]
    outcome = search(attributes, k=2, suppression_limit=0, weights=[1, 1], aggregate=Aggregate.GEOMETRIC_MEAN)
    assert outcome.levels == (0, 2)


def test_the_order_of_attributes_changes_no_loss() -> None:
    rng = np.random.default_rng([SEED, 7])
    sys.stdout.write(f"SHOAL_TEST_SEED={SEED}\n")
    for aggregate in Aggregate:
        attributes = [random_attribute(rng, rows=60, leaves=7, levels=2) for _ in range(5)]
        # A root for every hierarchy, so that there is always a release.
        root = np.zeros(7, dtype=np.uint32)
        attributes = [replace(a, generalizations=(*a.generalizations, root)) for a in attributes]
        weights = rng.random(5)
        losses = set()
        for _ in range(6):
            order = rng.permutation(5)
            outcome = search(
                [attributes[j] for j in order],
                k=4,
                suppression_limit=30,
                weights=weights[order].tolist(),
                aggregate=aggregate,
            )
            losses.add(outcome.loss)
        assert len(losses) == 1
