"""The Python client of Shoal, sync and async.

>>> from shoal import connect
>>> with connect("127.0.0.1:50051", "shoal_…") as client:
...     report = client.risk.assess("patients.csv", ["age", "sex", "postcode"]).report

Tables go in as paths, `datasets/…` names, polars or pandas frames or anything that speaks Arrow; they come
out as files or frames. Every failure of a call is one of the errors of `shoal.errors`.
"""

from shoal.client._async.client import AsyncClient, connect_async
from shoal.client._async.release import AsyncAppliedRelease, AsyncRelease
from shoal.client._sync.client import Client, connect
from shoal.client._sync.release import AppliedRelease, Release
from shoal.client.policies import ReadPolicy, parse_policy, read_policy

__all__ = [
    "AppliedRelease",
    "AsyncAppliedRelease",
    "AsyncClient",
    "AsyncRelease",
    "Client",
    "ReadPolicy",
    "Release",
    "connect",
    "connect_async",
    "parse_policy",
    "read_policy",
]
