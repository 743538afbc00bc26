"""Runs in an environment of its own that has pycanon: loads a table once, then measures it for every line on standard input.

Arguments: the CSV, its separator, the quasi-identifiers with commas between, the sensitive attribute. Answers with a line of
JSON: seconds of the three calls together, and what they found.
"""

import json
import sys
import time
from importlib.metadata import version

import pandas as pd
from pycanon import anonymity


def main() -> None:
    """Answers until standard input ends."""
    path, separator, quasi, sensitive = sys.argv[1:]
    names = quasi.split(",")
    table = pd.read_csv(path, sep=separator, dtype=str, keep_default_na=False)
    print(json.dumps({"pycanon": version("pycanon"), "pandas": version("pandas")}), flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        found = {
            "k": int(anonymity.k_anonymity(table, names)),
            "l": int(anonymity.l_diversity(table, names, [sensitive])),
            "t": float(anonymity.t_closeness(table, names, [sensitive])),
        }
        print(json.dumps({"seconds": time.perf_counter() - start, **found}), flush=True)


main()
