"""Shoal hides a person's record in a crowd: it anonymises tables, measures the risk that is left, and keeps a
record of both.

>>> import shoal
>>> with shoal.connect("127.0.0.1:50051", "shoal_…") as client:
...     release = client.anonymization.anonymize("patients.csv", "policy.yaml")
...     release.download("patients_anonymised.csv")
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from shoal.client import (
        AppliedRelease,
        AsyncAppliedRelease,
        AsyncClient,
        AsyncRelease,
        Client,
        Release,
        connect,
        connect_async,
    )

__version__ = "0.1.0"

__all__ = [
    "AlreadyExistsError",
    "AppliedRelease",
    "AsyncAppliedRelease",
    "AsyncClient",
    "AsyncRelease",
    "BudgetExhaustedError",
    "CancelledError",
    "Client",
    "DeadlineExceededError",
    "ErrorReason",
    "FailedPreconditionError",
    "FieldViolation",
    "InfeasibleError",
    "InternalError",
    "InvalidArgumentError",
    "NotFoundError",
    "PermissionDeniedError",
    "Release",
    "ResourceExhaustedError",
    "ShoalError",
    "UnauthenticatedError",
    "UnavailableError",
    "UnimplementedError",
    "__version__",
    "connect",
    "connect_async",
]

_CLIENT = frozenset(
    {
        "AppliedRelease",
        "AsyncAppliedRelease",
        "AsyncClient",
        "AsyncRelease",
        "Client",
        "Release",
        "connect",
        "connect_async",
    }
)


def __getattr__(name: str) -> object:
    """Loads the client on first use: `shoal --help` and the server's processes start without it."""
    if name in _CLIENT:
        return getattr(importlib.import_module("shoal.client"), name)
    raise AttributeError(f"module 'shoal' has no attribute {name!r}")
