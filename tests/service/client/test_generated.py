"""The sync client is what the generator writes from the async one."""

from __future__ import annotations

import re
from pathlib import Path

import shoal
from shoal.client import generate_sync

ROOT = Path(__file__).resolve().parents[3]


def test_sync_client_is_current(tmp_path: Path) -> None:
    target = tmp_path / "_sync"
    generate_sync.generate(target)
    written = {path.name: path.read_text() for path in target.glob("*.py")}
    kept = {path.name: path.read_text() for path in generate_sync.TARGET.glob("*.py")}
    assert len(kept) > 5
    assert kept == written


def test_sync_client_has_nothing_async_left() -> None:
    for path in generate_sync.TARGET.glob("*.py"):
        assert not re.search(r"\basync\b|\bawait\b|Async[A-Z]", path.read_text().split("\n", 1)[1]), path


def test_client_imports_only_contract_and_errors() -> None:
    for path in generate_sync.SOURCE.parent.rglob("*.py"):
        for module in re.findall(r"^\s*(?:from|import) (shoal[\w.]*)", path.read_text(), re.MULTILINE):
            assert module.startswith(("shoal.api", "shoal.errors", "shoal.client")), (path, module)


def test_version_is_the_projects() -> None:
    found = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert found is not None
    assert shoal.__version__ == found[1]


def test_public_face_is_complete() -> None:
    for name in shoal.__all__:
        assert getattr(shoal, name) is not None
