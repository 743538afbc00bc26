"""What an installed Shoal has: every file of the package that a clone has, templates, words and patterns included.

maturin leaves out what git ignores, and takes its list from settings: a file may be in the clone, be tested there, and be in
no wheel. Rust is built already when tests run, so that this takes a second.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "services"
MATURIN = Path(sys.executable).with_name("maturin")


def of_the_package() -> set[str]:
    """The files of the package in the clone, but those that Python and the build write there."""
    files = (path for path in (SOURCE / "shoal").rglob("*") if path.is_file() and path.suffix not in {".pyc", ".so"})
    return {path.relative_to(SOURCE).as_posix() for path in files}


def environment() -> dict[str, str]:
    """As the Makefile's: with the system's OpenSSL where it is, or what was built already would be built anew, for minutes."""
    pkg_config = shutil.which("pkg-config")
    has_openssl = pkg_config and not subprocess.run([pkg_config, "--exists", "openssl >= 1.1.1"], check=False).returncode
    return dict(os.environ) | ({"OPENSSL_NO_VENDOR": "1"} if has_openssl else {})


def build(words: list[str], folder: Path) -> Path:
    command = [MATURIN, *words, "--out", folder]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    path = build(
        ["build", "--release", "--auditwheel", "skip", "--interpreter", sys.executable], tmp_path_factory.mktemp("wheel")
    )
    with zipfile.ZipFile(path) as archive:
        return set(archive.namelist())


def test_the_wheel_has_every_file_of_the_package(wheel: set[str]) -> None:
    assert of_the_package() - wheel == set()
    assert {"shoal/cli/report/templates/style.css", "shoal/detection/patterns.yaml", "shoal/py.typed"} <= wheel


def test_the_wheel_has_nothing_else(wheel: set[str]) -> None:
    others = {name for name in wheel - of_the_package() if ".dist-info/" not in name}
    assert others == {"shoal/_core.abi3.so"}


def test_the_source_archive_has_the_same(tmp_path: Path) -> None:
    """pip builds a wheel from it where there is none for the machine."""
    with tarfile.open(build(["sdist"], tmp_path)) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {f"services/{name}" for name in of_the_package()} - names == set()
    kernels = {path.relative_to(ROOT).as_posix() for path in (ROOT / "core-rs" / "src").rglob("*.rs")}
    assert {*kernels, "core-rs/Cargo.lock", "pyproject.toml", "README.md", "LICENSE"} <= names
