"""Counts the instructions of the kernels by callgrind and compares them with the baseline in instructions.json.

Instructions do not depend on how busy a machine is, so a change of two per cent is visible where time would need many runs.
They do depend on the compiler and, a little, on the hash's random seed. What they cannot show is waiting for memory.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BASELINE = Path(__file__).with_suffix(".json")
CASES = ("sizes/few", "sizes/many", "sizes/near-unique", "table/few", "table/many", "table/near-unique", "search/many")
TIMEOUT = 600


def main() -> int:
    """Prints the change of every case; 1 when one of them takes more instructions than the tolerance allows."""
    parser = argparse.ArgumentParser(description="Instructions of the kernels against the baseline.")
    parser.add_argument("--update", action="store_true", help="make what is counted now the baseline")
    given = parser.parse_args()
    if not shutil.which("valgrind"):
        print("valgrind is not installed", file=sys.stderr)
        return 2
    baseline: dict[str, Any] = json.loads(BASELINE.read_text()) if BASELINE.exists() else {"tolerance": 0.02, "cases": {}}
    compiler = subprocess.run(["rustc", "--version"], check=True, capture_output=True, text=True).stdout.strip()
    if baseline.get("compiler", compiler) != compiler:
        print(f"the baseline was counted with {baseline['compiler']}, this is {compiler}")
    program = _build()
    worse = []
    counted = {}
    for case in CASES:
        counted[case] = _count(program, case)
        before = baseline["cases"].get(case)
        change = counted[case] / before - 1 if before else None
        if change is not None and change > baseline["tolerance"]:
            worse.append(case)
        shown = "new" if change is None else f"{change:+.2%}" + (" WORSE" if case in worse else "")
        print(f"  {case:20} {counted[case]:>15,}  {shown}", flush=True)
    if given.update:
        BASELINE.write_text(json.dumps({**baseline, "compiler": compiler, "cases": counted}, indent=2) + "\n")
        return 0
    return 1 if worse else 0


def _build() -> Path:
    """The example program, built as the kernels are released."""
    command = ["cargo", "build", "--quiet", "--locked", "--release", "--no-default-features", "--example", "instructions"]
    command += ["--manifest-path", str(ROOT / "core-rs/Cargo.toml"), "--message-format=json"]
    messages = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    programs = [message.get("executable") for message in map(json.loads, messages)]
    return Path(next(program for program in programs if program))


def _count(program: Path, case: str) -> int:
    """Instructions within the example's function `counted`, and what it calls."""
    with tempfile.TemporaryDirectory() as folder:
        # One core, hence one thread: instructions on threads of their own would be counted by chance.
        command = ["taskset", "--cpu-list", "0", "valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out"]
        command += ["--collect-atstart=no", "--toggle-collect=*instructions::counted*", str(program), case]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=TIMEOUT)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode or not found or int(found[1]) == 0:
        raise RuntimeError(f"{case} was not counted:\n{done.stderr}")
    return int(found[1])


if __name__ == "__main__":
    sys.exit(main())
