"""The ledger through the real server: what is granted, what is refused, and that nothing is charged by halves or twice."""

from __future__ import annotations

import math
import uuid
from typing import Any

import grpc
import pytest
from budget_calls import GDP, RDP, ZCDP, Budgets, Callers, content_name, exhausted, gaussian, new_id, pure, unknown
from grpc_calls import status_of, violations_of

from shoal.api.audit.v1 import audit_reader_service_pb2
from shoal.api.budget.v1 import budget_pb2
from shoal.budget import servicer


def refused(code: str, reason: str, call: Any, *arguments: Any, **more: Any) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as caught:
        call(*arguments, **more)
    assert status_of(caught.value)[:2] == (code, reason)
    return caught.value


def entries(callers: Callers, resource: str, method: str) -> list[Any]:
    request = audit_reader_service_pb2.ListEntriesRequest(resource=resource, method=method)
    return list(callers.stubs.audit.ListEntries(request, metadata=callers.stubs.metadata).entries)


def test_ten_tenths_are_one_and_the_eleventh_is_refused(admin: Budgets) -> None:
    budget = admin.create(1.0)
    for place in range(10):
        answer = admin.spend(budget.name, pure(0.1))
        assert answer.budgets[0].query_count == place + 1
        assert not answer.repeated_request
    assert (answer.budgets[0].spent_epsilon, answer.budgets[0].remaining_epsilon) == (1.0, 0.0)
    error = refused("RESOURCE_EXHAUSTED", "BUDGET_EXHAUSTED", admin.spend, budget.name, pure(1e-9))
    assert exhausted(error) == [budget.name]
    assert status_of(error)[2] == {"budget": budget.name}
    assert admin.get(budget.name).query_count == 10


def test_a_spend_is_on_the_ledger_as_it_was_asked_for(callers: Callers, admin: Budgets) -> None:
    budget = admin.create(5.0, delta_budget=1e-3, description="spring survey")
    events = [pure(0.25, count=3), unknown(0.5, 1e-6), gaussian(1.0, 1e-5, 2000.0, 500.0)]
    answer = admin.spend(budget.name, *events, purpose="mean of hours")
    spend = answer.spend
    assert (spend.epsilon, spend.delta) == (2.25, 1.1e-5)
    assert [each.count for each in spend.events] == [3, 1, 1]
    assert spend.events[2].gaussian.sigma == 2000.0
    (charge,) = spend.charges
    assert (charge.budget, charge.epsilon, charge.delta) == (budget.name, 2.25, 1.1e-5)
    assert (charge.remaining_epsilon, charge.remaining_delta) == (2.75, 0.000989)
    assert list(admin.spends(budget=budget.name).spends) == [spend]
    (entry,) = entries(callers, spend.name, "Spend")
    assert budget.name in entry.resources
    shown = admin.get(budget.name)
    assert shown == answer.budgets[0]
    assert (shown.description, shown.kind) == ("spring survey", budget_pb2.BUDGET_KIND_NAMED)


def test_many_budgets_are_charged_together_or_not_at_all(admin: Budgets) -> None:
    wide, narrow, empty = admin.create(10.0), admin.create(1.0), admin.create(0.5)
    names = [wide.name, narrow.name, empty.name]
    error = refused("RESOURCE_EXHAUSTED", "BUDGET_EXHAUSTED", admin.spend, names, pure(2.0))
    assert exhausted(error) == [narrow.name, empty.name]
    assert [admin.get(name).spent_epsilon for name in names] == [0.0, 0.0, 0.0]
    answer = admin.spend(names, pure(0.5))
    assert [each.name for each in answer.budgets] == names
    assert [each.spent_epsilon for each in answer.budgets] == [0.5, 0.5, 0.5]
    missing = f"budgets/{new_id()}"
    refused("NOT_FOUND", "RESOURCE_NOT_FOUND", admin.spend, [wide.name, missing], pure(0.1))
    assert admin.get(wide.name).spent_epsilon == 0.5


def test_a_request_id_is_charged_once(callers: Callers, admin: Budgets) -> None:
    one, two = admin.create(1.0), admin.create(1.0)
    request_id = str(uuid.uuid4())
    first = admin.spend([one.name, two.name], pure(0.4), request_id=request_id)
    admin.spend(one.name, pure(0.1))
    again = admin.spend([one.name, two.name], pure(0.4), request_id=request_id)
    assert again.repeated_request
    assert again.spend == first.spend
    assert [each.spent_epsilon for each in again.budgets] == [0.5, 0.4]
    refused("ALREADY_EXISTS", "RESOURCE_EXISTS", admin.spend, [one.name, two.name], pure(0.3), request_id=request_id)
    refused("ALREADY_EXISTS", "RESOURCE_EXISTS", admin.spend, one.name, pure(0.4), request_id=request_id)
    assert callers.user.spend(one.name, pure(0.2), request_id=request_id).repeated_request is False
    assert len(admin.spends(budget=two.name).spends) == 1


def test_validate_only_looks_and_charges_nothing(callers: Callers, admin: Budgets) -> None:
    budget, content = admin.create(1.0), content_name()
    answer = callers.service.spend([content, budget.name], pure(0.75), validate_only=True)
    assert answer.spend.name == ""
    assert [each.remaining_epsilon for each in answer.budgets] == [pytest.approx(9.25, abs=1e-4), 0.25]
    assert admin.get(budget.name).query_count == 0
    refused("NOT_FOUND", "RESOURCE_NOT_FOUND", admin.get, content)
    refused("RESOURCE_EXHAUSTED", "BUDGET_EXHAUSTED", admin.spend, budget.name, pure(1.5), validate_only=True)
    assert len(admin.spends(budget=budget.name).spends) == 0


def test_a_content_has_a_budget_of_its_own_from_its_first_spend(callers: Callers, admin: Budgets) -> None:
    name = content_name()
    refused("NOT_FOUND", "RESOURCE_NOT_FOUND", admin.get, name)
    refused("PERMISSION_DENIED", "PERMISSION_MISSING", admin.spend, name, pure(0.1))
    named = admin.create(3.0)
    answer = callers.service.spend([name, named.name], pure(2.0))
    content = answer.budgets[0]
    assert (content.kind, content.composition) == (budget_pb2.BUDGET_KIND_CONTENT, RDP)
    assert (content.epsilon_budget, content.delta_budget, content.approximate_delta) == (10.0, 1e-5, 5e-6)
    assert answer.spend.creator == content.creator == named.creator
    refused("RESOURCE_EXHAUSTED", "BUDGET_EXHAUSTED", callers.service.spend, [name, named.name], pure(1.5))
    for _ in range(4):
        callers.service.spend(name, pure(2.0))
    refused("RESOURCE_EXHAUSTED", "BUDGET_EXHAUSTED", callers.service.spend, name, pure(2.0))
    refused("FAILED_PRECONDITION", "WRONG_STATE", admin.delete, name)
    refused("INVALID_ARGUMENT", "INVALID_FIELD", admin.create, 1.0, name.removeprefix("budgets/"))
    # The same bytes in another organisation are another budget.
    theirs = callers.service_of_stranger.spend(name, pure(2.0))
    assert theirs.budgets[0].query_count == 1
    kinds = {each.kind for each in admin.list(kind=budget_pb2.BUDGET_KIND_CONTENT, page_size=500).budgets}
    assert kinds == {budget_pb2.BUDGET_KIND_CONTENT}


def test_another_organisation_s_budgets_do_not_exist(callers: Callers, admin: Budgets) -> None:
    mine = admin.create(1.0)
    stranger = callers.stranger
    refused("NOT_FOUND", "RESOURCE_NOT_FOUND", stranger.get, mine.name)
    refused("NOT_FOUND", "RESOURCE_NOT_FOUND", stranger.delete, mine.name)
    refused("NOT_FOUND", "RESOURCE_NOT_FOUND", stranger.spend, mine.name, pure(0.1))
    refused("NOT_FOUND", "RESOURCE_NOT_FOUND", stranger.spends, budget=mine.name)
    theirs = stranger.create(2.0, mine.name.removeprefix("budgets/"))
    assert theirs.name == mine.name
    stranger.spend(theirs.name, pure(2.0))
    assert admin.get(mine.name).spent_epsilon == 0.0
    assert [each.name for each in stranger.list().budgets] == [theirs.name]
    assert len(stranger.spends().spends) == 1


def test_deleting_is_no_way_to_start_again(callers: Callers, admin: Budgets) -> None:
    budget = callers.user.create(1.0)
    budget_id = budget.name.removeprefix("budgets/")
    spend = callers.user.spend(budget.name, pure(1.0)).spend
    callers.user.delete(budget.name)
    assert admin.get(budget.name).HasField("delete_time")
    assert admin.get(budget.name).spent_epsilon == 1.0
    assert list(admin.spends(budget=budget.name).spends) == [spend]
    refused("NOT_FOUND", "RESOURCE_NOT_FOUND", admin.spend, budget.name, pure(0.1))
    refused("NOT_FOUND", "RESOURCE_NOT_FOUND", callers.user.delete, budget.name)
    refused("ALREADY_EXISTS", "RESOURCE_EXISTS", callers.user.create, 1.0, budget_id)
    refused("PERMISSION_DENIED", "PERMISSION_MISSING", callers.user.create, 1.0, budget_id, reuse_deleted_id=True)
    again = admin.create(2.0, budget_id, reuse_deleted_id=True)
    assert (again.name, again.spent_epsilon, again.query_count) == (budget.name, 0.0, 0)
    assert admin.get(budget.name) == again
    assert list(admin.spends(budget=budget.name).spends) == []
    assert len([each for each in admin.list(show_deleted=True, page_size=500).budgets if each.name == budget.name]) == 2
    assert len([each for each in admin.list(page_size=500).budgets if each.name == budget.name]) == 1
    refused("PERMISSION_DENIED", "PERMISSION_MISSING", callers.user.delete, again.name)
    assert len(entries(callers, budget.name, "DeleteBudget")) == 3  # two of them refused


def test_a_create_that_is_tried_again_makes_one_budget(callers: Callers, admin: Budgets) -> None:
    request_id, budget_id = str(uuid.uuid4()), new_id()
    first = admin.create(1.0, budget_id, request_id=request_id)
    assert admin.create(1.0, budget_id, request_id=request_id, spent_epsilon=0.5) == first
    refused("ALREADY_EXISTS", "RESOURCE_EXISTS", admin.create, 2.0, budget_id, request_id=request_id)
    refused("ALREADY_EXISTS", "RESOURCE_EXISTS", admin.create, 1.0, budget_id)


def test_lists_come_in_pages(callers: Callers) -> None:
    caller = callers.stranger
    names = [caller.create(1.0).name for _ in range(5)]
    first = caller.list(page_size=2)
    second = caller.list(page_size=500, page_token=first.next_page_token)
    assert [each.name for each in (*first.budgets, *second.budgets)][:5] == names[::-1]
    refused("INVALID_ARGUMENT", "INVALID_PAGE_TOKEN", callers.admin.list, page_token=first.next_page_token)
    made = [caller.spend(names[0], pure(0.01)).spend.name for _ in range(5)]
    page = caller.spends(budget=names[0], page_size=3)
    rest = caller.spends(budget=names[0], page_token=page.next_page_token)
    assert [each.name for each in (*page.spends, *rest.spends)] == made[::-1]
    assert rest.next_page_token == ""
    refused("INVALID_ARGUMENT", "INVALID_FIELD", caller.spends, page_size=501)


def test_long_spends_make_short_pages(admin: Budgets, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servicer, "MOST_PAGE_BYTES", 100_000)  # the server runs in this process; 3 MiB would take long to fill
    budget = admin.create(1000.0, delta_budget=0.1)
    events = [gaussian(1e-4, 1e-6, 1e9 + place, 1.0) for place in range(1000)]
    names = [admin.spend(budget.name, *events).spend.name for _ in range(5)]
    found: list[str] = []
    token, pages = "", 0
    while True:
        page = admin.spends(budget=budget.name, page_size=500, page_token=token)
        assert page.ByteSize() < 150_000
        found += [each.name for each in page.spends]
        token, pages = page.next_page_token, pages + 1
        if not token:
            break
    assert found == names[::-1]
    assert pages > 1


@pytest.mark.parametrize("composition", [RDP, ZCDP, GDP])
def test_many_small_releases_cost_less_than_their_sum(admin: Budgets, composition: int) -> None:
    # At (1, 1e-6) the noise of 100 Gaussian releases must be 45.309 (Rényi) or 42.247 (exact) times the sensitivity; with one
    # per cent less noise the last of them does not fit.
    budget = admin.create(1.0, delta_budget=1e-6, composition=composition)
    scale = 42.2471 if composition == GDP else 45.3091
    sigma = 5000.0
    event = gaussian(0.1, 1e-5, sigma, sigma / scale, count=99)
    answer = admin.spend(budget.name, event)
    shown = answer.budgets[0]
    assert shown.spent_epsilon < 1.0 < answer.spend.epsilon
    assert shown.spent_delta == 1e-6
    last, dearer = (gaussian(0.1, 1e-5, sigma, sigma / scale * factor) for factor in (1.0, 1.01))
    refused("RESOURCE_EXHAUSTED", "BUDGET_EXHAUSTED", admin.spend, budget.name, dearer)
    assert admin.spend(budget.name, last).budgets[0].spent_epsilon == pytest.approx(1.0, abs=2e-5)
    refused("RESOURCE_EXHAUSTED", "BUDGET_EXHAUSTED", admin.spend, budget.name, last)
    # A second caller of pure releases finds it empty, too: the pure filter was left with the first Gaussian one.
    refused("RESOURCE_EXHAUSTED", "BUDGET_EXHAUSTED", admin.spend, budget.name, pure(0.5))


@pytest.mark.parametrize("composition", [RDP, ZCDP, GDP])
def test_a_few_pure_releases_cost_no_more_than_their_sum(admin: Budgets, composition: int) -> None:
    budget = admin.create(1.0, delta_budget=1e-6, composition=composition)
    for place in range(1, 5):
        shown = admin.spend(budget.name, pure(0.25)).budgets[0]
        assert 0.25 * place - 1e-3 < shown.spent_epsilon <= 0.25 * place
    refused("RESOURCE_EXHAUSTED", "BUDGET_EXHAUSTED", admin.spend, budget.name, pure(0.25))


@pytest.mark.parametrize("composition", [RDP, ZCDP, GDP])
def test_deltas_beside_the_curve_have_a_part_of_their_own(admin: Budgets, composition: int) -> None:
    budget = admin.create(2.0, delta_budget=1e-5, approximate_delta=4e-6, composition=composition)
    assert admin.spend(budget.name, unknown(0.01, 3e-6)).budgets[0].spent_delta == 9e-6
    error = refused("RESOURCE_EXHAUSTED", "BUDGET_EXHAUSTED", admin.spend, budget.name, unknown(0.0, 2e-6))
    assert "approximate_delta" in error.details()
    assert admin.spend(budget.name, unknown(0.0, 1e-6)).budgets[0].spent_delta == 1e-5


def test_a_claim_below_the_noise_s_cost_is_refused(admin: Budgets) -> None:
    budget = admin.create(10.0, delta_budget=1e-3)
    # Balle and Wang: at (1, 1e-6) sigma must be 4.22468 times the sensitivity.
    admin.spend(budget.name, gaussian(1.0, 1e-6, 4.22469 * 1024, 1024.0))
    error = refused("INVALID_ARGUMENT", "INVALID_FIELD", admin.spend, budget.name, gaussian(1.0, 1e-6, 4.22467 * 1024, 1024.0))
    assert violations_of(error) == ["events[0].epsilon"]
    # On a coarse grid the continuous formula claims too little (sigma 2: 2.2758, not 2.2541), so the Rényi bound is asked for.
    refused("INVALID_ARGUMENT", "INVALID_FIELD", admin.spend, budget.name, gaussian(2.2542, 1e-6, 2.0))
    admin.spend(budget.name, gaussian(2.6, 1e-6, 2.0))


NAN, INF = math.nan, math.inf
BUDGET = {"epsilon_budget": 1.0}


@pytest.mark.parametrize(
    ("budget", "fields"),
    [
        ({}, ["budget.epsilon_budget"]),
        ({"epsilon_budget": NAN}, ["budget.epsilon_budget"]),
        ({"epsilon_budget": INF, "delta_budget": 1.0}, ["budget.epsilon_budget", "budget.delta_budget"]),
        ({"epsilon_budget": -1.0}, ["budget.epsilon_budget"]),
        ({"epsilon_budget": 1001.0}, ["budget.epsilon_budget"]),
        ({"epsilon_budget": 1.0, "delta_budget": NAN}, ["budget.delta_budget"]),
        ({"epsilon_budget": 1.0, "composition": RDP}, ["budget.delta_budget"]),
        ({"epsilon_budget": 1.0, "composition": 99}, ["budget.composition"]),
        ({"epsilon_budget": 1.0, "approximate_delta": 1e-6}, ["budget.approximate_delta"]),
        (
            {"epsilon_budget": 1.0, "composition": GDP, "delta_budget": 1e-6, "approximate_delta": 1e-6},
            ["budget.approximate_delta"],
        ),
        ({"epsilon_budget": 1.0, "description": "x" * 1001}, ["budget.description"]),
    ],
)
def test_bad_budgets_are_refused_with_their_fields(admin: Budgets, budget: dict[str, Any], fields: list[str]) -> None:
    error = refused("INVALID_ARGUMENT", "INVALID_FIELD", admin.create, budget.pop("epsilon_budget", 0.0), **budget)
    assert violations_of(error) == fields


@pytest.mark.parametrize("budget_id", ["-a", ".a", "a/b", "ä", "a b", "x" * 129, "sha256-1"])
def test_bad_ids_are_refused(admin: Budgets, budget_id: str) -> None:
    error = refused("INVALID_ARGUMENT", "INVALID_FIELD", admin.create, 1.0, budget_id)
    assert violations_of(error) == ["budget_id"]
    refused("INVALID_ARGUMENT", "INVALID_FIELD", admin.get, f"budgets/{budget_id}")


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (unknown(0.0), "epsilon"),
        (unknown(NAN), "epsilon"),
        (unknown(101.0), "epsilon"),
        (unknown(-0.1), "epsilon"),
        (unknown(0.1, 1.0), "delta"),
        (unknown(0.1, NAN), "delta"),
        (pure(0.1, delta=1e-9), "delta"),
        (pure(0.1, count=0), "count"),
        (pure(0.1, count=1_000_001), "count"),
        (gaussian(1.0, 1e-6, 0.0), "gaussian.sigma"),
        (gaussian(1.0, 1e-6, NAN), "gaussian.sigma"),
        (gaussian(1.0, 1e-6, 1e5, INF), "gaussian.sensitivity"),
        (gaussian(1.0, 0.0, 1e5), "epsilon"),
        (gaussian(100.0, 0.5, 1e-9, 1e18), "epsilon"),
    ],
)
def test_bad_events_are_refused_with_their_fields(admin: Budgets, event: Any, field: str) -> None:
    budget = admin.create(1.0)
    error = refused("INVALID_ARGUMENT", "INVALID_FIELD", admin.spend, budget.name, pure(0.1), event)
    assert violations_of(error) == [f"events[1].{field}"]
    assert admin.get(budget.name).query_count == 0


def test_bad_spends_are_refused_with_their_fields(admin: Budgets) -> None:
    budget = admin.create(1.0)
    for request, field in [
        ({"request_id": ""}, "request_id"),
        ({"request_id": "no uuid"}, "request_id"),
        ({"purpose": "x" * 1001}, "purpose"),
    ]:
        error = refused("INVALID_ARGUMENT", "INVALID_FIELD", admin.spend, budget.name, pure(0.1), **request)
        assert violations_of(error) == [field]
    for names, field in [
        ([], "budgets"),
        ([budget.name] * 2, "budgets"),
        (["x"], "budgets[0]"),
        ([f"budgets/b{place}" for place in range(101)], "budgets"),
    ]:
        assert violations_of(refused("INVALID_ARGUMENT", "INVALID_FIELD", admin.spend, names, pure(0.1))) == [field]
    assert violations_of(refused("INVALID_ARGUMENT", "INVALID_FIELD", admin.spend, budget.name)) == ["events"]


def test_dear_events_beyond_any_integer_are_refused_plainly(admin: Budgets) -> None:
    dear = [pure(100.0, count=1_000_000)] * 1000
    for composition in (0, RDP, ZCDP, GDP):
        budget = admin.create(1000.0, delta_budget=1e-6, composition=composition)
        refused("RESOURCE_EXHAUSTED", "BUDGET_EXHAUSTED", admin.spend, budget.name, *dear)


def test_advice_reads_no_ledger_and_names_a_composition(admin: Budgets) -> None:
    before = admin.list(page_size=500)
    answer = admin.advise(epsilon_budget=1.0, delta_budget=1e-6, query_count=100, delta_per_query=1e-8)
    assert answer.exact_gaussian.noise_standard_deviation == pytest.approx(42.247, abs=6e-4)
    assert answer.recommendation == GDP
    assert (answer.basic.epsilon_per_query, answer.basic.total_epsilon) == (0.01, 1.0)
    assert 0 < answer.noise_ratio < 0.2
    assert answer.privacy_loss.noise_standard_deviation == pytest.approx(42.247, rel=1e-4)
    alone = admin.advise(epsilon_budget=1.0, query_count=4)
    assert (alone.basic.epsilon_per_query, alone.HasField("rdp"), alone.HasField("noise_ratio")) == (0.25, False, False)
    assert admin.list(page_size=500) == before


@pytest.mark.parametrize(
    ("request_", "fields"),
    [
        ({}, ["epsilon_budget", "query_count"]),
        ({"epsilon_budget": NAN, "query_count": 1}, ["epsilon_budget"]),
        ({"epsilon_budget": 1.0, "query_count": 1_000_001}, ["query_count"]),
        ({"epsilon_budget": 1.0, "query_count": -1, "delta_budget": 1.0}, ["delta_budget", "query_count"]),
        ({"epsilon_budget": 1.0, "query_count": 1, "delta_per_query": 1e-6}, ["delta_per_query"]),
        (
            {"epsilon_budget": 1.0, "query_count": 1, "delta_per_query": NAN, "delta_budget": NAN},
            ["delta_budget", "delta_per_query"],
        ),
        ({"epsilon_budget": 1e-6, "query_count": 2000}, ["query_count"]),
    ],
)
def test_bad_questions_are_refused_with_their_fields(admin: Budgets, request_: dict[str, Any], fields: list[str]) -> None:
    assert violations_of(refused("INVALID_ARGUMENT", "INVALID_FIELD", admin.advise, **request_)) == fields


def test_a_service_spends_for_somebody_or_not_at_all(callers: Callers) -> None:
    nobody = Budgets(callers.service.channel, callers.service.key, "{}")
    refused("PERMISSION_DENIED", "PERMISSION_MISSING", nobody.spend, content_name(), pure(0.1))
