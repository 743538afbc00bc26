"""How much noise streams are given: enough for what one row moves, in every epoch, and no more than that."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from shoal.accounting.amounts import DELTA_UNITS, EPSILON_UNITS
from shoal.budget.events import Event as LedgerEvent
from shoal.budget.events import Mechanism
from shoal.dp.parts import parts_of
from shoal.dp.plan import plan
from shoal.dp.query import Bounds, Column, GroupBy, GroupKey, Neighbouring, NoiseType, Query, Statistic, Unit, Unlisted
from shoal.dp.streams.advance import State, brought_up, taken
from shoal.dp.streams.layout import Layout, layout
from shoal.dp.streams.spec import Spec, Window, WindowKind
from shoal.errors import InvalidArgumentError
from shoal.kernels import FACTOR_BITS, factor_squared_length, tree_levels

AGE, SIZE = Column("age", "c", Bounds(0.0, 100.0)), Column("size", "c", Bounds(-3.0, 5.0))
COUNT = Column("", "count")
GAUSSIAN, LAPLACE = NoiseType.GAUSSIAN, NoiseType.LAPLACE
SLIDING, TUMBLING = Window(WindowKind.SLIDING, 64), Window(WindowKind.TUMBLING, 64)


def spec(
    statistic: Statistic = Statistic.COUNT, noise: NoiseType = LAPLACE, window: Window | None = None, releases: int = 4096
) -> Spec:
    columns = (COUNT,) if statistic is Statistic.COUNT else (AGE, SIZE)
    delta = DELTA_UNITS // 10**6 if noise.is_gaussian else 0
    return Spec(Query(statistic, columns, EPSILON_UNITS, delta, noise), window, releases, ())


def costs(found: Layout, epoch: int) -> float:
    """What one row can cost, from the sensitivities of single releases: epsilon of Laplace noise, mu squared of Gaussian."""
    noises, place, total = found.noises(epoch), 0, 0.0
    for column in found.spec.query.columns:
        for part in parts_of(found.spec.query, column).parts:
            scale = float(noises[place].scale)
            if found.is_gaussian:
                longer = 1.0 if found.is_tumbling else math.sqrt(factor_squared_length(found.span(epoch))) * 2**FACTOR_BITS
                total += (part.l2 * longer / scale) ** 2
            else:
                total += part.l1 * (1 if found.is_tumbling else tree_levels(found.span(epoch))) / scale
            place += 1
    return total


@pytest.mark.parametrize("window", [None, SLIDING, TUMBLING])
@pytest.mark.parametrize("statistic", [Statistic.COUNT, Statistic.SUM, Statistic.MEAN])
@pytest.mark.parametrize("epoch", [0, 1, 2])
def test_every_epoch_costs_what_is_charged_and_no_less_than_most_of_it(
    window: Window | None, statistic: Statistic, epoch: int
) -> None:
    if window is not None and epoch:
        return
    pure = layout(spec(statistic, LAPLACE, window, releases=100))
    assert 0.999 < costs(pure, epoch) <= 1.0
    assert sum(event.epsilon * count for event, count in pure.plan(0).events) <= EPSILON_UNITS
    gaussian = layout(spec(statistic, GAUSSIAN, window, releases=100))
    ((told, count),) = gaussian.plan(0).events
    ratio = told.sensitivity / told.sigma
    assert count == 1
    assert math.sqrt(costs(gaussian, epoch)) <= ratio * (1 + 1e-12)
    assert math.sqrt(costs(gaussian, epoch)) > ratio * 0.999999
    event = LedgerEvent(1.0, 1e-6, 1, Mechanism.GAUSSIAN, told.sigma, told.sensitivity)
    assert event.claims_enough()
    assert not replace(event, sensitivity=told.sensitivity * 1.001).claims_enough()


def test_the_mutant_noise_of_a_single_release_is_found() -> None:
    for noise in (LAPLACE, GAUSSIAN):
        found = layout(spec(noise=noise))
        single = plan(found.spec.query).groups[0].columns[0].noises[0]
        stretched = found.noises(0)[0]
        shrunk = float(stretched.scale) / (2**FACTOR_BITS if found.is_gaussian else 1)
        assert shrunk / float(single.scale) > 1.9


def test_variances_substitution_and_groups_with_their_own_share() -> None:
    found = spec(Statistic.VARIANCE)
    query = replace(
        found.query,
        unit=Unit(Neighbouring.SUBSTITUTE, 3, 2),
        group_by=GroupBy("g", (GroupKey("a"), GroupKey("b", EPSILON_UNITS // 2)), Unlisted.OTHER, 5),
    )
    grouped = layout(replace(found, query=query))
    assert grouped.count == 3 * 2 * 3
    single = plan(query)
    levels = tree_levels(grouped.span(0))
    for ours, theirs in zip(grouped.plan(0).groups, single.groups, strict=True):
        for column, other in zip(ours.columns, theirs.columns, strict=True):
            for noise, before in zip(column.noises, other.noises, strict=True):
                assert float(noise.scale / before.scale) == pytest.approx(levels)
    assert grouped.plan(0).epsilon == single.epsilon


def test_epochs_grow_as_far_as_there_is_room() -> None:
    one = layout(spec(noise=GAUSSIAN))
    assert [one.epoch_length(epoch) for epoch in range(4)] == [4096, 65_536, 1_048_576, 2_097_152]
    assert [layout(spec()).epoch_length(epoch) for epoch in range(5)] == [4096, 65_536, 1_048_576, 2**24, 2**24]
    noise = one.noises(0)[0].standard_deviation / 2**FACTOR_BITS / math.sqrt(factor_squared_length(one.span(0)))
    (end,) = one.released_noises(1, 65_536)
    assert end.standard_deviation / noise == pytest.approx(math.hypot(3.714, 4.596), rel=2e-3)


def test_more_than_can_be_kept_is_refused() -> None:
    wide = tuple(GroupKey(str(at)) for at in range(600))
    query = replace(spec(noise=GAUSSIAN).query, group_by=GroupBy("g", wide, Unlisted.DROP, 5))
    with pytest.raises(InvalidArgumentError):
        layout(Spec(query, None, 4096, ()))
    assert layout(Spec(query, None, 3000, ())).count == 600
    with pytest.raises(InvalidArgumentError):
        layout(Spec(query, Window(WindowKind.SLIDING, 512), 1, ()))
    tiny = replace(spec(Statistic.VARIANCE).query, epsilon=3000, unit=Unit(Neighbouring.ADD_REMOVE, 1_000_000, 1))
    with pytest.raises(InvalidArgumentError):
        layout(Spec(tiny, None, 4096, ()))


@pytest.mark.parametrize("window", [None, Window(WindowKind.SLIDING, 3), Window(WindowKind.TUMBLING, 3)])
@pytest.mark.parametrize("noise", [LAPLACE, GAUSSIAN])
def test_a_state_survives_being_kept(window: Window | None, noise: NoiseType) -> None:
    found = layout(spec(Statistic.MEAN, noise, window, releases=2))
    state = State()
    for at in range(8):
        state = brought_up(found, taken(found, state, [10**6 * at] * found.count))
        assert State.from_bytes(state.to_bytes()) == state
    assert state.batches == 8
    assert state.shown_batches == (6 if window is not None and window.kind is WindowKind.TUMBLING else 8)
    assert state.epoch == (1 if window is None else 0)


def test_two_streams_share_no_noise() -> None:
    found = layout(spec(noise=GAUSSIAN))
    shown = [brought_up(found, taken(found, State(), [0])).shown for _ in range(50)]
    assert len(set(shown)) == 50
