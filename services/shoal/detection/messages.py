"""The wire of detection: requests become checked options, findings become answers."""

from __future__ import annotations

import datetime as dt

from shoal.api.anonymization.v1 import policy_pb2
from shoal.api.detection.v1 import detection_pb2
from shoal.detection.detect import Column, Detected, Mode, Options, Sampling
from shoal.detection.roles import Role
from shoal.errors import FieldViolation, InvalidArgumentError, invalid_fields
from shoal.runtime.opened import unknown_column

__all__ = ["ROLES", "ROLES_TO_WIRE", "check_columns", "detection_to_wire", "options"]

MOST_HINTS = 10_000
MOST_QUASI_IDENTIFIERS = 1_000
MOST_REASONS, LONGEST_REASON = 3, 160
MANY_COLUMNS, TOO_MANY_COLUMNS = 1_000, 5_000
"""Above so many columns each gets one reason, and none."""

ROLES = {
    policy_pb2.ATTRIBUTE_ROLE_IDENTIFIER: Role.IDENTIFIER,
    policy_pb2.ATTRIBUTE_ROLE_QUASI_IDENTIFIER: Role.QUASI_IDENTIFIER,
    policy_pb2.ATTRIBUTE_ROLE_SENSITIVE: Role.SENSITIVE,
    policy_pb2.ATTRIBUTE_ROLE_INSENSITIVE: Role.INSENSITIVE,
}
ROLES_TO_WIRE = {role: name for name, role in ROLES.items()}
_SAMPLINGS = {
    detection_pb2.SAMPLING_METHOD_UNSPECIFIED: Sampling.FAST,
    detection_pb2.SAMPLING_METHOD_FAST: Sampling.FAST,
    detection_pb2.SAMPLING_METHOD_FULL: Sampling.FULL,
    detection_pb2.SAMPLING_METHOD_ADAPTIVE: Sampling.ADAPTIVE,
}
_MODES = {
    detection_pb2.DETECTION_MODE_UNSPECIFIED: Mode.HEURISTIC,
    # As good as the model where the names are known, better at quasi-identifiers where they are not: docs/detection.md.
    detection_pb2.DETECTION_MODE_AUTO: Mode.HEURISTIC,
    detection_pb2.DETECTION_MODE_HEURISTIC: Mode.HEURISTIC,
    detection_pb2.DETECTION_MODE_MODEL: Mode.MODEL,
}


def options(message: detection_pb2.DetectionOptions) -> Options:
    """The knobs of a request; raises InvalidArgumentError with all violations."""
    wrong: list[FieldViolation] = []
    default = Options()
    threshold = default.cumulative_importance_threshold
    if message.HasField("cumulative_importance_threshold"):
        threshold = message.cumulative_importance_threshold
    uniqueness = message.uniqueness_threshold if message.HasField("uniqueness_threshold") else default.uniqueness_threshold
    most = message.max_quasi_identifiers if message.HasField("max_quasi_identifiers") else default.max_quasi_identifiers
    for name, value in (("cumulative_importance_threshold", threshold), ("uniqueness_threshold", uniqueness)):
        if not 0 <= value <= 1:  # refuses NaN, too
            wrong.append(FieldViolation(f"options.{name}", "must be between 0 and 1"))
    if not 1 <= most <= MOST_QUASI_IDENTIFIERS:
        wrong.append(FieldViolation("options.max_quasi_identifiers", f"must be between 1 and {MOST_QUASI_IDENTIFIERS}"))
    if message.mode not in _MODES:
        wrong.append(FieldViolation("options.mode", "is not one of DetectionMode"))
    if message.sampling not in _SAMPLINGS:
        wrong.append(FieldViolation("options.sampling", "is not one of SamplingMethod"))
    _check_hints(message, wrong)
    if wrong:
        raise invalid_fields(wrong)
    return Options(
        mode=_MODES[message.mode],
        sampling=_SAMPLINGS[message.sampling],
        cumulative_importance_threshold=threshold,
        max_quasi_identifiers=most,
        uniqueness_threshold=uniqueness,
        known={name: ROLES[role] for name, role in message.known_roles.items()},
        ignored=frozenset(message.ignored_columns),
    )


def _check_hints(message: detection_pb2.DetectionOptions, wrong: list[FieldViolation]) -> None:
    for field, hints in (("known_roles", message.known_roles), ("ignored_columns", message.ignored_columns)):
        if len(hints) > MOST_HINTS:
            wrong.append(FieldViolation(f"options.{field}", f"must name at most {MOST_HINTS} columns"))
    for name, role in sorted(message.known_roles.items()):
        if role not in ROLES:
            wrong.append(
                FieldViolation(
                    f"options.known_roles['{name}']", "must be IDENTIFIER, QUASI_IDENTIFIER, SENSITIVE or INSENSITIVE"
                )
            )
    for place, name in enumerate(message.ignored_columns):
        if name in message.known_roles:
            wrong.append(FieldViolation(f"options.ignored_columns[{place}]", f"'{name}' is in known_roles, too: choose one"))


def check_columns(found: Options, names: list[str]) -> None:
    """Raises InvalidArgumentError when the hints name a column that the table does not have, or ignore all that it has."""
    table = set(names)
    for name in sorted(found.known):
        if name not in table:
            raise unknown_column(name, "options.known_roles")
    for name in sorted(found.ignored):
        if name not in table:
            raise unknown_column(name, "options.ignored_columns")
    if table <= found.ignored:
        raise InvalidArgumentError("options.ignored_columns: every column is ignored; leave at least one to look at")


def detection_to_wire(found: Detected) -> detection_pb2.Detection:
    """What was found as the answer."""
    width = len(found.columns)
    reasons = MOST_REASONS if width <= MANY_COLUMNS else 1 if width <= TOO_MANY_COLUMNS else 0
    answer = detection_pb2.Detection(
        columns=[_column(each, reasons) for each in found.columns],
        mode=detection_pb2.DETECTION_MODE_HEURISTIC if found.metrics is None else detection_pb2.DETECTION_MODE_MODEL,
        row_count=found.rows,
        sampled_row_count=found.sampled,
        entity_column=found.entity_column,
    )
    answer.duration.FromTimedelta(dt.timedelta(seconds=found.seconds))
    if found.metrics is not None:
        answer.model_metrics.accuracy = found.metrics.accuracy
        answer.model_metrics.hamming_loss = found.metrics.hamming_loss
        answer.model_metrics.reliable = found.metrics.reliable
        answer.model_metrics.training_sample_count = found.metrics.columns
    if found.ranking.separation is not None:
        answer.separation = found.ranking.separation
    if found.ranking.left_out:
        answer.left_out.columns.extend(found.ranking.left_out)
        answer.left_out.separation = found.ranking.left_out_separation
    return answer


def _column(column: Column, reasons: int) -> detection_pb2.ColumnDetection:
    message = detection_pb2.ColumnDetection(
        name=column.name,
        role=ROLES_TO_WIRE[column.verdict.role],
        confidence=column.verdict.confidence,
        importance=column.importance,
        reasons=[each[:LONGEST_REASON] for each in column.verdict.reasons[:reasons]],
    )
    if column.verdict.pattern:
        message.pattern = f"patterns/{column.verdict.pattern}"
    if column.evidence.filled:
        message.unique_ratio = column.evidence.ratio
    return message
