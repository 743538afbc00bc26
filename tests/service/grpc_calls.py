"""Raw calls as another process makes them: method names, bytes of messages, metadata; nothing of the SDK."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import grpc
from google.protobuf import message_factory
from google.protobuf.descriptor import MethodDescriptor
from google.rpc import error_details_pb2
from grpc_status import rpc_status

CHUNK = 1024**2


def call(channel: grpc.Channel, method: MethodDescriptor, metadata: Any, request: Any = None) -> Any:
    """Makes any call with a request (an empty one by default); a streamed answer is read to its first message."""
    path = f"/{method.containing_service.full_name}/{method.name}"
    kind = message_factory.GetMessageClass(method.input_type)
    message = kind() if request is None else request
    answer = message_factory.GetMessageClass(method.output_type)
    shape = {"request_serializer": kind.SerializeToString, "response_deserializer": answer.FromString}
    if method.client_streaming and method.server_streaming:
        return next(channel.stream_stream(path, **shape)(iter([message]), metadata=metadata, timeout=30))
    if method.client_streaming:
        return channel.stream_unary(path, **shape)(iter([message]), metadata=metadata, timeout=30)
    if method.server_streaming:
        return next(channel.unary_stream(path, **shape)(message, metadata=metadata, timeout=30))
    return channel.unary_unary(path, **shape)(message, metadata=metadata, timeout=30)


def status_of(error: grpc.RpcError) -> tuple[str, str, dict[str, str]]:
    """Code, reason and metadata of a failed call."""
    status = rpc_status.from_call(error)
    info = error_details_pb2.ErrorInfo()
    if status is not None:
        for detail in status.details:
            if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
                detail.Unpack(info)
    return error.code().name, info.reason, dict(info.metadata)


def violations_of(error: grpc.RpcError) -> list[str]:
    """The fields at fault in a failed call."""
    found = error_details_pb2.BadRequest()
    status = rpc_status.from_call(error)
    assert status is not None
    for detail in status.details:
        if detail.Is(error_details_pb2.BadRequest.DESCRIPTOR):
            detail.Unpack(found)
    return [each.field for each in found.field_violations]


def pieces(data: bytes, size: int = CHUNK) -> Iterator[bytes]:
    """The bytes in chunks."""
    for start in range(0, len(data), size):
        yield data[start : start + size]
