"""Measurements of quality as tests ask for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import grpc
import pytest
from grpc_stubs import Stubs
from validations import Rows, hierarchy, inline

from shoal.api.risk.v1 import risk_service_pb2


def measure(
    stubs: Stubs,
    original: bytes,
    released: bytes,
    quasi: Sequence[str] = (),
    *,
    hierarchies: Mapping[str, Rows] | None = None,
    **more: Any,
) -> risk_service_pb2.MeasureQualityResponse:
    request = risk_service_pb2.MeasureQualityRequest(
        original=inline(original),
        released=inline(released),
        quasi_identifiers=quasi,
        hierarchies={name: hierarchy(rows) for name, rows in (hierarchies or {}).items()},
        **more,
    )
    return stubs.risk.MeasureQuality(request, metadata=stubs.metadata, timeout=120)


def refused(stubs: Stubs, *args: Any, **more: Any) -> grpc.RpcError:
    with pytest.raises(grpc.RpcError) as caught:
        measure(stubs, *args, **more)
    return caught.value


def report_of(answer: risk_service_pb2.MeasureQualityResponse) -> dict[str, float]:
    """The measures of the whole table that were computed."""
    return {field.name: float(value) for field, value in answer.report.ListFields()}


def column(answer: risk_service_pb2.MeasureQualityResponse, name: str) -> dict[str, float]:
    """What one column lost."""
    return next(dict(each.metrics) for each in answer.attributes if each.name == name)
