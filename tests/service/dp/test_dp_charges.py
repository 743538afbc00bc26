"""What is charged, to whom and when; and that an answer is given once for a request id."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import grpc
import pytest
from budget_calls import exhausted
from dp_calls import DISCOVER, GAUSSIAN, WHOLE_LAPLACE, Dp, bounded, csv
from grpc_calls import status_of, violations_of
from grpc_stubs import Stubs

from shoal.api.budget.v1 import budget_pb2
from shoal.dp import servicer
from shoal.dp.compute import compute
from shoal.runtime.embedded import start_embedded

ROWS = [f"{at % 90}" for at in range(300)]


def name() -> str:
    return f"dp-{uuid.uuid4().hex}"


def content_of(table: dict[str, Any]) -> str:
    return f"budgets/sha256-{hashlib.sha256(table['inline']['data']).hexdigest()}"


def test_the_content_and_every_named_budget_are_charged(dp: Dp) -> None:
    table = csv("age", *ROWS)
    one, two = dp.create(name(), 3.0), dp.create(name(), 3.0, delta_budget=1e-5, composition=budget_pb2.COMPOSITION_RDP)
    answer = dp.ask(table, mean=bounded("age"), epsilon=0.5, budgets=[one.name, two.name])
    assert [each.name for each in answer.budgets] == [content_of(table), one.name, two.name]
    assert answer.budgets[1].spent_epsilon == 0.5
    (spend,) = dp.spends(one.name)
    assert (spend.name, spend.epsilon, spend.delta) == (answer.spend, 0.5, 0.0)
    assert [(each.epsilon, each.count) for each in spend.events] == [(0.25, 2)]  # the sum's and the count's
    assert "age" not in spend.purpose
    assert spend.purpose.startswith("mean of 1 column, Laplace noise")


def test_uploading_the_same_table_again_does_not_give_a_fresh_budget(dp: Dp) -> None:
    table = csv("age", *ROWS)
    data = table["inline"]["data"]
    first = dp.ask(table, count={}, epsilon=0.5)
    for again in (table, {"dataset": dp.stubs.upload(data).name}, {"dataset": dp.stubs.upload(data).name}):
        answer = dp.ask(again, count={}, epsilon=0.5)
        assert answer.budgets[0].name == first.budgets[0].name == content_of(table)
        assert answer.budgets[0].spent_epsilon > first.budgets[0].spent_epsilon
    assert answer.budgets[0].query_count == 4


def test_all_budgets_or_none_and_nothing_is_answered(dp: Dp) -> None:
    table = csv("age", *ROWS)
    wide, narrow = dp.create(name(), 5.0), dp.create(name(), 0.4)
    with pytest.raises(grpc.RpcError) as caught:
        dp.ask(table, count={}, epsilon=0.5, budgets=[wide.name, narrow.name])
    assert status_of(caught.value)[:2] == ("RESOURCE_EXHAUSTED", "BUDGET_EXHAUSTED")
    assert exhausted(caught.value) == [narrow.name]
    assert dp.budget(wide.name).spent_epsilon == dp.budget(narrow.name).spent_epsilon == 0.0
    with pytest.raises(grpc.RpcError) as caught:
        dp.budget(content_of(table))
    assert status_of(caught.value)[0] == "NOT_FOUND"
    with pytest.raises(grpc.RpcError) as caught:
        dp.ask(table, count={}, budgets=[f"budgets/{name()}"])
    assert status_of(caught.value)[:2] == ("NOT_FOUND", "RESOURCE_NOT_FOUND")


def test_a_content_s_own_limit_holds_without_a_named_budget(tmp_path: Path) -> None:
    """By default epsilon 10 in all: 25 queries of 0.5 do not fit, whoever asks and however the table comes."""
    with start_embedded(tmp_path / "data", transient=False) as server, grpc.insecure_channel(server.address) as channel:
        dp = Dp(Stubs(channel, server.api_key), server)
        table = csv("age", *ROWS)

        def ask_on() -> None:
            for _ in range(25):
                dp.ask(table, count={}, epsilon=1.0)

        with pytest.raises(grpc.RpcError) as caught:
            ask_on()
        assert exhausted(caught.value) == [content_of(table)]
        assert dp.budget(content_of(table)).spent_epsilon <= 10.0


def test_what_is_wrong_is_not_charged(dp: Dp) -> None:
    table = csv("age", *ROWS)
    budget = dp.create(name(), 5.0)
    for request in (
        {"mean": bounded("height")},
        {"mean": bounded("age", lower=5, upper=5)},
        {"count": {}, "group_by": {"column": "age", "unlisted": DISCOVER}},
        {"count": {}, "epsilon": -1.0},
    ):
        with pytest.raises(grpc.RpcError):
            dp.ask(table, **request, budgets=[budget.name])
    broken = {"inline": {"data": b"PAR1 no more", "format": 2}}
    with pytest.raises(grpc.RpcError) as caught:
        dp.ask(broken, count={}, budgets=[budget.name])
    assert status_of(caught.value)[1] == "MALFORMED_TABLE"
    assert dp.budget(budget.name).query_count == 0


def test_more_candidates_over_all_groups_than_there_is_room_for_are_not_charged(dp: Dp) -> None:
    budget = dp.create(name(), 5.0)
    choice = {"candidates": [{"number": float(at)} for at in range(5001)], "column": "age"}
    keys = [{"value": str(at)} for at in range(10)]
    with pytest.raises(grpc.RpcError) as caught:
        dp.ask(csv("age", *ROWS), exponential=choice, group_by={"column": "age", "keys": keys}, budgets=[budget.name])
    assert status_of(caught.value)[1] == "INVALID_FIELD"
    assert violations_of(caught.value) == ["exponential.candidates"]
    assert "times the groups are more than 50000 candidates" in caught.value.details()
    assert dp.budget(budget.name).query_count == 0


def test_what_fails_after_the_charge_stays_charged(dp: Dp, monkeypatch: pytest.MonkeyPatch) -> None:
    table = csv("age", *ROWS)
    budget = dp.create(name(), 5.0)
    monkeypatch.setattr(servicer, "compute", lambda *_: 1 / 0)
    with pytest.raises(grpc.RpcError) as caught:
        dp.ask(table, count={}, epsilon=0.5, budgets=[budget.name])
    assert status_of(caught.value)[0] == "INTERNAL"
    assert dp.budget(budget.name).spent_epsilon == 0.5


def test_a_file_that_changes_between_its_charge_and_its_answer_is_not_answered(dp: Dp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the budget of one content would pay for answers about another."""
    file = dp.server.data_dir.parent / "imports" / f"{name()}.csv"
    file.write_bytes(csv("age", *ROWS)["inline"]["data"])
    table, budget = {"uri": file.as_uri()}, dp.create(name(), 5.0)
    assert dp.ask(table, count={}, epsilon=0.5, budgets=[budget.name]).answers
    kept, times = file.read_bytes(), file.stat()

    def meanwhile(*given: Any) -> Any:
        # Written, read, and put back as it was, its times included.
        file.write_bytes(kept.replace(b"1", b"2"))
        found = compute(*given)
        file.write_bytes(kept)
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
        return found

    monkeypatch.setattr(servicer, "compute", meanwhile)
    with pytest.raises(grpc.RpcError) as caught:
        dp.ask(table, count={}, epsilon=0.5, budgets=[budget.name])
    assert status_of(caught.value)[:2] == ("FAILED_PRECONDITION", "WRONG_STATE")
    assert "changed while it was read" in caught.value.details()
    assert dp.budget(budget.name).spent_epsilon == 1.0


def test_a_request_id_is_answered_once_and_charged_once(dp: Dp) -> None:
    table, budget, request_id = csv("age", *ROWS), dp.create(name(), 5.0), str(uuid.uuid4())
    query = {"mean": bounded("age"), "epsilon": 0.5, "budgets": [budget.name], "request_id": request_id}
    first = dp.ask(table, **query)
    again = dp.ask(table, **query)
    assert again.SerializeToString() == first.SerializeToString()
    assert dp.budget(budget.name).query_count == 1
    fresh = dp.ask(table, **{**query, "request_id": str(uuid.uuid4())})
    assert fresh.answers[0].value != first.answers[0].value
    for other in ({"epsilon": 0.6}, {"mean": bounded("age", upper=90)}):
        with pytest.raises(grpc.RpcError) as caught:
            dp.ask(table, **{**query, **other})
        assert status_of(caught.value)[:2] == ("ALREADY_EXISTS", "RESOURCE_EXISTS")
    assert dp.budget(budget.name).query_count == 2


def test_calls_with_one_request_id_at_once_have_one_answer(dp: Dp) -> None:
    table, budget, request_id = csv("age", *ROWS), dp.create(name(), 5.0), str(uuid.uuid4())
    with ThreadPoolExecutor(6) as pool:
        found = list(
            pool.map(lambda _: dp.ask(table, count={}, budgets=[budget.name], request_id=request_id).answers[0].value, range(6))
        )
    assert len(set(found)) == 1
    assert dp.budget(budget.name).query_count == 1


def test_a_call_that_died_before_its_answer_was_kept_is_answered_at_no_charge(dp: Dp, monkeypatch: pytest.MonkeyPatch) -> None:
    table, budget, request_id = csv("age", *ROWS), dp.create(name(), 5.0), str(uuid.uuid4())
    query = {"count": {}, "epsilon": 0.5, "budgets": [budget.name], "request_id": request_id}
    with monkeypatch.context() as patch:
        patch.setattr(servicer, "compute", lambda *_: 1 / 0)
        with pytest.raises(grpc.RpcError):
            dp.ask(table, **query)
    assert dp.ask(table, **query).answers[0].epsilon == 0.5
    assert dp.budget(budget.name).query_count == 1


def test_an_answer_that_is_lost_is_charged_again(dp: Dp) -> None:
    """A database restored from before the answer: other noise for the same charge would be a second look for free."""
    table, budget, request_id = csv("age", *ROWS), dp.create(name(), 5.0), str(uuid.uuid4())
    query = {"count": {}, "epsilon": 0.5, "budgets": [budget.name], "request_id": request_id}
    first = dp.ask(table, **query)
    with closing(sqlite3.connect(dp.server.data_dir / "dp.db", timeout=10)) as database, database:
        database.execute("DELETE FROM answers WHERE request_id = ?", (uuid.UUID(request_id).hex,))
    second = dp.ask(table, **query)
    assert second.spend != first.spend
    assert dp.budget(budget.name).spent_epsilon == 1.0


def test_gaussian_answers_of_many_columns_are_one_release(dp: Dp) -> None:
    """Noise in one vector: each of four columns has twice the noise of one alone, not four times."""
    table = csv("a,b,c,d", *(f"{at},{at},{at},{at}" for at in range(50)))
    budget = dp.create(name(), 5.0, delta_budget=1e-4, composition=budget_pb2.COMPOSITION_GDP)
    query = {"noise": GAUSSIAN, "delta": 1e-6, "epsilon": 1.0, "budgets": [budget.name]}
    one = dp.ask(table, sum=bounded("a"), **query)
    four = dp.ask(table, sum=bounded("a", "b", "c", "d"), **query)
    assert four.answers[0].noise_scale == pytest.approx(2 * one.answers[0].noise_scale)
    assert (four.epsilon, four.delta) == (1.0, 1e-6)
    spends = dp.spends(budget.name)
    assert [len(each.events) for each in spends] == [1, 1]
    ratios = [each.events[0].gaussian.sensitivity / each.events[0].gaussian.sigma for each in spends]
    assert ratios[0] == pytest.approx(ratios[1])


def test_a_spend_of_somebody_s_own_never_meets_a_query_s(dp: Dp) -> None:
    """A person may use one UUID for both: the ledger keeps them apart."""
    from shoal.api.budget.v1 import budget_service_pb2, spend_pb2  # noqa: PLC0415

    table, budget, request_id = csv("age", *ROWS), dp.create(name(), 5.0), str(uuid.uuid4())
    event = spend_pb2.PrivacyEvent(epsilon=0.5, pure=spend_pb2.PureMechanism())
    request = budget_service_pb2.SpendRequest(request_id=request_id, budgets=[budget.name], events=[event])
    dp.budgets.Spend(request, metadata=dp.stubs.metadata)
    dp.ask(table, count={}, epsilon=0.5, budgets=[budget.name], request_id=request_id)
    assert dp.budget(budget.name).spent_epsilon == 1.0


def test_request_ids_are_uuids(dp: Dp) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        dp.ask(csv("age", *ROWS), count={}, noise=WHOLE_LAPLACE, request_id="again")
    assert violations_of(caught.value) == ["request_id"]
