"""Errors become gRPC status here, in one place: code, sentence, ErrorInfo and the fields at fault."""

from __future__ import annotations

import logging
import secrets
import traceback

import grpc
from google.protobuf import any_pb2
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from shoal.errors import ErrorReason, InternalError, ShoalError

DOMAIN = "shoal"
log = logging.getLogger(__name__)


def to_status(error: ShoalError) -> grpc.Status:
    """The gRPC status of an error, with `google.rpc` details."""
    info = error_details_pb2.ErrorInfo(reason=error.reason.value, domain=DOMAIN, metadata=error.metadata)
    details = [_pack(info)]
    if error.violations:
        violations = [
            error_details_pb2.BadRequest.FieldViolation(field=each.field, description=each.description)
            for each in error.violations
        ]
        details.append(_pack(error_details_pb2.BadRequest(field_violations=violations)))
    message = status_pb2.Status(code=code_pb2.Code.Value(error.code), message=error.message, details=details)
    status: grpc.Status = rpc_status.to_status(message)
    return status


def unexpected(error: BaseException) -> InternalError:
    """The error that a caller sees for a bug: an id, and nothing of what went wrong.

    The log gets the id, the exception's type and the lines of code, but not its text: it could quote a person's data.
    """
    incident = secrets.token_hex(8)
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("incident %s: %s\n%s", incident, type(error).__name__, frames)
    return InternalError(
        f"something went wrong on our side; the server's log has the cause under incident {incident}",
        reason=ErrorReason.INTERNAL,
        metadata={"incident": incident},
    )


def _pack(message: error_details_pb2.ErrorInfo | error_details_pb2.BadRequest) -> any_pb2.Any:
    packed = any_pb2.Any()
    packed.Pack(message)
    return packed
