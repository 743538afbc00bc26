"""Which files an import may name: those under folders that the operator allowed, and nothing else."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from shoal.errors import ErrorReason, InvalidArgumentError

__all__ = ["resolve_uri"]

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,31}):")


def resolve_uri(uri: str, allowed_roots: Sequence[Path]) -> Path:
    """The real path of the regular file that a `file://` URI names, under one of the allowed folders.

    Symbolic links are followed before the comparison. Everything else raises URI_NOT_ALLOWED with the scheme
    in
    the metadata: other schemes, bare names, hosts, queries, NULs, and files outside, existing or not.
    """
    match = _SCHEME.match(uri)
    scheme = match[1].lower() if match else ""
    if scheme != "file" or "\0" in uri:
        raise _not_allowed(scheme)
    try:
        parts = urlsplit(uri)
        path = unquote(parts.path, errors="strict")
    except ValueError:
        raise _not_allowed(scheme) from None
    if parts.netloc not in ("", "localhost") or parts.query or parts.fragment:
        raise _not_allowed(scheme)
    if not uri[5:].startswith("//") or not path.startswith("/") or "\0" in path:
        raise _not_allowed(scheme)
    real = Path(os.path.realpath(path))
    roots = [Path(os.path.realpath(root)) for root in allowed_roots]
    if not any(real.is_relative_to(root) for root in roots):
        raise _not_allowed(scheme)
    try:
        is_file = real.is_file()
    except OSError:  # a name too long, a folder that may not be entered
        is_file = False
    if not is_file:
        raise _not_allowed(scheme)
    return real


def _not_allowed(scheme: str) -> InvalidArgumentError:
    if scheme == "file":
        sentence = "The 'file' URI names no file in a folder that this server allows imports from."
    elif scheme:
        sentence = f"URIs of the scheme '{scheme}' are not allowed on this server: upload the table instead."
    else:
        sentence = "The URI has no scheme: use file://, or upload the table instead."
    return InvalidArgumentError(sentence, reason=ErrorReason.URI_NOT_ALLOWED, metadata={"scheme": scheme})
