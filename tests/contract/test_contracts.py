"""What holds for the contracts as a whole: every call is in the access table, every reason is known, every comment is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fixed_names import FIXED_CALLS
from google.protobuf.descriptor import MethodDescriptor

from shoal import catalog
from shoal.api.errors.v1 import error_reason_pb2
from shoal.errors import ErrorReason
from shoal.runtime.access import RULES
from shoal.runtime.host import Service

ROOT = Path(__file__).resolve().parents[2]


def methods() -> list[MethodDescriptor]:
    return [method for service in catalog.SERVICES for each in service.descriptors() for method in each.methods]


def test_every_call_has_exactly_one_row_in_the_access_table() -> None:
    ours = {f"/{method.containing_service.full_name}/{method.name}" for method in methods()}
    ruled = {name for name in RULES if name.startswith("/shoal.api.")}
    assert ours == ruled


def test_every_contract_file_with_a_service_is_in_the_catalog() -> None:
    files = {f"{path.parents[1].name}/{path.stem}" for path in (ROOT / "proto" / "shoal" / "api").rglob("*_service.proto")}
    served = {
        f"{Path(each.file.name).parents[1].name}/{Path(each.file.name).stem}"
        for service in catalog.SERVICES
        for each in service.descriptors()
    }
    assert files == served


def test_error_reasons_are_those_of_the_contract() -> None:
    prefix = "ERROR_REASON_"
    wire = {name.removeprefix(prefix) for name in error_reason_pb2.ErrorReason.DESCRIPTOR.values_by_name} - {"UNSPECIFIED"}
    assert wire == {reason.value for reason in ErrorReason}


@pytest.mark.parametrize("service", [each for each in catalog.SERVICES if each.build], ids=lambda each: each.name)
def test_a_servicer_has_no_call_that_its_contract_lacks(service: Service) -> None:
    module = __import__(f"shoal.{service.name}.servicer", fromlist=["servicer"])
    contract = {method.name for each in service.descriptors() for method in each.methods}
    for kind in vars(module).values():
        if isinstance(kind, type) and kind.__name__.endswith("Servicer") and kind.__module__ == module.__name__:
            calls = {name for name in vars(kind) if name[0].isupper()}
            assert calls <= contract, f"{kind.__name__} has calls that no contract names"


@pytest.mark.parametrize("name", FIXED_CALLS)
def test_the_fixed_names_stand(name: str) -> None:
    (found,) = (each for service in catalog.SERVICES for each in service.descriptors() if each.name == name)
    assert [method.name for method in found.methods] == FIXED_CALLS[name].split()


def test_every_comment_starts_with_the_name_of_what_it_is_about() -> None:
    """buf demands a comment on everything; that it speaks of the thing by name is ours."""
    declaration = re.compile(
        r"^\s*(?:message|enum|service|rpc|oneof)\s+(\w+)"
        r"|^\s*(?:optional |repeated )?(?:map<[\w., ]+>|[\w.]+)\s+(\w+) = \d+"
        r"|^\s*([A-Z][A-Z0-9_]+) = \d+"
    )
    silent = []
    for path in sorted((ROOT / "proto" / "shoal").rglob("*.proto")):
        comment: list[str] = []
        for line in path.read_text().splitlines():
            stripped = line.strip()
            if stripped.startswith("//"):
                comment.append(stripped.removeprefix("//").strip())
                continue
            match = declaration.match(line)
            if match and not line.startswith(("import", "option", "syntax", "package")):
                name = next(group for group in match.groups() if group)
                if not comment or not comment[0].startswith(name):
                    silent.append(f"{path.name}: {name}")
            comment = []
    assert silent == []
