"""Callers of the budget service on a server of this folder's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from budget_calls import Budgets, Callers
from grpc_stubs import Stubs
from more_users import add_user

from shoal.api.identity.v1 import identity_service_pb2
from shoal.runtime.calls import Role
from shoal.runtime.embedded import start_embedded


@pytest.fixture(scope="session")
def callers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callers]:
    folder: Path = tmp_path_factory.mktemp("budget") / "data"
    with start_embedded(folder, transient=False) as server, grpc.insecure_channel(server.address) as channel:
        stubs = Stubs(channel, server.api_key)
        me = stubs.identity.GetMe(identity_service_pb2.GetMeRequest(), metadata=stubs.metadata)
        organization = me.organization.name.removeprefix("organizations/")
        # What the dp service will do: this process's own credential, on behalf of a person.
        secret = server._server._peers.credential()[0][1].removeprefix("Bearer ")
        behalf = {"organization": organization, "user": me.user.name.removeprefix("users/"), "api_key": ""}
        other = {"organization": "f" * 32, "user": "e" * 32, "api_key": ""}
        yield Callers(
            admin=Budgets(channel, server.api_key),
            user=Budgets(channel, add_user(folder, organization, Role.USER)),
            stranger=Budgets(channel, add_user(folder, None, Role.ADMIN)),
            service=Budgets(channel, secret, json.dumps(behalf)),
            service_of_stranger=Budgets(channel, secret, json.dumps(other)),
            stubs=stubs,
            server=server,
        )


@pytest.fixture
def admin(callers: Callers) -> Budgets:
    return callers.admin
