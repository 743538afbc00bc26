"""Validations as tests ask for them: tables as CSV text, models as dicts, hierarchies as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import grpc
import pytest
from google.protobuf import json_format
from grpc_stubs import Stubs

from shoal.api.anonymization.v1 import hierarchy_pb2, policy_pb2
from shoal.api.risk.v1 import risk_service_pb2
from shoal.api.tables.v1 import table_pb2

Rows = Sequence[Sequence[str]]


def csv(names: Sequence[str], rows: Rows) -> bytes:
    """A CSV table; every cell in quotes but the empty ones of tables with several columns, which are null."""

    def cell(text: str) -> str:
        quoted = text.replace('"', '""')
        return f'"{quoted}"' if text or len(names) == 1 else ""

    return "\n".join([",".join(names), *(",".join(map(cell, row)) for row in rows)]).encode() + b"\n"


def inline(data: bytes) -> table_pb2.TableSource:
    return table_pb2.TableSource(inline=table_pb2.InlineTable(data=data, format=table_pb2.TABLE_FORMAT_CSV))


def model(content: Mapping[str, Any]) -> policy_pb2.PrivacyModel:
    return json_format.ParseDict(dict(content), policy_pb2.PrivacyModel())


def hierarchy(rows: Rows) -> hierarchy_pb2.Hierarchy:
    return hierarchy_pb2.Hierarchy(
        explicit=hierarchy_pb2.ExplicitHierarchy(rows=[hierarchy_pb2.ExplicitRow(labels=row) for row in rows])
    )


def request_of(
    data: bytes,
    quasi: Sequence[str],
    models: Sequence[Mapping[str, Any]],
    *,
    reference: bytes | None = None,
    population: bytes | None = None,
    hierarchies: Mapping[str, Rows] | None = None,
    **more: Any,
) -> risk_service_pb2.ValidatePrivacyRequest:
    return risk_service_pb2.ValidatePrivacyRequest(
        table=inline(data),
        quasi_identifiers=quasi,
        privacy_models=[model(each) for each in models],
        reference=None if reference is None else inline(reference),
        population=None if population is None else inline(population),
        hierarchies={name: hierarchy(rows) for name, rows in (hierarchies or {}).items()},
        **more,
    )


def validate(stubs: Stubs, *args: Any, **more: Any) -> risk_service_pb2.ValidatePrivacyResponse:
    return stubs.risk.ValidatePrivacy(request_of(*args, **more), metadata=stubs.metadata, timeout=60)


def refused(stubs: Stubs, *args: Any, **more: Any) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as caught:
        validate(stubs, *args, **more)
    return caught.value
