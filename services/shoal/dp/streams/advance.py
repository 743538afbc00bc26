"""How a stream goes on: batches in, releases out. Plain data and the kernel; the noise is drawn here."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from shoal.dp.compute import Answer, Group, answer_of, in_units
from shoal.dp.estimates import Noisy
from shoal.dp.noise import Draws
from shoal.dp.query import Unlisted
from shoal.dp.streams.layout import Layout
from shoal.kernels import Monitor


@dataclass(frozen=True)
class State:
    """Where a stream stands. Everything of it is secret but the counts.

    batches: taken in. epoch, step: of the noise. carried: what epochs before released last. pending: what came since the
    last step. shown: what could be released now, in steps of the parts' grids; None before there is anything. shown_batches:
    how many batches that is over.
    """

    batches: int = 0
    epoch: int = 0
    step: int = 0
    carried: tuple[float, ...] = ()
    pending: tuple[int, ...] = ()
    shown: tuple[float, ...] | None = None
    shown_batches: int = 0
    series: tuple[bytes, ...] = field(default=(), repr=False)

    def to_bytes(self) -> bytes:
        """The state, to be kept encrypted."""
        head = {**vars(self), "series": [len(each) for each in self.series]}
        text = json.dumps(head).encode()
        return len(text).to_bytes(4, "big") + text + b"".join(self.series)

    @classmethod
    def from_bytes(cls, content: bytes) -> State:
        """The state that was kept."""
        start = 4 + int.from_bytes(content[:4], "big")
        head = json.loads(content[4:start])
        series = []
        for length in head.pop("series"):
            series.append(content[start : start + length])
            start += length
        shown = head["shown"]
        return cls(
            batches=head["batches"],
            epoch=head["epoch"],
            step=head["step"],
            carried=tuple(head["carried"]),
            pending=tuple(head["pending"]),
            shown=None if shown is None else tuple(shown),
            shown_batches=head["shown_batches"],
            series=tuple(series),
        )


def taken(layout: Layout, state: State, added: Sequence[int], monitor: Monitor | None = None) -> State:
    """The state after a batch. added: what its rows add to every series."""
    pending = tuple(old + new for old, new in zip(state.pending or [0] * layout.count, added, strict=True))
    state = replace(state, batches=state.batches + 1, pending=pending)
    # Without a window noise is drawn for releases only: batches between them are one step.
    return state if layout.spec.window is None else _stepped(layout, state, monitor)


def brought_up(layout: Layout, state: State, monitor: Monitor | None = None) -> State:
    """The state whose `shown` is over all batches that it can be over."""
    if layout.spec.window is not None or state.shown_batches == state.batches:
        return state
    return _stepped(layout, state, monitor)


def _stepped(layout: Layout, state: State, monitor: Monitor | None) -> State:
    """The state after a step of the noise, which takes in what is pending."""
    if layout.spec.window is None and state.step >= layout.epoch_length(state.epoch):
        # The rows of the next epoch are none of this one's: its last release stands for them.
        state = replace(state, epoch=state.epoch + 1, step=0, carried=state.shown or (), series=())
    series = layout.series(state.epoch, list(state.series) or None)
    noises = layout.noises(state.epoch)
    wanted = [noise for noise in noises for _ in range(series.draws)]
    draws = Draws(wanted, monitor)
    released = series.step(state.pending, [draws.take(noise) for noise in wanted])
    state = replace(state, step=state.step + 1, pending=(0,) * layout.count, series=tuple(series.states()))
    values = [each for each in released if each is not None]
    if not values:
        return state
    carried = state.carried or (0.0,) * layout.count
    shown = tuple(before + value for before, value in zip(carried, values, strict=True))
    window = layout.spec.window
    over = state.batches - state.batches % window.length if layout.is_tumbling and window is not None else state.batches
    return replace(state, shown=shown, shown_batches=over)


def answers(layout: Layout, state: State) -> list[Answer]:
    """The statistics that the state shows, by group and then by column."""
    assert state.shown is not None  # noqa: S101 (there is something to release)
    query, planned = layout.spec.query, layout.plan(state.epoch)
    found, place, noises_released = [], 0, layout.released_noises(state.epoch, state.step)
    for group, noises in zip(_groups(layout), planned.groups, strict=True):
        for column, noise in zip(planned.columns, noises.columns, strict=True):
            noisy = []
            for part in column.parts:
                steps = state.shown[place]
                value = in_units(round(steps), part.exponent) if query.noise.is_whole else math.ldexp(steps, part.exponent)
                noisy.append([Noisy(part, noises_released[place], value)])
                place += 1
            found.append(answer_of(query, column, noise, group, noisy))
    return found


def _groups(layout: Layout) -> list[Group | None]:
    by = layout.spec.query.group_by
    if by is None:
        return [None]
    others = [Group(None)] if by.unlisted is Unlisted.OTHER else []
    return [*(Group(key.value) for key in by.keys), *others]
