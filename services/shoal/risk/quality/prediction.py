"""Trained on the release, tested on the original: can an analyst still learn what predicts a column?

The same learner (a random forest of small, fixed size) is trained once on the original and once on the release. The release
holds the very people that it is tested on, generalised, and nobody knows which row is whose; so the tested rows are those of
whole classes of which neither learner has seen a row. Classes are dealt out to three folds, so that every row is tested once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal.errors import ErrorReason, InvalidArgumentError
from shoal.risk.quality.associations import label_means
from shoal.risk.quality.cover import Floats
from shoal.risk.quality.reading import Shared
from shoal.risk.quality.recoding import ANY, Recoded
from shoal.risk.quality.squares import positions
from shoal.risk.validation.grouping import Ints
from shoal.runtime.stopping import Stop
from shoal.tables.coding import code_distinct
from shoal.tables.columns import NEUTRAL

FOLDS = 3
TREES = 20
LEAST_IN_LEAF = 3
MOST_ROWS = 20_000
"""Rows of a table that a learner is trained on; more are drawn from, with a fixed seed."""
FEW_NUMBERS = 20
"""A target of up to this many distinct numbers is a matter of categories."""


@dataclass(frozen=True)
class Prediction:
    """The scores, and what they are: `accuracy` or `r_squared`. tested: rows of the original that were predicted."""

    column: str
    score: str
    original: float
    released: float
    baseline: float
    tested: int


@dataclass(frozen=True, eq=False)
class Feature:
    """A column to learn from. full: of the rows of the original as they are; coarse: at the level of the release; released:
    of the released rows."""

    full: Floats
    coarse: Floats
    released: Floats


@dataclass(frozen=True, eq=False)
class Groups:
    """What the rows of the original and of the release have in common where they were generalised alike, as numbers."""

    before: Ints
    after: Ints


def feature(shared: Shared, column: Recoded | None) -> tuple[Feature, Groups | None]:
    """A column as the learner sees it, and as classes do. column: None for one that was not generalised."""
    if column is None:
        codes, _ = code_distinct(pl.concat([shared.values_before.alias(NEUTRAL), shared.values_after.alias(NEUTRAL)]))
        values = positions(pl.concat([shared.values_before, shared.values_after]))
        either = codes.astype(np.float64) if values is None else values
        full, after = either[: len(shared.values_before)][shared.before], either[len(shared.values_before) :][shared.after]
        return Feature(full, full, after), None
    leaf, value = column.leaf_of(shared.values_before), column.value_of(shared.values_after)
    level = int(column.value_level.max(initial=ANY))
    if level == ANY:
        nothing = np.zeros(len(shared.before))
        return Feature(_whole(column)[leaf][shared.before], nothing, np.zeros(len(shared.after))), None
    coarse = column.labels[level]  # of each leaf
    label = np.full(len(column.values), -1, dtype=np.int64)
    for each, labels in enumerate(column.labels[: level + 1]):
        here = column.value_level == each
        above = np.zeros(int(labels.max()) + 1, dtype=np.int64)
        above[labels] = coarse  # hierarchies are nested: all leaves of a label share the one above
        label[here] = above[column.value_label[here]]
    numbers = positions(column.leaves)
    of_label = np.arange(int(coarse.max()) + 1, dtype=np.float64)
    if numbers is not None:
        of_label = label_means(coarse, numbers)
    shown = np.where(label < 0, np.nan, of_label[np.maximum(label, 0)])
    found = Feature(_whole(column)[leaf][shared.before], of_label[coarse[leaf]][shared.before], shown[value][shared.after])
    starred = bool((label < 0).any())
    return found, None if starred else Groups(coarse[leaf][shared.before], label[value][shared.after])


def predict(target: Shared, features: Sequence[Feature], groups: Sequence[Groups], stop: Stop) -> Prediction | None:
    """Learns and tests; None when the rows cannot be dealt out, all being in one class.

    Raises InvalidArgumentError when the release does not have the target's values as they were.
    """
    codes, leaves = code_distinct(pl.concat([target.values_before.alias(NEUTRAL), target.values_after.alias(NEUTRAL)]))
    before, after = codes[: len(target.values_before)][target.before], codes[len(target.values_before) :][target.after]
    if not np.isin(codes[len(target.values_before) :], codes[: len(target.values_before)]).all():
        raise InvalidArgumentError(
            f"target_column: the release has values of '{target.name}' that the original lacks: predict a column that was "
            "released as it was",
            reason=ErrorReason.INVALID_FIELD,
            metadata={"column": target.name},
        )
    numbers = positions(leaves)
    categories = numbers is None or len(np.unique(numbers[~np.isnan(numbers)])) <= FEW_NUMBERS
    missing = leaves.is_null().to_numpy()
    wanted = np.arange(len(leaves), dtype=np.float64) if categories or numbers is None else numbers
    folds = _folds(groups, len(before), len(after))
    if folds is None or not features:
        return None
    rows = _Rows(wanted[before], ~missing[before], folds.before), _Rows(wanted[after], ~missing[after], folds.after)
    scores = [_Score(categories=categories) for _ in range(3)]
    for fold in range(FOLDS):
        tested = rows[0].there & (rows[0].fold == fold)
        truth = rows[0].target[tested]
        if not len(truth):
            continue
        full = np.stack([each.full for each in features], axis=1)
        coarse = np.stack([each.coarse for each in features], axis=1)
        released = np.stack([each.released for each in features], axis=1)
        for score, seen, known, unseen in (
            (scores[0], full, rows[0], full),
            (scores[1], released, rows[1], coarse),
        ):
            stop.check()
            trained = known.there & (known.fold != fold)
            score.add(truth, _learned(seen[trained], known.target[trained], unseen[tested], categories=categories))
        others = rows[0].target[rows[0].there & (rows[0].fold != fold)]
        scores[2].add(truth, _constant(others, len(truth), categories=categories))
    if not scores[0].rows:
        return None
    name = "accuracy" if categories else "r_squared"
    of_original, of_release, of_nothing = (each.value() for each in scores)
    return Prediction(target.name, name, of_original, of_release, of_nothing, scores[0].rows)


@dataclass(frozen=True, eq=False)
class _Rows:
    target: Floats
    there: NDArray[np.bool_]
    fold: Ints


class _Score:
    """The share of rows predicted right, or 1 minus the squared error over the total."""

    def __init__(self, *, categories: bool) -> None:
        self._categories = categories
        self._truth: list[Floats] = []
        self._found: list[Floats] = []

    @property
    def rows(self) -> int:
        return sum(map(len, self._truth))

    def add(self, truth: Floats, found: Floats) -> None:
        self._truth.append(truth)
        self._found.append(found)

    def value(self) -> float:
        truth, found = np.concatenate(self._truth), np.concatenate(self._found)
        if self._categories:
            return float((truth == found).mean())
        total = float(((truth - truth.mean()) ** 2).sum())
        return 1 - float(((truth - found) ** 2).sum()) / total


def _learned(seen: Floats, target: Floats, unseen: Floats, *, categories: bool) -> Floats:
    if len(np.unique(target)) < 2:
        return _constant(target, len(unseen), categories=categories)
    # Importing it takes longer than starting the server, and few calls predict.
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor  # noqa: PLC0415

    chosen = np.random.default_rng(0).permutation(len(target))[:MOST_ROWS]
    kind: Any = RandomForestClassifier if categories else RandomForestRegressor
    forest = kind(n_estimators=TREES, min_samples_leaf=LEAST_IN_LEAF, random_state=0)
    found: Floats = forest.fit(seen[chosen], target[chosen]).predict(unseen)
    return found


def _constant(target: Floats, rows: int, *, categories: bool) -> Floats:
    """What is predicted without looking: the most frequent value, or the mean; nothing when nothing was seen."""
    if not len(target):
        return np.full(rows, np.nan if categories else 0.0)
    if not categories:
        return np.full(rows, float(target.mean()))
    values, counts = np.unique(target, return_counts=True)
    return np.full(rows, float(values[counts.argmax()]))


def _folds(groups: Sequence[Groups], before: int, after: int) -> Groups | None:
    """The fold of each row, the largest classes dealt out first; None when there are fewer classes than folds."""
    key = np.zeros(before + after, dtype=np.int64)
    for each in groups:
        both = np.concatenate([each.before, each.after])
        key = np.unique(key * (int(both.max()) + 1) + both, return_inverse=True)[1].reshape(-1)
    sizes = np.bincount(key[:before], minlength=int(key.max(initial=0)) + 1)
    if (sizes > 0).sum() < FOLDS:
        return None
    fold_of, load = np.zeros(len(sizes), dtype=np.int64), [0] * FOLDS
    for group in np.argsort(-sizes, kind="stable").tolist():
        least = load.index(min(load))
        fold_of[group] = least
        load[least] += int(sizes[group])
    return Groups(fold_of[key[:before]], fold_of[key[before:]])


def _whole(column: Recoded) -> Floats:
    """A number for each leaf: its own, or its place among the leaves."""
    numbers = positions(column.leaves)
    return np.arange(len(column.leaves), dtype=np.float64) if numbers is None else numbers
