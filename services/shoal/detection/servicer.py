"""DetectionService: wire in, wire out."""

from __future__ import annotations

from collections import Counter
from typing import Any

import polars as pl
from google.protobuf import empty_pb2

from shoal.api.detection.v1 import detection_pb2, detection_service_pb2, pattern_pb2
from shoal.detection import config_from_wire, messages
from shoal.detection.configure import configure
from shoal.detection.detect import Detected, Options, detect
from shoal.detection.keep import PatternKeeper
from shoal.detection.patterns import Pattern
from shoal.errors import FieldViolation, invalid_fields
from shoal.runtime.calls import draft
from shoal.runtime.host import Built, Host
from shoal.runtime.opened import OpenedTable, opener_of
from shoal.runtime.stopping import Stop
from shoal.runtime.threads import in_thread


class DetectionServicer:
    """Says which columns of a table identify people."""

    def __init__(self, host: Host) -> None:
        self._opener = opener_of(host)
        self._workers = host.workers
        self._patterns = PatternKeeper(host.database, host.pages, host.folder / "patterns")

    async def DetectQuasiIdentifiers(
        self, request: detection_service_pb2.DetectQuasiIdentifiersRequest, context: Any
    ) -> detection_service_pb2.DetectQuasiIdentifiersResponse:
        options = messages.options(request.options)
        opened = await self._opener.open(request.table, "table")
        patterns = await in_thread(self._patterns.in_force)
        stop = Stop()
        detection = await self._workers.run(lambda: self._detect(opened, options, patterns, stop), stop)
        _record(detection)
        return detection_service_pb2.DetectQuasiIdentifiersResponse(detection=detection)

    async def GenerateConfig(
        self, request: detection_service_pb2.GenerateConfigRequest, context: Any
    ) -> detection_service_pb2.GenerateConfigResponse:
        options = config_from_wire.request_options(request)
        opened = await self._opener.open(request.table, "table")
        patterns = await in_thread(self._patterns.in_force)
        stop = Stop()

        def work() -> detection_service_pb2.GenerateConfigResponse:
            with opened.reading():
                table = opened.scan(self._opener.limits)[0]
                config_from_wire.check_size(request.template, options, table.collect_schema().names())
                found = _detected(table, options, patterns, stop)
                attributes, shields = configure(table, found, config_from_wire.finished(request.template), stop.check)
            return detection_service_pb2.GenerateConfigResponse(
                detection=messages.detection_to_wire(found),
                policy=config_from_wire.complete(request.template, attributes, shields),
            )

        answer = await self._workers.run(work, stop)
        _record(answer.detection)
        return answer

    async def CreatePattern(self, request: detection_service_pb2.CreatePatternRequest, context: Any) -> pattern_pb2.Pattern:
        return await in_thread(self._patterns.create, request)

    async def GetPattern(self, request: detection_service_pb2.GetPatternRequest, context: Any) -> pattern_pb2.Pattern:
        return await in_thread(self._patterns.get, request.name)

    async def ListPatterns(
        self, request: detection_service_pb2.ListPatternsRequest, context: Any
    ) -> detection_service_pb2.ListPatternsResponse:
        return await in_thread(self._patterns.list, request)

    async def UpdatePattern(self, request: detection_service_pb2.UpdatePatternRequest, context: Any) -> pattern_pb2.Pattern:
        return await in_thread(self._patterns.update, request)

    async def DeletePattern(self, request: detection_service_pb2.DeletePatternRequest, context: Any) -> empty_pb2.Empty:
        await in_thread(self._patterns.delete, request.name)
        return empty_pb2.Empty()

    async def DeleteAllPatterns(
        self, request: detection_service_pb2.DeleteAllPatternsRequest, context: Any
    ) -> detection_service_pb2.DeleteAllPatternsResponse:
        count = await in_thread(self._patterns.delete_all)
        return detection_service_pb2.DeleteAllPatternsResponse(deleted_count=count)

    async def ReloadPatterns(
        self, request: detection_service_pb2.ReloadPatternsRequest, context: Any
    ) -> detection_service_pb2.ReloadPatternsResponse:
        files, custom = await in_thread(self._patterns.reload)
        return detection_service_pb2.ReloadPatternsResponse(file_pattern_count=files, custom_pattern_count=custom)

    def _detect(
        self, opened: OpenedTable, options: Options, patterns: tuple[Pattern, ...], stop: Stop
    ) -> detection_pb2.Detection:
        with opened.reading():
            return messages.detection_to_wire(_detected(opened.scan(self._opener.limits)[0], options, patterns, stop))


def _detected(table: pl.LazyFrame, options: Options, patterns: tuple[Pattern, ...], stop: Stop) -> Detected:
    messages.check_columns(options, table.collect_schema().names())
    if not table.select(pl.len()).collect(engine="streaming").item():
        raise invalid_fields([FieldViolation("table", "has no rows: there is nothing to judge columns by")])
    return detect(table, options, stop.check, patterns)


def _record(detection: detection_pb2.Detection) -> None:
    """Puts counts on the record; column names may say whom a table is about."""
    counts = Counter(messages.ROLES[each.role].name.lower() for each in detection.columns)
    draft().details.update(rows=str(detection.row_count), columns=str(len(detection.columns)))
    draft().details.update({f"{role}_columns": str(count) for role, count in sorted(counts.items())})


def build(host: Host) -> Built:
    """Makes the service."""
    servicer = DetectionServicer(host)
    return Built(servicers=[(detection_service_pb2.DESCRIPTOR.services_by_name["DetectionService"], servicer)])
