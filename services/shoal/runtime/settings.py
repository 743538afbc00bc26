"""All settings of a server process, read from `SHOAL_*`; the defaults are the embedded server's."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import Any

from pydantic import Field, PositiveFloat, PositiveInt, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shoal.errors import InvalidArgumentError


def default_data_dir() -> Path:
    """`$XDG_DATA_HOME/shoal`, else `~/.local/share/shoal`."""
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "shoal"


class Settings(BaseSettings):
    """The settings of one server process. Each field is the environment variable `SHOAL_` + its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="SHOAL_", frozen=True, extra="ignore")

    listen: str = "127.0.0.1:50051"
    """Address and port, `host:port`; port 0 lets the system choose. Beyond loopback TLS is required."""

    data_dir: Path = Field(default_factory=default_data_dir)
    """The folder of databases, tables and the first key; made with mode 0700."""

    tls_certificate: Path | None = None
    """PEM file of the server's certificate chain; with `tls_key` it turns TLS on."""

    tls_key: Path | None = None
    """PEM file of the certificate's private key."""

    transient: bool = False
    """Datasets belong to this process: deleted when it ends, swept by the next one when it was killed."""

    import_roots: tuple[Path, ...] = ()
    """Folders below which `file:` URIs may be read, a JSON list in the environment. None: every URI is refused."""

    max_upload_bytes: PositiveInt = 2 * 1024**3
    """The most bytes of an uploaded table, as sent."""

    max_expanded_bytes: PositiveInt = 16 * 1024**3
    """The most bytes of an uploaded table once it is decompressed."""

    max_rows: PositiveInt = 100_000_000
    """The most rows of a table."""

    max_columns: PositiveInt = 10_000
    """The most columns of a table."""

    max_cell_bytes: PositiveInt = 1024**2
    """The most bytes of one cell."""

    content_epsilon_budget: float = Field(default=10.0, ge=1e-6, le=1000.0)
    """The epsilon that may be spent on one dataset content in all; for contents whose budget is made from now on."""

    content_delta_budget: float = Field(default=1e-5, ge=1e-12, lt=1.0)
    """The delta that may be spent on one dataset content in all, half of it on events with a delta of their own."""

    max_call_seconds: PositiveFloat = 6 * 3600.0
    """The longest time that any call may take, whatever its own deadline says."""

    stop_grace_seconds: PositiveFloat = 10.0
    """How long running calls may go on after the server was told to stop."""

    @model_validator(mode="after")
    def _consistent(self) -> Settings:
        if (self.tls_certificate is None) != (self.tls_key is None):
            raise ValueError("SHOAL_TLS_CERTIFICATE and SHOAL_TLS_KEY belong together: set both or neither")
        if not self.tls_enabled and not is_loopback(self.listen):
            raise ValueError(
                f"refusing to listen on {self.listen} without TLS: set SHOAL_TLS_CERTIFICATE and SHOAL_TLS_KEY, "
                "or listen on 127.0.0.1"
            )
        return self

    @property
    def tls_enabled(self) -> bool:
        """True when the server speaks TLS."""
        return self.tls_certificate is not None


def is_loopback(address: str) -> bool:
    """True when `host:port` or `unix:path` cannot be reached from another machine."""
    if address.startswith(("unix:", "unix-abstract:")):
        return True
    host = address.rpartition(":")[0].strip("[]")
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def load_settings(**overrides: Any) -> Settings:
    """Reads the environment; `overrides` that are not None win. Raises InvalidArgumentError with one sentence."""
    try:
        return Settings(**{name: value for name, value in overrides.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        where = "_".join(str(part) for part in first["loc"])
        sentence = str(first["msg"]).removeprefix("Value error, ")
        raise InvalidArgumentError(f"SHOAL_{where.upper()}: {sentence}" if where else sentence) from None
