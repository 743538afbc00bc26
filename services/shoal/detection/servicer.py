"""DetectionService: wire in, wire out."""

from __future__ import annotations

from collections import Counter
from typing import Any

import polars as pl

from shoal.api.detection.v1 import detection_pb2, detection_service_pb2
from shoal.detection import messages
from shoal.detection.detect import Detected, Options, detect
from shoal.errors import FieldViolation, invalid_fields
from shoal.runtime.calls import draft
from shoal.runtime.host import Built, Host
from shoal.runtime.opened import OpenedTable, opener_of
from shoal.runtime.stopping import Stop


class DetectionServicer:
    """Says which columns of a table identify people."""

    def __init__(self, host: Host) -> None:
        self._opener = opener_of(host)
        self._workers = host.workers

    async def DetectQuasiIdentifiers(
        self, request: detection_service_pb2.DetectQuasiIdentifiersRequest, context: Any
    ) -> detection_service_pb2.DetectQuasiIdentifiersResponse:
        options = messages.options(request.options)
        opened = await self._opener.open(request.table, "table")
        stop = Stop()
        detection = await self._workers.run(lambda: self._detect(opened, options, stop), stop)
        _record(detection)
        return detection_service_pb2.DetectQuasiIdentifiersResponse(detection=detection)

    def _detect(self, opened: OpenedTable, options: Options, stop: Stop) -> detection_pb2.Detection:
        with opened.reading():
            return messages.detection_to_wire(_detected(opened.scan(self._opener.limits)[0], options, stop))


def _detected(table: pl.LazyFrame, options: Options, stop: Stop) -> Detected:
    messages.check_columns(options, table.collect_schema().names())
    if not table.select(pl.len()).collect(engine="streaming").item():
        raise invalid_fields([FieldViolation("table", "has no rows: there is nothing to judge columns by")])
    return detect(table, options, stop.check)


def _record(detection: detection_pb2.Detection) -> None:
    """Puts counts on the record; column names may say whom a table is about."""
    counts = Counter(messages.ROLES[each.role].name.lower() for each in detection.columns)
    draft().details.update(rows=str(detection.row_count), columns=str(len(detection.columns)))
    draft().details.update({f"{role}_columns": str(count) for role, count in sorted(counts.items())})


def build(host: Host) -> Built:
    """Makes the service."""
    servicer = DetectionServicer(host)
    return Built(servicers=[(detection_service_pb2.DESCRIPTOR.services_by_name["DetectionService"], servicer)])
