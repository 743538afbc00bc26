"""What a failed call says, as one of Shoal's own errors: status code, ErrorInfo and the fields at fault."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, cast

import grpc
from google.rpc import error_details_pb2, status_pb2

from shoal.errors import (
    AlreadyExistsError,
    BudgetExhaustedError,
    CancelledError,
    DeadlineExceededError,
    ErrorReason,
    FailedPreconditionError,
    FieldViolation,
    InfeasibleError,
    InternalError,
    InvalidArgumentError,
    NotFoundError,
    PermissionDeniedError,
    ResourceExhaustedError,
    ShoalError,
    UnauthenticatedError,
    UnavailableError,
    UnimplementedError,
)

DOMAIN = "shoal"
DETAILS_KEY = "grpc-status-details-bin"

_CLASSES: dict[str, type[ShoalError]] = {
    each.code: each
    for each in (
        AlreadyExistsError,
        CancelledError,
        DeadlineExceededError,
        FailedPreconditionError,
        InternalError,
        InvalidArgumentError,
        NotFoundError,
        PermissionDeniedError,
        ResourceExhaustedError,
        UnauthenticatedError,
        UnavailableError,
        UnimplementedError,
    )
}
# Shoal's servers never send these; a proxy in between may.
_CLASSES |= {
    "ABORTED": FailedPreconditionError,
    "OUT_OF_RANGE": InvalidArgumentError,
    "UNKNOWN": InternalError,
    "DATA_LOSS": InternalError,
}


class _Failure(Protocol):
    """What `grpc.RpcError` carries in both of gRPC's Python clients; its own class declares none of it."""

    def code(self) -> grpc.StatusCode | None: ...
    def details(self) -> str | None: ...
    def trailing_metadata(self) -> Iterable[tuple[str, str | bytes]] | None: ...


def from_rpc(error: grpc.RpcError, target: str) -> ShoalError:
    """The error of Shoal that a gRPC failure stands for; `target` is the server's address, for the
    sentence."""
    if not hasattr(error, "code"):
        return InternalError(f"the call to {target} failed before it had a status")
    failure = cast(_Failure, error)
    status = failure.code() or grpc.StatusCode.UNKNOWN
    info, violations, exhausted = _details(failure)
    kind = _CLASSES.get(status.name, InternalError)
    if info is None:
        return kind(_plain_sentence(status, failure.details() or "", target), metadata={"target": target})
    metadata = dict(info.metadata)
    reason: ErrorReason | None
    try:
        reason = ErrorReason(info.reason)
    except ValueError:  # a newer server's reason; the code still tells the class
        reason = None
        metadata["reason"] = info.reason
    if reason is ErrorReason.PRIVACY_INFEASIBLE:
        kind = InfeasibleError
    if reason is ErrorReason.BUDGET_EXHAUSTED:
        return BudgetExhaustedError(failure.details() or status.name, budgets=exhausted, metadata=metadata)
    return kind(failure.details() or status.name, reason=reason, metadata=metadata, violations=violations)


def _details(failure: _Failure) -> tuple[error_details_pb2.ErrorInfo | None, list[FieldViolation], list[str]]:
    """The ErrorInfo of our domain, the field violations and the exhausted budgets in the trailing metadata."""
    packed = next((value for key, value in failure.trailing_metadata() or () if key == DETAILS_KEY), None)
    found: error_details_pb2.ErrorInfo | None = None
    violations: list[FieldViolation] = []
    exhausted: list[str] = []
    if not isinstance(packed, bytes):
        return found, violations, exhausted
    for detail in status_pb2.Status.FromString(packed).details:
        if detail.Is(error_details_pb2.ErrorInfo.DESCRIPTOR):
            info = error_details_pb2.ErrorInfo()
            detail.Unpack(info)
            if info.domain == DOMAIN:
                found = info
        elif detail.Is(error_details_pb2.BadRequest.DESCRIPTOR):
            request = error_details_pb2.BadRequest()
            detail.Unpack(request)
            violations += [FieldViolation(each.field, each.description) for each in request.field_violations]
        elif detail.Is(error_details_pb2.QuotaFailure.DESCRIPTOR):
            quota = error_details_pb2.QuotaFailure()
            detail.Unpack(quota)
            exhausted += [each.subject for each in quota.violations]
    return found, violations, exhausted


def _plain_sentence(status: grpc.StatusCode, details: str, target: str) -> str:
    """A sentence for a status that gRPC or a proxy made, not one of our servers: what happened, what to do
    next."""
    if status is grpc.StatusCode.UNAVAILABLE:
        return _unavailable(details, target)
    if status is grpc.StatusCode.DEADLINE_EXCEEDED:
        return f"the server at {target} did not answer within the time allowed; allow more with `timeout`"
    if status is grpc.StatusCode.UNIMPLEMENTED:
        return f"the server at {target} does not have this call: it is older than this client, or runs other services only"
    if status is grpc.StatusCode.CANCELLED:
        return "the call was cancelled; nothing was kept"
    return f"the call to {target} failed with {status.name}" + (f": {details}" if details else "")


def _unavailable(details: str, target: str) -> str:
    lower = details.lower()
    if "ssl" in lower or "tls" in lower or "certificate" in lower or "handshake" in lower:
        return (
            f"no TLS connection to {target}: {details}. Beyond loopback Shoal speaks TLS only, because the "
            "key travels along; give the server a certificate, and its authority to the client with "
            "`ca` (SHOAL_CA)"
        )
    if "connection refused" in lower or "failed to connect" in lower:
        return f"no server answers at {target}: check the address, or start one with `shoal serve`"
    if "dns" in lower or "resolution" in lower:
        return f"the name in {target} cannot be resolved: check the address"
    return (
        f"the server at {target} went away during the call ({details or 'no details'}): try again; "
        "a server that speaks TLS on this machine needs `ca` (SHOAL_CA)"
    )
