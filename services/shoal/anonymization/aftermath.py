"""What stays of a release beside its rows: by what it is recognised later, who was suppressed, what applying it needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from shoal.anonymization.anonymize import Release
from shoal.anonymization.apply_columns import plain_type
from shoal.anonymization.apply_state import ApplyState, SensitiveState, distinct
from shoal.anonymization.fingerprints import CodedColumn
from shoal.anonymization.models import Coding
from shoal.anonymization.outcomes import Recoding
from shoal.anonymization.policy import Policy, Role
from shoal.anonymization.prepare import Prepared, Specs
from shoal.anonymization.profile import MOST_VALUES, Profile, suppressed_profile
from shoal.anonymization.repeats import Trace, person_prints, trace_release
from shoal.privacy.hierarchies import ExplicitSpec, TableSpec
from shoal.privacy.hierarchies.pinning import pin
from shoal.privacy.hierarchies.table import table_digest
from shoal.tables.coding import code_distinct

MOST_PROFILED = 1000
"""Values in the profiles of all attributes together: a solution must fit into an answer."""

__all__ = ["Aftermath", "aftermath_of", "sensitive_digests"]


@dataclass(frozen=True, eq=False)
class Aftermath:
    """What stays of a release. profiles: of every sensitive attribute. state: None where classes have levels of their own."""

    trace: Trace
    profiles: tuple[Profile, ...]
    state: ApplyState | None


def aftermath_of(release: Release, specs: Specs, input_sha256: str, key: bytes, *, keep_state: bool) -> Aftermath:
    """What stays of this release.

    specs: the hierarchies that were given as tables. key: of the organisation's fingerprints. keep_state: whether the state is
    wanted.
    """
    prepared, outcome = release.prepared, release.outcome
    sensitive = _sensitive(prepared)
    entities = prepared.sensitive_codes[-1].codes if prepared.entities is not None else None
    prints = None if prepared.entities is None else person_prints(prepared.entities, key)
    most = min(MOST_VALUES, MOST_PROFILED // max(1, len(sensitive)))
    applicable = keep_state and outcome.recoding is Recoding.GLOBAL
    return Aftermath(
        trace=trace_release(
            input_sha256,
            [(each.attribute, each.row_codes, each.leaves) for each in prepared.hierarchies],
            sensitive,
            prints,
            key,
        ),
        profiles=tuple(suppressed_profile(*column, outcome.kept, entities, most=most) for column in sensitive),
        state=_state(release, specs, sensitive, prints) if applicable else None,
    )


def sensitive_digests(policy: Policy, specs: Specs) -> dict[str, str]:
    """The digests of the hierarchies of sensitive attributes that are tables."""
    found = {}
    for attribute in policy.attributes:
        spec = specs.get(attribute.name) or attribute.hierarchy
        if attribute.role is Role.SENSITIVE and isinstance(spec, TableSpec | ExplicitSpec):
            found[attribute.name] = table_digest(attribute.name, spec)
    return found


def _sensitive(prepared: Prepared) -> list[CodedColumn]:
    """Every sensitive attribute coded by its values, those that models look at without coding them again."""
    coded = {each.name: each for each in prepared.sensitive if each.coding is not Coding.HIERARCHICAL}
    found: list[CodedColumn] = []
    for attribute in prepared.policy.attributes:
        if attribute.role is not Role.SENSITIVE:
            continue
        known = coded.get(attribute.name)
        if known is not None:
            found.append((attribute.name, known.codes.codes, known.values))
        else:
            found.append((attribute.name, *code_distinct(prepared.columns[attribute.name])))
    return found


def _state(release: Release, specs: Specs, sensitive: Sequence[CodedColumn], prints: NDArray[np.uint64] | None) -> ApplyState:
    prepared, kept, levels = release.prepared, release.outcome.kept, release.outcome.levels
    quasi, labels, outside = [], [], []
    for place, (hierarchy, level) in enumerate(zip(prepared.hierarchies, levels, strict=True)):
        count = len(hierarchy.leaves)
        by_leaf = hierarchy.codes[level - 1] if level else np.arange(count, dtype=np.uint32)
        first = np.unique(by_leaf, return_index=True)[1]
        labels.append(hierarchy.label_at(level).gather(first))
        quasi.append(by_leaf[hierarchy.row_codes[kept]])
        if prepared.population is not None:
            outside.append(by_leaf[prepared.population[place]])
    guarded = {name for name, _ in prepared.policy.codings}
    columns = [column for column in sensitive if column[0] in guarded]
    persons = None if prints is None else prints[prepared.sensitive_codes[-1].codes[kept]]
    return ApplyState(
        columns=pl.DataFrame(schema=_schema(prepared)),
        released_columns=tuple(prepared.columns),
        hierarchies=tuple(pin(hierarchy, level) for hierarchy, level in zip(prepared.hierarchies, levels, strict=True)),
        labels=tuple(labels),
        sensitive=tuple(_sensitive_state(prepared, specs, column) for column in columns),
        released=distinct(quasi, [codes[kept] for _, codes, _ in columns], persons),
        population=distinct(outside, [], None) if prepared.population is not None else None,
    )


def _sensitive_state(prepared: Prepared, specs: Specs, column: CodedColumn) -> SensitiveState:
    name, codes, values = column
    along = (name, Coding.HIERARCHICAL) in prepared.policy.codings
    given = {each.name: each.hierarchy for each in prepared.policy.attributes}
    reference = np.bincount(codes, minlength=len(values)).astype(np.uint64)
    return SensitiveState(name, values, reference, (specs.get(name) or given[name]) if along else None)


def _schema(prepared: Prepared) -> dict[str, pl.DataType]:
    schema = {name: plain_type(column.dtype) for name, column in prepared.columns.items()}
    if prepared.policy.entity_column is not None and prepared.entities is not None:
        schema.setdefault(prepared.policy.entity_column, prepared.entities.dtype)
    return schema
