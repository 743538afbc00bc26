"""Generates the sync client from the async one: `python services/shoal/client/generate_sync.py`.

A test compares what this would write with what is checked in.

`unasync` takes `async` and `await` away and renames; formatting follows the project's own settings, so that
both read alike.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parent / "_async"
TARGET = Path(__file__).resolve().parent / "_sync"
HEADER = "# GENERATED from ../_async/{name} by ../generate_sync.py; never edited.\n"

# The public classes lose their prefix; what only the client itself sees becomes `Sync…` by unasync's own
# rule.
PUBLIC = (
    "Anonymization",
    "AppliedRelease",
    "Audit",
    "Budgets",
    "Client",
    "Datasets",
    "Detection",
    "Dp",
    "Health",
    "Identity",
    "Output",
    "Release",
    "Risk",
    "Streams",
    "Transfer",
)
NAMES = {f"Async{each}": each for each in PUBLIC} | {
    "connect_async": "connect",
    "open_async_channel": "open_channel",
}


def generate(target: Path) -> None:
    """Writes the sync package into `target`, replacing what stands there."""
    import unasync  # type: ignore[import-untyped]  # noqa: PLC0415 (of the dev group)

    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder) / "_async"
        shutil.copytree(SOURCE, work, ignore=shutil.ignore_patterns("__pycache__"))
        sources = sorted(work.glob("*.py"))
        rule = unasync.Rule(fromdir="/_async/", todir="/_sync/", additional_replacements=NAMES)
        unasync.unasync_files([str(path) for path in sources], [rule])
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for path in sources:
            text = (Path(folder) / "_sync" / path.name).read_text()
            if path.name == "__init__.py":
                text = '"""The sync client: generated, never edited."""\n'
            text = text.replace("`connect_async`", "`connect`")
            (target / path.name).write_text(HEADER.format(name=path.name) + text)
    _tidy(target)


def _tidy(target: Path) -> None:
    """Sorts imports and wraps lines as the project's settings say."""
    settings = Path(__file__).resolve().parents[3] / "pyproject.toml"
    first_party = 'lint.isort.known-first-party=["shoal"]'  # wherever the target is
    for arguments in (["check", "--select", "I", "--fix", "--quiet"], ["format", "--quiet"]):
        command = [sys.executable, "-m", "ruff", *arguments, "--no-cache", str(target)]
        command += ["--config", str(settings), "--config", first_party]
        subprocess.run(command, check=True)  # noqa: S603 (our own linter on our own files)


if __name__ == "__main__":
    generate(TARGET)
