"""Privacy budgets: what may be spent, what was spent, and what to plan."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from google.protobuf import empty_pb2

from shoal.api.budget.v1 import budget_pb2, budget_service_pb2, budget_service_pb2_grpc, spend_pb2
from shoal.client.calls import AsyncCalls
from shoal.client.connection import AsyncChannel
from shoal.errors import InvalidArgumentError

COMPOSITIONS = {
    "basic": budget_pb2.COMPOSITION_BASIC,
    "rdp": budget_pb2.COMPOSITION_RDP,
    "zcdp": budget_pb2.COMPOSITION_ZCDP,
    "gdp": budget_pb2.COMPOSITION_GDP,
}


class AsyncBudgets:
    """`client.budgets`: budgets are named `budgets/study-7` or just `study-7`."""

    def __init__(self, calls: AsyncCalls, channel: AsyncChannel) -> None:
        self._calls = calls
        self._stub = budget_service_pb2_grpc.BudgetServiceStub(channel)

    async def create(
        self,
        budget: str | None = None,
        *,
        epsilon: float,
        delta: float = 0.0,
        composition: str = "basic",
        approximate_delta: float = 0.0,
        description: str = "",
        reuse_deleted_id: bool = False,
    ) -> budget_pb2.Budget:
        """Makes a budget of `epsilon` and `delta`; None: under a name that the server chooses.

        composition: `basic`, or `rdp`, `zcdp` or `gdp`, which need a delta. approximate_delta: the part of
        `delta` kept for releases that have one of their own. reuse_deleted_id: an administrator begins again
        under the name of a deleted budget.
        """
        request = budget_service_pb2.CreateBudgetRequest(
            budget_id=_budget_id(budget),
            budget=budget_pb2.Budget(
                description=description,
                epsilon_budget=epsilon,
                delta_budget=delta,
                composition=_composition(composition),
                approximate_delta=approximate_delta,
            ),
            request_id=str(uuid.uuid4()),
            reuse_deleted_id=reuse_deleted_id,
        )
        return await self._calls.unary(self._stub.CreateBudget, request)

    async def get(self, budget: str) -> budget_pb2.Budget:
        """Returns a budget as it stands, also a deleted one."""
        request = budget_service_pb2.GetBudgetRequest(name=_budget_name(budget))
        return await self._calls.unary(self._stub.GetBudget, request)

    async def delete(self, budget: str) -> empty_pb2.Empty:
        """Ends a budget: it takes no more spends, its record stays, and nobody's spending is reset."""
        request = budget_service_pb2.DeleteBudgetRequest(name=_budget_name(budget))
        return await self._calls.unary(self._stub.DeleteBudget, request)

    async def list_budgets(
        self,
        *,
        limit: int | None = 100,
        kind: budget_pb2.BudgetKind = budget_pb2.BUDGET_KIND_UNSPECIFIED,
        show_deleted: bool = False,
    ) -> list[budget_pb2.Budget]:
        """Returns the newest budgets, at most `limit` (None: all)."""
        request = budget_service_pb2.ListBudgetsRequest(kind=kind, show_deleted=show_deleted)
        found: list[budget_pb2.Budget] = []
        while limit is None or len(found) < limit:
            request.page_size = 500 if limit is None else min(500, limit - len(found))
            page = await self._calls.unary(self._stub.ListBudgets, request)
            found += page.budgets
            request.page_token = page.next_page_token
            if not page.next_page_token:
                break
        return found

    async def spend(
        self,
        budgets: Iterable[str],
        events: Iterable[spend_pb2.PrivacyEvent],
        *,
        purpose: str = "",
        validate_only: bool = False,
        request_id: str | None = None,
    ) -> budget_service_pb2.SpendResponse:
        """Charges every budget for all events, or none; raises BudgetExhaustedError that names those which do
        not cover them.

        For releases that are made outside this server: call it before the data is touched. request_id: a UUID;
        give the same one when you try again. validate_only: only says whether it would be granted.
        """
        request = budget_service_pb2.SpendRequest(
            request_id=request_id or str(uuid.uuid4()),
            budgets=[_budget_name(each) for each in budgets],
            events=events,
            purpose=purpose,
            validate_only=validate_only,
        )
        return await self._calls.unary(self._stub.Spend, request)

    async def list_spends(self, budget: str | None = None, *, limit: int | None = 100) -> list[spend_pb2.Spend]:
        """Returns the newest spends, at most `limit` (None: all), of one budget or of the organisation."""
        request = budget_service_pb2.ListSpendsRequest(budget=_budget_name(budget) if budget is not None else "")
        found: list[spend_pb2.Spend] = []
        while limit is None or len(found) < limit:
            request.page_size = 500 if limit is None else min(500, limit - len(found))
            page = await self._calls.unary(self._stub.ListSpends, request)
            found += page.spends
            request.page_token = page.next_page_token
            if not page.next_page_token:
                break
        return found

    async def advise(
        self, *, epsilon: float, queries: int, delta: float = 0.0, delta_per_query: float = 0.0
    ) -> budget_service_pb2.AdviseCompositionResponse:
        """Says what `queries` equal queries may spend each of `epsilon` and `delta`, by composition.

        delta_per_query: that of each query's Gaussian noise; 0 for Laplace noise. Nothing is charged.
        """
        request = budget_service_pb2.AdviseCompositionRequest(
            epsilon_budget=epsilon, delta_budget=delta, query_count=queries, delta_per_query=delta_per_query
        )
        return await self._calls.unary(self._stub.AdviseComposition, request)


def _budget_id(budget: str | None) -> str:
    return (budget or "").removeprefix("budgets/")


def _budget_name(budget: str) -> str:
    return budget if budget.startswith("budgets/") else f"budgets/{budget}"


def _composition(name: str) -> budget_pb2.Composition:
    try:
        return COMPOSITIONS[name.lower()]
    except KeyError:
        raise InvalidArgumentError(f"there is no composition {name!r}; there are {', '.join(COMPOSITIONS)}") from None
