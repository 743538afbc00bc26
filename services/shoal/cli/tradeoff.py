"""A frontier as its table, its drawing and its JSON see it: axes, points on them, and where the policy itself stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shoal.cli.models import NAMES, kind_of, measure_name, minimised, own_k, own_value

if TYPE_CHECKING:
    from shoal.api.anonymization.v1.anonymization_service_pb2 import ComputeFrontierResponse, FrontierPoint
    from shoal.api.anonymization.v1.policy_pb2 import AnonymizationPolicy
    from shoal.cli.settings import Settings

LIMIT = "suppression_limit"


@dataclass(frozen=True)
class Axis:
    """One thing that a setting says. `own` is the policy's value, None: it has none."""

    key: str
    title: str
    values: tuple[float, ...]
    own: float | None

    @property
    def varies(self) -> bool:
        """More than one value was tried."""
        return len(self.values) > 1

    def label(self, value: float | None) -> str:
        """A value as people read it."""
        if value is None:
            return "none"
        return f"{value:.10g}" if self.key != LIMIT else f"{value * 100:.10g}%"


@dataclass(frozen=True)
class Point:
    """The optimum of one setting, a value for each axis. Without `feasible` the numbers mean nothing."""

    setting: tuple[float, ...]
    own: bool
    feasible: bool
    loss: float
    levels: tuple[int, ...]
    suppressed: int
    highest_risk: float
    average_risk: float
    optimal: bool
    gap: float


@dataclass(frozen=True)
class Frontier:
    """All points; `settled` is the point of the policy's own setting, None when it was not tried."""

    axes: tuple[Axis, ...]
    points: tuple[Point, ...]
    attributes: tuple[str, ...]
    rows: int
    lattice_size: int
    seconds: float
    measure: str
    aggregate: str | None
    loss_name: str
    unit: str

    @property
    def varied(self) -> tuple[Axis, ...]:
        """The axes with more than one value."""
        return tuple(each for each in self.axes if each.varies)

    @property
    def settled(self) -> Point | None:
        """The point of the policy's own setting."""
        return next((each for each in self.points if each.own), None)

    @property
    def feasible(self) -> tuple[Point, ...]:
        """The points that some release satisfies."""
        return tuple(each for each in self.points if each.feasible)

    def value(self, point: Point, axis: Axis) -> float:
        """A point's value on an axis."""
        return point.setting[self.axes.index(axis)]

    def spelled(self, values: Sequence[float | None], axes: Sequence[Axis] | None = None) -> str:
        """Values of axes, by default of all, in words: `k = 5, suppression limit = 2%`."""
        pairs = zip(self.axes if axes is None else axes, values, strict=True)
        return ", ".join(f"{axis.title} = {axis.label(value)}" for axis, value in pairs)


def frontier_of(answer: ComputeFrontierResponse, policy: AnonymizationPolicy, settings: Settings) -> Frontier:
    """The server's answer to a request with these settings."""
    with_k = any(kind_of(each) == "k_anonymity" for each in policy.privacy_models)
    found = [(_setting(each, with_k=with_k), each) for each in answer.points]
    own: list[float | None] = [float(policy.suppression_limit)]
    keys, titles = [LIMIT], ["suppression limit"]
    if with_k:
        k = own_k(policy)
        own.insert(0, None if k is None else float(k))
        keys.insert(0, "k")
        titles.insert(0, "k")
    for each in settings.varied:
        model = policy.privacy_models[each.model]
        own.append(own_value(model, each.parameter))
        keys.append(f"{each.model}.{each.parameter}")
        titles.append(f"{each.parameter} of {_model_title(policy, each.model)}")
    axes = tuple(
        Axis(key, title, tuple(sorted({setting[place] for setting, _ in found})), own[place])
        for place, (key, title) in enumerate(zip(keys, titles, strict=True))
    )
    measure, aggregate = minimised(policy.quality)
    return Frontier(
        axes=axes,
        points=tuple(_point(setting, each, own=list(setting) == own) for setting, each in found),
        attributes=tuple(answer.attributes),
        rows=answer.row_count,
        lattice_size=answer.lattice_size,
        seconds=answer.search_seconds,
        measure=measure,
        aggregate=aggregate,
        loss_name=f"loss ({measure_name(policy.quality).removeprefix('loss, ')})",
        unit="persons" if policy.entity_column else "rows",
    )


def as_json(frontier: Frontier, settings: Settings, svg: str | None) -> dict[str, Any]:
    """What `frontier` prints for machines."""
    return {
        "attributes": list(frontier.attributes),
        "measure": frontier.measure,
        "aggregate": frontier.aggregate,
        "rows": frontier.rows,
        "lattice_size": frontier.lattice_size,
        "seconds": frontier.seconds,
        "parameters": [{"model": each.model, "parameter": each.parameter} for each in settings.varied],
        "policy": {axis.key: _whole(axis, axis.own) for axis in frontier.axes},
        "points": [_point_json(frontier, each) for each in frontier.points],
        "svg": svg,
    }


def _point_json(frontier: Frontier, point: Point) -> dict[str, Any]:
    setting = {axis.key: _whole(axis, value) for axis, value in zip(frontier.axes, point.setting, strict=True)}
    content: dict[str, Any] = {
        **{key: value for key, value in setting.items() if key in {"k", LIMIT}},
        "parameters": {key: value for key, value in setting.items() if key not in {"k", LIMIT}},
        "own": point.own,
        "feasible": point.feasible,
    }
    if not point.feasible:
        return content
    return content | {
        "loss": point.loss,
        "levels": dict(zip(frontier.attributes, point.levels, strict=True)),
        "suppressed": point.suppressed,
        "highest_risk": point.highest_risk,
        "average_risk": point.average_risk,
        "optimal": point.optimal,
        "gap": point.gap,
    }


def _whole(axis: Axis, value: float | None) -> float | int | None:
    return int(value) if axis.key == "k" and value is not None else value


def _setting(point: FrontierPoint, *, with_k: bool) -> tuple[float, ...]:
    return (*((float(point.k),) if with_k else ()), point.suppression_limit, *point.parameters)


def _point(setting: tuple[float, ...], point: FrontierPoint, *, own: bool) -> Point:
    return Point(
        setting=setting,
        own=own,
        feasible=point.feasible,
        loss=point.loss,
        levels=tuple(point.levels),
        suppressed=point.suppressed_count,
        highest_risk=point.highest_risk,
        average_risk=point.average_risk,
        optimal=point.optimal,
        gap=point.gap,
    )


def _model_title(policy: AnonymizationPolicy, place: int) -> str:
    """The model's name; where the policy has several of the kind also its place."""
    kind = kind_of(policy.privacy_models[place])
    several = sum(kind_of(each) == kind for each in policy.privacy_models) > 1
    return f"{NAMES[kind]} (model {place})" if several else NAMES[kind]
