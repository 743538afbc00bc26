"""What a node does to a table, and the best node of all: every one of them is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from oracle.exact import Number, sortable
from oracle.losses import Loss, Objective, loss
from oracle.models import AverageRisk, ClassModel, Model
from oracle.table import Group, Levels, Table, groups


@dataclass(frozen=True)
class Task:
    """What is asked of a release."""

    models: tuple[Model, ...]
    limit: int
    objective: Objective = field(default_factory=Objective)


@dataclass(frozen=True)
class Node:
    """A node and the classes that it releases."""

    table: Table
    levels: Levels
    groups: tuple[Group, ...]
    released: tuple[Group, ...]

    @cached_property
    def suppressed(self) -> int:
        """The rows that are not released."""
        return self.table.rows - sum(group.rows for group in self.released)

    @property
    def smallest(self) -> int:
        """The rows of the smallest released class, 0 when there is none."""
        return min((group.rows for group in self.released), default=0)

    def satisfies(self, limit: int) -> bool:
        """Whether something is released and no more is suppressed than allowed."""
        return bool(self.released) and self.suppressed <= limit

    @property
    def kept(self) -> set[int]:
        """The records that are released."""
        return {record for group in self.released for record in group.members}

    @property
    def class_of_record(self) -> list[int | None]:
        """For every record the number of its class, in the order of first appearance; None when it is suppressed."""
        number = {record: place for place, group in enumerate(self.released) for record in group.members}
        return [number.get(record) for record in range(self.table.records)]


@dataclass
class Oracle:
    """One table; classes, verdicts and losses are computed once each."""

    table: Table
    _groups: dict[Levels, tuple[Group, ...]] = field(default_factory=dict)
    _verdicts: dict[tuple[Levels, ClassModel], tuple[bool, ...]] = field(default_factory=dict)
    _losses: dict[tuple[Levels, tuple[int, ...], Objective], Loss] = field(default_factory=dict)

    def groups(self, levels: Levels) -> tuple[Group, ...]:
        """The classes of a node."""
        if levels not in self._groups:
            self._groups[levels] = tuple(groups(self.table, levels))
        return self._groups[levels]

    def verdicts(self, levels: Levels, model: ClassModel) -> tuple[bool, ...]:
        """Whether the model holds, for every class of a node."""
        if (levels, model) not in self._verdicts:
            self._verdicts[levels, model] = tuple(model.holds(group, self.table) for group in self.groups(levels))
        return self._verdicts[levels, model]

    def node(self, levels: Levels, models: Sequence[Model]) -> Node:
        """What a node releases: the classes that satisfy every model, then what the average risks leave of them."""
        every = self.groups(levels)
        verdicts = [self.verdicts(levels, model) for model in models if not isinstance(model, AverageRisk)]
        released = [group for place, group in enumerate(every) if all(verdict[place] for verdict in verdicts)]
        averages = [model for model in models if isinstance(model, AverageRisk)]
        while released and any(model.mean(released) > model.limit for model in averages):
            for model in averages:
                released = model.suppressed(released)
        return Node(self.table, levels, every, tuple(released))

    def loss(self, node: Node, objective: Objective) -> Loss:
        """The loss of a node that releases something."""
        key = (node.levels, tuple(group.members[0] for group in node.released), objective)
        if key not in self._losses:
            self._losses[key] = loss(self.table, node.levels, node.released, objective)
        return self._losses[key]

    def best(self, task: Task) -> tuple[Node, Loss] | None:
        """The qualifying node of the least loss; ties by the sum of levels, then by the vector. None when none qualifies."""
        least: tuple[tuple[Number, int, Levels], Node, Loss] | None = None
        for levels in self.table.nodes():
            node = self.node(levels, task.models)
            if not node.satisfies(task.limit):
                continue
            found = self.loss(node, task.objective)
            key = (sortable(found.key), sum(levels), levels)
            if least is None or key < least[0]:
                least = (key, node, found)
        return None if least is None else least[1:]

    def fewest_suppressed(self, models: Sequence[Model]) -> int:
        """The fewest rows that any node suppresses."""
        return min(self.node(levels, models).suppressed for levels in self.table.nodes())
