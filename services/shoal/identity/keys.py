"""API keys: `shoal_<id>.<secret>`, kept as a keyed digest.

A secret of 32 random bytes cannot be guessed, so a fast HMAC with the data folder's secret is enough: it is no password, and a
slow hash would cost every call.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import uuid

PREFIX = "shoal_"
_FORM = re.compile(r"shoal_([0-9a-f]{32})\.([A-Za-z0-9_-]{43})")


def new_key() -> tuple[str, str]:
    """A new key: its id and its full text."""
    key_id = uuid.uuid4().hex
    return key_id, f"{PREFIX}{key_id}.{secrets.token_urlsafe(32)}"


def id_of(text: str) -> str | None:
    """The id inside a key's text, None when the text is no key."""
    match = _FORM.fullmatch(text)
    return match.group(1) if match else None


def digest(text: str, pepper: bytes) -> str:
    """The digest of a key's text under the data folder's secret, in hexadecimal."""
    return hmac.new(pepper, b"api key\0" + text.encode(), hashlib.sha256).hexdigest()


def matches(text: str, kept: str, pepper: bytes) -> bool:
    """Whether a key's text has the kept digest, in constant time."""
    return hmac.compare_digest(digest(text, pepper), kept)
