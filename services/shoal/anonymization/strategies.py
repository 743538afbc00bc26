"""The strategies of full-domain generalisation: from a prepared table to the levels of its release."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from shoal import kernels
from shoal.anonymization.ordering import at_level, released_rows
from shoal.anonymization.outcomes import Outcome, Proof, Recoding, measured_of
from shoal.anonymization.persons import before_and_after
from shoal.anonymization.policy import Policy, Strategy
from shoal.anonymization.prepare import Prepared
from shoal.anonymization.refusals import in_words, infeasible
from shoal.errors import CancelledError, DeadlineExceededError, ResourceExhaustedError
from shoal.kernels import Evaluation, Found, Infeasible, LimitReached, Limits, Monitor, OutOfMemory
from shoal.measures.quality import precision
from shoal.measures.risk import PopulationClasses
from shoal.privacy.hierarchies import Hierarchy

Levels = tuple[int, ...]

_STOPPED = {"seconds": "max_seconds", "nodes": "max_nodes", "memory": "max_memory_bytes"}


@dataclass(frozen=True)
class Choice:
    """Levels, their loss, and what is proven about them."""

    levels: Levels
    loss: float
    proof: Proof


def generalise(prepared: Prepared, monitor: Monitor) -> Outcome:
    """Full-domain generalisation: levels by the policy's strategy, and what they do to the table."""
    choice = choose(prepared, monitor)
    release = prepared.table.release(choice.levels, prepared.models, objective=prepared.policy.objective, monitor=monitor)
    counts = [each.levels for each in prepared.hierarchies]
    replacements = {
        each.attribute: at_level(each, level) for each, level in zip(prepared.hierarchies, choice.levels, strict=True)
    }
    return Outcome(
        frame=released_rows(prepared.columns, replacements, release.kept),
        recoding=Recoding.GLOBAL,
        levels=choice.levels,
        loss=choice.loss,
        kept=release.kept,
        attribute_losses=release.attribute_losses,
        losses=release.losses,
        precision=precision(choice.levels, counts, release.after.rows, prepared.rows),
        before=release.before,
        after=release.after,
        measured=measured_of(prepared.bounds, release.measured),
        proof=choice.proof,
        population=PopulationClasses(*release.population_after) if prepared.policy.population else None,
        persons=before_and_after(prepared, list(replacements.values()), release.kept),
    )


def choose(prepared: Prepared, monitor: Monitor) -> Choice:
    """The levels that the policy's strategy finds.

    Raises InfeasibleError, CancelledError, DeadlineExceededError when OPTIMAL runs out of time.
    """
    policy = prepared.policy
    match policy.search.strategy:
        case Strategy.BASIC:
            return _basic(prepared, monitor)
        case Strategy.WITH_IMPORTANCE | Strategy.WITH_DEVIATION:
            return _step_by_step(prepared, monitor)
        case Strategy.ANYTIME:
            return search(prepared, prepared.models, prepared.limit, monitor, anytime=True)[0]
        case _:
            return search(prepared, prepared.models, prepared.limit, monitor, anytime=False)[0]


def search(
    prepared: Prepared, models: Sequence[kernels.Model], limit: int, monitor: Monitor, *, anytime: bool
) -> tuple[Choice, Found]:
    """The kernel's search, and what is proven of it; its answers become errors with sentences."""
    policy = prepared.policy
    try:
        found = searched(prepared.table, models, limit, policy, monitor, policy.search.limits, anytime=anytime)
    except Infeasible as error:
        raise infeasible(in_words(models), prepared.rows, limit, error) from None
    proof = Proof(
        checked=found.checked,
        lattice_size=found.lattice_size,
        optimal=found.optimal,
        lower_bound=found.lower_bound,
        stopped_by=_STOPPED.get(found.stopped, ""),
        seconds=found.seconds + prepared.table.seconds,
    )
    return Choice(found.levels, found.loss, proof), found


def searched(
    table: kernels.Table,
    models: Sequence[kernels.Model],
    limit: int,
    policy: Policy,
    monitor: Monitor,
    limits: Limits,
    *,
    anytime: bool,
) -> Found:
    """What the kernel finds. Raises Infeasible; what limits ended becomes an error with a sentence."""
    try:
        return table.search(
            models, suppression_limit=limit, objective=policy.objective, limits=limits, anytime=anytime, monitor=monitor
        )
    except LimitReached as error:
        raise _out_of(error.kind, policy.search.limits, anytime=anytime) from None
    except OutOfMemory as error:
        raise ResourceExhaustedError(
            f"the search must remember {error.needed} bytes of its lattice, more than max_memory_bytes = {error.allowed}: "
            "allow more, or use fewer levels",
            metadata={"limit": "max_memory_bytes", "needed_bytes": str(error.needed)},
        ) from None


def _out_of(kind: str, limits: Limits, *, anytime: bool = False) -> DeadlineExceededError | ResourceExhaustedError:
    if kind == "seconds" and anytime:
        return DeadlineExceededError(
            f"the search found no release within max_seconds = {limits.seconds:g}: allow more time, more suppression, or fewer "
            "levels"
        )
    if kind == "seconds":
        return DeadlineExceededError(
            f"the search was not over after max_seconds = {limits.seconds:g}: allow more time or fewer levels, or take the "
            "strategy ANYTIME, which returns the best release found"
        )
    name = _STOPPED[kind]
    return ResourceExhaustedError(
        f"the search ended at {name} before it found a release: allow more of it, or fewer levels", metadata={"limit": name}
    )


def _basic(prepared: Prepared, monitor: Monitor) -> Choice:
    """Level 1 of every hierarchy."""
    levels = tuple(min(1, each.levels - 1) for each in prepared.hierarchies)
    with _timed(prepared, monitor) as timing:
        node = _evaluate(prepared, levels, monitor)
    if not node.satisfied:
        raise infeasible(
            f"the strategy BASIC, level 1 of every hierarchy, with {in_words(prepared.models)}",
            prepared.rows,
            prepared.limit,
            Infeasible("", node.suppressed, None),
        )
    return _chosen(prepared, node, 1, timing())


def _step_by_step(prepared: Prepared, monitor: Monitor) -> Choice:
    """From level 0 of everything, one attribute one level higher at a time, until the policy is satisfied."""
    tops = [each.levels - 1 for each in prepared.hierarchies]
    costs = _costs(prepared.policy, prepared.hierarchies)
    levels = [0] * len(tops)
    checked = 0
    with _timed(prepared, monitor) as timing:
        while True:
            node = _evaluate(prepared, tuple(levels), monitor)
            checked += 1
            if node.satisfied:
                return _chosen(prepared, node, checked, timing())
            open_ones = [place for place, level in enumerate(levels) if level < tops[place]]
            if not open_ones:
                break
            levels[min(open_ones, key=lambda place: (costs(place, levels[place] + 1), place))] += 1
    raise infeasible(
        f"the strategy {prepared.policy.search.strategy} with {in_words(prepared.models)}",
        prepared.rows,
        prepared.limit,
        Infeasible("", node.suppressed, None),
    )


def _costs(policy: Policy, hierarchies: Sequence[Hierarchy]) -> Callable[[int, int], float]:
    """What raising an attribute (by place) to a level costs in the eyes of the strategy."""
    if policy.search.strategy is Strategy.WITH_IMPORTANCE:
        weights = [each.weight for each in policy.quasi_identifiers]
        return lambda place, _: weights[place]
    entropies = [_entropies(each) for each in hierarchies]

    def lost(place: int, level: int) -> float:
        whole = entropies[place][0]
        return (entropies[place][level - 1] - entropies[place][level]) / whole if whole else 0.0

    return lost


def _entropies(hierarchy: Hierarchy) -> list[float]:
    """The entropy in bits of the attribute's distribution at every level: what a level loses is the difference."""
    counts = np.bincount(hierarchy.row_codes, minlength=len(hierarchy.leaves))
    found = []
    for level in range(hierarchy.levels):
        by_value = counts if level == 0 else np.bincount(hierarchy.codes[level - 1], weights=counts)
        shares = by_value[by_value > 0] / counts.sum()
        found.append(float(-(shares * np.log2(shares)).sum()))
    return found


def _evaluate(prepared: Prepared, levels: Levels, monitor: Monitor) -> Evaluation:
    return prepared.table.evaluate(
        [levels],
        prepared.models,
        suppression_limit=prepared.limit,
        objective=prepared.policy.objective,
        monitor=monitor,
    )[0]


def _chosen(prepared: Prepared, node: Evaluation, checked: int, seconds: float) -> Choice:
    """A choice of which nothing is proven but that no measure is below 0."""
    proof = Proof(
        checked=checked,
        lattice_size=prepared.table.lattice_size,
        optimal=node.loss == 0.0,
        lower_bound=0.0,
        stopped_by="",
        seconds=seconds,
    )
    return Choice(tuple(node.levels), node.loss, proof)


@contextmanager
def _timed(prepared: Prepared, monitor: Monitor) -> Iterator[Callable[[], float]]:
    """The time spent, and the policy's max_seconds for strategies that the kernel does not time itself."""
    with within(prepared.policy.search.limits, monitor):
        start = time.perf_counter()
        yield lambda: time.perf_counter() - start + prepared.table.seconds


@contextmanager
def within(limits: Limits, monitor: Monitor) -> Iterator[None]:
    """Cancels the monitor when the time is over, and says so; other cancellations pass."""
    if limits.seconds is None:
        yield
        return
    late = threading.Event()

    def stop() -> None:
        late.set()
        monitor.cancel()

    timer = threading.Timer(min(limits.seconds, threading.TIMEOUT_MAX), stop)
    timer.start()
    try:
        yield
    except CancelledError:
        if late.is_set():
            raise _out_of("seconds", limits) from None
        raise
    finally:
        timer.cancel()
