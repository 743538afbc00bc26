"""A naive judge of privacy models: dicts, Fractions, and the definitions of docs/models.md written out; no polars, no numpy."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

Row = tuple[str, ...]
EDGE = 1e-9


@dataclass
class Table:
    """Rows of text, "" for null. levels: of a sensitive attribute, its groups by value, level by level above the values."""

    names: list[str]
    rows: list[Row]
    quasi: list[str]
    reference: list[Row] | None = None
    population: list[Row] | None = None
    levels: Mapping[str, list[dict[str, str]]] = field(default_factory=dict)
    entity: str | None = None

    def column(self, name: str, rows: Sequence[Row]) -> list[str]:
        place = self.names.index(name)
        return [row[place] for row in rows]

    @property
    def kept(self) -> list[Row]:
        """The rows that are not suppressed."""
        places = [self.names.index(name) for name in self.quasi]
        partly = [place for place in places if any(row[place] != "*" for row in self.rows)]
        return [row for row in self.rows if not partly or any(row[place] != "*" for place in partly)]

    @property
    def classes(self) -> dict[Row, list[Row]]:
        places = [self.names.index(name) for name in self.quasi]
        found: dict[Row, list[Row]] = defaultdict(list)
        for row in self.kept:
            found[tuple(row[place] for place in places)].append(row)
        return found

    def crowd(self, key: Row) -> int:
        """The rows of the population that a class stands for."""
        assert self.population is not None
        starred = [any(row[place] == "*" for row in self.population) for place in range(len(key))]
        return sum(
            all(own == other or (own == "*" and not stars) for own, other, stars in zip(key, row, starred, strict=True))
            for row in self.population
        )


@dataclass
class Judged:
    """What one bound of one model says. holds, measured: by class; None: it judges no single class."""

    satisfied: bool
    worst: float
    holds: dict[Row, bool] | None
    measured: dict[Row, float] | None
    near: bool = False
    """Whether a logarithm is too near its bound for floats to agree."""


def judge(table: Table, content: Mapping[str, Any]) -> list[Judged]:
    """The verdicts of one model in its protobuf-JSON form."""
    ((kind, model),) = content.items()
    return _JUDGES[kind](table, model)


def exact(number: float) -> Fraction:
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def _each(classes: Mapping[Row, list[Row]], measure: Any, holds: Any, worst: Any, near: bool = False) -> Judged:
    measured = {key: measure(key, rows) for key, rows in classes.items()}
    verdicts = {key: bool(holds(measured[key])) for key in classes}
    worst_one = float(worst(measured.values())) if measured else 0.0
    return Judged(all(verdicts.values()), worst_one, verdicts, {key: float(each) for key, each in measured.items()}, near)


def _persons(table: Table, rows: list[Row]) -> int:
    return len(rows) if table.entity is None else len(set(table.column(table.entity, rows)))


def _k_anonymity(table: Table, model: Mapping[str, Any]) -> list[Judged]:
    return [_each(table.classes, lambda _, rows: _persons(table, rows), lambda size: size >= model["k"], min)]


def _k_map(table: Table, model: Mapping[str, Any]) -> list[Judged]:
    return [_each(table.classes, lambda key, _: table.crowd(key), lambda size: size >= model["k"], min)]


def _delta_presence(table: Table, model: Mapping[str, Any]) -> list[Judged]:
    least, most = exact(model.get("min_delta", 0)), exact(model["max_delta"])

    def share(key: Row, rows: list[Row]) -> Fraction | float:
        crowd = table.crowd(key)
        return Fraction(len(rows), crowd) if crowd else math.inf

    return [_each(table.classes, share, lambda each: each != math.inf and least <= each <= most, max)]


def _risk_limit(table: Table, model: Mapping[str, Any]) -> list[Judged]:
    outside = table.population is not None and model["attacker"] != "ATTACKER_PROSECUTOR"
    found = []
    if "max_highest" in model:

        def risk(key: Row, rows: list[Row]) -> Fraction:
            return Fraction(1, max(1, table.crowd(key)) if outside else _persons(table, rows))

        found.append(_each(table.classes, risk, lambda each: each <= exact(model["max_highest"]), max))
    if "max_average" in model:
        total = sum(len(rows) for rows in table.classes.values())
        risks = [Fraction(len(rows), max(1, table.crowd(key)) if outside else len(rows)) for key, rows in table.classes.items()]
        mean = sum(risks, Fraction(0)) / total if total else Fraction(0)
        found.append(Judged(mean <= exact(model["max_average"]), float(mean), None, None))
    return found


def _l_diversity(table: Table, model: Mapping[str, Any]) -> list[Judged]:
    kind, l, name = model.get("kind", "L_DIVERSITY_KIND_DISTINCT"), model["l"], model["attribute"]  # noqa: E741

    def counts(rows: list[Row]) -> list[int]:
        return sorted(Counter(table.column(name, rows)).values(), reverse=True)

    if kind == "L_DIVERSITY_KIND_DISTINCT":
        return [_each(table.classes, lambda _, rows: len(counts(rows)), lambda each: each >= l, min)]
    if kind == "L_DIVERSITY_KIND_RECURSIVE":

        def ratio(_: Row, rows: list[Row]) -> Fraction | float:
            each = counts(rows)
            return Fraction(each[0], sum(each[int(l) - 1 :])) if len(each) >= l else math.inf

        return [_each(table.classes, ratio, lambda each: each < exact(model["c"]), max)]
    grassberger = model.get("estimator") == "ENTROPY_ESTIMATOR_GRASSBERGER"

    def psi(count: int) -> float:
        if not grassberger:
            return math.log(count)
        value = -0.5772156649015329 - math.log(2)
        return value + sum(2 / (2 * step + 1) for step in range(count // 2))

    def entropy(_: Row, rows: list[Row]) -> float:
        each = counts(rows)
        total = math.fsum(count * (psi(len(rows)) - psi(count)) for count in each)
        return math.exp(total / len(rows))

    entropies = {key: entropy(key, rows) for key, rows in table.classes.items()}
    enough = {key: len(counts(rows)) >= l for key, rows in table.classes.items()}
    holds = {key: enough[key] and math.log(entropies[key]) >= math.log(l) - EDGE for key in entropies}
    near = any(1e-12 < abs(math.log(each) - math.log(l) + EDGE) < 1e-11 for each in entropies.values())
    return [Judged(all(holds.values()), min(entropies.values(), default=0.0), holds, entropies, near)]


def _reference(table: Table, name: str) -> list[str]:
    return table.column(name, table.kept if table.reference is None else table.reference)


def _order(values: set[str]) -> list[str]:
    """Null first; by number when all are numbers, else by code point."""
    try:
        return sorted(values, key=lambda each: (each != "", Fraction(each) if each else 0, each))
    except ValueError:
        return sorted(values)


def _shares(values: list[str], all_rows: int) -> dict[str, Fraction]:
    return {value: Fraction(count, all_rows) for value, count in Counter(values).items()}


def _total_variation(one: Mapping[str, Fraction], other: Mapping[str, Fraction]) -> Fraction:
    return sum((abs(one.get(each, Fraction(0)) - other.get(each, Fraction(0))) for each in {*one, *other}), Fraction(0)) / 2


def _t_closeness(table: Table, model: Mapping[str, Any]) -> list[Judged]:
    name = model["attribute"]
    kind = model.get("distance", "T_CLOSENESS_DISTANCE_EQUAL").removeprefix("T_CLOSENESS_DISTANCE_")
    known = _reference(table, name)
    domain = _order({*known, *table.column(name, table.kept)})
    q = _shares(known, len(known)) if known else {}

    def distance(_: Row, rows: list[Row]) -> Fraction:
        own = table.column(name, rows)
        p = _shares(own, len(own))
        if kind == "EQUAL":
            return _total_variation(p, q)
        if kind == "HIERARCHICAL":
            steps = [{value: value for value in domain}, *table.levels[name]]
            if len({steps[-1][value] for value in table.levels[name][0]}) == 1:
                steps.pop()
            return sum(
                (
                    _total_variation(
                        _shares([step[each] for each in own], len(own)), _shares([step[each] for each in known], len(known))
                    )
                    for step in steps
                ),
                Fraction(0),
            ) / len(steps)
        places = (
            [Fraction(each) for each in domain] if kind == "WASSERSTEIN" else [Fraction(each) for each in range(len(domain))]
        )
        if len(domain) < 2 or places[-1] == places[0]:
            return Fraction(0)
        area = risen = Fraction(0)
        for place, value in enumerate(domain[:-1]):
            risen += p.get(value, Fraction(0)) - q.get(value, Fraction(0))
            area += abs(risen) * (places[place + 1] - places[place])
        return area / (places[-1] - places[0])

    return [_each(table.classes, distance, lambda each: each <= exact(model["t"]), max)]


def _delta_disclosure(table: Table, model: Mapping[str, Any]) -> list[Judged]:
    known = _reference(table, model["attribute"])
    q = _shares(known, len(known))

    def largest(_: Row, rows: list[Row]) -> float:
        own = table.column(model["attribute"], rows)
        shares = _shares(own, len(own))
        return max(abs(math.log(share / q[value])) if value in q else math.inf for value, share in shares.items())

    found = _each(table.classes, largest, lambda each: each < model["delta"] - 1e-12, max)
    assert found.measured is not None
    found.near = any(1e-14 < abs(each - model["delta"] + 1e-12) < 1e-11 for each in found.measured.values())
    return [found]


def _beta_likeness(table: Table, model: Mapping[str, Any]) -> list[Judged]:
    known = _reference(table, model["attribute"])
    q, beta = _shares(known, len(known)), exact(model["beta"])
    verdicts, measured = {}, {}
    for key, rows in table.classes.items():
        own = table.column(model["attribute"], rows)
        gains = {
            value: (share - q[value]) / q[value] if value in q else math.inf for value, share in _shares(own, len(own)).items()
        }
        measured[key] = max(0.0, *(float(each) for each in gains.values()))
        verdicts[key] = all(
            gain <= (min(float(beta), -math.log(q[value])) + 1e-13 if model.get("enhanced") and value in q else beta)
            if not (model.get("enhanced") and value in q and -math.log(q[value]) >= beta)
            else gain <= beta
            for value, gain in gains.items()
        )
    return [Judged(all(verdicts.values()), max(measured.values(), default=0.0), verdicts, measured)]


_JUDGES = {
    "k_anonymity": _k_anonymity,
    "k_map": _k_map,
    "delta_presence": _delta_presence,
    "risk_limit": _risk_limit,
    "l_diversity": _l_diversity,
    "t_closeness": _t_closeness,
    "delta_disclosure": _delta_disclosure,
    "beta_likeness": _beta_likeness,
}
