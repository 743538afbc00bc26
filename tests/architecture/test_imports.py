"""Who may know whom: the rules of dependency, read from the imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "services" / "shoal"
SERVICES = {"identity", "datasets", "detection", "anonymization", "risk", "dp", "budget", "audit", "jobs"}
LONGEST_FILE = 400


def sources() -> list[Path]:
    return [path for path in sorted(ROOT.rglob("*.py")) if "api" not in path.relative_to(ROOT).parts]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                package = ("shoal", *path.relative_to(ROOT).parts[: -node.level])
                module = ".".join([*package, module] if module else package)
            yield module
            yield from (f"{module}.{name.name}" for name in node.names)


def owner(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def is_under(name: str, *modules: str) -> bool:
    return any(name == module or name.startswith(module + ".") for module in modules)


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_knows_only_what_it_may(path: Path) -> None:
    here, names = owner(path), set(imports(path))
    ours = {name for name in names if is_under(name, "shoal")}
    verdicts = []
    if here in SERVICES:
        others = [f"shoal.{service}" for service in SERVICES - {here}]
        verdicts += [name for name in ours if is_under(name, *others)]
    if here == "client":
        verdicts += [
            name for name in ours if not is_under(name, "shoal.client", "shoal.api", "shoal.errors") and name != "shoal"
        ]
    if here == "tables":
        verdicts += [name for name in names if is_under(name, "grpc", "sqlmodel", "sqlalchemy", "shoal.runtime", "shoal.api")]
    if here == "runtime":
        verdicts += [name for name in ours if is_under(name, *(f"shoal.{service}" for service in SERVICES))]
    if here == "privacy":
        # What a request means, shared by those that search and those that check; only `table_spec` reads a table.
        verdicts += [
            name
            for name in ours
            if not is_under(name, "shoal.privacy", "shoal.tables", "shoal.errors", "shoal.api")
            and not (path.name == "specs_from_wire.py" and is_under(name, "shoal.runtime.opened"))
        ]
    if here == "risk" and {"validation", "quality"} & set(path.parts):
        # The second implementation: an error in what the search stands on must not be an error here, too.
        verdicts += [name for name in ours if is_under(name, "shoal.kernels", "shoal.measures", "shoal._core")]
    if here == "accounting":
        # The mathematics of the ledger, and of the noise that it is charged for: it knows neither.
        verdicts += [name for name in ours if not is_under(name, "shoal.accounting")]
    if here == "errors":
        verdicts += ours
    if here != "kernels":
        verdicts += [name for name in names if is_under(name, "shoal._core")]
    assert verdicts == []


@pytest.mark.parametrize(
    "path", [each for each in sources() if owner(each) in SERVICES | {"privacy"}], ids=lambda path: str(path.relative_to(ROOT))
)
def test_in_a_service_only_the_right_files_know_the_wire_and_the_database(path: Path) -> None:
    names = set(imports(path))
    wire = {"servicer.py", "messages.py", "solutions.py", "certificate.py", "outputs.py", "applier.py", "keep.py"}
    if path.name not in wire and not path.name.endswith("_from_wire.py"):
        assert [name for name in names if is_under(name, "shoal.api", "grpc", "google.protobuf")] == []
    if path.name != "records.py":
        assert [name for name in names if is_under(name, "sqlmodel", "sqlalchemy")] == []


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_one_noun(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_FILE
    assert path.stem not in {"utils", "util", "helpers", "helper", "common", "manager", "misc"}


def test_the_core_knows_python_in_one_folder_only() -> None:
    core = ROOT.parents[1] / "core-rs" / "src"
    strangers = [
        str(path.relative_to(core))
        for path in core.rglob("*.rs")
        if "python" not in path.relative_to(core).parts and "pyo3" in path.read_text() and path.name != "lib.rs"
    ]
    assert strangers == []
