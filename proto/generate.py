"""Generates the Python stubs of `proto/` into `services/`: `make proto` and the test that compares them both use this file.

Two calls of protoc: messages of every file, and service stubs only for files named `*_service.proto`, so that no empty
`_pb2_grpc.py` appears. Proto path, package and Python module path are one, so no import is rewritten.
"""

from __future__ import annotations

import shutil
import sys
from importlib.resources import files
from pathlib import Path

import google.api
from grpc_tools import protoc

ROOT = Path(__file__).resolve().parent
# google.api and google.rpc protos come with googleapis-common-protos, google.protobuf's with grpcio-tools: nothing is vendored.
INCLUDES = [
    f"-I{ROOT}",
    f"-I{Path(next(iter(google.api.__path__))).parents[1]}",
    f"-I{files('grpc_tools') / '_proto'}",
]


def sources() -> list[Path]:
    """All our proto files, sorted."""
    return sorted((ROOT / "shoal").rglob("*.proto"))


def run(arguments: list[str]) -> None:
    """Calls protoc and ends the program when it fails."""
    if protoc.main(["protoc", *INCLUDES, *arguments]) != 0:
        sys.exit("protoc failed; its message is above")


def generate(target: Path) -> None:
    """Writes all stubs below `target` as `shoal/api/...`; what stood there is replaced."""
    shutil.rmtree(target / "shoal" / "api", ignore_errors=True)
    target.mkdir(parents=True, exist_ok=True)
    every = [str(path) for path in sources()]
    services = [name for name in every if name.endswith("_service.proto")]
    run([f"--python_out={target}", f"--pyi_out={target}", *every])
    run([f"--grpc_python_out={target}", f"--mypy_grpc_out={target}", *services])
    (target / "shoal" / "api" / "__init__.py").write_text('"""Generated from proto/ by `make proto`; never edited."""\n')


def describe(target: Path) -> None:
    """Writes the descriptor set of our files and all they import: what buf lints and compares."""
    every = [str(path) for path in sources()]
    run(["--include_imports", "--include_source_info", f"--descriptor_set_out={target}", *every])


if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--descriptors":
        describe(Path(sys.argv[2]))
    else:
        generate(ROOT.parent / "services")
