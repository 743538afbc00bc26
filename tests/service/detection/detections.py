"""Detections through the real server, and the tables they are made of."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from grpc_stubs import Stubs

from shoal.api.anonymization.v1 import policy_pb2
from shoal.api.detection.v1 import detection_pb2, detection_service_pb2
from shoal.api.tables.v1 import table_pb2

DI, QI, SI, NSI = (
    policy_pb2.ATTRIBUTE_ROLE_IDENTIFIER,
    policy_pb2.ATTRIBUTE_ROLE_QUASI_IDENTIFIER,
    policy_pb2.ATTRIBUTE_ROLE_SENSITIVE,
    policy_pb2.ATTRIBUTE_ROLE_INSENSITIVE,
)
CLASSES = {DI: "DI", QI: "QI", SI: "SI", NSI: "NSI"}


def csv_of(names: Sequence[str], rows: Sequence[Sequence[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(names)
    writer.writerows(rows)
    return text.getvalue().encode()


def source_of(stubs: Stubs, data: bytes) -> table_pb2.TableSource:
    """A table for a request; small ones travel inline."""
    if len(data) < 2**20:
        return table_pb2.TableSource(inline=table_pb2.InlineTable(data=data, format=table_pb2.TABLE_FORMAT_CSV))
    return table_pb2.TableSource(dataset=stubs.upload(data).name)


def detect(stubs: Stubs, data: bytes, **options: Any) -> detection_pb2.Detection:
    """The detection of a table."""
    request = detection_service_pb2.DetectQuasiIdentifiersRequest(
        table=source_of(stubs, data), options=detection_pb2.DetectionOptions(**options)
    )
    return stubs.detection.DetectQuasiIdentifiers(request, metadata=stubs.metadata, timeout=120).detection


def classes(detection: detection_pb2.Detection) -> dict[str, str]:
    return {each.name: CLASSES[each.role] for each in detection.columns}
