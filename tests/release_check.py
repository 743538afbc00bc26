"""An independent check of a release, to run after every one: does the table that left keep what the policy promised?

Nothing here is shared with the kernel or the service: cells are text, classes are dictionaries, models are the exact ones of
tests/core/oracle. It sees what a recipient sees, the released table, and what only the owner has, the original.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

import polars as pl
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
from oracle.table import Attribute, Group, Sensitive, Table

Cell = str | None
Cells = tuple[Cell, ...]
Ladder = Mapping[Cell, Sequence[Cell]]  # the labels of a value at the levels from 1 on


@dataclass(frozen=True)
class Violation:
    """A promise that the release breaks. rule: which, in the policy's words. detail: where; it holds values of the table."""

    rule: str
    detail: str


def check_release(
    original: pl.DataFrame,
    released: pl.DataFrame,
    policy: Mapping[str, Any],
    *,
    levels: Mapping[str, int] | None = None,
    hierarchies: Mapping[str, Ladder] | None = None,
    reference: pl.DataFrame | None = None,
    population: pl.DataFrame | None = None,
) -> list[Violation]:
    """Everything that is wrong with a release of `original` under a policy in the words of the policy file; empty: nothing.

    levels, hierarchies: of the quasi-identifiers, when one combination of levels was applied to all rows; explicit hierarchies
    are read from the policy. With levels, every released class must be a whole class of the recoded original, and no class that
    satisfies the policy may be missing. Without levels (local recoding) classes are those of the released cells. A policy with
    an entity column or a population needs levels, the latter also `population`, else ValueError. reference: the table whose
    distributions models compare with, the original when None.
    """
    roles = {each["name"]: str(each["role"]).removeprefix("ATTRIBUTE_ROLE_") for each in policy["attributes"]}
    quasi = [name for name, role in roles.items() if role == "QUASI_IDENTIFIER"]
    ladders = {**explicit_hierarchies(policy), **(hierarchies or {})}
    found = [Violation("columns", f"{name} was left in") for name in roles if roles[name] == "IDENTIFIER" and name in released]
    found += [Violation("columns", f"{name} is missing") for name in quasi if name not in released]
    if found:
        return found
    rules = _rules(policy, original, original if reference is None else reference, ladders)
    entity = policy.get("entity_column")
    if (levels is None and (entity or policy.get("population"))) or (policy.get("population") and population is None):
        raise ValueError("persons and populations are counted in the original and the population, at the levels of the release")

    limit = math.floor(exact(policy.get("suppression_limit") or 0) * original.height)
    if released.height == 0:
        return [Violation("suppression_limit", "nothing was released")]
    if not 0 <= original.height - released.height <= limit:
        found.append(Violation("suppression_limit", f"{released.height} of {original.height} rows are there, {limit} may lack"))

    kept = [name for name in released.columns if name in original and name not in quasi]
    found += [
        Violation("rows", f"{count} times more often than in the original: {cells}")
        for cells, count in (Counter(rows_of(released, kept)) - Counter(rows_of(original, kept))).items()
    ]
    classes = _classes(released, quasi, rules, kept)
    if any(violation.rule == "rows" for violation in found):
        return found
    if levels is not None:
        recoded = recode(original, quasi, levels, ladders)
        people = Counter(rows_of(recode(population, quasi, levels, ladders), quasi)) if population is not None else None
        whole = _classes(recoded, quasi, rules, kept, people, entity)
        found += _same_classes(classes, whole, rules)
        classes = {cells: whole[cells] for cells in classes if cells in whole}
    for rule in rules:
        found += rule.violations(classes)
    return found


@dataclass(frozen=True)
class _Class:
    group: Group
    rows: Counter[Cells]  # the columns that are released as they were
    persons: int


@dataclass(frozen=True)
class _Rule:
    """A model and the column it looks at, whose values it knows as codes."""

    name: str
    model: Model
    table: Table
    attribute: str | None
    codes: Mapping[Cell, int]
    persons: bool

    def holds(self, each: _Class) -> bool:
        assert not isinstance(self.model, AverageRisk)
        if self.persons:
            assert isinstance(self.model, KAnonymity)
            return each.persons >= self.model.k
        return self.model.holds(each.group, self.table)

    def violations(self, classes: Mapping[Cells, _Class]) -> list[Violation]:
        if isinstance(self.model, AverageRisk):
            mean = self.model.mean([each.group for each in classes.values()])
            return [] if mean <= self.model.limit else [Violation(self.name, f"the mean risk is {float(mean)}")]
        return [Violation(self.name, f"class {cells} fails") for cells, each in classes.items() if not self.holds(each)]


def _same_classes(classes: Mapping[Cells, _Class], whole: Mapping[Cells, _Class], rules: Sequence[_Rule]) -> list[Violation]:
    """Released classes are whole classes of the recoded original; one that is missing had to go."""
    found = []
    for cells, each in classes.items():
        if cells not in whole:
            found.append(Violation("classes", f"no rows of the original become {cells}"))
        elif each.rows != whole[cells].rows:
            found.append(Violation("classes", f"class {cells} has not the rows of the original"))
    if any(isinstance(rule.model, AverageRisk) for rule in rules):
        return found
    needless = [cells for cells in whole if cells not in classes and all(rule.holds(whole[cells]) for rule in rules)]
    return found + [Violation("suppression", f"class {cells} satisfies the policy and is missing") for cells in needless]


def _classes(
    table: pl.DataFrame,
    quasi: Sequence[str],
    rules: Sequence[_Rule],
    kept: Sequence[str],
    population: Counter[Cells] | None = None,
    entity: str | None = None,
) -> dict[Cells, _Class]:
    """The classes of a table by their cells. entity: the column that tells persons apart; null is one person."""
    members: dict[Cells, list[int]] = {}
    for row, cells in enumerate(rows_of(table, quasi)):
        members.setdefault(cells, []).append(row)
    others = list(rows_of(table, kept))
    persons = texts(table[entity]) if entity and entity in table else list(map(str, range(table.height)))
    columns = {rule.attribute: texts(table[rule.attribute]) for rule in rules if rule.attribute is not None}
    classes = {}
    for cells, rows in members.items():
        histograms: list[Counter[int]] = []
        for rule in rules:
            values = columns[rule.attribute] if rule.attribute is not None else []
            histograms.append(Counter(rule.codes[values[row]] for row in rows) if values else Counter())
        # Without a population the table is its own.
        people = len(rows) if population is None else population[cells]
        group = Group(tuple(rows), len(rows), people, tuple(histograms))
        classes[cells] = _Class(group, Counter(others[row] for row in rows), len({persons[row] for row in rows}))
    return classes


def _rules(
    policy: Mapping[str, Any], original: pl.DataFrame, reference: pl.DataFrame, ladders: Mapping[str, Ladder]
) -> list[_Rule]:
    parts: list[tuple[str, str, Mapping[str, Any]]] = []
    for each in policy["privacy_models"]:
        ((name, model),) = each.items()
        bounds = [bound for bound in ("max_highest", "max_average") if model.get(bound) is not None]
        parts += [(name, bound, model) for bound in bounds] if name == "risk_limit" else [(name, "", model)]
    columns: list[Sensitive] = []
    orders: list[list[Cell]] = []
    for _, _, model in parts:
        name = model.get("attribute")
        counts = Counter(texts(reference[name]) if name else [])
        values = {*counts, *(texts(original[name]) if name else [])}
        column, order = _sensitive(values, counts, _word(model, "distance", "EQUAL"), ladders.get(name or "", {}))
        columns.append(column)
        orders.append(order)
    table = Table((Attribute((), 1),), tuple(columns))
    persons = bool(policy.get("entity_column"))
    return [
        _Rule(
            f"{name}.{bound}" if bound else name,
            _model(name, bound, model, place),
            table,
            model.get("attribute"),
            {value: code for code, value in enumerate(orders[place])},
            name == "k_anonymity" and persons,
        )
        for place, (name, bound, model) in enumerate(parts)
    ]


def _model(name: str, bound: str, model: Mapping[str, Any], place: int) -> Model:
    prosecutor = str(model.get("attacker", "")).endswith("PROSECUTOR")
    match name, bound or _word(model, "kind", "DISTINCT"):
        case "k_anonymity", _:
            return KAnonymity(int(model["k"]))
        case "k_map", _:
            return KMap(int(model["k"]))
        case "delta_presence", _:
            return DeltaPresence(exact(model.get("min_delta", 0)), exact(model["max_delta"]))
        case "l_diversity", "DISTINCT":
            return DistinctDiversity(place, int(model["l"]))
        case "l_diversity", "ENTROPY":
            return EntropyDiversity(place, float(model["l"]), _word(model, "estimator", "SHANNON") == "GRASSBERGER")
        case "l_diversity", "RECURSIVE":
            return RecursiveDiversity(place, exact(model["c"]), int(model["l"]))
        case "t_closeness", _:
            return Closeness(place, _word(model, "distance", "EQUAL"), exact(model["t"]))
        case "delta_disclosure", _:
            return DeltaDisclosure(place, float(model["delta"]))
        case "beta_likeness", _:
            return BetaLikeness(place, exact(model["beta"]), bool(model.get("enhanced")))
        case "risk_limit", "max_highest":
            k = math.ceil(1 / exact(model["max_highest"]))
            return KAnonymity(k) if prosecutor else KMap(k)
        case "risk_limit", "max_average":
            return AverageRisk(exact(model["max_average"]), not prosecutor)
    raise ValueError(f"unknown model {name} {bound}")


def _word(model: Mapping[str, Any], field: str, default: str) -> str:
    """An enum's value without its prefix."""
    return str(model.get(field, default)).rsplit("_", 1)[-1].replace("UNSPECIFIED", default)


def _sensitive(values: set[Cell], counts: Counter[Cell], distance: str, ladder: Ladder) -> tuple[Sensitive, list[Cell]]:
    """A column as the distance sees it, with its counts in the reference, and the value of every code; null comes first."""
    leaves = values | set(ladder) if distance == "HIERARCHICAL" else values
    order = sorted(leaves, key=lambda value: (value is not None, value or ""))
    maps: list[tuple[int, ...]] = []
    positions: tuple[int, ...] | None = None
    if distance == "HIERARCHICAL":
        for labels in zip(*(ladder[value] for value in order), strict=True):
            names = sorted(set(labels), key=str)
            maps.append(tuple(names.index(label) for label in labels))
    numbers = numbers_of(value for value in order if value is not None)
    if distance in ("ORDERED", "WASSERSTEIN") and numbers is not None:
        order.sort(key=lambda value: (value is not None, numbers.get(value or "", 0), value or ""))
    if distance == "WASSERSTEIN":
        assert numbers is not None
        unit = math.lcm(*(number.denominator for number in numbers.values()))
        positions = tuple(int(numbers[value] * unit) for value in order if value is not None)
    found = tuple(counts[value] for value in order)
    return Sensitive((), len(order), found, positions, tuple(maps)), order


def explicit_hierarchies(policy: Mapping[str, Any]) -> dict[str, Ladder]:
    """The hierarchies that a policy writes out; a row whose first label is empty is that of null."""
    found: dict[str, Ladder] = {}
    for each in policy["attributes"]:
        rows = ((each.get("hierarchy") or {}).get("explicit") or {}).get("rows") or []
        if rows:
            found[each["name"]] = {row["labels"][0] or None: tuple(row["labels"][1:]) for row in rows}
    return found


def recode(table: pl.DataFrame, quasi: Sequence[str], levels: Mapping[str, int], ladders: Mapping[str, Ladder]) -> pl.DataFrame:
    """The table with every quasi-identifier at its level, as text."""
    columns = {name: table[name] for name in table.columns}
    for name in quasi:
        level = levels.get(name, 0)
        cells = texts(table[name])
        columns[name] = pl.Series(name, [ladders[name][cell][level - 1] if level else cell for cell in cells], dtype=pl.String)
    return pl.DataFrame(columns)


def numbers_of(values: Iterable[str]) -> dict[str, Fraction] | None:
    """The numbers that the texts write, None when one of them writes none."""
    found = {}
    for value in values:
        try:
            number = Decimal(value.strip())
        except InvalidOperation:
            return None
        if not number.is_finite():
            return None
        found[value] = Fraction(number)
    return found


def exact(number: float | str | Fraction) -> Fraction:
    """The fraction that a decimal writes: 0.1 is a tenth."""
    return number if isinstance(number, Fraction) else Fraction(repr(number) if isinstance(number, float) else str(number))


def texts(column: pl.Series) -> list[Cell]:
    """The cells of a column as text, null as None."""
    if column.dtype.is_temporal():
        column = column.to_physical()
    return [None if cell is None else str(cell) for cell in column.to_list()]


def rows_of(table: pl.DataFrame, names: Sequence[str]) -> list[Cells]:
    """The rows of some columns."""
    return list(zip(*(texts(table[name]) for name in names), strict=True)) if names else [()] * table.height


__all__ = ["Violation", "check_release", "explicit_hierarchies", "recode"]
