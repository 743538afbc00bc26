"""The first call from Python: `shoal serve` in one terminal, this in another, with SHOAL_SERVER and
SHOAL_API_KEY set.

export SHOAL_SERVER=127.0.0.1:50051 SHOAL_API_KEY=$(cat ~/.local/share/shoal/admin.key) python
examples/first_call.py
"""

from pathlib import Path

import shoal

HERE = Path(__file__).parent

with shoal.connect() as client:
    release = client.anonymization.anonymize(HERE / "hospital_stays.csv", HERE / "hospital_policy.yaml")
    print(f"{release.solution.released_count} rows released, levels {release.levels}, loss {release.loss:.4f}")
    print(release.to_polars().head())
    release.delete_output()
