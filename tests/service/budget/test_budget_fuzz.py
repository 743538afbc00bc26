"""Damaged requests to every call of the budget service: refused with a sentence or answered, never a bug."""

from __future__ import annotations

import random
import uuid
from typing import Any

import grpc
from budget_calls import RDP, Callers, gaussian, pure, unknown
from counts import FULL

from shoal.api.budget.v1 import budget_pb2, budget_service_pb2

ROUNDS = 1500 if FULL else 40
FINE = {
    "OK",
    "INVALID_ARGUMENT",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
}


def damaged(data: bytes, chance: random.Random) -> bytes:
    """The bytes with a few of them changed, cut out or doubled."""
    found = bytearray(data)
    for _ in range(chance.randrange(1, 5)):
        place = chance.randrange(len(found) or 1)
        match chance.randrange(3):
            case 0:
                found[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del found[place : place + chance.randrange(1, 9)]
            case _:
                found[place:place] = found[place : place + chance.randrange(1, 9)]
    return bytes(found)


def outcome(call: Any, data: bytes, metadata: Any) -> tuple[bytes | None, str, str]:
    """The answer, or the status of the failure and its sentence."""
    try:
        return call(data, metadata=metadata, timeout=30), "OK", ""
    except grpc.RpcError as error:
        return None, error.code().name, error.details()


def test_damaged_requests_are_no_bug(callers: Callers) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201 (shown when it fails)
    chance = random.Random(seed)
    admin = callers.admin
    budget = admin.create(5.0, delta_budget=1e-3, composition=RDP, approximate_delta=1e-4)
    whole = {
        "CreateBudget": lambda: budget_service_pb2.CreateBudgetRequest(
            budget_id=f"f-{uuid.UUID(int=chance.getrandbits(128)).hex}",
            budget=budget_pb2.Budget(epsilon_budget=1.0, delta_budget=1e-6, composition=RDP, description="d"),
            request_id=str(uuid.UUID(int=chance.getrandbits(128))),
        ),
        "GetBudget": lambda: budget_service_pb2.GetBudgetRequest(name=budget.name),
        "ListBudgets": lambda: budget_service_pb2.ListBudgetsRequest(page_size=3, kind=1, show_deleted=True, page_token="x"),
        "DeleteBudget": lambda: budget_service_pb2.DeleteBudgetRequest(name=f"{budget.name}x"),
        "Spend": lambda: budget_service_pb2.SpendRequest(
            request_id=str(uuid.UUID(int=chance.getrandbits(128))),
            budgets=[budget.name],
            events=[pure(1e-6), unknown(1e-6, 1e-9), gaussian(1.0, 1e-5, 5e6, 100.0)],
            purpose="p",
        ),
        "ListSpends": lambda: budget_service_pb2.ListSpendsRequest(page_size=3, budget=budget.name),
        "AdviseComposition": lambda: budget_service_pb2.AdviseCompositionRequest(
            epsilon_budget=1.0, delta_budget=1e-6, query_count=1000, delta_per_query=1e-10
        ),
    }
    granted = 0
    with grpc.insecure_channel(callers.server.address) as channel:
        for name, make in whole.items():
            call = channel.unary_unary(f"/shoal.api.budget.v1.BudgetService/{name}")
            for _ in range(ROUNDS):
                data = damaged(make().SerializeToString(), chance)
                answer, code, sentence = outcome(call, data, admin.metadata)
                if answer is None:
                    assert code in FINE, (name, data)
                    assert sentence
                    continue
                if name == "Spend":
                    response = budget_service_pb2.SpendResponse.FromString(answer)
                    granted += response.budgets[0].name == budget.name and bool(response.spend.name)
    found = admin.get(budget.name)
    assert found.query_count == granted
    assert found.spent_epsilon <= found.epsilon_budget
