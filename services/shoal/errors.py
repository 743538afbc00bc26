"""The errors of Shoal: raised by every layer, sent as gRPC status, raised again by the client.

    ShoalError
    ├── InvalidArgumentError      INVALID_ARGUMENT     the request or the table is malformed
    ├── FailedPreconditionError   FAILED_PRECONDITION  the state of things forbids it
    │   └── InfeasibleError                            no release satisfies the policy
    ├── NotFoundError             NOT_FOUND            no such resource in the caller's organisation
    ├── AlreadyExistsError        ALREADY_EXISTS       the name is taken
    ├── UnauthenticatedError      UNAUTHENTICATED      no credential, or not a valid one
    ├── PermissionDeniedError     PERMISSION_DENIED    the caller's role or tier does not allow it
    ├── ResourceExhaustedError    RESOURCE_EXHAUSTED   a limit is used up
    │   └── BudgetExhaustedError                       a privacy budget does not cover a spend
    ├── UnimplementedError        UNIMPLEMENTED        part of the contract, not built yet
    ├── CancelledError            CANCELLED            the caller stopped the work
    ├── DeadlineExceededError     DEADLINE_EXCEEDED    the time allowed is over
    ├── UnavailableError          UNAVAILABLE          a server or neighbour does not answer
    └── InternalError             INTERNAL             a bug of ours

An error's message is one sentence for a person; `reason` and `metadata` are for machines. Neither may hold a data value:
name the column, the attribute, the field or the count, never the content of a cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

__all__ = [
    "AlreadyExistsError",
    "BudgetExhaustedError",
    "CancelledError",
    "DeadlineExceededError",
    "ErrorReason",
    "FailedPreconditionError",
    "FieldViolation",
    "InfeasibleError",
    "InternalError",
    "InvalidArgumentError",
    "NotFoundError",
    "PermissionDeniedError",
    "ResourceExhaustedError",
    "ShoalError",
    "UnauthenticatedError",
    "UnavailableError",
    "UnimplementedError",
    "invalid_fields",
]


class ErrorReason(StrEnum):
    """The causes of `shoal.api.errors.v1.ErrorReason`, without their prefix; a test compares the two lists."""

    INVALID_FIELD = "INVALID_FIELD"
    MALFORMED_TABLE = "MALFORMED_TABLE"
    UNKNOWN_COLUMN = "UNKNOWN_COLUMN"
    INVALID_HIERARCHY = "INVALID_HIERARCHY"
    HIERARCHY_INCOMPLETE = "HIERARCHY_INCOMPLETE"
    HIERARCHY_NOT_NESTED = "HIERARCHY_NOT_NESTED"
    PRIVACY_INFEASIBLE = "PRIVACY_INFEASIBLE"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    BUDGET_EXHAUSTED = "BUDGET_EXHAUSTED"
    RATE_LIMITED = "RATE_LIMITED"
    CREDENTIAL_MISSING = "CREDENTIAL_MISSING"
    CREDENTIAL_INVALID = "CREDENTIAL_INVALID"
    PERMISSION_MISSING = "PERMISSION_MISSING"
    FEATURE_MISSING = "FEATURE_MISSING"
    RESOURCE_NOT_FOUND = "RESOURCE_NOT_FOUND"
    RESOURCE_EXISTS = "RESOURCE_EXISTS"
    WRONG_STATE = "WRONG_STATE"
    URI_NOT_ALLOWED = "URI_NOT_ALLOWED"
    INVALID_PAGE_TOKEN = "INVALID_PAGE_TOKEN"  # noqa: S105 (the name of a cause, not a secret)
    NOT_IMPLEMENTED = "NOT_IMPLEMENTED"
    CANCELLED = "CANCELLED"
    DEADLINE_EXCEEDED = "DEADLINE_EXCEEDED"
    PEER_UNAVAILABLE = "PEER_UNAVAILABLE"
    INTERNAL = "INTERNAL"


@dataclass(frozen=True)
class FieldViolation:
    """One field of a request that breaks its limits: its path in the message, and the sentence that says how."""

    field: str
    description: str


class ShoalError(Exception):
    """The root of every error that a caller of Shoal may see.

    message: one sentence, without data values. reason: the machine-readable cause. metadata: the sentence's dynamic parts.
    violations: every field at fault, when the error is about a request's fields.
    """

    code: ClassVar[str] = "INTERNAL"
    default_reason: ClassVar[ErrorReason] = ErrorReason.INTERNAL

    def __init__(
        self,
        message: str,
        *,
        reason: ErrorReason | None = None,
        metadata: Mapping[str, str] | None = None,
        violations: Sequence[FieldViolation] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.reason = reason or self.default_reason
        self.metadata = dict(metadata or {})
        self.violations = tuple(violations)


class InvalidArgumentError(ShoalError):
    """The request, a file or a table is malformed."""

    code = "INVALID_ARGUMENT"
    default_reason = ErrorReason.INVALID_FIELD


class FailedPreconditionError(ShoalError):
    """The request is well formed, but the state of a resource forbids it."""

    code = "FAILED_PRECONDITION"
    default_reason = ErrorReason.WRONG_STATE


class InfeasibleError(FailedPreconditionError):
    """No release of the table satisfies the policy; `metadata` holds the nearest feasible setting."""

    default_reason = ErrorReason.PRIVACY_INFEASIBLE


class NotFoundError(ShoalError):
    """No such resource, or one of another organisation: the two cannot be told apart on purpose."""

    code = "NOT_FOUND"
    default_reason = ErrorReason.RESOURCE_NOT_FOUND


class AlreadyExistsError(ShoalError):
    """A resource of that name exists already."""

    code = "ALREADY_EXISTS"
    default_reason = ErrorReason.RESOURCE_EXISTS


class UnauthenticatedError(ShoalError):
    """The call carries no credential, or one that is unknown, expired or revoked."""

    code = "UNAUTHENTICATED"
    default_reason = ErrorReason.CREDENTIAL_INVALID


class PermissionDeniedError(ShoalError):
    """The caller is known, but may not do this."""

    code = "PERMISSION_DENIED"
    default_reason = ErrorReason.PERMISSION_MISSING


class ResourceExhaustedError(ShoalError):
    """A limit of the server or a privacy budget does not cover the request."""

    code = "RESOURCE_EXHAUSTED"
    default_reason = ErrorReason.LIMIT_EXCEEDED


class BudgetExhaustedError(ResourceExhaustedError):
    """Privacy budgets do not cover a spend; nothing was charged. budgets: the names of each of them."""

    default_reason = ErrorReason.BUDGET_EXHAUSTED

    def __init__(self, message: str, *, budgets: Sequence[str], metadata: Mapping[str, str] | None = None) -> None:
        super().__init__(message, metadata={"budget": budgets[0], **(metadata or {})} if budgets else metadata)
        self.budgets = tuple(budgets)


class UnimplementedError(ShoalError):
    """The call or option is in the contract but not built yet."""

    code = "UNIMPLEMENTED"
    default_reason = ErrorReason.NOT_IMPLEMENTED


class CancelledError(ShoalError):
    """The caller stopped the work; nothing was kept."""

    code = "CANCELLED"
    default_reason = ErrorReason.CANCELLED


class DeadlineExceededError(ShoalError):
    """The time allowed for the call is over; nothing was kept."""

    code = "DEADLINE_EXCEEDED"
    default_reason = ErrorReason.DEADLINE_EXCEEDED


class UnavailableError(ShoalError):
    """A server or a neighbouring service does not answer; trying again may help."""

    code = "UNAVAILABLE"
    default_reason = ErrorReason.PEER_UNAVAILABLE


class InternalError(ShoalError):
    """A bug of ours; `metadata["incident"]` is the id under which the server's log has the cause."""


def invalid_fields(violations: Sequence[FieldViolation]) -> InvalidArgumentError:
    """The one error for all the violations of a request: its sentence names the first and counts the others."""
    first = violations[0]
    more = f" (and {len(violations) - 1} more)" if len(violations) > 1 else ""
    return InvalidArgumentError(
        f"{first.field}: {first.description}{more}", reason=ErrorReason.INVALID_FIELD, violations=violations
    )
