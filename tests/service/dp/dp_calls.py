"""The dp service as a client sees it, in few words; nothing of the SDK."""

from __future__ import annotations

import uuid
from typing import Any

from grpc_stubs import Stubs

from shoal.api.budget.v1 import budget_pb2, budget_service_pb2
from shoal.api.budget.v1.budget_service_pb2_grpc import BudgetServiceStub
from shoal.api.dp.v1 import dp_service_pb2, query_pb2
from shoal.api.dp.v1.dp_service_pb2_grpc import DifferentialPrivacyServiceStub
from shoal.api.tables.v1 import table_pb2
from shoal.runtime.embedded import EmbeddedServer

LAPLACE, GAUSSIAN, WHOLE_LAPLACE, WHOLE_GAUSSIAN = (
    query_pb2.NOISE_TYPE_LAPLACE,
    query_pb2.NOISE_TYPE_GAUSSIAN,
    query_pb2.NOISE_TYPE_DISCRETE_LAPLACE,
    query_pb2.NOISE_TYPE_DISCRETE_GAUSSIAN,
)
NOISES = [(LAPLACE, 0.0), (GAUSSIAN, 1e-6), (WHOLE_LAPLACE, 0.0), (WHOLE_GAUSSIAN, 1e-6)]
SUBSTITUTE = {"neighbouring": query_pb2.NEIGHBOURING_RELATION_SUBSTITUTE}
DISCOVER, OTHER = query_pb2.UNLISTED_GROUPS_DISCOVER, query_pb2.UNLISTED_GROUPS_OTHER


def csv(header: str, *rows: str) -> dict[str, Any]:
    """A small table inside the request, of a content that no other has: a budget of its own comes with it."""
    data = "\n".join([f"{header},{uuid.uuid4().hex}", *(f"{row}," for row in rows)]) + "\n"
    return {"inline": {"data": data.encode(), "format": table_pb2.TABLE_FORMAT_CSV}}


def bounded(*names: str, lower: float = 0.0, upper: float = 100.0, **more: Any) -> dict[str, Any]:
    """Columns of a mean, a sum or a variance."""
    return {"columns": [{"column": name, "bounds": {"lower": lower, "upper": upper}, **more} for name in names]}


def widths(name: str, count: int, lower: float = 0.0, upper: float = 100.0, **more: Any) -> dict[str, Any]:
    """The columns of a histogram: one, in bins of one width."""
    return {
        "columns": [
            {"column": name, "equal_width": {"count": count, "range": {"lower": lower, "upper": upper}}, **more},
        ]
    }


class Dp:
    """The calls of one caller."""

    def __init__(self, stubs: Stubs, server: EmbeddedServer) -> None:
        self.stubs, self.server = stubs, server
        self.stub = DifferentialPrivacyServiceStub(stubs.channel)
        self.budgets = BudgetServiceStub(stubs.channel)

    def ask(self, table: Any, **request: Any) -> dp_service_pb2.ComputeResponse:
        asked = dp_service_pb2.ComputeRequest(table=table, **request)
        return self.stub.Compute(asked, metadata=self.stubs.metadata, timeout=60)

    def budget(self, name: str) -> budget_pb2.Budget:
        request = budget_service_pb2.GetBudgetRequest(name=name)
        return self.budgets.GetBudget(request, metadata=self.stubs.metadata, timeout=30)

    def create(self, budget_id: str, epsilon: float, **more: Any) -> budget_pb2.Budget:
        budget = budget_pb2.Budget(epsilon_budget=epsilon, **more)
        request = budget_service_pb2.CreateBudgetRequest(budget=budget, budget_id=budget_id)
        return self.budgets.CreateBudget(request, metadata=self.stubs.metadata, timeout=30)

    def spends(self, budget: str) -> list[Any]:
        request = budget_service_pb2.ListSpendsRequest(budget=budget)
        return list(self.budgets.ListSpends(request, metadata=self.stubs.metadata, timeout=30).spends)
