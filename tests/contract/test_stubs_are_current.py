"""The checked-in stubs are what proto/ generates: drift cannot survive a test run."""

from __future__ import annotations

import filecmp
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_regenerating_changes_nothing(tmp_path: Path) -> None:
    script = (
        f"import sys, pathlib; sys.path.insert(0, {str(ROOT / 'proto')!r}); "
        f"import generate; generate.generate(pathlib.Path({str(tmp_path)!r}))"
    )
    # protoc finds its plugin for service stubs on the path, beside this very Python.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, env={**os.environ, "PATH": path})
    fresh, kept = tmp_path / "shoal" / "api", ROOT / "services" / "shoal" / "api"
    names = {str(path.relative_to(fresh)) for path in fresh.rglob("*.py*") if "__pycache__" not in path.parts}
    there = {str(path.relative_to(kept)) for path in kept.rglob("*.py*") if "__pycache__" not in path.parts}
    assert names == there
    _, different, errors = filecmp.cmpfiles(fresh, kept, sorted(names), shallow=False)
    assert (different, errors) == ([], []), "run `make proto`"
