"""Runs the benchmarks and prints each as a table; `python benchmarks/run.py --help`.

A bar that is not met is printed and is no failure of the run: README.md keeps the list.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import importlib
import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.common import NeedsData, Row, show, verdict

NAMES = (
    "search",
    "anytime",
    "classes",
    "coding",
    "detection",
    "end_to_end",
    "health",
    "spend",
    "private",
    "streams",
    "start",
    "growth",
    "risk",
)


def main() -> int:
    """Runs the benchmarks that were named, all without names."""
    parser = argparse.ArgumentParser(description="Shoal's speed as ratios against peers.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(NAMES)}; default: all")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results there, too")
    given = parser.parse_args()
    unknown = sorted(set(given.names) - set(NAMES))
    if unknown:
        parser.error(f"no benchmark is called {unknown[0]}; there are {', '.join(NAMES)}")
    machine = _machine()
    print(", ".join(f"{key} {value}" for key, value in machine.items()), flush=True)
    results: dict[str, Any] = {}
    not_met: list[str] = []
    skipped: list[str] = []
    for name in given.names or NAMES:
        benchmark = importlib.import_module(f"benchmarks.{name}")
        print(f"\n{name}: {benchmark.TITLE}\n  peer: {benchmark.PEER}", flush=True)
        try:
            rows: list[Row] = benchmark.run()
        except NeedsData as error:
            print(f"  skipped: {error}", flush=True)
            results[name] = {"skipped": str(error)}
            skipped.append(name)
            continue
        show(rows)
        results[name] = {"title": benchmark.TITLE, "peer": benchmark.PEER, "rows": [dataclasses.asdict(row) for row in rows]}
        not_met += [f"{name}: {row.what}" for row in rows if verdict(row) == "NOT MET"]
    print(f"\n{len(not_met)} not met" + "".join(f"\n  {each}" for each in not_met))
    if skipped:
        print(f"skipped: {', '.join(skipped)}")
    if given.json:
        given.json.write_text(json.dumps({"machine": machine, "results": results}, indent=2, ensure_ascii=False) + "\n")
    return 0


def _machine() -> dict[str, str]:
    """What the numbers were measured on. load: of the last minute, before the first benchmark."""
    return {
        "date": dt.datetime.now(tz=dt.UTC).date().isoformat(),
        "cores": str(os.cpu_count()),
        "load": f"{os.getloadavg()[0]:.2f}",
        "machine": platform.machine(),
        "python": platform.python_version(),
    }


if __name__ == "__main__":
    sys.exit(main())
