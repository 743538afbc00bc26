"""A table of sensors, in English."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from unseen3_core import (
    Col,
    Row,
    Table,
    bell,
    fill,
    key,
    pick,
    weighted,
)


def _sensors(rng: Random, n: int) -> list[Row]:
    at = datetime(2024, 4, 2, 0, 0)  # noqa: DTZ001 - the table knows no zones
    rows: list[Row] = []
    for i in range(n):
        unit = i % 9
        home = Random(unit)
        rows.append(
            {
                "i": i,
                "unit": unit,
                "at": at + timedelta(minutes=15 * (i // 9)),
                "mac": fill(home, "a4:cf:12:%%:%%:%%"),
                "lat": 51.9 + home.random(),
                "lon": 4.3 + home.random(),
                "t": rng.gauss([4.1, -19.6, 5.2][unit % 3], 0.5),
            }
        )
    return rows


SENSORS = Table(
    "coldchain_readings",
    "development",
    360,
    "refrigeration sensors",
    "negative control: no persons",
    "Readings of temperature sensors in cold stores.",
    _sensors,
    [
        Col("reading_id", "NSI", lambda r, p: 90881200 + p["i"], "key of a reading"),
        Col("device_id", "NSI", lambda r, p: f"CC-{p['unit'] + 1:03d}", "sensor"),
        Col("mac", "NSI", key("mac"), "address of a sensor"),
        Col("site_name", "NSI", lambda r, p: ["Dock A", "Freezer 2", "Pharma cage"][p["unit"] % 3], "place"),
        Col("lat", "NSI", lambda r, p: f"{p['lat']:.5f}", "position of a building"),
        Col("lon", "NSI", lambda r, p: f"{p['lon']:.5f}", "position of a building"),
        Col("ts_utc", "NSI", lambda r, p: p["at"].isoformat() + "Z", "clock"),
        Col("temp_c", "NSI", lambda r, p: f"{p['t']:.2f}", "reading", miss=0.01),
        Col("rh_pct", "NSI", bell(62, 9, 20, 99, 1), "reading", miss=0.02),
        Col("door_open", "NSI", weighted("0:93|1:7"), "state"),
        Col("batt_mv", "NSI", bell(2980, 60, 2500, 3100), "state"),
        Col("fw", "NSI", pick("1.8.2", "1.8.2", "1.9.0"), "firmware"),
    ],
    persons=False,
)

TABLES = [SENSORS]
