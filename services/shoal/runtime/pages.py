"""Page tokens: opaque, signed, and good only for the list, the filters and the organisation that they were made for."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

from shoal.errors import ErrorReason, FieldViolation, InvalidArgumentError, invalid_fields

MOST_PAGE_BYTES = 3 * 1024**2
"""What the items of a page may take together: with the largest item on top they fit into a message of 4 MiB."""


class Pages:
    """Makes and reads the tokens of every List call. secret: the data folder's."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.new(secret, b"page tokens", hashlib.sha256).digest()

    def token(self, position: str, *binding: str) -> str:
        """A token that leads to the items after `position`, bound to the list, organisation and filters in `binding`."""
        text = position.encode()
        return base64.urlsafe_b64encode(self._signature(text, binding) + text).decode().rstrip("=")

    def position(self, token: str, *binding: str) -> str | None:
        """The position inside a token, None for the first page; raises InvalidArgumentError for any other text."""
        if not token:
            return None
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except (binascii.Error, ValueError):
            raw = b""
        signature, text = raw[:16], raw[16:]
        if not hmac.compare_digest(signature, self._signature(text, binding)):
            raise InvalidArgumentError(
                "page_token: this is not a token that this list gave for these filters; start from the first page",
                reason=ErrorReason.INVALID_PAGE_TOKEN,
            )
        return text.decode()

    def _signature(self, text: bytes, binding: tuple[str, ...]) -> bytes:
        bound = b"\0".join(part.encode() for part in binding) + b"\0\0" + text
        return hmac.new(self._key, bound, hashlib.sha256).digest()[:16]


def page_size(asked: int, *, default: int, most: int) -> int:
    """The size of a page: `asked`, or the default for 0; more than `most` is refused, as the contract says."""
    if asked == 0:
        return default
    if not 1 <= asked <= most:
        raise invalid_fields([FieldViolation("page_size", f"must be between 1 and {most}")])
    return asked
