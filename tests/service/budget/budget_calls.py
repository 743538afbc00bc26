"""The budget service as a client sees it, in few words; nothing of the SDK."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import grpc
from google.rpc import error_details_pb2
from grpc_status import rpc_status
from grpc_stubs import Stubs

from shoal.api.budget.v1 import budget_pb2, budget_service_pb2, spend_pb2
from shoal.api.budget.v1.budget_service_pb2_grpc import BudgetServiceStub
from shoal.runtime.embedded import EmbeddedServer
from shoal.runtime.peers import BEHALF

BASIC, RDP, ZCDP, GDP = (
    budget_pb2.COMPOSITION_BASIC,
    budget_pb2.COMPOSITION_RDP,
    budget_pb2.COMPOSITION_ZCDP,
    budget_pb2.COMPOSITION_GDP,
)


def new_id() -> str:
    """A name that no other test uses."""
    return f"test-{uuid.uuid4().hex}"


def content_name() -> str:
    """The name of a content's budget that no other test uses."""
    return f"budgets/sha256-{uuid.uuid4().hex}{uuid.uuid4().hex}"


def pure(epsilon: float, **more: Any) -> spend_pb2.PrivacyEvent:
    return spend_pb2.PrivacyEvent(epsilon=epsilon, pure=spend_pb2.PureMechanism(), **more)


def unknown(epsilon: float, delta: float = 0.0, **more: Any) -> spend_pb2.PrivacyEvent:
    return spend_pb2.PrivacyEvent(epsilon=epsilon, delta=delta, **more)


def gaussian(epsilon: float, delta: float, sigma: float, sensitivity: float = 1.0, **more: Any) -> spend_pb2.PrivacyEvent:
    noise = spend_pb2.GaussianMechanism(sigma=sigma, sensitivity=sensitivity)
    return spend_pb2.PrivacyEvent(epsilon=epsilon, delta=delta, gaussian=noise, **more)


class Budgets:
    """The calls of one caller."""

    def __init__(self, channel: grpc.Channel, key: str, behalf: str | None = None) -> None:
        self.channel, self.key = channel, key
        self.stub = BudgetServiceStub(channel)
        self.metadata: tuple[tuple[str, str], ...] = (("authorization", f"Bearer {key}"),)
        if behalf is not None:
            self.metadata += ((BEHALF, behalf),)

    def create(self, epsilon: float, budget_id: str | None = None, **more: Any) -> budget_pb2.Budget:
        around = {name: more.pop(name) for name in ("request_id", "reuse_deleted_id") if name in more}
        budget = budget_pb2.Budget(epsilon_budget=epsilon, **more)
        request = budget_service_pb2.CreateBudgetRequest(budget=budget, budget_id=budget_id or new_id(), **around)
        return self.stub.CreateBudget(request, metadata=self.metadata, timeout=30)

    def get(self, name: str) -> budget_pb2.Budget:
        return self.stub.GetBudget(budget_service_pb2.GetBudgetRequest(name=name), metadata=self.metadata, timeout=30)

    def delete(self, name: str) -> None:
        self.stub.DeleteBudget(budget_service_pb2.DeleteBudgetRequest(name=name), metadata=self.metadata, timeout=30)

    def list(self, **request: Any) -> budget_service_pb2.ListBudgetsResponse:
        return self.stub.ListBudgets(budget_service_pb2.ListBudgetsRequest(**request), metadata=self.metadata, timeout=30)

    def spend(self, names: Any, *events: spend_pb2.PrivacyEvent, **more: Any) -> budget_service_pb2.SpendResponse:
        more.setdefault("request_id", str(uuid.uuid4()))
        budgets = [names] if isinstance(names, str) else list(names)
        request = budget_service_pb2.SpendRequest(budgets=budgets, events=events, **more)
        return self.stub.Spend(request, metadata=self.metadata, timeout=30)

    def spends(self, **request: Any) -> budget_service_pb2.ListSpendsResponse:
        return self.stub.ListSpends(budget_service_pb2.ListSpendsRequest(**request), metadata=self.metadata, timeout=30)

    def advise(self, **request: Any) -> budget_service_pb2.AdviseCompositionResponse:
        request = budget_service_pb2.AdviseCompositionRequest(**request)
        return self.stub.AdviseComposition(request, metadata=self.metadata, timeout=30)


@dataclass(frozen=True)
class Callers:
    """An administrator, a user of the same organisation, one of another, and a service that works for each of the first two."""

    admin: Budgets
    user: Budgets
    stranger: Budgets
    service: Budgets
    service_of_stranger: Budgets
    stubs: Stubs
    server: EmbeddedServer


def exhausted(error: grpc.RpcError) -> list[str]:
    """The budgets that a refused spend names."""
    found = error_details_pb2.QuotaFailure()
    status = rpc_status.from_call(error)
    assert status is not None
    for detail in status.details:
        if detail.Is(error_details_pb2.QuotaFailure.DESCRIPTOR):
            detail.Unpack(found)
    return [each.subject for each in found.violations]
