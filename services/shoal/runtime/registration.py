"""Servicers meet the server here: every call of a service's descriptor gets a handler, built or not.

A servicer is an object with a coroutine (or async generator, where the answer is a stream) for each call that is built. The
calls that the contract has and the servicer has not answer UNIMPLEMENTED with a sentence.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import grpc
import grpc.aio
from google.protobuf import message_factory
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import DecodeError, Message

from shoal.errors import UnimplementedError


class Undecodable:
    """Stands for a request whose bytes are no message, until the interceptor refuses it with a sentence."""


def register(server: grpc.aio.Server, servicer: object, descriptor: ServiceDescriptor) -> None:
    """Adds every call of `descriptor` to the server, with the methods of `servicer` of the same names."""
    handlers = {method.name: _handler(servicer, method) for method in descriptor.methods}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(descriptor.full_name, handlers),))


def _handler(servicer: object, method: MethodDescriptor) -> grpc.RpcMethodHandler[Any, Any]:
    request_type = message_factory.GetMessageClass(method.input_type)
    behaviour = getattr(servicer, method.name, None) or _unbuilt(method)
    shape: dict[str, Any] = {
        "request_deserializer": _decoder(request_type),
        "response_serializer": lambda message: message.SerializeToString(),
    }
    if method.client_streaming and method.server_streaming:
        return grpc.stream_stream_rpc_method_handler(behaviour, **shape)
    if method.client_streaming:
        return grpc.stream_unary_rpc_method_handler(behaviour, **shape)
    if method.server_streaming:
        return grpc.unary_stream_rpc_method_handler(behaviour, **shape)
    return grpc.unary_unary_rpc_method_handler(behaviour, **shape)


def _decoder(kind: type[Message]) -> Callable[[bytes], Message | Undecodable]:
    def decode(data: bytes) -> Message | Undecodable:
        try:
            return kind.FromString(data)
        except DecodeError:
            return Undecodable()

    return decode


def _unbuilt(method: MethodDescriptor) -> Callable[[Any, Any], Any]:
    def error() -> UnimplementedError:
        return UnimplementedError(
            f"{method.containing_service.name}.{method.name} is part of the contract but not built yet; "
            "docs/status.md says what works",
            metadata={"feature": method.full_name},
        )

    async def answer_once(_request: Any, _context: Any) -> Any:
        raise error()

    async def answer_many(_request: Any, _context: Any) -> AsyncIterator[Any]:
        raise error()
        yield  # makes this an async generator, as a streaming handler must be

    return answer_many if method.server_streaming else answer_once
