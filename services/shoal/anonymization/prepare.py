"""A table and a policy, made ready for the kernel: columns read, hierarchies built, everything coded once."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import polars as pl

from shoal import kernels
from shoal.anonymization.models import Bound, Coding, Distance, TCloseness, bind
from shoal.anonymization.policy import Policy, Role, Unlisted
from shoal.anonymization.refusals import check_possible
from shoal.anonymization.sensitive import SensitiveColumn, code_entities, code_sensitive
from shoal.errors import ErrorReason, InfeasibleError, InternalError, InvalidArgumentError, ResourceExhaustedError
from shoal.kernels import AttributeCodes, Monitor, NotNested
from shoal.privacy.hierarchies import Hierarchy, HierarchySpec, build
from shoal.tables.coding import Codes
from shoal.tables.columns import NEUTRAL, exactly, in_one_piece
from shoal.tables.memory import available_bytes

Specs = Mapping[str, HierarchySpec]
"""The hierarchies that were given as tables, by attribute."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """A table ready to be searched.

    columns: those that the release keeps, by name, in the table's order; empty when it was prepared for measuring only. rows:
    of the table. hierarchies: in the policy's order, row_codes of the table's own records. sensitive: the coded columns that
    models look at; sensitive_codes: the same, the entity column last where there is one. entities: the value of each of its
    codes. population: by attribute, the leaf of each row of the population. limit: rows that may be suppressed.
    """

    policy: Policy
    columns: dict[str, pl.Series]
    dropped_columns: tuple[str, ...]
    rows: int
    limit: int
    hierarchies: tuple[Hierarchy, ...]
    attributes: tuple[AttributeCodes, ...]
    sensitive: tuple[SensitiveColumn, ...]
    sensitive_codes: tuple[kernels.SensitiveCodes, ...]
    entities: pl.Series | None
    population: tuple[Codes, ...] | None
    bounds: tuple[Bound, ...]
    table: kernels.Table
    warnings: tuple[str, ...]

    @property
    def models(self) -> tuple[kernels.Model, ...]:
        """The kernel's models."""
        return tuple(bound.kernel for bound in self.bounds)


def prepare(
    table: pl.LazyFrame,
    policy: Policy,
    specs: Specs,
    population: pl.LazyFrame | None,
    monitor: Monitor,
    *,
    measuring: bool = False,
) -> Prepared:
    """Reads and codes a table for a policy.

    measuring: nothing will be released, so equal rows are merged while the table streams by, and never held.
    Raises InvalidArgumentError when table and policy do not fit, InfeasibleError when no release can exist,
    ResourceExhaustedError when the work would not fit into memory, CancelledError.
    """
    names = table.collect_schema().names()
    kept, dropped = divide_columns(names, policy)
    frame, counts = _merged(table, policy) if measuring else (_read(table, kept, policy), None)
    rows = frame.height if counts is None else int(counts.sum())
    if rows == 0:
        raise InfeasibleError("the table has no rows: there is nothing to release", metadata={"rows": "0"})
    check_memory(frame, policy)
    columns = {column.name: column.alias(NEUTRAL) for column in frame}
    outside = _population(population, policy) if population is not None else None
    hierarchies, population_codes = _hierarchies(columns, policy, specs, outside)
    sensitive = tuple(_sensitive(columns, policy, specs))
    codes = [each.codes for each in sensitive]
    entity: int | None = None
    entities: pl.Series | None = None
    if policy.entity_column is not None:
        entity_codes, entities = code_entities(columns[policy.entity_column])
        entity = len(codes)
        codes.append(kernels.SensitiveCodes(entity_codes, len(entities)))
    positions = {(each.name, each.coding): place for place, each in enumerate(sensitive)}
    bounds = bind(policy.models, positions, entity=entity, population=outside is not None)
    check_possible(
        [(bound.model, bound.kernel) for bound in bounds],
        rows=rows,
        entities=None if entities is None else len(entities),
        population=outside.height if outside is not None else None,
        distinct={each.name: int(np.unique(each.codes.codes).size) for each in sensitive},
    )
    attributes = tuple(AttributeCodes(each.row_codes, each.codes, len(each.leaves)) for each in hierarchies)
    try:
        coded = kernels.Table(attributes, codes, population=population_codes, counts=counts, monitor=monitor)
    except NotNested as error:
        name = policy.quasi_identifiers[error.attribute].name
        raise InvalidArgumentError(
            f"the hierarchy of '{name}' is not nested at level {error.level}",
            reason=ErrorReason.HIERARCHY_NOT_NESTED,
            metadata={"attribute": name, "level": str(error.level)},
        ) from None
    return Prepared(
        policy=policy,
        columns={} if measuring else {name: columns[name] for name in kept},
        dropped_columns=tuple(dropped),
        rows=rows,
        limit=suppression_limit(policy.suppression_limit, rows),
        hierarchies=tuple(hierarchies),
        attributes=attributes,
        sensitive=sensitive,
        sensitive_codes=tuple(codes),
        entities=entities,
        population=None if population_codes is None else tuple(population_codes),
        bounds=bounds,
        table=coded,
        warnings=() if measuring else tuple(_warnings(columns, kept, dropped, policy)),
    )


def divide_columns(names: Sequence[str], policy: Policy) -> tuple[list[str], list[str]]:
    """The columns that the release keeps and those it drops, both in the table's order.

    Raises InvalidArgumentError for an attribute that is no column, and for an unlisted column when the policy refuses them.
    """
    known = set(names)
    for place, attribute in enumerate(policy.attributes):
        if attribute.name not in known:
            raise _no_column(attribute.name, f"policy.attributes[{place}].name")
    if policy.entity_column is not None and policy.entity_column not in known:
        raise _no_column(policy.entity_column, "policy.entity_column")
    roles = {attribute.name: attribute.role for attribute in policy.attributes}
    unlisted = [name for name in names if name not in roles]
    if policy.entity_column in unlisted:
        # Named, though not among the attributes; it tells persons apart, so it never leaves by default.
        unlisted.remove(policy.entity_column)
        roles[policy.entity_column] = Role.IDENTIFIER
    if unlisted and policy.unlisted is Unlisted.REFUSE:
        raise InvalidArgumentError(
            f"the policy does not name the column '{unlisted[0]}' and refuses unlisted columns: "
            "add it, or set unlisted to DROP",
            reason=ErrorReason.UNKNOWN_COLUMN,
            metadata={"column": unlisted[0]},
        )
    dropped = {name for name, role in roles.items() if role is Role.IDENTIFIER}
    if policy.unlisted is Unlisted.DROP:
        dropped.update(unlisted)
    return [name for name in names if name not in dropped], [name for name in names if name in dropped]


def suppression_limit(share: float, rows: int) -> int:
    """floor(share × rows), of the share as it is written: 0.07 of 100 rows is 7, although 0.07 × 100 is not in binary."""
    return math.floor(Decimal(repr(share)) * rows)


def _no_column(name: str, field: str) -> InvalidArgumentError:
    return InvalidArgumentError(
        f"{field}: the table has no column '{name}'", reason=ErrorReason.UNKNOWN_COLUMN, metadata={"column": name}
    )


def _read(table: pl.LazyFrame, kept: list[str], policy: Policy) -> pl.DataFrame:
    """The kept columns, and the entity column behind them when it is not one of them."""
    wanted = list(kept)
    if policy.entity_column is not None and policy.entity_column not in kept:
        wanted.append(policy.entity_column)
    frame = in_one_piece(table.select(exactly(wanted)).collect(engine="streaming"))
    if frame.columns != wanted:
        # What is selected is what is released: should the two ever differ, nothing may leave.
        raise InternalError("the table's columns are not those that were selected")
    return frame


def _merged(table: pl.LazyFrame, policy: Policy) -> tuple[pl.DataFrame, Codes]:
    """The distinct combinations of what models and levels look at, and how many rows hold each."""
    wanted = [each.name for each in policy.quasi_identifiers]
    wanted += [name for name, _ in policy.codings]
    if policy.entity_column is not None:
        wanted.append(policy.entity_column)
    wanted = list(dict.fromkeys(wanted))
    # Names of our own: a column may be called like the count.
    places = [str(place) for place in range(len(wanted))]
    lazy = table.select(each.alias(place) for each, place in zip(exactly(wanted), places, strict=True))
    merged = lazy.group_by(places).agg(pl.len().alias("rows")).collect(engine="streaming")
    if merged.height and int(merged["rows"].max()) >= 2**32:  # type: ignore[arg-type]
        raise InvalidArgumentError("more than 2^32 rows of the table are equal: the class sizes of the search end there")
    counts = np.ascontiguousarray(merged["rows"].to_numpy(), dtype=np.uint32)
    return pl.DataFrame([merged[place].alias(name) for place, name in zip(places, wanted, strict=True)]), counts


def check_memory(frame: pl.DataFrame, policy: Policy) -> None:
    """Refuses a search that would not fit into the machine's memory beside the table that was read.

    Codes take 4 bytes a cell, hierarchies and orders as much again; the search at most three lists of keys of 8 bytes a word
    (8 attributes a word, to be safe), counts and the tuple of every record; and the class lists that it may keep.
    """
    columns = len(policy.quasi_identifiers) + len(policy.codings)
    words = -(-len(policy.quasi_identifiers) // 8)
    needed = frame.height * (8 * columns + 24 * words + 32) + policy.search.limits.memory
    available = available_bytes()
    if needed > available:
        raise ResourceExhaustedError(
            f"the search would need about {needed / 2**30:.1f} GiB of memory, and {available / 2**30:.1f} GiB are free: use a "
            "machine with more, fewer rows, or a smaller max_memory_bytes",
            metadata={"limit": "memory", "needed_bytes": str(needed), "available_bytes": str(available)},
        )


def _population(population: pl.LazyFrame, policy: Policy) -> pl.DataFrame:
    quasi = [each.name for each in policy.quasi_identifiers]
    known = set(population.collect_schema().names())
    for name in quasi:
        if name not in known:
            raise InvalidArgumentError(
                f"policy.population: the population has no column '{name}', which is a quasi-identifier",
                reason=ErrorReason.UNKNOWN_COLUMN,
                metadata={"column": name},
            )
    frame = population.select(exactly(quasi)).collect(engine="streaming")
    if frame.height == 0:
        raise InvalidArgumentError("policy.population: the population has no rows", reason=ErrorReason.MALFORMED_TABLE)
    return frame


def _hierarchies(
    columns: Mapping[str, pl.Series], policy: Policy, specs: Specs, outside: pl.DataFrame | None
) -> tuple[list[Hierarchy], list[Codes] | None]:
    """The hierarchy of every quasi-identifier, over the population's values, too, and the population's codes."""
    hierarchies: list[Hierarchy] = []
    population_codes: list[Codes] = []
    for attribute in policy.quasi_identifiers:
        spec = specs.get(attribute.name) or attribute.hierarchy
        if spec is None:
            raise InvalidArgumentError(f"the hierarchy of '{attribute.name}' was not read")
        column = columns[attribute.name]
        if outside is None:
            hierarchies.append(build(attribute.name, column, spec))
            continue
        other = outside[attribute.name]
        if other.dtype != column.dtype:
            raise InvalidArgumentError(
                f"policy.population: the column '{attribute.name}' has another type than in the table: store both the same way",
                reason=ErrorReason.MALFORMED_TABLE,
                metadata={"column": attribute.name},
            )
        both = build(attribute.name, pl.concat([column, other.alias(NEUTRAL)]), spec)
        own = np.ascontiguousarray(both.row_codes[: len(column)])
        population_codes.append(np.ascontiguousarray(both.row_codes[len(column) :]))
        hierarchies.append(Hierarchy(both.attribute, both.leaves, both.labels, both.codes, own, both.spec))
    return hierarchies, population_codes if outside is not None else None


def _sensitive(columns: Mapping[str, pl.Series], policy: Policy, specs: Specs) -> list[SensitiveColumn]:
    given = {each.name: specs.get(each.name) or each.hierarchy for each in policy.attributes}
    on_a_line = {
        model.attribute for model in policy.models if isinstance(model, TCloseness) and model.distance is Distance.WASSERSTEIN
    }
    return [
        code_sensitive(name, columns[name], coding, given[name], on_a_line=coding is Coding.ORDERED and name in on_a_line)
        for name, coding in policy.codings
    ]


def _warnings(columns: Mapping[str, pl.Series], kept: Sequence[str], dropped: Sequence[str], policy: Policy) -> list[str]:
    """What the person who signs for the release should know."""
    roles = {attribute.name: attribute.role for attribute in policy.attributes}
    found = []
    unlisted = [name for name in dropped if name not in roles and name != policy.entity_column]
    if unlisted:
        found.append(f"{len(unlisted)} columns that the policy does not name were dropped: {', '.join(unlisted[:20])}")
    kept_unlisted = [name for name in kept if name not in roles]
    if kept_unlisted:
        found.append(
            f"{len(kept_unlisted)} columns that the policy does not name were released as they are: "
            f"{', '.join(kept_unlisted[:20])}"
        )
    for name, role in roles.items():
        if role is Role.SENSITIVE and (nulls := columns[name].null_count()):
            found.append(f"the sensitive column '{name}' has {nulls} nulls; null counts as a value")
    guarded = {name for name, _ in policy.codings}
    open_ones = [name for name, role in roles.items() if role is Role.SENSITIVE and name not in guarded]
    if open_ones:
        found.append(
            f"no model protects the values of {', '.join(open_ones[:20])}: a class in which all rows share one discloses it "
            "(l-diversity, t-closeness and their kin prevent that)"
        )
    if policy.entity_column is not None and (nulls := columns[policy.entity_column].null_count()):
        found.append(f"{nulls} rows name no person in '{policy.entity_column}'; together they count as one")
    return found
