"""BudgetService: wire in, wire out."""

from __future__ import annotations

from typing import Any

from google.protobuf import empty_pb2

from shoal.api.budget.v1 import budget_pb2, budget_service_pb2
from shoal.budget import ledger, messages, records
from shoal.budget.advise import advise
from shoal.budget.events import Composition
from shoal.budget.ledger import Limits, NewBudget, Order, Spent
from shoal.budget.records import BudgetRow
from shoal.errors import ErrorReason, PermissionDeniedError
from shoal.runtime import outbox, wire
from shoal.runtime.calls import Caller, Role, caller, draft
from shoal.runtime.database import Database, Session
from shoal.runtime.host import Built, Host
from shoal.runtime.pages import MOST_PAGE_BYTES, Pages, page_size
from shoal.runtime.settings import Settings
from shoal.runtime.threads import in_thread


class BudgetServicer:
    """Keeps budgets and charges them."""

    def __init__(self, database: Database, pages: Pages, settings: Settings) -> None:
        self._database = database
        self._pages = pages
        self._content = Limits(
            Composition.RDP, settings.content_epsilon_budget, settings.content_delta_budget, settings.content_delta_budget / 2.0
        )

    async def CreateBudget(self, request: budget_service_pb2.CreateBudgetRequest, context: Any) -> budget_pb2.Budget:
        return await in_thread(self._create, messages.new_budget(request))

    async def GetBudget(self, request: budget_service_pb2.GetBudgetRequest, context: Any) -> budget_pb2.Budget:
        return await in_thread(self._get, messages.budget_id(request.name))

    async def ListBudgets(
        self, request: budget_service_pb2.ListBudgetsRequest, context: Any
    ) -> budget_service_pb2.ListBudgetsResponse:
        return await in_thread(self._list, request)

    async def DeleteBudget(self, request: budget_service_pb2.DeleteBudgetRequest, context: Any) -> empty_pb2.Empty:
        return await in_thread(self._delete, messages.budget_id(request.name))

    async def Spend(self, request: budget_service_pb2.SpendRequest, context: Any) -> budget_service_pb2.SpendResponse:
        return await in_thread(self._spend, request)

    async def ListSpends(
        self, request: budget_service_pb2.ListSpendsRequest, context: Any
    ) -> budget_service_pb2.ListSpendsResponse:
        return await in_thread(self._list_spends, request)

    async def AdviseComposition(
        self, request: budget_service_pb2.AdviseCompositionRequest, context: Any
    ) -> budget_service_pb2.AdviseCompositionResponse:
        question = messages.question(request)
        return messages.advice_to_wire(await in_thread(advise, question))

    def _create(self, wanted: NewBudget) -> budget_pb2.Budget:
        def work(session: Session) -> BudgetRow:
            row, made = ledger.create(session, caller(), wanted)
            draft().resources[:] = [f"budgets/{row.budget_id}"]
            if made:
                outbox.add(session, draft())
            return row

        return messages.budget_to_wire(records.in_one_go(self._database, work))

    def _get(self, budget_id: str) -> budget_pb2.Budget:
        draft().resources.append(f"budgets/{budget_id}")
        with self._database.begin() as session:
            return messages.budget_to_wire(ledger.get(session, caller().organization, budget_id))

    def _list(self, request: budget_service_pb2.ListBudgetsRequest) -> budget_service_pb2.ListBudgetsResponse:
        size = page_size(request.page_size, default=50, most=500)
        kind = messages.kind(request.kind)
        organization = caller().organization
        binding = ("ListBudgets", organization, str(request.kind), str(request.show_deleted))
        after = wire.position(self._pages.position(request.page_token, *binding))
        with self._database.begin() as session:
            rows = records.budgets_page(
                session, organization, kind=kind, with_deleted=request.show_deleted, after=after, size=size + 1
            )
        response = budget_service_pb2.ListBudgetsResponse(budgets=[messages.budget_to_wire(row) for row in rows[:size]])
        if len(rows) > size:
            last = rows[size - 1]
            response.next_page_token = self._pages.token(wire.position_of(last.create_time, last.id), *binding)
        return response

    def _delete(self, budget_id: str) -> empty_pb2.Empty:
        draft().resources.append(f"budgets/{budget_id}")
        with self._database.begin() as session:
            ledger.delete(session, caller(), budget_id)
            outbox.add(session, draft())
        return empty_pb2.Empty()

    def _spend(self, request: budget_service_pb2.SpendRequest) -> budget_service_pb2.SpendResponse:
        me = caller()
        order = messages.order(request)
        _may_spend(me, order)
        names = [f"budgets/{each}" for each in order.budgets]
        draft().resources[:] = names
        bill = ledger.bill_of(order.events)

        def work(session: Session) -> Spent:
            spent = ledger.spend(session, me, order, bill, self._content)
            if not order.validate_only and not spent.repeated:
                draft().resources[:] = [*names, f"spends/{spent.spend.id}"]
                outbox.add(session, draft())
            return spent

        spent = records.in_one_go(self._database, work)
        named = spent.repeated or not order.validate_only
        return budget_service_pb2.SpendResponse(
            spend=messages.spend_to_wire(spent.spend, named=named),
            budgets=[messages.budget_to_wire(row) for row in spent.budgets],
            repeated_request=spent.repeated,
        )

    def _list_spends(self, request: budget_service_pb2.ListSpendsRequest) -> budget_service_pb2.ListSpendsResponse:
        size = page_size(request.page_size, default=50, most=500)
        organization = caller().organization
        binding = ("ListSpends", organization, request.budget)
        after = wire.position(self._pages.position(request.page_token, *binding))
        budget_id = messages.budget_id(request.budget, "budget") if request.budget else None
        with self._database.begin() as session:
            budget = ledger.get(session, organization, budget_id).id if budget_id is not None else None
            rows = records.spends_page(session, organization, budget=budget, after=after, size=size + 1)
        response = budget_service_pb2.ListSpendsResponse()
        room = MOST_PAGE_BYTES
        for place, row in enumerate(rows):
            message = messages.spend_to_wire(row)
            room -= message.ByteSize()
            if place == size or (place > 0 and room < 0):
                last = rows[place - 1]
                response.next_page_token = self._pages.token(wire.position_of(last.create_time, last.id), *binding)
                break
            response.spends.append(message)
        return response


def _may_spend(me: Caller, order: Order) -> None:
    """Raises PermissionDeniedError for a person who charges a content's budget, and for a service that works for nobody."""
    contents = [each for each in order.budgets if each.startswith(ledger.CONTENT_PREFIX)]
    if contents and me.role is not Role.SERVICE:
        raise PermissionDeniedError(
            f"budgets/{contents[0]} is the budget of a dataset's content, which is charged by queries only",
            reason=ErrorReason.PERMISSION_MISSING,
        )
    if not me.organization or not me.user:
        raise PermissionDeniedError("a service spends on behalf of a person only", reason=ErrorReason.PERMISSION_MISSING)


def build(host: Host) -> Built:
    """Makes the service."""
    servicer = BudgetServicer(host.database, host.pages, host.settings)
    return Built(servicers=[(budget_service_pb2.DESCRIPTOR.services_by_name["BudgetService"], servicer)])
