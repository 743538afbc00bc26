"""Where a client connects to, and how the key may travel: in plaintext to this machine only, everywhere else
inside TLS."""

from __future__ import annotations

import ipaddress
import json
import os
import re
import ssl
from dataclasses import dataclass
from pathlib import Path

import grpc
import grpc.aio

from shoal.errors import ErrorReason, InvalidArgumentError, UnauthenticatedError

SERVER_VARIABLE = "SHOAL_SERVER"
KEY_VARIABLE = "SHOAL_API_KEY"

AsyncChannel = grpc.aio.Channel
SyncChannel = grpc.Channel

# Calls that change nothing when they are made twice: the only ones that gRPC repeats by itself, and only on
# UNAVAILABLE.
IDEMPOTENT: dict[str, tuple[str, ...]] = {
    "grpc.health.v1.Health": ("Check",),
    "shoal.api.anonymization.v1.AnonymizationService": (
        "ComputeFrontier",
        "ExploreLattice",
        "GetSolution",
        "ListSolutions",
    ),
    "shoal.api.audit.v1.AuditReaderService": ("GetEntry", "ListEntries", "VerifyLog", "GetCheckpoint"),
    "shoal.api.datasets.v1.DatasetService": (
        "GetDataset",
        "ListDatasets",
        "PreviewDataset",
        "DownloadDataset",
    ),
    "shoal.api.identity.v1.IdentityService": ("GetMe", "GetApiKey", "ListApiKeys"),
    "shoal.api.risk.v1.RiskService": ("AssessRisk", "SimulateLinkage", "ValidatePrivacy", "EstimatePopulationUniqueness"),
}
SERVICES = tuple(name for name in IDEMPOTENT if name.startswith("shoal."))
"""The services that the client has an attribute for, by their full names."""

_RETRY = {
    "maxAttempts": 3,
    "initialBackoff": "0.1s",
    "maxBackoff": "1s",
    "backoffMultiplier": 3,
    "retryableStatusCodes": ["UNAVAILABLE"],
}


@dataclass(frozen=True)
class Connection:
    """One server as a client sees it. `metadata` carries the key; `authority` holds PEM certificates, None:
    plaintext."""

    target: str
    metadata: tuple[tuple[str, str], ...]
    authority: bytes | None
    loopback: bool

    @property
    def options(self) -> list[tuple[str, str | int]]:
        """The channel's options."""
        service_config = {
            "methodConfig": [
                {
                    "name": [{"service": service, "method": method} for method in methods],
                    "retryPolicy": _RETRY,
                }
                for service, methods in IDEMPOTENT.items()
            ]
        }
        return [
            ("grpc.service_config", json.dumps(service_config)),
            ("grpc.service_config_disable_resolution", 1),  # what DNS says must not change what is repeated
            # A proxy from the environment would carry the plaintext of a loopback call to another machine.
            ("grpc.enable_http_proxy", 0 if self.loopback else 1),
            ("grpc.max_receive_message_length", 16 * 1024 * 1024),
            # A server that is gone without a word is noticed; the server allows a ping every 20 seconds.
            ("grpc.keepalive_time_ms", 60_000),
            ("grpc.keepalive_timeout_ms", 20_000),
        ]


def resolve(target: str | None, api_key: str | None, ca: str | os.PathLike[str] | None) -> Connection:
    """The connection for the arguments of `connect`, with what the environment says in place of those that
    are None."""
    address = target or os.environ.get(SERVER_VARIABLE)
    if not address:
        raise InvalidArgumentError(f"no server is named: pass `target` (host:port) or set {SERVER_VARIABLE}")
    key = api_key or os.environ.get(KEY_VARIABLE)
    if not key:
        raise UnauthenticatedError(
            f"no API key: pass `api_key` or set {KEY_VARIABLE}; a local server's is in `admin.key` of its data folder",
            reason=ErrorReason.CREDENTIAL_MISSING,
        )
    if not key.isascii() or not key.isprintable() or " " in key:
        raise UnauthenticatedError("the API key holds characters that no key has: check for a line break or a space")
    _check_form(address)
    loopback = is_loopback(address)
    authority = None if loopback and ca is None else _authority(ca)
    return Connection(address, (("authorization", f"Bearer {key}"),), authority, loopback)


def is_loopback(target: str) -> bool:
    """True when what is sent to `target` cannot leave this machine."""
    if target.startswith(("unix:", "unix-abstract:")):
        return True
    host = target.rpartition(":")[0].strip("[]")
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def open_async_channel(connection: Connection) -> grpc.aio.Channel:
    """The channel of the async client."""
    if connection.authority is None:
        return grpc.aio.insecure_channel(connection.target, options=connection.options)
    return grpc.aio.secure_channel(connection.target, _credentials(connection.authority), options=connection.options)


def open_channel(connection: Connection) -> grpc.Channel:
    """The channel of the sync client."""
    if connection.authority is None:
        return grpc.insecure_channel(connection.target, options=connection.options)
    return grpc.secure_channel(connection.target, _credentials(connection.authority), options=connection.options)


def _check_form(address: str) -> None:
    if address.startswith(("unix:", "unix-abstract:")):
        return
    if address.startswith("http://"):
        raise InvalidArgumentError(
            f"{address} asks for plaintext, and a key never travels in plaintext beyond this machine: "
            "write host:port; the client uses TLS by itself"
        )
    if not re.fullmatch(r"(\[[0-9A-Fa-f:.%]+\]|[^\s:/\[\]]+):[0-9]{1,5}", address):
        raise InvalidArgumentError(f"{address!r} is not the address of a server: write host:port, [ipv6]:port or unix:path")


def _credentials(authority: bytes) -> grpc.ChannelCredentials:
    return grpc.ssl_channel_credentials(root_certificates=authority or None)


def _authority(ca: str | os.PathLike[str] | None) -> bytes:
    """The certificates that the client trusts, PEM: the file `ca`, else the system's; empty: those that gRPC
    brings along."""
    if ca is not None:
        pem = Path(ca).read_bytes()
        if b"-----BEGIN CERTIFICATE-----" not in pem:
            raise InvalidArgumentError(f"{ca} holds no PEM certificate: give the certificate of the server's authority")
        return pem
    system = ssl.get_default_verify_paths().cafile
    return Path(system).read_bytes() if system else b""
