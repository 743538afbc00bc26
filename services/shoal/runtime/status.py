"""Errors become gRPC status here, in one place: code, sentence, ErrorInfo and the fields at fault."""

from __future__ import annotations

import logging
import secrets
import traceback

import grpc
from google.protobuf import any_pb2
from google.protobuf.message import Message
from google.rpc import code_pb2, error_details_pb2, status_pb2
from grpc_status import rpc_status

from shoal.errors import BudgetExhaustedError, ErrorReason, InternalError, ShoalError

DOMAIN = "shoal"
# A status travels in the trailing metadata, of which clients take 8 KiB; a name that is echoed may be of any length.
MOST_VIOLATIONS = 20
log = logging.getLogger(__name__)


def to_status(error: ShoalError) -> grpc.Status:
    """The gRPC status of an error, with `google.rpc` details."""
    metadata = {key: _short(value) for key, value in error.metadata.items()}
    if len(error.violations) > MOST_VIOLATIONS:
        metadata["violations_not_listed"] = str(len(error.violations) - MOST_VIOLATIONS)
    details = [_pack(error_details_pb2.ErrorInfo(reason=error.reason.value, domain=DOMAIN, metadata=metadata))]
    if error.violations:
        violations = [
            error_details_pb2.BadRequest.FieldViolation(field=_short(each.field), description=_short(each.description))
            for each in error.violations[:MOST_VIOLATIONS]
        ]
        details.append(_pack(error_details_pb2.BadRequest(field_violations=violations)))
    if isinstance(error, BudgetExhaustedError):
        exhausted = [
            error_details_pb2.QuotaFailure.Violation(subject=_short(name, 140), description="does not cover the spend")
            for name in error.budgets[:MOST_VIOLATIONS]
        ]
        details.append(_pack(error_details_pb2.QuotaFailure(violations=exhausted)))
    message = status_pb2.Status(code=code_pb2.Code.Value(error.code), message=_short(error.message, 500), details=details)
    status: grpc.Status = rpc_status.to_status(message)
    return status


def _short(text: str, most: int = 100) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


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


def _pack(message: Message) -> any_pb2.Any:
    packed = any_pb2.Any()
    packed.Pack(message)
    return packed
