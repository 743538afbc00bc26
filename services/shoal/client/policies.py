"""Policies as people write them: YAML, JSON or a dict become an `AnonymizationPolicy`, and every mistake gets
a sentence.

Beyond protobuf-JSON a policy may write enum values without their prefix, keys in snake_case or camelCase, and
`file` where a table is asked for. All text of a YAML file stays as it is spelled (`01234`, `no`, `1.10`)
wherever the contract wants text.
"""

from __future__ import annotations

import difflib
import math
import os
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias, cast

from google.protobuf.descriptor import EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message

from shoal.api.anonymization.v1 import policy_pb2
from shoal.api.tables.v1 import table_pb2
from shoal.client.documents import Plain, parse_document, read_document
from shoal.client.tables import payload
from shoal.errors import FieldViolation, InvalidArgumentError, invalid_fields

Policy: TypeAlias = "Mapping[str, Any] | str | os.PathLike[str] | policy_pb2.AnonymizationPolicy"
"""A dict, the path of a YAML or JSON file, or the finished message."""

_INTEGERS = {
    FieldDescriptor.CPPTYPE_INT32: (-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_INT64: (-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_UINT32: (0, 2**32 - 1),
    FieldDescriptor.CPPTYPE_UINT64: (0, 2**64 - 1),
}
POPULATION = "population.file"
"""Where a policy names the file of its population, the one table in a policy that has a header."""

_FLOATS = {FieldDescriptor.CPPTYPE_DOUBLE, FieldDescriptor.CPPTYPE_FLOAT}


@dataclass(frozen=True)
class TableFile:
    """A `file` of a policy: where the table is, and the message that it goes into."""

    path: Path
    source: table_pb2.TableSource
    field: str
    headerless: bool
    """A CSV's first line is a row, as in a hierarchy; of a population it has the columns' names."""


@dataclass
class ReadPolicy:
    """A policy and the files that its tables are still in."""

    message: policy_pb2.AnonymizationPolicy
    files: list[TableFile] = field(default_factory=list)

    def check_files(self) -> None:
        """Refuses files that are not there or have no known format, all of them at once."""
        violations = []
        for each in self.files:
            try:
                payload(each.path)
            except OSError as error:
                violations.append(FieldViolation(each.field, f"{each.path}: {error.strerror or type(error).__name__}"))
            except InvalidArgumentError as error:
                violations.append(FieldViolation(each.field, error.message))
        if violations:
            raise invalid_fields(violations)


def read_policy(policy: Policy, *, base: Path | None = None) -> ReadPolicy:
    """Reads a policy; `file` is relative to the policy's file, or to `base` (the working folder) for a
    dict."""
    if isinstance(policy, policy_pb2.AnonymizationPolicy):
        copy = policy_pb2.AnonymizationPolicy()
        copy.CopyFrom(policy)
        return ReadPolicy(copy)
    if isinstance(policy, str | os.PathLike):
        path = Path(policy)
        return _convert(read_document(path), path.parent if base is None else base)
    return _convert(policy, base or Path())


def parse_policy(text: str, *, base: Path | None = None) -> ReadPolicy:
    """Reads a policy from the text of a YAML or JSON document."""
    return _convert(parse_document(text, "the policy"), base or Path())


def override_k(policy: policy_pb2.AnonymizationPolicy, k: int) -> None:
    """Sets the k of every k-anonymity model; a policy without one gets it."""
    if not 1 <= k < 2**32:
        raise InvalidArgumentError("k: give a whole number of 1 or more")
    models = [each for each in policy.privacy_models if each.WhichOneof("model") == "k_anonymity"]
    for model in models or [policy.privacy_models.add()]:
        model.k_anonymity.k = k


def _convert(content: object, base: Path) -> ReadPolicy:
    reader = _Reader(base)
    result = ReadPolicy(policy_pb2.AnonymizationPolicy(), reader.files)
    if not isinstance(content, Mapping):
        raise InvalidArgumentError("the policy is not a mapping; it starts with a key such as `attributes:`")
    reader.fill(result.message, content, "")
    if reader.violations:
        raise invalid_fields(reader.violations)
    return result


class _Reader:
    """Fills messages from mappings and notes everything that does not fit."""

    def __init__(self, base: Path) -> None:
        self._base = base
        self.files: list[TableFile] = []
        self.violations: list[FieldViolation] = []

    def fill(self, message: Message, content: Mapping[Any, Any], path: str) -> None:
        """Sets the fields of `message` that `content` names."""
        descriptors = cast("Sequence[FieldDescriptor]", message.DESCRIPTOR.fields)
        fields = {each.name: each for each in descriptors}
        by_key = fields | {each.json_name: each for each in descriptors}
        seen: dict[str, str] = {}
        for key, value in content.items():
            where = f"{path}.{key}" if path else str(key)
            if key == "file" and isinstance(message, table_pb2.TableSource):
                self._file(message, value, where, seen)
                continue
            found = by_key.get(key) if isinstance(key, str) else None
            if found is None:
                self._unknown(message, str(key), sorted(fields), where)
                continue
            if value is None:
                continue
            slot = _slot(found)
            if slot in seen:
                self._fault(where, f"`{seen[slot]}` is given already, and only one of the two may be")
                continue
            seen[slot] = str(key)
            self._set(message, found, value, where)

    def _set(self, message: Message, descriptor: FieldDescriptor, value: object, where: str) -> None:
        name = descriptor.name
        if descriptor.is_repeated:
            if not isinstance(value, list | tuple):
                self._fault(where, "a list is expected")
                return
            target = getattr(message, name)
            for index, item in enumerate(value):
                place = f"{where}[{index}]"
                if descriptor.message_type is not None:
                    self._nested(target.add(), item, place)
                elif (scalar := self._scalar(descriptor, item, place)) is not None:
                    target.append(scalar)
        elif descriptor.message_type is not None:
            nested = getattr(message, name)
            nested.SetInParent()
            self._nested(nested, value, where)
        elif (scalar := self._scalar(descriptor, value, where)) is not None:
            setattr(message, name, scalar)

    def _nested(self, message: Message, value: object, where: str) -> None:
        if isinstance(value, Mapping):
            self.fill(message, value, where)
        else:
            keys = ", ".join(each.name for each in message.DESCRIPTOR.fields)
            self._fault(where, f"a mapping is expected, with keys of: {keys}")

    def _scalar(self, descriptor: FieldDescriptor, value: object, where: str) -> object | None:
        """The value as the field's type, None after noting that it cannot be."""
        kind = descriptor.cpp_type
        if descriptor.enum_type is not None:
            return self._enum(descriptor.enum_type, value, where)
        if descriptor.type == FieldDescriptor.TYPE_BYTES:
            return self._bytes(value, where)
        if kind == FieldDescriptor.CPPTYPE_STRING:
            if isinstance(value, str):
                return str(value)
            self._fault(where, "text is expected; write it in quotes")
            return None
        if kind == FieldDescriptor.CPPTYPE_BOOL:
            return self._truth(value, where)
        return self._number(kind, value, where)

    def _truth(self, value: object, where: str) -> bool | None:
        if isinstance(value, bool):
            return value
        if isinstance(value, Plain) and value.lower() in {"true", "false"}:
            return value.lower() == "true"
        self._fault(where, "true or false is expected")
        return None

    def _number(self, kind: int, value: object, where: str) -> float | int | None:
        # Protobuf-JSON writes 64-bit numbers in quotes, so text counts where it is a number.
        number = _as_number(value)
        if number is not None and kind in _FLOATS:
            return float(number)
        if number is not None and kind in _INTEGERS and number == int(number):
            low, high = _INTEGERS[kind]
            if low <= number <= high:
                return int(number)
        wanted = "a whole number of 0 or more" if kind in _INTEGERS else "a number"
        self._fault(where, f"{wanted} is expected")
        return None

    def _bytes(self, value: object, where: str) -> bytes | None:
        if isinstance(value, bytes):
            return value
        try:
            if isinstance(value, str):
                return b64decode(value, validate=True)
        except ValueError:
            pass  # said below, as for any other value
        self._fault(where, "bytes in base64 are expected")
        return None

    def _enum(self, enum: EnumDescriptor, value: object, where: str) -> int | None:
        prefix = next(each.name for each in enum.values if each.number == 0).removesuffix("UNSPECIFIED")
        names = [each.name.removeprefix(prefix) for each in enum.values if each.number != 0]
        if isinstance(value, str):
            name = value.strip().upper().replace("-", "_").removeprefix(prefix)
            if name in names or name == "UNSPECIFIED":
                return enum.values_by_name[prefix + name].number
        elif isinstance(value, int) and not isinstance(value, bool) and value in enum.values_by_number:
            return value
        self._fault(where, f"one of {', '.join(names)} is expected")
        return None

    def _file(self, source: table_pb2.TableSource, value: object, where: str, seen: dict[str, str]) -> None:
        if "source" in seen:
            self._fault(where, f"`{seen['source']}` is given already, and only one of the two may be")
        elif not isinstance(value, str) or not value.strip():
            self._fault(where, "the path of a file is expected")
        else:
            seen["source"] = "file"
            path = self._base / Path(str(value)).expanduser()
            self.files.append(TableFile(path, source, where, headerless=where != POPULATION))

    def _unknown(self, message: Message, key: str, names: list[str], where: str) -> None:
        if isinstance(message, table_pb2.TableSource):
            names = ["file", *names]
        near = difflib.get_close_matches(key.lower().replace("-", "_"), names, n=2, cutoff=0.6)
        hint = f"did you mean {' or '.join(f'`{each}`' for each in near)}?" if near else f"known are: {', '.join(names)}"
        self._fault(where, f"there is no key `{key}` here; {hint}")

    def _fault(self, where: str, sentence: str) -> None:
        self.violations.append(FieldViolation(where, sentence))


def _slot(descriptor: FieldDescriptor) -> str:
    """What may be set once: the oneof that a field is a member of, or else the field."""
    oneof = descriptor.containing_oneof
    # `optional` puts a field into a oneof of its own, which the contract did not write.
    return descriptor.name if oneof is None or oneof.name == f"_{descriptor.name}" else oneof.name


def _as_number(value: object) -> float | int | None:
    """The finite number that a value is or spells, None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = int(value) if isinstance(value, int) or re.fullmatch(r"[+-]?[0-9]+", str(value)) else float(value)
        return number if math.isfinite(number) else None
    except (ValueError, OverflowError):
        return None
