"""The hash chain: what is hashed, and how a chain is checked.

An entry's payload is a JSON object with sorted keys, without spaces, in ASCII; its hash is SHA-256 over those bytes. The
payload holds the hash of the entry before, so that changing, removing, adding or moving an entry breaks the chain at that
place. Whoever can rewrite the whole chain and its head can still forge it: that is what checkpoints kept elsewhere are for.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

FIRST = "0" * 64


@dataclass(frozen=True)
class Link:
    """An entry as it is kept: its place, its payload, and the columns that repeat parts of the payload for searching."""

    sequence: int
    payload: str
    previous_hash: str
    hash: str
    columns: Mapping[str, str]


@dataclass(frozen=True)
class Verdict:
    """What checking a chain found. fault: a sentence about `first_fault`, None when the chain is whole."""

    verified: int
    head_hash: str
    first_fault: int | None = None
    fault: str = ""


class Unreadable(Exception):  # noqa: N818 (not an error of the program: an answer to "is the chain whole?")
    """The storage gives an entry back in no readable form."""


def payload(content: Mapping[str, object], organization: str, sequence: int, previous_hash: str) -> str:
    """The canonical text of an entry at its place."""
    whole = {**content, "organization": organization, "sequence": sequence, "previous_hash": previous_hash}
    return json.dumps(whole, sort_keys=True, separators=(",", ":"), ensure_ascii=True)


def digest(text: str) -> str:
    """The hash of a payload."""
    return hashlib.sha256(text.encode()).hexdigest()


def verify(organization: str, links: Iterable[Link], length: int, head_hash: str) -> Verdict:
    """Checks a chain from its first entry against the length and last hash that its head claims."""
    previous, verified = FIRST, 0
    try:
        for link in links:
            expected = verified + 1
            fault = _fault(organization, link, expected, previous)
            if fault:
                return Verdict(verified, "", expected, fault)
            previous, verified = link.hash, expected
    except Unreadable:
        return Verdict(verified, "", verified + 1, f"entry {verified + 1} cannot be read: its storage is damaged")
    if verified != length:
        return Verdict(verified, "", verified + 1, f"the log ends after {verified} entries, its head says {length}")
    if previous != (head_hash if length else FIRST):
        return Verdict(verified, "", verified, "the last entry's hash is not the one that the head of the log says")
    return Verdict(verified, previous if verified else "")


def _fault(organization: str, link: Link, expected: int, previous: str) -> str:
    if link.sequence != expected:
        return f"entry {expected} is missing: the next one that is there is {link.sequence}"
    if digest(link.payload) != link.hash:
        return f"entry {expected} was changed: its content does not have the hash that was written with it"
    if link.previous_hash != previous:
        return f"entry {expected} does not follow the entry before it"
    # The payload is what was written, bit for bit; what stands beside it for searching must say the same.
    try:
        said = json.loads(link.payload)
    except ValueError:
        return f"entry {expected} was changed: its content is no JSON object"
    kept = {"organization": organization, "sequence": expected, "previous_hash": link.previous_hash, **link.columns}
    for name, value in kept.items():
        if said.get(name) != value:
            return f"entry {expected} was changed: its {name} is not the one that was written"
    return ""
