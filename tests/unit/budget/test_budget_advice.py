"""Advice against reference values, and against the ledger: the last query of an advised plan fits, one more does not."""

from __future__ import annotations

import math
from dataclasses import replace
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shoal.accounting import privacy_loss
from shoal.accounting.amounts import DELTA_UNITS, EPSILON_UNITS, units_down
from shoal.budget.advise import AS_GOOD_AS, Advice, Question, advise
from shoal.budget.composition import Standing, charge, terms
from shoal.budget.events import Bill, Composition, Event, Mechanism
from shoal.errors import InvalidArgumentError

BASIC, RDP, GDP = Composition.BASIC, Composition.RDP, Composition.GDP


def noise(advice: Advice, composition: Composition) -> float:
    return advice.plans[composition].noise


@pytest.mark.parametrize(
    ("count", "basic", "rdp", "exact"),
    [
        # At epsilon 1, delta 1e-6. rdp was looked for on a grid of orders, which costs it up to 0.05 %.
        (1, 4.225, 4.532, 4.225),
        (2, 8.348, 6.409, 5.975),
        (5, 20.717, 10.134, 9.447),
        (10, 41.329, 14.331, 13.360),
        (20, 82.555, 20.268, 18.893),
        (50, 206.231, 32.046, 29.873),
        (100, 412.357, 45.320, 42.247),
        (1000, 4122.63, 143.313, 133.596),
    ],
)
def test_gaussian_plans_have_the_reference_s_sigma(count: int, basic: float, rdp: float, exact: float) -> None:
    advice = advise(Question(1.0, 1e-6, count, 1e-6 / count))
    assert noise(advice, BASIC) == pytest.approx(basic, rel=1e-5, abs=5.1e-4)
    assert rdp * (1 - 5e-4) <= noise(advice, RDP) <= rdp + 5.1e-4
    assert noise(advice, GDP) == pytest.approx(exact, rel=1e-5, abs=5.1e-4)
    assert advice.recommended is (BASIC if count == 1 else GDP)
    assert advice.noise_ratio == pytest.approx(noise(advice, RDP) / noise(advice, BASIC))


@pytest.mark.parametrize(
    ("count", "continuous", "recommended"),
    [(1, 1.414, BASIC), (2, 2.828, BASIC), (5, 7.071, BASIC), (50, 43.315, RDP), (100, 62.62, RDP), (1000, 202.08, RDP)],
)
def test_laplace_plans_need_a_little_more_noise_than_the_curve_of_continuous_noise_says(
    count: int, continuous: float, recommended: Composition
) -> None:
    advice = advise(Question(1.0, 1e-6, count, 0.0))
    assert GDP not in advice.plans
    assert noise(advice, BASIC) == pytest.approx(math.sqrt(2.0) * count, rel=1e-6)
    # The discrete noise of this server is dearer than the continuous noise of the reference, and one order serves all plans.
    assert continuous * (1 - 4e-4) <= noise(advice, RDP) <= continuous * 1.01
    assert advice.recommended is recommended
    assert advice.recommended.value in advice.explanation


def test_the_savings_are_those_of_the_basic_plan_s_own_queries() -> None:
    # Ten queries of (0.1, 1e-7) spend 0.3235 of 1 by Rényi accounting at 1e-6.
    assert advise(Question(1.0, 1e-6, 10, 1e-7)).savings_percent == pytest.approx(67.65, abs=0.01)
    assert advise(Question(1.0, 1e-6, 1, 0.0)).savings_percent == pytest.approx(0.0, abs=1e-3)


def test_what_cannot_be_is_left_out() -> None:
    assert set(advise(Question(1.0, 0.0, 10, 0.0)).plans) == {BASIC}
    broken = advise(Question(1.0, 1e-6, 10, 1e-6))
    assert set(broken.plans) == {RDP, GDP}
    assert broken.noise_ratio is None
    assert broken.savings_percent == 0.0
    with pytest.raises(InvalidArgumentError, match="query_count"):
        advise(Question(1e-6, 1e-6, 1001, 0.0))


@settings(max_examples=60)
@given(
    epsilon=st.floats(1e-3, 200.0),
    delta=st.floats(1e-12, 0.01),
    count=st.integers(1, 3000),
    share=st.one_of(st.just(0.0), st.floats(1e-4, 1.0)),
)
@example(epsilon=0.001, delta=0.00013754796442212307, count=15, share=1.0)  # refused once, by the last bit of sigma
def test_the_ledger_grants_the_advised_plan_and_not_one_query_more(
    epsilon: float, delta: float, count: int, share: float
) -> None:
    delta_each = delta * share / count
    with mock.patch.object(privacy_loss, "_accountant", return_value=None):  # no ledger's plan, and slow
        advice = advise(Question(epsilon, delta, count, delta_each))
    least = min(plan.noise for plan in advice.plans.values())
    assert advice.plans[advice.recommended].noise <= AS_GOOD_AS * least
    for composition, plan in advice.plans.items():
        if share:
            scale = max(1.0, 4096.0 / plan.noise)
            event = Event(plan.epsilon_per_query, delta_each, 1, Mechanism.GAUSSIAN, plan.noise * scale, scale)
            assert event.claims_enough()
            larger = replace(event, sigma=plan.noise * scale * 977.0, sensitivity=scale * 977.0)  # rounded another way
            budget = terms(composition, units_down(epsilon, EPSILON_UNITS), units_down(delta, DELTA_UNITS), 0)
            assert charge(budget, Standing(), Bill([replace(larger, count=count)])) is not None
        else:
            event = Event(plan.epsilon_per_query, 0.0, 1, Mechanism.PURE)
        limits = terms(composition, units_down(epsilon, EPSILON_UNITS), units_down(delta, DELTA_UNITS), 0)
        standing: Standing | None = Standing()
        one = Bill([event])
        for _ in range(min(count, 200)):
            assert standing is not None
            standing = charge(limits, standing, one)
        assert charge(limits, Standing(), Bill([replace(event, count=count)])) is not None
        if count >= 2 and plan.epsilon_per_query < 100.0:
            more = replace(event, count=count + math.ceil(count * 0.01))
            assert charge(limits, Standing(), Bill([more])) is None
        assert plan.total_epsilon <= epsilon
        assert plan.total_delta <= delta
