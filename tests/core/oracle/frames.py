"""The oracle's problems as data: frames of text, and policies in the words of the policy file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import polars as pl

from oracle.generate import Instance
from oracle.models import (
    AverageRisk,
    BetaLikeness,
    Closeness,
    DeltaDisclosure,
    DeltaPresence,
    DistinctDiversity,
    EntropyDiversity,
    KAnonymity,
    KMap,
    Model,
    RecursiveDiversity,
)
from oracle.table import Levels, Table

Ladders = Mapping[str, Mapping[str | None, Sequence[str | None]]]


def in_words(model: Model) -> dict[str, Any]:
    """A model in the words of a policy; sensitive column 0 is named s0."""
    match model:
        case KAnonymity(k):
            return {"k_anonymity": {"k": k}}
        case KMap(k):
            return {"k_map": {"k": k}}
        case DeltaPresence(least, most):
            return {"delta_presence": {"min_delta": least, "max_delta": most}}
        case DistinctDiversity(column, bound):
            return {"l_diversity": {"attribute": f"s{column}", "l": bound}}
        case EntropyDiversity(column, entropy, grassberger):
            estimator = "GRASSBERGER" if grassberger else "SHANNON"
            return {"l_diversity": {"attribute": f"s{column}", "kind": "ENTROPY", "l": entropy, "estimator": estimator}}
        case RecursiveDiversity(column, c, bound):
            return {"l_diversity": {"attribute": f"s{column}", "kind": "RECURSIVE", "l": bound, "c": c}}
        case Closeness(column, distance, t):
            return {"t_closeness": {"attribute": f"s{column}", "distance": distance, "t": t}}
        case DeltaDisclosure(column, delta):
            return {"delta_disclosure": {"attribute": f"s{column}", "delta": delta}}
        case BetaLikeness(column, beta, enhanced):
            return {"beta_likeness": {"attribute": f"s{column}", "beta": beta, "enhanced": enhanced}}
        case AverageRisk(limit, population):
            return {"risk_limit": {"attacker": "MARKETER" if population else "PROSECUTOR", "max_average": limit}}


@dataclass(frozen=True)
class Framed:
    """A problem as data. Quasi-identifiers are q0, q1, …; sensitive values are numbers in the order of their codes."""

    table: Table
    original: pl.DataFrame
    population: pl.DataFrame | None
    hierarchies: Ladders
    policy: dict[str, Any]

    @property
    def quasi(self) -> list[str]:
        """The names of the quasi-identifiers."""
        return [f"q{j}" for j in range(len(self.table.attributes))]

    @classmethod
    def of(cls, problem: Instance) -> Framed:
        """The problem; its sensitive columns must not have references of their own."""
        table, task = problem.table, problem.task
        rows = _rows(table)
        columns: dict[str, list[str]] = {}
        ladders: dict[str, dict[str | None, list[str | None]]] = {}
        for j, attribute in enumerate(table.attributes):
            columns[f"q{j}"] = [f"v{attribute.codes[record]}" for record in rows]
            ladders[f"q{j}"] = {f"v{leaf}": _labels(attribute.maps, leaf) for leaf in range(attribute.leaves)}
        for j, column in enumerate(table.sensitive):
            names = [str(place) for place in column.positions or range(column.values)]
            columns[f"s{j}"] = [names[column.codes[record]] for record in rows]
            ladders[f"s{j}"] = {names[value]: _labels(column.maps, value) for value in range(column.values)}
        population = None
        if table.population is not None:
            people = [leaves for leaves, count in table.population_tuples() for _ in range(count)]
            names = [f"q{j}" for j in range(len(table.attributes))]
            population = pl.DataFrame({name: [f"v{leaves[j]}" for leaves in people] for j, name in enumerate(names)})
        policy = {
            "attributes": [
                *({"name": f"q{j}", "role": "QUASI_IDENTIFIER"} for j in range(len(table.attributes))),
                *({"name": f"s{j}", "role": "SENSITIVE"} for j in range(len(table.sensitive))),
            ],
            "privacy_models": [in_words(model) for model in task.models],
            "suppression_limit": Fraction(task.limit, table.rows),
            "population": None if population is None else {"inline": {}},
        }
        return cls(table, pl.DataFrame(columns), population, ladders, policy)

    def released(self, levels: Levels, records: set[int]) -> pl.DataFrame:
        """The rows of these records at these levels."""
        rows = _rows(self.table)
        kept = [place for place, record in enumerate(rows) if record in records]
        columns = {name: self.original[name].gather(kept) for name in self.original.columns}
        for j, (attribute, level) in enumerate(zip(self.table.attributes, levels, strict=True)):
            if level:
                cells = [f"{level}:{attribute.at(attribute.codes[rows[place]], level)}" for place in kept]
                columns[f"q{j}"] = pl.Series(cells, dtype=pl.String)
        return pl.DataFrame(columns)


def _rows(table: Table) -> list[int]:
    """The record of every row."""
    return [record for record in range(table.records) for _ in range(table.count(record))]


def _labels(maps: Sequence[Sequence[int]], leaf: int) -> list[str | None]:
    return [f"{level}:{map_[leaf]}" for level, map_ in enumerate(maps, 1)]
