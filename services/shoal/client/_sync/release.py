# GENERATED from ../_async/release.py by ../generate_sync.py; never edited.
"""Finished releases in the caller's hand: what was done, what was measured, and the released table."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from shoal.api.anonymization.v1 import anonymization_service_pb2, policy_pb2, solution_pb2
from shoal.api.datasets.v1 import dataset_pb2
from shoal.api.tables.v1 import table_pb2

from .datasets import UNCHANGED, Datasets, Progress

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa


class Output:
    """A released table on the server; `output` describes it."""

    def __init__(self, output: dataset_pb2.Dataset, datasets: Datasets) -> None:
        self.output = output
        self._datasets = datasets

    def download(
        self,
        path: str | os.PathLike[str],
        *,
        as_format: table_pb2.TableFormat = UNCHANGED,
        overwrite: bool = True,
        progress: Progress | None = None,
    ) -> Path:
        """Writes the released table to a file; see `datasets.download`."""
        return self._datasets.download(self.output.name, path, as_format=as_format, overwrite=overwrite, progress=progress)

    def to_polars(self) -> pl.DataFrame:
        """Returns the released table as a polars DataFrame."""
        return self._datasets.to_polars(self.output.name)

    def to_pandas(self) -> pd.DataFrame:
        """Returns the released table as a pandas DataFrame."""
        return self._datasets.to_pandas(self.output.name)

    def to_arrow(self) -> pa.Table:
        """Returns the released table as a pyarrow Table."""
        return self._datasets.to_arrow(self.output.name)

    def delete_output(self) -> None:
        """Deletes the released dataset on the server; the record of the release stays."""
        self._datasets.delete(self.output.name)


class Release(Output):
    """What `anonymize` returns. `solution` is the server's record of the release, `policy` what it was made by."""

    def __init__(
        self,
        solution: solution_pb2.Solution,
        output: dataset_pb2.Dataset,
        datasets: Datasets,
        policy: policy_pb2.AnonymizationPolicy | None = None,
    ) -> None:
        super().__init__(output, datasets)
        self.solution = solution
        self.policy = solution.policy if policy is None else policy

    def __repr__(self) -> str:
        return (
            f"<{type(self).__name__} {self.solution.name} of {self.solution.released_count} rows, "
            f"{self.solution.suppressed_count} suppressed, loss {self.loss:.6f}>"
        )

    @property
    def levels(self) -> dict[str, int]:
        """The level that was chosen for each quasi-identifier, in the policy's order; 0 leaves values as they
        are."""
        return {each.name: each.level for each in self.solution.attributes}

    @property
    def loss(self) -> float:
        """The value of the measure that was minimised."""
        return self.solution.loss

    @property
    def certificate(self) -> solution_pb2.Certificate | None:
        """The signed record of the release, None when the server made none."""
        return self.solution.certificate if self.solution.HasField("certificate") else None


class AppliedRelease(Output):
    """What `apply_solution` returns: new rows released with the levels of an earlier solution. `report` counts them and says
    what holds."""

    def __init__(self, report: anonymization_service_pb2.ApplySolutionResponse, datasets: Datasets) -> None:
        super().__init__(report.output, datasets)
        self.report = report

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.report.released_count} of {self.report.row_count} rows>"

    @property
    def certificate(self) -> solution_pb2.Certificate | None:
        """The signed record of the release, None when the server made none."""
        return self.report.certificate if self.report.HasField("certificate") else None
