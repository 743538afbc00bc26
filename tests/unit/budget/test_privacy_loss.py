"""The yardstick: tight composition by privacy-loss distributions, against closed forms and reference values."""

from __future__ import annotations

import math

import pytest

from shoal.accounting import gaussian, privacy_loss
from shoal.budget.advise import Plan, Question, advise
from shoal.budget.composition import Composition


def advised(question: Question) -> Plan:
    found = advise(question).privacy_loss
    assert found is not None
    return found


def pure_delta(each: float, count: int, epsilon: float) -> float:
    """The delta of `count` answers of randomised response at epsilon, by the sum over how many are untrue."""
    log_p, log_q = -math.log1p(math.exp(-each)), -math.log1p(math.exp(each))
    total = 0.0
    for untrue in range(count + 1):
        loss = (count - 2 * untrue) * each
        if loss > epsilon:
            ways = math.lgamma(count + 1) - math.lgamma(untrue + 1) - math.lgamma(count - untrue + 1)
            total += math.exp(ways + (count - untrue) * log_p + untrue * log_q) * -math.expm1(epsilon - loss)
    return total


@pytest.mark.parametrize(
    ("epsilon", "count", "reference"), [(0.1, 100, 4.775), (0.1, 1000, 19.345), (0.5, 100, 33.320), (0.01, 1000, 1.3655)]
)
def test_pure_queries_cost_what_the_theorem_says(epsilon: float, count: int, reference: float) -> None:
    found = privacy_loss.pure_epsilon(epsilon, count, 1e-6)
    assert found == pytest.approx(reference, abs=6e-4)
    assert found is not None
    assert pure_delta(epsilon, count, found) == pytest.approx(1e-6, rel=1e-5)


@pytest.mark.parametrize(("sigma", "count"), [(1.0, 1), (1.0, 100), (50.0, 1000), (100.0, 10_000), (0.2, 1)])
def test_gaussian_queries_cost_what_the_exact_curve_says(sigma: float, count: int) -> None:
    exact = gaussian.gaussian_epsilon(math.sqrt(count) / sigma, 1e-6)
    found = privacy_loss.gaussian_epsilon(sigma, count, 1e-6)
    assert found == pytest.approx(exact, rel=1e-4)


@pytest.mark.parametrize("count", [1, 3, 50, 1000])
@pytest.mark.parametrize("epsilon", [0.3, 1.0, 8.0])
def test_no_plan_of_a_ledger_has_less_noise(epsilon: float, count: int) -> None:
    for delta_per_query in (0.0, 1e-6 / count / 2):
        question = Question(epsilon, 1e-6, count, delta_per_query)
        advice = advise(question)
        found = advice.privacy_loss
        assert found is not None
        assert found.total_epsilon <= epsilon
        least = min(plan.noise for plan in advice.plans.values())
        assert found.noise <= least * 1.001
        if question.is_gaussian and count > 1:
            assert found.noise == pytest.approx(advice.plans[Composition.GDP].noise, rel=1e-3)
        if not question.is_gaussian:
            assert pure_delta(found.epsilon_per_query, count, epsilon) <= 1e-6 * (1 + 1e-6)
            assert pure_delta(found.epsilon_per_query * 1.0001, count, epsilon) > 1e-6 or count == 1


def test_laplace_queries_would_take_less_noise_than_any_filter_lets_them() -> None:
    advice = advise(Question(1.0, 1e-6, 100, 0.0))
    assert advice.privacy_loss is not None
    assert 0.9 < advice.privacy_loss.noise / advice.plans[Composition.RDP].noise < 0.97


@pytest.mark.parametrize(
    ("sigma", "count", "delta"), [(100.0, 100_000, 1e-9), (50.0, 30_000, 1e-10), (1000.0, 100_000, 2e-10), (3.0, 1000, 1e-10)]
)
def test_rounding_makes_nothing_too_good(sigma: float, count: int, delta: float) -> None:
    """The transforms lose up to 4e-12 of delta at a hundred thousand queries."""
    found = privacy_loss.gaussian_epsilon(sigma, count, delta)
    assert found is not None
    assert gaussian.gaussian_delta(math.sqrt(count) / sigma, found) <= delta
    small = privacy_loss.pure_epsilon(0.003, count, delta)
    assert small is not None
    assert pure_delta(0.003, count, small) <= delta


def test_what_would_take_long_is_left_out() -> None:
    assert advise(Question(1.0, 1e-6, 100_001, 0.0)).privacy_loss is None
    assert advise(Question(1e-3, 1e-6, 1_000_000, 1e-12)).privacy_loss is None
    assert advise(Question(1.0, 1e-11, 10, 0.0)).privacy_loss is None
    assert advise(Question(1.0, 0.0, 10, 0.0)).privacy_loss is None
    assert advised(Question(1.0, 1e-6, 100_000, 0.0)).total_epsilon <= 1.0


def test_a_server_without_the_accountant_leaves_it_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy_loss, "_accountant", lambda: None)
    for delta_per_query in (0.0, 1e-8):
        advice = advise(Question(1.0, 1e-6, 10, delta_per_query))
        assert advice.privacy_loss is None
        assert advice.plans
