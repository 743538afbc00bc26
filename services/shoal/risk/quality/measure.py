"""An original, its release and what was done between become figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from shoal.errors import ErrorReason, InvalidArgumentError
from shoal.privacy.hierarchies import HierarchySpec
from shoal.risk.quality import associations, cover, distances, losses, prediction, squares
from shoal.risk.quality.losses import Aggregate, Measure, Rows
from shoal.risk.quality.prediction import Prediction
from shoal.risk.quality.reading import Shared, read_shared
from shoal.risk.quality.recoding import Recoded, recode
from shoal.risk.validation.grouping import Ints, group, merge, plain
from shoal.runtime.stopping import Stop

MOST_RELATED = 32
"""Columns whose relations are compared, every pair of them."""


@dataclass(frozen=True)
class Question:
    """What was done. hierarchies: of the columns where one is known. weights: of the quasi-identifiers.

    levels: that the release is said to have, by column; empty where that is not known.
    """

    quasi_identifiers: tuple[str, ...]
    weights: tuple[float, ...]
    hierarchies: Mapping[str, HierarchySpec] = field(default_factory=dict)
    levels: Mapping[str, int] = field(default_factory=dict)
    minimised: Measure = Measure.LOSS
    aggregate: Aggregate = Aggregate.GEOMETRIC_MEAN
    target: str | None = None


@dataclass(frozen=True)
class ColumnQuality:
    """What one column lost. level, levels: None where they are not known or differ."""

    name: str
    metrics: dict[str, float]
    quasi_identifier: bool
    level: int | None = None
    levels: int | None = None


@dataclass(frozen=True)
class Measured:
    """What was found. report: the measures of a whole table, by the names of the contract's QualityReport; metrics: others.

    loss: by the measure that was minimised, None where it could not be computed.
    """

    report: dict[str, float]
    loss: float | None
    metrics: dict[str, float]
    columns: tuple[ColumnQuality, ...]
    rows: int
    released: int
    classes: int
    dropped: tuple[str, ...]
    prediction: Prediction | None
    warnings: tuple[str, ...]


def measure(original: pl.LazyFrame, released: pl.LazyFrame, question: Question, stop: Stop | None = None) -> Measured:
    """Compares the tables, which have the quasi-identifiers and the target both.

    Raises InvalidArgumentError when they do not fit together, ResourceExhaustedError when they are too large to be compared.
    """
    stop = stop or Stop()
    names = question.quasi_identifiers
    merged, weights = merge(original, names)
    classes = group(released, names, [])
    total = int(weights.sum())
    if not total:
        raise InvalidArgumentError("original: the original has no rows", reason=ErrorReason.MALFORMED_TABLE)
    if classes.rows > total:
        raise InvalidArgumentError(
            f"released: the release has {classes.rows} rows, more than the original's {total}: are they in the right order?"
        )
    stop.check()
    rows = Rows(total, total - classes.rows, weights, classes.weights)
    columns = {
        name: recode(
            name,
            plain(merged.to_series(place)),
            classes.merged[name],
            question.hierarchies.get(name),
            question.levels.get(name),
        )
        for place, name in enumerate(names)
    }
    stop.check()
    warnings = list(_strangers(columns))
    found = _Figures(report=_whole(classes.sizes, rows), metrics={}, by_column={name: {} for name in names})
    _lost(found, columns, question, rows)
    _covered(found, columns, rows, warnings, stop)
    _named(found, columns, rows, classes.count, len(weights), _sizes_squared(weights))
    schema, others = list(original.collect_schema()), set(released.collect_schema())
    shared = [*names, *(name for name in schema if name in others and name not in names)]
    predicted = _useful(found, original, released, shared, columns, question, rows, warnings, stop)
    return Measured(
        report=found.report,
        loss=_minimised(found, columns, question, rows, classes.count),
        metrics=found.metrics,
        columns=tuple(_column(name, found.by_column[name], columns.get(name)) for name in shared),
        rows=total,
        released=classes.rows,
        classes=classes.count,
        dropped=tuple(name for name in schema if name not in others),
        prediction=predicted,
        warnings=tuple(warnings),
    )


@dataclass(frozen=True)
class _Figures:
    report: dict[str, float]
    metrics: dict[str, float]
    by_column: dict[str, dict[str, float]]


def _sizes_squared(sizes: Ints) -> float:
    return float((sizes.astype(object) ** 2).sum()) if len(sizes) else 0.0


def _whole(sizes: Ints, rows: Rows) -> dict[str, float]:
    """What class sizes alone say."""
    found = {
        "discernibility": _sizes_squared(sizes) + float(rows.total) * rows.suppressed,
        "suppression_rate": rows.suppressed / rows.total,
    }
    if len(sizes):
        found["average_class_size"] = rows.released / len(sizes)
    return found


def _strangers(columns: Mapping[str, Recoded]) -> Iterator[str]:
    for name, column in columns.items():
        if column.measurable:
            continue
        distinct = int(column.strange.sum())
        if column.known:
            yield (
                f"{distinct} values of '{name}' in the release are no labels of its hierarchy: its loss, and that of the "
                "whole, is not measured"
            )
        else:
            yield (
                f"{distinct} values of '{name}' in the release are not the original's, and no hierarchy says what they stand "
                "for: its loss, and that of the whole, is not measured"
            )


def _lost(found: _Figures, columns: Mapping[str, Recoded], question: Question, rows: Rows) -> None:
    """Loss, precision and entropy, of columns and of the whole."""
    by_loss, by_entropy, heights = [], [], []
    for name, column in columns.items():
        if not column.measurable:
            continue
        height = losses.mean_height(column, rows)
        loss, entropy = losses.loss(column, rows), losses.non_uniform_entropy(column, rows)
        found.by_column[name] |= {"loss": loss, "precision_loss": float(height)}
        by_loss.append(loss)
        heights.append((height * rows.released + rows.suppressed) / rows.total)
        if entropy is not None:
            found.by_column[name]["non_uniform_entropy"] = entropy
            by_entropy.append(entropy)
    if len(by_loss) == len(columns):
        for how in Aggregate:
            found.report[f"loss_{how.lower()}"] = losses.aggregated(by_loss, question.weights, how)
        found.report["precision"] = float(1 - sum(heights) / len(heights))
    if len(by_entropy) == len(columns):
        found.report["non_uniform_entropy"] = losses.aggregated(by_entropy, question.weights, question.aggregate)


def _minimised(found: _Figures, columns: Mapping[str, Recoded], question: Question, rows: Rows, classes: int) -> float | None:
    """The loss that the release was chosen by."""
    match question.minimised:
        case Measure.LOSS:
            return found.report.get(f"loss_{question.aggregate.lower()}")
        case Measure.PRECISION if all(column.measurable for column in columns.values()):
            heights = [losses.mean_height(column, rows) * rows.released + rows.suppressed for column in columns.values()]
            return losses.aggregated([float(each / rows.total) for each in heights], question.weights, question.aggregate)
        case Measure.AVERAGE_CLASS_SIZE:
            return rows.total / (classes + bool(rows.suppressed))  # the suppressed rows are one class
        case _:
            return found.report.get(question.minimised.lower())


def _covered(found: _Figures, columns: Mapping[str, Recoded], rows: Rows, warnings: list[str], stop: Stop) -> None:
    """What needs to know which rows each class may stand for."""
    if not all(column.measurable for column in columns.values()):
        return
    covered = cover.cover(list(columns.values()), stop)
    found.report["kl_divergence"] = cover.kl_divergence(list(columns.values()), covered, rows)
    found.report["ambiguity"] = cover.ambiguity(list(columns.values()), rows)
    shares = cover.kept_shares(covered, rows)
    if shares is None:
        warnings.append(
            "rows of the original are covered by several classes, or by classes that have more rows than they cover: which "
            "rows were suppressed cannot be counted, and squared errors are not measured"
        )
        return
    stop.check()
    of = cover.classes_of(covered, rows)
    errors = {name: squares.squared_error(column, shares, of, rows) for name, column in columns.items()}
    for name, error in errors.items():
        found.by_column[name] |= {"sse_sst_ratio": error.ratio, "mean_squared_error": error.mean}
    ratio = sum(each.ratio for each in errors.values()) / len(errors)
    found.metrics.update(
        sse_sst_ratio=ratio,
        sum_of_squared_errors=ratio,
        r_squared=1 - ratio,
        mean_squared_error=sum(each.mean for each in errors.values()) / len(errors),
    )


def _named(
    found: _Figures,
    columns: Mapping[str, Recoded],
    rows: Rows,
    classes: int,
    classes_before: int,
    squares_before: float,
) -> None:
    """The measures between 0 and 1 that other tools know by these names."""
    rate = found.report["suppression_rate"]
    metrics = found.metrics
    metrics["suppression_rate"] = rate
    most = float(rows.total) ** 2
    metrics["discernibility"] = _share(found.report["discernibility"] - squares_before, most - squares_before)
    mean, mean_before = rows.released / classes if classes else float(rows.total), rows.total / classes_before
    metrics["average_equivalence_class_size"] = _share(mean - mean_before, rows.total - mean_before)
    if "non_uniform_entropy" in found.report:
        metrics["non_uniform_entropy"] = max(0.0, found.report["non_uniform_entropy"])
    if all(column.measurable for column in columns.values()):
        levels = [float(losses.mean_height(column, rows)) for column in columns.values()]
        metrics["precision_loss"] = sum(levels) / len(levels)
        metrics["ambiguity"] = 1 - (1 - rate) * (1 - metrics["precision_loss"])
        metrics["combined_loss"] = combined_loss(metrics["precision_loss"], metrics["discernibility"], rate)


def combined_loss(precision_loss: float, discernibility: float, suppression_rate: float) -> float:
    """The weighted sum that the vendor's published figures are made of, 0 to 1."""
    return 0.4 * precision_loss + 0.3 * discernibility + 0.3 * suppression_rate


def _share(part: float, whole: float) -> float:
    """Part of what there was to lose, 0 where there was nothing, or where another tool's release tells more apart."""
    return min(1.0, max(0.0, part / whole)) if whole > 0 else 0.0


def _useful(
    found: _Figures,
    original: pl.LazyFrame,
    released: pl.LazyFrame,
    names: Sequence[str],
    columns: Mapping[str, Recoded],
    question: Question,
    rows: Rows,
    warnings: list[str],
    stop: Stop,
) -> Prediction | None:
    """What an analyst can still do: distributions, relations, and a column to predict."""
    related: list[tuple[str, associations.Variable, associations.Variable]] = []
    features: list[prediction.Feature] = []
    groups: list[prediction.Groups] = []
    target: Shared | None = None
    for shared in read_shared(original, released, names, question.quasi_identifiers, stop):
        column = columns.get(shared.name)
        metrics = found.by_column.setdefault(shared.name, {})
        if column is None or column.measurable:
            one, other = shared.counts()
            far = (
                distances.of_values(shared.values_before, one, shared.values_after, other)
                if column is None
                else distances.of_recoded(column, rows)
            )
            metrics |= _distances(far)
        if len(related) < MOST_RELATED:
            related.append((shared.name, *associations.variables(shared, column)))
        if question.target is None:
            continue
        if shared.name == question.target:
            target = shared
        elif column is None or column.measurable:
            learned, same = prediction.feature(shared, column)
            features.append(learned)
            groups += [] if same is None else [same]
    if rows.released:
        _related(found, related, stop)
    if len(names) > MOST_RELATED:
        warnings.append(f"relations are those of the first {MOST_RELATED} of {len(names)} columns")
    if target is None:
        return None
    predicted = prediction.predict(target, features, groups, stop) if rows.released else None
    if predicted is None:
        warnings.append(
            f"'{target.name}' is not predicted: to test on rows that were not learned takes {prediction.FOLDS} classes at least"
        )
    return predicted


def _distances(far: distances.Distance | None) -> dict[str, float]:
    if far is None:
        return {}
    found = {
        "total_variation": far.total_variation,
        "kolmogorov_smirnov": far.kolmogorov_smirnov,
        "wasserstein": far.wasserstein,
    }
    return {name: value for name, value in found.items() if value is not None}


def _related(found: _Figures, related: Sequence[tuple[str, associations.Variable, associations.Variable]], stop: Stop) -> None:
    changes = associations.changes(related, stop)
    if not changes:
        return
    for name, _, _ in related:
        own = [each.change for each in changes if name in (each.left, each.right)]
        found.by_column[name]["correlation_change"] = sum(own) / len(own)
    found.metrics["correlation_change_mean"] = sum(each.change for each in changes) / len(changes)
    found.metrics["correlation_change_maximum"] = max(each.change for each in changes)


def _column(name: str, metrics: dict[str, float], column: Recoded | None) -> ColumnQuality:
    if column is None:
        return ColumnQuality(name, metrics, quasi_identifier=False)
    return ColumnQuality(
        name,
        metrics,
        quasi_identifier=True,
        level=column.only_level() if column.known else None,
        levels=column.height + 1 if column.known else None,
    )
