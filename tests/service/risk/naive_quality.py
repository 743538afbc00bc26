"""What a release lost, computed the slow way: rows one by one, fractions, no shared code."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

Row = tuple[str, ...]
Path = Sequence[str]


@dataclass
class Pair:
    """An original and a release of quasi-identifiers. paths: by column, each value and its labels; None: no hierarchy."""

    names: list[str]
    original: list[Row]
    released: list[Row]
    paths: dict[str, list[Path] | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        wholly = [all(row[j] == "*" for row in self.released) for j in range(len(self.names))]
        self.kept = [
            row
            for row in self.released
            if all(wholly) or not all(cell == "*" for cell, whole in zip(row, wholly, strict=True) if not whole)
        ]
        self.suppressed = len(self.original) - len(self.kept)
        self.columns = [Column(self, j) for j in range(len(self.names))]

    @property
    def measurable(self) -> bool:
        return all(column.measurable for column in self.columns)


class Column:
    """One quasi-identifier: what each released cell stands for."""

    def __init__(self, pair: Pair, j: int) -> None:
        values = sorted({row[j] for row in pair.original})
        paths = pair.paths.get(pair.names[j])
        self.before = [row[j] for row in pair.original]
        self.after = [row[j] for row in pair.kept]
        self.paths = [tuple(path) for path in paths] if paths is not None else [(value,) for value in values]
        self.height = len(self.paths[0]) - 1 if paths is not None else 1
        self.leaves = [path[0] for path in self.paths]
        cells = set(self.after)
        at = [{path[level] for path in self.paths} for level in range(len(self.paths[0]))]
        partial = any("*" in labels and labels != {"*"} for labels in at)
        plain = {cell for cell in cells if cell != "*" or partial}
        whole = next((level for level in range(len(at)) if plain <= at[level]), None)
        self.level = {
            cell: whole if whole is not None else next((level for level in range(len(at)) if cell in at[level]), None)
            for cell in plain
        }
        self.measurable = None not in self.level.values()
        self.stars = cells - plain

    def under(self, cell: str) -> set[str]:
        """The leaves that a cell stands for."""
        if cell in self.stars:
            return set(self.leaves)
        return {path[0] for path in self.paths if path[self.level[cell]] == cell}

    def share(self, cell: str) -> Fraction:
        """Level over height."""
        if cell in self.stars:
            return Fraction(1)
        return Fraction(self.level[cell], self.height) if self.height else Fraction(0)


def report(pair: Pair) -> dict[str, float]:
    """The measures of the whole table."""
    n, classes = len(pair.original), Counter(pair.kept)
    found: dict[str, float] = {
        "discernibility": sum(size**2 for size in classes.values()) + n * pair.suppressed,
        "suppression_rate": pair.suppressed / n,
    }
    if classes:
        found["average_class_size"] = len(pair.kept) / len(classes)
    if not pair.measurable:
        return found
    losses = [loss(pair, column) for column in pair.columns]
    found["loss_geometric_mean"] = math.prod(1 + float(each) for each in losses) ** (1 / len(losses)) - 1
    found["loss_arithmetic_mean"] = float(sum(losses) / len(losses))
    found["loss_maximum"] = float(max(losses))
    heights = [(sum(map(column.share, column.after)) + pair.suppressed) / n for column in pair.columns]
    found["precision"] = float(1 - sum(heights) / len(heights))
    everything = math.prod(len(column.leaves) for column in pair.columns)
    boxes = {row: [column.under(cell) for column, cell in zip(pair.columns, row, strict=True)] for row in classes}
    volume = {row: math.prod(map(len, box)) for row, box in boxes.items()}
    found["ambiguity"] = (sum(size * volume[row] for row, size in classes.items()) + pair.suppressed * everything) / n
    divergence = 0.0
    for row, count in Counter(pair.original).items():
        share = Fraction(pair.suppressed, everything)
        for each, size in classes.items():
            if all(cell in leaves for cell, leaves in zip(row, boxes[each], strict=True)):
                share += Fraction(size, volume[each])
        divergence += count / n * (math.log(Fraction(count) / share) if share else math.inf)
    found["kl_divergence"] = divergence
    bits = [entropy(pair, column) for column in pair.columns]
    if None not in bits:
        found["non_uniform_entropy"] = math.prod(1 + each for each in bits if each is not None) ** (1 / len(bits)) - 1
    return found


def loss(pair: Pair, column: Column) -> Fraction:
    leaves, n = len(column.leaves), len(column.before)
    if leaves == 1:
        return Fraction(0)
    return (sum(Fraction(len(column.under(cell)) - 1, leaves - 1) for cell in column.after) + pair.suppressed) / n


def entropy(pair: Pair, column: Column) -> float | None:
    """Bits lost over bits that there are to lose. Any rows may be the suppressed ones: the sum is the same."""
    n, counts = len(column.before), Counter(column.before)
    if len(counts) == 1:
        return 0.0
    least = sum(math.log2(counts[value]) for value in column.before)
    kept = 0.0
    for cell in column.after:
        rows = n if cell in column.stars else sum(counts[leaf] for leaf in column.under(cell))
        if not rows:
            return None
        kept += math.log2(rows)
    return (kept + pair.suppressed * math.log2(n) - least) / (n * math.log2(n) - least)


def squared(pair: Pair) -> list[tuple[float, float]] | None:
    """(error over total, mean error) of each column; None when rows cannot be counted into classes."""
    classes = Counter(pair.kept)
    boxes = {row: [column.under(cell) for column, cell in zip(pair.columns, row, strict=True)] for row in classes}
    home: dict[int, Row] = {}
    for place, row in enumerate(pair.original):
        for each, box in boxes.items():
            if all(cell in leaves for cell, leaves in zip(row, box, strict=True)):
                if place in home:
                    return None
                home[place] = each
    covered = Counter(home.values())
    if any(classes[row] > covered[row] for row in classes):
        return None
    kept = [
        Fraction(classes[home[place]], covered[home[place]]) if place in home else Fraction(0)
        for place in range(len(pair.original))
    ]
    return [_squared(pair, column, j, home, kept) for j, column in enumerate(pair.columns)]


def _squared(pair: Pair, column: Column, j: int, home: Mapping[int, Row], kept: Sequence[Fraction]) -> tuple[float, float]:
    vectors, most = _vectors(column)
    rows = [place for place, value in enumerate(column.before) if value in vectors]
    if len({vectors[column.before[place]] for place in rows}) < 2:
        return 0.0, 0.0
    groups: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for place in rows:
        if place in home:
            cell = home[place][j]
            groups[cell, column.level.get(cell)].append(place)
    everybody = _mean([(vectors[column.before[place]], Fraction(1)) for place in rows])
    error = total = Fraction(0)
    means = {}
    for key, places in groups.items():
        means[key] = _mean([(vectors[column.before[place]], kept[place]) for place in places])
    for place in rows:
        own = vectors[column.before[place]]
        total += _apart(own, everybody)
        error += (1 - kept[place]) * _apart(own, everybody)
        if place in home:
            cell = home[place][j]
            error += kept[place] * _apart(own, means[cell, column.level.get(cell)])
    return float(error / total), float(error / len(rows) / most)


def _vectors(column: Column) -> tuple[dict[str, tuple[Fraction, ...]], Fraction]:
    """A point for each value, and the largest squared distance: numbers on a line, else a corner each; null is no number."""
    numbers = {}
    for leaf in column.leaves:
        try:
            numbers[leaf] = (Fraction(leaf),)
        except ValueError:
            if leaf:
                break
    else:
        if numbers:
            present = [numbers[value][0] for value in column.before if value]
            return numbers, (max(present, default=Fraction(0)) - min(present, default=Fraction(0))) ** 2
    distinct = sorted(set(column.leaves))
    return {value: tuple(Fraction(value == each) for each in distinct) for value in distinct}, Fraction(2)


def _mean(points: Sequence[tuple[tuple[Fraction, ...], Fraction]]) -> tuple[Fraction, ...]:
    weight = sum((each for _, each in points), Fraction(0))
    return tuple(sum((point[axis] * each for point, each in points), Fraction(0)) / weight for axis in range(len(points[0][0])))


def _apart(one: tuple[Fraction, ...], other: tuple[Fraction, ...]) -> Fraction:
    return sum(((a - b) ** 2 for a, b in zip(one, other, strict=True)), Fraction(0))


def distances(before: Mapping[str, Fraction], after: Mapping[str, Fraction]) -> dict[str, float]:
    """Between two distributions of values, in rows."""
    n, m = sum(before.values()), sum(after.values())
    values = sorted(set(before) | set(after))
    found = {"total_variation": float(sum(abs(before.get(v, 0) / n - after.get(v, 0) / m) for v in values) / 2)}
    try:
        numbers = {value: Fraction(value) for value in values if value}
    except ValueError:
        return found
    one, other = ({numbers[v]: Fraction(0) for v in numbers} for _ in range(2))
    for value, number in numbers.items():
        one[number] += before.get(value, 0)
        other[number] += after.get(value, 0)
    if not sum(one.values()) or not sum(other.values()):
        return found
    places = sorted(one)
    gaps, a, b = [], Fraction(0), Fraction(0)
    for place in places:
        a, b = a + one[place] / sum(one.values()), b + other[place] / sum(other.values())
        gaps.append(abs(a - b))
    found["kolmogorov_smirnov"] = float(max(gaps))
    held = [place for place in places if one[place]]
    area = sum((gap * (after - before) for gap, before, after in zip(gaps, places, places[1:], strict=False)), Fraction(0))
    if held[-1] > held[0]:
        found["wasserstein"] = float(area / (held[-1] - held[0]))
    elif area == 0:
        found["wasserstein"] = 0.0
    return found


def spread(pair: Pair, column: Column) -> dict[str, Fraction]:
    """Released cells, each spread evenly over its leaves."""
    found = dict.fromkeys(column.leaves, Fraction(0))
    for cell in column.after:
        leaves = column.under(cell)
        for leaf in leaves:
            found[leaf] += Fraction(1, len(leaves))
    return found
